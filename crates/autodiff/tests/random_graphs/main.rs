//! Random functions against burn-autodiff, and against themselves after every transform.

mod programs;

use burn::tensor::{DType, Device, Tensor, TensorData};
use programs::{Step, run};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use thalweg_autodiff::{Func, Result, grad, hvp, jvp, trace, vjp, vmap};

fn vector(values: Vec<f64>) -> Tensor<1> {
    let n = values.len();
    Tensor::from_data(TensorData::new(values, [n]), (&Device::flex(), DType::F64))
}

fn numbers(args: &[Tensor<1>]) -> Vec<f64> {
    args.iter().flat_map(|t| t.to_data().iter::<f64>().collect::<Vec<_>>()).collect()
}

fn verified(func: &Func) -> std::result::Result<(), TestCaseError> {
    func.verify().map_err(TestCaseError::fail)?;
    let read = Func::parse(&format!("{func:#}")).map_err(|why| TestCaseError::fail(why.to_string()))?;
    prop_assert_eq!(read.eqns(), func.eqns());
    Ok(())
}

fn close(what: &str, a: &[f64], b: &[f64], tolerance: f64) -> std::result::Result<(), TestCaseError> {
    let scale = a.iter().chain(b).fold(1.0, |m: f64, v| m.max(v.abs()));
    let near = a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance * scale);
    prop_assert!(near, "{what}: {a:?} and {b:?}");
    Ok(())
}

fn check(program: &[Step], points: &[Vec<f64>]) -> Result<std::result::Result<(), TestCaseError>> {
    let args = |k: usize| vec![vector(points[k].clone()), vector(points[k + 1].clone())];
    let (x, v) = (args(0), args(2));
    let weights = vector(points[4].clone());
    let f = |x: Vec<Tensor<1>>| run(program, &x);
    let loss = |x: Vec<Tensor<1>>| (run(program, &x) * thalweg_autodiff::constant(&weights)).sum();

    let ours = grad(loss)(&x)?;
    let tracked: Vec<Tensor<1>> = x.iter().map(|t| Tensor::from_inner(t.clone()).require_grad()).collect();
    let value = (run(program, &tracked) * Tensor::from_inner(weights.clone())).sum();
    let theirs: Vec<Tensor<1>> = match value.is_tracked() {
        true => {
            let grads = value.backward();
            tracked.iter().map(|t| t.grad(&grads).unwrap_or_else(|| t.clone().inner().zeros_like())).collect()
        }
        false => x.iter().map(|t| t.zeros_like()).collect(),
    };
    let (_, tangent) = jvp(f)(&x, &v)?;
    let (_, adjoint) = vjp(f)(&x, &weights)?;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (_, hv) = hvp(loss)(&x, &v)?;
    let h = 1e-5;
    let moved = |by: f64| x.iter().zip(&v).map(|(x, v)| x.clone() + v.clone() * by).collect::<Vec<_>>();
    let (plus, minus) = (numbers(&grad(loss)(&moved(h))?), numbers(&grad(loss)(&moved(-h))?));
    let numeric: Vec<f64> = plus.iter().zip(&minus).map(|(p, m)| (p - m) / (2.0 * h)).collect();
    let lanes: Vec<Tensor<2>> = (0..2).map(|k| Tensor::stack(vec![x[k].clone(), v[k].clone()], 0)).collect();
    let batched: Vec<Tensor<2>> = vmap(grad(loss))(&lanes)?;
    let looped = [grad(loss)(&x)?, grad(loss)(&v)?];
    let graphs = [
        trace(loss, &x)?.func().clone(),
        trace(grad(loss), &x)?.func().clone(),
        trace(|x: Vec<Tensor<1>>| hvp(loss)(&x, &x).map(|(_, hv)| hv), &x)?.func().clone(),
    ];
    Ok((|| {
        close("burn-autodiff", &numbers(&ours), &numbers(&theirs), 1e-9)?;
        let (forward, reverse) =
            (dot(&numbers(std::slice::from_ref(&weights)), &numbers(&[tangent])), numbers(&adjoint));
        close("adjoint identity", &[dot(&reverse, &numbers(&v))], &[forward], 1e-9)?;
        close("second order", &numbers(&hv), &numeric, 1e-5)?;
        for k in 0..2 {
            let got: Vec<f64> = batched[k].to_data().iter().collect();
            close("batch", &got, &numbers(&[looped[0][k].clone(), looped[1][k].clone()]), 1e-9)?;
        }
        graphs.iter().try_for_each(verified)
    })())
}

#[test]
fn random_programs_keep_every_law() {
    let config = Config { cases: 1024, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let programs = prop::collection::vec(any::<Step>(), 3..25);
    // Distinct in all digits, so that no two elements tie and central differences cross no kink.
    let points = prop::collection::vec(prop::collection::vec(-1.5f64..1.5, 12), 5);
    let law = |(program, points): (Vec<Step>, Vec<Vec<f64>>)| match check(&program, &points) {
        Ok(verdict) => verdict,
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    };
    runner.run(&(programs, points), law).unwrap();
}
