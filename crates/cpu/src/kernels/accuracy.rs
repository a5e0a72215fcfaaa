//! How far the elementary functions are from the exact values, in units of the last place.

use thalweg_autodiff::prim::Pw;

use super::{Kind, pointwise};
use crate::isa::Isa;

const LIMIT: f64 = 2.0;

type Exact1 = fn(f64) -> f64;
type Exact2 = fn(f64, f64) -> f64;

/// Reference functions in f64, exact to about one unit of its last place: enough to judge f32.
const UNARY: &[(Pw, Exact1)] = &[
    (Pw::Recip, |x| 1.0 / x),
    (Pw::Sqrt, f64::sqrt),
    (Pw::Exp, libm::exp),
    (Pw::Log, libm::log),
    (Pw::Log1p, libm::log1p),
    (Pw::Sin, libm::sin),
    (Pw::Cos, libm::cos),
    (Pw::Tan, libm::tan),
    (Pw::Asin, libm::asin),
    (Pw::Acos, libm::acos),
    (Pw::Atan, libm::atan),
    (Pw::Sinh, libm::sinh),
    (Pw::Cosh, libm::cosh),
    (Pw::Tanh, libm::tanh),
    (Pw::Asinh, libm::asinh),
    (Pw::Acosh, super::operation::acosh),
    (Pw::Atanh, libm::atanh),
    (Pw::Erf, libm::erf),
    (Pw::Sigmoid, |x| 1.0 / (1.0 + libm::exp(-x))),
    (Pw::LogSigmoid, |x| if x < -40.0 { x - libm::exp(x) } else { -libm::log1p(libm::exp(-x)) }),
];

const BINARY: &[(Pw, Exact2)] = &[(Pw::Pow, libm::pow), (Pw::Atan2, libm::atan2), (Pw::Hypot, libm::hypot)];

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

fn apply<T: Copy + Default>(pw: Pw, kind: Kind, isa: Isa, operands: &[&[T]]) -> Vec<T> {
    let n = operands[0].len();
    let mut out = vec![T::default(); n];
    let kernel = pointwise(pw, kind, &[false; 2], isa).expect("a kernel for floats");
    let at = |k: usize| operands[k.min(operands.len() - 1)].as_ptr().cast::<u8>();
    // SAFETY: all operands and the result have `n` elements of the kind.
    unsafe { kernel(n, out.as_mut_ptr().cast(), &[at(0), at(1), at(0), at(0), at(0)]) };
    out
}

/// Inputs that are looked at together.
const PIECE: usize = 1 << 14;

/// Every f32 where the environment variable `THALWEG_EXHAUSTIVE` is set (a minute or two a function on two cores, in the
/// release profile), else every 4,099th.
fn stride() -> usize {
    if std::env::var_os("THALWEG_EXHAUSTIVE").is_some() { 1 } else { 4099 }
}

/// The largest distance from the reference, the input and the instruction set, among inputs `part`, `part + parts` and so
/// on of those in steps of the stride.
fn worst_of(pw: Pw, reference: Exact1, part: usize, parts: usize) -> (f64, f32, Isa) {
    let mut worst = (0.0, 0.0, Isa::Portable);
    let mut inputs =
        (part * stride()..=u32::MAX as usize).step_by(parts * stride()).map(|b| f32::from_bits(b as u32));
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
                    worst = (d, *x, isa);
                }
            }
        }
    }
}

#[test]
fn functions_of_one_f32_are_within_two_units_of_the_last_place() {
    let mut failures = vec![];
    let parts = std::thread::available_parallelism().map_or(1, |n| n.get());
    for (pw, reference) in UNARY {
        let worst = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..parts).map(|part| scope.spawn(move || worst_of(*pw, *reference, part, parts))).collect();
            let each = threads.into_iter().map(|t| t.join().expect("no input makes a function panic"));
            each.max_by(|a, b| a.0.total_cmp(&b.0)).expect("there is a thread")
        });
        eprintln!("{pw:?}: at most {:.3} units, at {:e} on {}", worst.0, worst.1, worst.2);
        if worst.0 > LIMIT {
            failures.push(format!("{pw:?} on {}: {} units at {:e}", worst.2, worst.0, worst.1));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn functions_of_two_f32_are_within_two_units_of_the_last_place() {
    let mut failures = vec![];
    let mut state = 1_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f32::from_bits((state >> 32) as u32)
    };
    let special =
        [0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, f32::MIN_POSITIVE];
    let mut x: Vec<f32> = (0..400_000).map(|_| random()).collect();
    let mut y: Vec<f32> = (0..400_000).map(|k| if k % 2 == 0 { random() } else { x[k].abs().log2() }).collect();
    for a in special {
        for b in special {
            x.push(a);
            y.push(b);
        }
    }
    for isa in Isa::available() {
        for (pw, reference) in BINARY {
            for (k, got) in apply(*pw, Kind::F32, isa, &[&x, &y]).into_iter().enumerate() {
                let d = distance_f32(got, reference(f64::from(x[k]), f64::from(y[k])));
                if d > LIMIT {
                    failures.push(format!("{pw:?}({:e}, {:e}) on {isa}: {got:e}, {d} units off", x[k], y[k]));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} failures, first {}", failures.len(), failures[0]);
}

/// The goldens hold the nearest f64 and what is left of the exact value in units of its last place.
#[test]
fn functions_of_f64_are_within_two_units_of_the_last_place() {
    let goldens = include_str!("../../tests/goldens/elementary_f64.txt");
    let mut failures = vec![];
    let float = |text: &str| f64::from_bits(u64::from_str_radix(text, 16).expect("bits in hexadecimal"));
    let mut checked = 0;
    for line in goldens.lines().filter(|l| !l.starts_with('#')) {
        let mut words = line.split(' ');
        let mut next = || words.next().expect("four words a line");
        let (name, arguments, nearest, rest) =
            (next(), next(), float(next()), next().parse::<f64>().expect("a number"));
        let pw = Pw::ALL.iter().find(|pw| thalweg_autodiff::prim::Prim::Pointwise(**pw).name() == name);
        let pw = *pw.expect("a pointwise primitive");
        let operands: Vec<f64> = arguments.split(',').map(float).collect();
        let unit = f64::from_bits(nearest.abs().to_bits() + 1) - nearest.abs();
        for isa in Isa::available() {
            // The same value on several lanes, so that vectors are used.
            let lanes: Vec<Vec<f64>> = operands.iter().map(|x| vec![*x; 9]).collect();
            let lanes: Vec<&[f64]> = lanes.iter().map(Vec::as_slice).collect();
            for got in apply(pw, Kind::F64, isa, &lanes) {
                let d = ((got - nearest) / unit - rest).abs();
                checked += 1;
                if d > LIMIT || d.is_nan() {
                    failures.push(format!("{name}({operands:?}) on {isa}: {got:e}, {d} units off"));
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {checked}:\n{}",
        failures.len(),
        failures[..failures.len().min(40)].join("\n")
    );
}
