//! Every case of the differentiator's table, compiled and run by Burn: values, gradients, products with the Hessian,
//! and lanes of a batch.

// The tables that the tests of `thalweg-autodiff` iterate.
#[path = "../../../autodiff/tests/laws/cases/mod.rs"]
#[allow(dead_code)] // The coverage table uses what this test does not.
mod cases;

use burn::tensor::{DType, Device, Tensor, TensorData};
use cases::{Case, Inputs, Limit};
use thalweg_autodiff::{Traced, Tree, executor, grad, hvp, trace, vmap};
use thalweg_cpu::{Isa, Options, Program};

/// Uniform numbers by a fixed seed.
struct Numbers(u64);

impl Numbers {
    fn tensor(&mut self, shape: &[usize], low: f64, high: f64, dtype: DType) -> Tensor<1> {
        let n: usize = shape.iter().product();
        let mut draw = || {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            low + (high - low) * (self.0 >> 11) as f64 / (1u64 << 53) as f64
        };
        let values: Vec<f64> = (0..n).map(|_| draw()).collect();
        Tensor::from_data(TensorData::new(values, [n]), (&Device::flex(), dtype))
    }
}

fn inputs(case: &Case, dtype: DType, seed: u64) -> Vec<Tensor<1>> {
    let mut numbers = Numbers(seed);
    case.inputs.iter().map(|(shape, low, high)| numbers.tensor(shape, *low, *high, dtype)).collect()
}

/// The largest difference between the two executors, relative to the largest element of a result.
fn difference<A: Tree, R: Tree>(traced: &Traced<A, R>, args: &A, options: Options) -> Result<f64, String> {
    let handles = traced.flatten_args(args).map_err(|e| e.to_string())?;
    let data: Result<Vec<TensorData>, _> = handles.iter().map(|h| executor::download(h.clone())).collect();
    let mut data = data.map_err(|e| e.to_string())?;
    let mut handles = handles;
    if traced.func().uses_rng() {
        let key = TensorData::new(vec![7_i64], [1]);
        handles.push(executor::upload(key.clone(), &Device::flex()));
        data.push(key);
    }
    let expected = executor::interpret(traced.func(), handles, &Device::flex()).map_err(|e| e.to_string())?;
    let mut program = Program::with_options(traced.func(), &[], options).map_err(|e| e.to_string())?;
    let results = program.call(&data).map_err(|e| e.to_string())?;
    let mut largest: f64 = 0.0;
    for (own, burn) in results.iter().zip(expected) {
        let burn: Vec<f64> = executor::download(burn).map_err(|e| e.to_string())?.iter::<f64>().collect();
        let scale = burn.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
        for (a, b) in own.iter::<f64>().zip(burn) {
            let same = a == b || a.is_nan() && b.is_nan();
            largest = largest.max(if same { 0.0 } else { ((a - b) / scale).abs() });
            if (a - b).is_nan() && !same {
                return Err(format!("{a} where Burn has {b}"));
            }
        }
    }
    Ok(largest)
}

fn check(case: &Case, dtype: DType, options: Options) -> Vec<String> {
    let f = |flat: Vec<Tensor<1>>| (case.f)(&Inputs { flat, shapes: case.inputs });
    let scalar = |flat: Vec<Tensor<1>>| f(flat).powi_scalar(2).sum();
    let args = inputs(case, dtype, 3);
    let along = inputs(case, dtype, 5);
    let lanes: Vec<Tensor<2>> = (0..args.len())
        .map(|k| Tensor::stack(vec![args[k].clone(), inputs(case, dtype, 9)[k].clone(), args[k].clone()], 0))
        .collect();
    let mut failures = vec![];
    let mut hold = |what: &str, found: Result<f64, String>| match found {
        Ok(difference) if difference <= if dtype == DType::F32 { 1e-4 } else { 1e-11 } => {}
        Ok(difference) => failures
            .push(format!("{} in {dtype:?} by {options:?}: {what} differs by {difference:e}", case.name)),
        Err(why) => failures.push(format!("{} in {dtype:?} by {options:?}: {what}: {why}", case.name)),
    };
    let text = |e: thalweg_autodiff::Error| e.to_string();
    hold("value", trace(f, &args).map_err(text).and_then(|t| difference(&t, &args, options)));
    hold("gradient", trace(grad(scalar), &args).map_err(text).and_then(|t| difference(&t, &args, options)));
    let both = (args.clone(), along);
    let product = |(x, v): (Vec<Tensor<1>>, Vec<Tensor<1>>)| hvp(scalar)(&x, &v).map(|(_, hv)| hv);
    hold("Hessian product", trace(product, &both).map_err(text).and_then(|t| difference(&t, &both, options)));
    let batched = |x: Vec<Tensor<2>>| -> thalweg_autodiff::Result<Tensor<2>> { vmap(f)(&x) };
    hold("batch", trace(batched, &lanes).map_err(text).and_then(|t| difference(&t, &lanes, options)));
    failures
}

#[test]
fn compiled_programs_agree_with_burn_on_every_case() {
    let mut failures = vec![];
    for case in cases::all() {
        for dtype in [DType::F32, DType::F64] {
            // What falls short of f64 inside of Burn differs by that.
            let limited = matches!(
                case.limit,
                Some((Limit::Inside | Limit::Eager | Limit::EagerOutsideFlex | Limit::NoF64, _))
            );
            if dtype == DType::F64 && limited {
                continue;
            }
            for unroll in [true, false] {
                failures.extend(check(&case, dtype, Options { scalarize: unroll, ..Options::default() }));
            }
        }
        failures.extend(check(&case, DType::F32, Options { isa: Isa::BASELINE, scalarize: false }));
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
