//! Whole updates of an optimizer, as one kernel, against the same graphs run by Burn.

use burn::tensor::{Bool, DType, Device, Tensor, TensorData};
use thalweg_autodiff::{Result, executor, trace};
use thalweg_cpu::{Isa, Options, Program};

/// Moments, parameter, gradient, and in one tensor each: the reciprocals of the two corrections, the rate, and what is
/// zero unless nothing may move.
type Args = (Tensor<1>, Tensor<1>, Tensor<1>, Tensor<1>, [Tensor<1>; 4]);

#[derive(Clone, Copy)]
struct Variant {
    decay: bool,
    conditional: bool,
}

fn adam(of: Variant, (m, v, w, g, [first, second, rate, trouble]): Args) -> (Tensor<1>, Tensor<1>, Tensor<1>) {
    let n = w.dims()[0];
    let new_m = m.clone() * 0.9 + g.clone() * 0.1;
    let new_v = v.clone() * 0.999 + g.square() * 0.001;
    let u = new_m.clone() * first / ((new_v.clone() * second).sqrt() + 1e-8);
    let u = if of.decay { u + w.clone() * 0.01 } else { u };
    let new_w = w.clone() - u * rate;
    if !of.conditional {
        return (new_m, new_v, new_w);
    }
    let mask: Tensor<1, Bool> = trouble.not_equal_elem(0.0).expand([n]);
    let kept = |new: Tensor<1>, old: Tensor<1>| new.mask_where(mask.clone(), old);
    (kept(new_m, m), kept(new_v, v), kept(new_w, w))
}

fn args(n: usize, dtype: DType, trouble: f64) -> Args {
    let device = Device::flex();
    let wave = |seed: f64, offset: f64| {
        let numbers: Vec<f64> = (0..n).map(|k| (k as f64 * 0.7 + seed).sin() + offset).collect();
        Tensor::<1>::from_data(TensorData::new(numbers, [n]), (&device, dtype))
    };
    let one = |x: f64| Tensor::<1>::from_data(TensorData::new(vec![x], [1]), (&device, dtype));
    (
        wave(1.0, 0.0),
        wave(2.0, 1.5),
        wave(3.0, 0.0),
        wave(4.0, 0.0),
        [one(10.0), one(1000.0), one(1e-3), one(trouble)],
    )
}

/// Runs three steps with the results in the places of what they replace, and compares each with Burn.
fn held(of: Variant, n: usize, dtype: DType, trouble: f64, isa: Isa) -> Result<()> {
    let args = args(n, dtype, trouble);
    let traced = trace(|args: Args| adam(of, args), &args)?;
    let options = Options { isa, scalarize: false };
    let mut program = Program::with_options(traced.func(), &[(0, 0), (1, 1), (2, 2)], options)?;
    let name = if of.decay { "adamw" } else { "adam" };
    assert!(program.explain().contains(&format!(": {name}\n")), "{}", program.explain());
    let mut inputs = traced.flatten_args(&args)?;
    for (k, input) in inputs.iter().enumerate() {
        program.set_input(k, &executor::download(input.clone())?)?;
    }
    let close = if dtype == DType::F32 { 2e-6 } else { 1e-14 };
    for step in 0..3 {
        program.run(None)?;
        let results = executor::interpret(traced.func(), inputs.clone(), &Device::flex())?;
        for (k, result) in results.into_iter().enumerate() {
            let (own, burn) = (program.input(k)?, executor::download(result.clone())?);
            for (i, (a, b)) in own.iter::<f64>().zip(burn.iter::<f64>()).enumerate() {
                let most = if trouble == 0.0 { close * b.abs().max(1.0) } else { 0.0 };
                assert!(
                    (a - b).abs() <= most,
                    "{name} {n} {isa}, step {step}: {i} of {k} is {a}, Burn has {b}"
                );
            }
            inputs[k] = result;
        }
    }
    Ok(())
}

#[test]
fn an_update_is_one_kernel_in_place_and_agrees_with_burn() -> Result<()> {
    for isa in Isa::available() {
        for dtype in [DType::F32, DType::F64] {
            for n in [2, 31, 32, 100, 5000] {
                for decay in [false, true] {
                    held(Variant { decay, conditional: false }, n, dtype, 0.0, isa)?;
                    held(Variant { decay, conditional: true }, n, dtype, 0.0, isa)?;
                    held(Variant { decay, conditional: true }, n, dtype, f64::NAN, isa)?;
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_member_that_something_else_reads_is_not_hidden_in_an_update() -> Result<()> {
    let args = args(100, DType::F64, 0.0);
    let with_more = |args: Args| {
        let (m, v, w) = adam(Variant { decay: false, conditional: false }, args);
        (m.clone() * 2.0, m, v, w)
    };
    let traced = trace(with_more, &args)?;
    let options = Options { scalarize: false, ..Options::default() };
    let mut program = Program::with_options(traced.func(), &[(1, 0), (2, 1), (3, 2)], options)?;
    let inputs = traced.flatten_args(&args)?;
    let data: Vec<TensorData> = inputs.iter().map(|x| executor::download(x.clone())).collect::<Result<_>>()?;
    let results = program.call(&data)?;
    let expected = executor::interpret(traced.func(), inputs, &Device::flex())?;
    for (own, burn) in results.iter().zip(expected) {
        for (a, b) in own.iter::<f64>().zip(executor::download(burn)?.iter::<f64>()) {
            assert!((a - b).abs() <= 1e-14 * b.abs().max(1.0), "{a}, Burn has {b}");
        }
    }
    Ok(())
}
