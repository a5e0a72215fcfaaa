//! How far the elementary functions are from the exact values, in units of the last place.
//!
//! Functions of one f32 are looked at in every input, all others in points from every part of their domain. That takes a
//! while, so tests look at every so many inputs only. With `THALWEG_EXHAUSTIVE=1` in the environment they look at all, with
//! `THALWEG_EXHAUSTIVE=Exp,Log` at all of these functions. That is meant for the release profile, and takes the better part
//! of an hour on two cores.

mod exact;
mod stratified;

use thalweg_autodiff::primitives::Elementwise;

use crate::isa::Isa;
use crate::kernels::abi::Vector;
use crate::kernels::elementwise;
use crate::kernels::kind::Kind;

const LIMIT: f64 = 2.0;

type Exact1 = fn(f64) -> f64;

/// Reference functions in f64, exact to about one unit of its last place: enough to judge f32.
const UNARY: &[(Elementwise, Exact1)] = &[
    (Elementwise::Recip, |x| 1.0 / x),
    (Elementwise::Sqrt, f64::sqrt),
    (Elementwise::Exp, libm::exp),
    (Elementwise::Log, libm::log),
    (Elementwise::Log1p, libm::log1p),
    (Elementwise::Sin, libm::sin),
    (Elementwise::Cos, libm::cos),
    (Elementwise::Tan, libm::tan),
    (Elementwise::Asin, libm::asin),
    (Elementwise::Acos, libm::acos),
    (Elementwise::Atan, libm::atan),
    (Elementwise::Sinh, libm::sinh),
    (Elementwise::Cosh, libm::cosh),
    (Elementwise::Tanh, libm::tanh),
    (Elementwise::Asinh, libm::asinh),
    (Elementwise::Acosh, crate::kernels::math::wide::acosh),
    (Elementwise::Atanh, libm::atanh),
    (Elementwise::Erf, libm::erf),
    (Elementwise::Sigmoid, |x| 1.0 / (1.0 + libm::exp(-x))),
    (Elementwise::LogSigmoid, |x| if x < -40.0 { x - libm::exp(x) } else { -libm::log1p(libm::exp(-x)) }),
];

/// Distance of an f32 from the exact value, in units of the exact value's last place.
fn distance_f32(got: f32, exact: f64) -> f64 {
    let nearest = exact as f32;
    if got == nearest || got.is_nan() && nearest.is_nan() {
        return 0.0;
    }
    if !got.is_finite() || !nearest.is_finite() {
        return f64::INFINITY;
    }
    let exponent = (exact.abs().max(f64::from(f32::MIN_POSITIVE)).to_bits() >> 52) as i32 - 1023;
    (f64::from(got) - exact).abs() / 2.0_f64.powi(exponent - 23)
}

fn apply<T: Copy + Default>(pw: Elementwise, kind: Kind, isa: Isa, operands: &[&[T]]) -> Vec<T> {
    let n = operands[0].len();
    let mut out = vec![T::default(); n];
    let kernel = elementwise::<Vector>(pw, kind, &[false; 2], isa).expect("a kernel for floats");
    let at = |k: usize| operands[k.min(operands.len() - 1)].as_ptr().cast::<u8>();
    // SAFETY: all operands and the result have `n` elements of the kind.
    unsafe { kernel(n, out.as_mut_ptr().cast(), &[at(0), at(1), at(0), at(0), at(0)]) };
    out
}

/// Inputs that are looked at together.
const PIECE: usize = 1 << 14;

/// Whether all inputs of a function are looked at.
fn is_exhaustive(pw: Elementwise) -> bool {
    let wanted = std::env::var("THALWEG_EXHAUSTIVE").unwrap_or_default();
    wanted == "1" || wanted.split(',').any(|name| name == format!("{pw:?}"))
}

/// Which of the inputs are looked at: one of so many.
fn stride(pw: Elementwise) -> usize {
    if is_exhaustive(pw) { 1 } else { 4099 }
}

/// The worst of what threads find, each in its part of the work, by their distances.
fn worst<R: Send>(find: impl Fn(usize, usize) -> (f64, R) + Sync) -> (f64, R) {
    let parts = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| {
        let find = &find;
        let threads: Vec<_> = (0..parts).map(|part| scope.spawn(move || find(part, parts))).collect();
        let each = threads.into_iter().map(|t| t.join().expect("no input makes a function panic"));
        each.max_by(|a, b| a.0.total_cmp(&b.0)).expect("there is a thread")
    })
}

/// The largest distance from the reference, the input and the instruction set, among inputs `part`, `part + parts` and so
/// on of those in steps of the stride.
fn worst_of(pw: Elementwise, reference: Exact1, part: usize, parts: usize) -> (f64, (f32, Isa)) {
    let mut worst = (0.0, (0.0, Isa::BASELINE));
    let stride = stride(pw);
    let mut inputs =
        (part * stride..=u32::MAX as usize).step_by(parts * stride).map(|b| f32::from_bits(b as u32));
    loop {
        let x: Vec<f32> = inputs.by_ref().take(PIECE).collect();
        if x.is_empty() {
            return worst;
        }
        let exact: Vec<f64> = x.iter().map(|x| reference(f64::from(*x))).collect();
        for isa in Isa::available() {
            for ((x, exact), y) in x.iter().zip(&exact).zip(apply(pw, Kind::F32, isa, &[&x])) {
                let d = distance_f32(y, *exact);
                if d > worst.0 {
                    worst = (d, (*x, isa));
                }
            }
        }
    }
}

#[test]
fn functions_of_one_f32_are_within_two_units_of_the_last_place() {
    let mut failures = vec![];
    for (pw, reference) in UNARY {
        let (distance, (x, isa)) = worst(|part, parts| worst_of(*pw, *reference, part, parts));
        eprintln!("{pw:?}: at most {distance:.3} units, at {x:e} on {isa}");
        if distance > LIMIT {
            failures.push(format!("{pw:?} on {isa}: {distance} units at {x:e}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A value with 200 bits, as the nearest f64 and what is left in units of its last place.
struct Golden {
    pw: Elementwise,
    operands: Vec<f64>,
    nearest: f64,
    rest: f64,
}

impl Golden {
    /// Distance from the exact value, in units of the last place.
    fn distance(&self, got: f64) -> f64 {
        let unit = f64::from_bits(self.nearest.abs().to_bits() + 1) - self.nearest.abs();
        ((got - self.nearest) / unit - self.rest).abs()
    }
}

fn goldens() -> impl Iterator<Item = Golden> {
    let lines = include_str!("../../../../tests/goldens/elementary_f64.txt").lines();
    lines.filter(|l| !l.starts_with('#')).map(|line| {
        let float = |text: &str| f64::from_bits(u64::from_str_radix(text, 16).expect("bits in hexadecimal"));
        let words: Vec<&str> = line.split(' ').collect();
        let [name, arguments, nearest, rest] = words[..] else { panic!("four words a line, not {line}") };
        let pw = Elementwise::ALL
            .iter()
            .find(|pw| thalweg_autodiff::primitives::Prim::Elementwise(**pw).name() == name);
        Golden {
            pw: *pw.expect("an elementwise primitive"),
            operands: arguments.split(',').map(float).collect(),
            nearest: float(nearest),
            rest: rest.parse().expect("a number"),
        }
    })
}

#[test]
fn functions_of_f64_are_within_two_units_of_the_last_place() {
    let mut failures = vec![];
    let mut checked = 0;
    for golden in goldens() {
        for isa in Isa::available() {
            // The same value on several lanes, so that vectors are used.
            let lanes: Vec<Vec<f64>> = golden.operands.iter().map(|x| vec![*x; 9]).collect();
            let lanes: Vec<&[f64]> = lanes.iter().map(Vec::as_slice).collect();
            for got in apply(golden.pw, Kind::F64, isa, &lanes) {
                let d = golden.distance(got);
                checked += 1;
                if d > LIMIT || d.is_nan() {
                    failures
                        .push(format!("{:?}{:?} on {isa}: {got:e}, {d} units off", golden.pw, golden.operands));
                }
            }
        }
    }
    let first = failures[..failures.len().min(40)].join("\n");
    assert!(failures.is_empty(), "{} of {checked}:\n{first}", failures.len());
}
