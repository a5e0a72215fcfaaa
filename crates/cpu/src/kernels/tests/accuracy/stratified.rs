//! Functions of f64 and functions of two numbers, in points from every part of their domain: as many strata as points, one
//! of each at random.
//!
//! The quick reference is `pxfm`, most of whose functions of f64 are within half a unit of the exact values; a test holds it
//! against figures with 200 bits. Where it leaves a doubt whether a result is within the limit, the exact value decides.

use thalweg_autodiff::primitives::Elementwise;

use super::{LIMIT, PIECE, apply, distance_f32, exact, goldens, is_exhaustive, worst};
use crate::isa::Isa;
use crate::kernels::kind::Kind;

/// Points of each function, shared by its boxes and by what is looked at among all bit patterns.
fn points(pw: Elementwise) -> usize {
    if is_exhaustive(pw) { 100_000_000 } else { 100_000 }
}

/// An interval, or all bit patterns.
type Side = Option<[f64; 2]>;

/// A function of f64: what it should be, how far that may be from the exact value in units of the last place, and where to
/// look beside all bit patterns.
struct One {
    pw: Elementwise,
    reference: fn(f64) -> f64,
    error: f64,
    boxes: &'static [[f64; 2]],
}

struct Two {
    pw: Elementwise,
    reference: fn(f64, f64) -> f64,
    error: f64,
    boxes: &'static [[[f64; 2]; 2]],
}

const fn one(pw: Elementwise, reference: fn(f64) -> f64, boxes: &'static [[f64; 2]]) -> One {
    One { pw, reference, error: 0.51, boxes }
}

/// Exact to half a unit but for numbers so small that `pxfm` gives others.
fn sigmoid(x: f64) -> f64 {
    if x < -700.0 { pxfm::f_exp(x) } else { pxfm::f_logistic(x) }
}

/// Three roundings, the first of which counts half at most.
fn log_sigmoid(x: f64) -> f64 {
    x.min(0.0) - pxfm::f_log1p(pxfm::f_exp(-x.abs()))
}

const ONE: &[One] = &[
    one(Elementwise::Recip, |x| 1.0 / x, &[[-10.0, 10.0]]),
    one(Elementwise::Sqrt, f64::sqrt, &[[0.0, 10.0]]),
    one(Elementwise::Exp, pxfm::f_exp, &[[-1.0, 1.0], [-746.0, 710.0]]),
    one(Elementwise::Log, pxfm::f_log, &[[0.5, 2.0], [0.0, 1e3]]),
    one(Elementwise::Log1p, pxfm::f_log1p, &[[-1.0, 1.0], [-1e-3, 1e-3]]),
    one(Elementwise::Sin, pxfm::f_sin, &[[-10.0, 10.0], [-1e6, 1e6]]),
    one(Elementwise::Cos, pxfm::f_cos, &[[-10.0, 10.0], [-1e6, 1e6]]),
    one(Elementwise::Tan, pxfm::f_tan, &[[-10.0, 10.0], [-1e6, 1e6]]),
    one(Elementwise::Asin, pxfm::f_asin, &[[-1.0, 1.0]]),
    one(Elementwise::Acos, pxfm::f_acos, &[[-1.0, 1.0]]),
    one(Elementwise::Atan, pxfm::f_atan, &[[-5.0, 5.0]]),
    one(Elementwise::Sinh, pxfm::f_sinh, &[[-2.0, 2.0], [-711.0, 711.0]]),
    one(Elementwise::Cosh, pxfm::f_cosh, &[[-2.0, 2.0], [-711.0, 711.0]]),
    one(Elementwise::Tanh, pxfm::f_tanh, &[[-1.0, 1.0], [-20.0, 20.0]]),
    one(Elementwise::Asinh, pxfm::f_asinh, &[[-2.0, 2.0], [-1e3, 1e3]]),
    one(Elementwise::Acosh, pxfm::f_acosh, &[[1.0, 2.0], [1.0, 1e3]]),
    one(Elementwise::Atanh, pxfm::f_atanh, &[[-1.0, 1.0]]),
    one(Elementwise::Erf, pxfm::f_erf, &[[-1.0, 1.0], [-6.0, 6.0]]),
    one(Elementwise::Sigmoid, sigmoid, &[[-5.0, 5.0], [-746.0, 40.0]]),
    One {
        pw: Elementwise::LogSigmoid,
        reference: log_sigmoid,
        error: 1.3,
        boxes: &[[-5.0, 5.0], [-750.0, 746.0]],
    },
];

const TWO: &[Two] = &[
    Two {
        pw: Elementwise::Pow,
        reference: pxfm::f_pow,
        error: 0.51,
        boxes: &[[[0.0, 10.0], [-20.0, 20.0]], [[0.99, 1.01], [-5e4, 5e4]], [[0.0, 1e30], [-3.0, 3.0]]],
    },
    Two { pw: Elementwise::Atan2, reference: pxfm::f_atan2, error: 0.51, boxes: &[[[-2.0, 2.0], [-2.0, 2.0]]] },
    Two {
        pw: Elementwise::Hypot,
        reference: pxfm::f_hypot,
        error: 0.9,
        boxes: &[[[-2.0, 2.0], [-2.0, 2.0]], [[0.0, 1.0], [0.0, 1e8]]],
    },
];

/// Numbers in [0, 1) that depend on their index alone.
fn random(index: u64) -> f64 {
    let mut x = index.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A point of stratum `k` of `n`, of the bit patterns of `bits` bits or of an interval.
fn point(side: Side, k: usize, n: usize, random: f64, bits: u32) -> f64 {
    let at = (k as f64 + random) / n as f64;
    match side {
        Some([from, to]) => from + (to - from) * at,
        None if bits == 32 => f64::from(f32::from_bits((at * 2.0_f64.powi(32)) as u32)),
        None => f64::from_bits((at * 2.0_f64.powi(64)) as u64),
    }
}

/// Distance of an f64 from the exact value, in units of the last place: at most so much, and what it is where that would be
/// too much. `nearest` is the reference's, which may be off by `error`.
fn distance_f64(pw: Elementwise, at: [f64; 2], got: f64, nearest: f64, error: f64) -> f64 {
    if got == nearest || got.is_nan() && nearest.is_nan() {
        return error;
    }
    if !got.is_finite() || !nearest.is_finite() {
        return f64::INFINITY;
    }
    let unit = f64::from_bits(nearest.abs().to_bits() + 1) - nearest.abs();
    let bound = (got - nearest).abs() / unit + error;
    if bound <= LIMIT { bound } else { exact::distance(pw, at, got).unwrap_or(bound) }
}

/// Where a function is looked at.
struct Region<'f> {
    pw: Elementwise,
    kind: Kind,
    reference: &'f (dyn Fn([f64; 2]) -> f64 + Sync),
    error: f64,
    /// Of the two operands; a function of one takes no notice of the second, which has no strata.
    sides: [Side; 2],
    points: usize,
}

/// The operand that functions of one number do not have.
const UNUSED: Side = Some([0.0, 0.0]);

impl Region<'_> {
    /// The operands of point `k`.
    fn point(&self, k: usize) -> [f64; 2] {
        let bits = 8 * self.kind.size() as u32;
        // Pairs lie in the squares of a board.
        let edge = if self.sides[1] == UNUSED { self.points } else { self.points.isqrt() };
        let strata = [k % edge, k / edge % edge];
        [0, 1].map(|i| point(self.sides[i], strata[i], edge, random((2 * k + i) as u64), bits))
    }

    /// The largest distance, where it is and by which instruction set, among a part of the points.
    fn worst_of(&self, part: usize, parts: usize) -> (f64, ([f64; 2], Isa)) {
        let mut worst = (0.0, ([0.0; 2], Isa::BASELINE));
        for from in (part * PIECE..self.points).step_by(parts * PIECE) {
            let pairs: Vec<[f64; 2]> = (from..(from + PIECE).min(self.points)).map(|k| self.point(k)).collect();
            let exact: Vec<f64> = pairs.iter().map(|p| (self.reference)(*p)).collect();
            for isa in Isa::available() {
                for (k, d) in self.distances(isa, &pairs, &exact).into_iter().enumerate() {
                    if d > worst.0 {
                        worst = (d, (pairs[k], isa));
                    }
                }
            }
        }
        worst
    }

    fn distances(&self, isa: Isa, pairs: &[[f64; 2]], exact: &[f64]) -> Vec<f64> {
        let operand = |i: usize| pairs.iter().map(move |p| p[i]);
        if self.kind == Kind::F64 {
            let [x, y] = [0, 1].map(|i| operand(i).collect::<Vec<f64>>());
            let got = apply(self.pw, self.kind, isa, &[&x, &y]);
            let each = got.iter().zip(exact).zip(pairs);
            return each.map(|((got, e), at)| distance_f64(self.pw, *at, *got, *e, self.error)).collect();
        }
        // The points of an f32's bits and of its intervals are rounded before the reference sees them.
        let [x, y] = [0, 1].map(|i| operand(i).map(|x| x as f32).collect::<Vec<f32>>());
        let got = apply(self.pw, self.kind, isa, &[&x, &y]);
        got.iter().zip(exact).map(|(got, e)| distance_f32(*got, *e)).collect()
    }

    /// What is wrong, if the limit does not hold.
    fn hold(&self) -> Option<String> {
        let Region { pw, kind, sides, .. } = self;
        let (distance, (at, isa)) = worst(|part, parts| self.worst_of(part, parts));
        eprintln!("{pw:?} of {kind:?} in {sides:?}: at most {distance:.3} units, at {at:?} on {isa}");
        (distance > LIMIT).then(|| format!("{pw:?} of {kind:?} on {isa}: {distance} units at {at:?}"))
    }
}

#[test]
fn functions_of_one_f64_are_within_two_units_everywhere() {
    let mut failures = vec![];
    for One { pw, reference, error, boxes } in ONE {
        let points = points(*pw) / (boxes.len() + 1);
        for side in boxes.iter().map(|b| Some(*b)).chain([None]) {
            let region = Region {
                pw: *pw,
                kind: Kind::F64,
                reference: &|[x, _]| reference(x),
                error: *error,
                sides: [side, UNUSED],
                points,
            };
            failures.extend(region.hold());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn functions_of_two_are_within_two_units_everywhere() {
    let mut failures = vec![];
    for Two { pw, reference, error, boxes } in TWO {
        let points = points(*pw) / (boxes.len() + 1);
        for sides in boxes.iter().map(|b| b.map(Some)).chain([[None, None]]) {
            let exactly = |[x, y]: [f64; 2]| reference(x, y);
            let rounded = |[x, y]: [f64; 2]| reference(f64::from(x as f32), f64::from(y as f32));
            let region = Region { pw: *pw, kind: Kind::F64, reference: &exactly, error: *error, sides, points };
            failures.extend(region.hold());
            failures.extend(Region { kind: Kind::F32, reference: &rounded, ..region }.hold());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What is looked at here is only as good as the reference.
#[test]
fn the_reference_is_as_near_as_it_says() {
    let mut checked = 0;
    for golden in goldens() {
        let one = ONE.iter().find(|f| f.pw == golden.pw);
        let two = TWO.iter().find(|f| f.pw == golden.pw);
        let (value, error) = match (one, two) {
            (Some(f), _) => ((f.reference)(golden.operands[0]), f.error),
            (_, Some(f)) => ((f.reference)(golden.operands[0], golden.operands[1]), f.error),
            _ => continue,
        };
        let distance = golden.distance(value);
        assert!(distance <= error, "{:?}{:?}: {value:e} is {distance} units off", golden.pw, golden.operands);
        checked += 1;
    }
    assert!(checked > 6000, "{checked} figures");
}
