//! Thousands of random functions, their gradients and products with their Hessians: compiled, and run by Burn.

#[path = "../../../autodiff/tests/random_graphs/programs.rs"]
mod programs;

use burn::tensor::{DType, Device, Tensor, TensorData};
use programs::{Step, run};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use thalweg_autodiff::{Result, Traced, Tree, constant, executor, grad, hvp, trace};
use thalweg_cpu::{Options, Program};

fn vector(values: &[f64], dtype: DType) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), (&Device::flex(), dtype))
}

/// Compares all results; gives the first that differ.
fn agree<A: Tree, R: Tree>(traced: &Traced<A, R>, args: &A, tolerance: f64) -> Result<Option<String>> {
    let handles = traced.flatten_args(args)?;
    let data: Vec<TensorData> = handles.iter().map(|h| executor::download(h.clone())).collect::<Result<_>>()?;
    let expected = executor::interpret(traced.func(), handles, &Device::flex())?;
    let expected: Vec<TensorData> = expected.into_iter().map(executor::download).collect::<Result<_>>()?;
    for unroll in [true, false] {
        let mut program =
            Program::with_options(traced.func(), &[], Options { scalarize: unroll, ..Options::default() })?;
        for (own, burn) in program.call(&data)?.iter().zip(&expected) {
            let (own, burn): (Vec<f64>, Vec<f64>) = (own.iter().collect(), burn.iter().collect());
            let scale = burn.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
            if own.len() != burn.len() || own.iter().zip(&burn).any(|(a, b)| (a - b).abs() > tolerance * scale)
            {
                return Ok(Some(format!("{own:?}\n{burn:?}\n{traced}\n{}", program.explain())));
            }
        }
    }
    Ok(None)
}

fn check(program: &[Step], points: &[Vec<f64>], dtype: DType) -> Result<Option<String>> {
    let tolerance = if dtype == DType::F32 { 1e-3 } else { 1e-10 };
    let args = |k: usize| vec![vector(&points[k], dtype), vector(&points[k + 1], dtype)];
    let (x, v) = (args(0), args(2));
    let weights = vector(&points[4], dtype);
    let loss = |x: Vec<Tensor<1>>| (run(program, &x) * constant(&weights)).sum();
    let product = |(x, v): (Vec<Tensor<1>>, Vec<Tensor<1>>)| hvp(loss)(&x, &v).map(|(_, hv)| hv);
    let found = agree(&trace(|x: Vec<Tensor<1>>| run(program, &x), &x)?, &x, tolerance)?;
    let found = match found {
        None => agree(&trace(grad(loss), &x)?, &x, tolerance)?,
        found => found,
    };
    match found {
        None => agree(&trace(product, &(x.clone(), v.clone()))?, &(x, v), tolerance),
        found => Ok(found),
    }
}

#[test]
fn random_programs_compute_what_burn_computes() {
    let config = Config { cases: 2000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let programs = prop::collection::vec(any::<Step>(), 3..25);
    let points = prop::collection::vec(prop::collection::vec(-1.5f64..1.5, 12), 5);
    let law = |(program, points, wide): (Vec<Step>, Vec<Vec<f64>>, bool)| {
        let dtype = if wide { DType::F64 } else { DType::F32 };
        match check(&program, &points, dtype) {
            Ok(None) => Ok(()),
            Ok(Some(difference)) => Err(TestCaseError::fail(difference)),
            Err(error) => Err(TestCaseError::fail(error.to_string())),
        }
    };
    runner.run(&(programs, points, any::<bool>()), law).unwrap();
}
