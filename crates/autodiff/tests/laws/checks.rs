//! The laws for one case; each failure says which.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::cases::{Case, Inputs, Limit};
use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_autodiff::{Error, Result, grad, hvp, jvp, trace, vjp, vmap};

type Args = Vec<Tensor<1>>;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// The value is eager Burn's.
    Value,
    /// Reverse mode is burn-autodiff's.
    Reverse,
    /// Forward mode is the adjoint of reverse mode.
    Forward,
    /// Second derivatives are symmetric, and those of the gradient and of the value.
    Second,
    /// Lanes are what a loop gives.
    Batch,
}

type Failures = Vec<(Law, String)>;

/// Relative to the scale of what is compared.
const F64: f64 = 1e-9;
const F32: f64 = 2e-4;

/// What a comparison may lose, where one side is `by`: ours, burn-autodiff's derivative, or eager Burn's value.
fn tolerance(case: &Case, device: &Device, dtype: DType, by: Limit) -> f64 {
    let limit = case.limit.map(|(limit, _)| limit);
    let limited = match limit {
        Some(Limit::Inside) => true,
        Some(Limit::EagerOutsideFlex) if *device == Device::flex() => false,
        Some(Limit::Eager | Limit::EagerOutsideFlex) => by == Limit::Eager || by == Limit::Oracle,
        Some(Limit::Oracle) => by == Limit::Oracle,
        Some(Limit::OracleOutsideFlex | Limit::NoF64) | None => false,
    };
    if dtype == DType::F32 || limited { F32 } else { F64 }
}

/// Central differences of gradients in f64 with step 1e-5.
const DIFFERENCE: f64 = 1e-5;
const DIFFERENCE_TOLERANCE: f64 = 1e-6;

/// Uniform numbers by a fixed seed; a linear congruential generator is enough to avoid special points.
struct Numbers(u64);

impl Numbers {
    fn draw(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn tensor(&mut self, n: usize, low: f64, high: f64, device: &Device, dtype: DType) -> Tensor<1> {
        let values: Vec<f64> = (0..n).map(|_| self.draw(low, high)).collect();
        Tensor::from_data(TensorData::new(values, [n]), (device, dtype))
    }

    fn inputs(&mut self, case: &Case, device: &Device, dtype: DType) -> Args {
        let size = |shape: &[usize]| shape.iter().product();
        case.inputs.iter().map(|(s, low, high)| self.tensor(size(s), *low, *high, device, dtype)).collect()
    }

    fn like(&mut self, args: &Args) -> Args {
        args.iter().map(|t| self.tensor(t.dims()[0], -1.0, 1.0, &t.device(), t.dtype())).collect()
    }
}

fn numbers(args: &[Tensor<1>]) -> Vec<f64> {
    args.iter().flat_map(|t| t.to_data().iter::<f64>().collect::<Vec<_>>()).collect()
}

fn dot(a: &Args, b: &Args) -> f64 {
    numbers(a).iter().zip(numbers(b)).map(|(a, b)| a * b).sum()
}

fn moved(x: &Args, v: &Args, by: f64) -> Args {
    x.iter().zip(v).map(|(x, v)| x.clone() + v.clone() * by).collect()
}

/// Compares, and says what was expected and got where they differ.
fn same(law: Law, got: &[f64], expected: &[f64], tolerance: f64, failures: &mut Failures) {
    let scale = expected.iter().chain(got).fold(1.0, |m: f64, v| m.max(v.abs()));
    let close = got.len() == expected.len()
        && got
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() <= tolerance * scale || (a.is_nan() && b.is_nan()));
    if !close {
        failures.push((law, format!("expected {expected:.6?}, got {got:.6?}")));
    }
}

fn function(case: &Case) -> impl Fn(Args) -> Tensor<1> + Copy + '_ {
    move |flat| (case.f)(&Inputs { flat, shapes: case.inputs })
}

/// The gradient of `⟨w, f(x)⟩` by burn-autodiff.
fn burn_gradient(case: &Case, x: &Args, w: &Tensor<1>) -> Args {
    let x: Args = x.iter().map(|t| Tensor::from_inner(t.clone()).require_grad()).collect();
    let y = function(case)(x.clone());
    let grads = (y * Tensor::from_inner(w.clone())).sum().backward();
    x.iter().map(|t| t.grad(&grads).unwrap_or_else(|| t.clone().inner().zeros_like())).collect()
}

fn laws(case: &Case, device: &Device, dtype: DType) -> Result<Failures> {
    let mut failures = vec![];
    let mut draw = Numbers(7);
    let x = draw.inputs(case, device, dtype);
    let f = function(case);
    let [ours, oracle, eager] =
        [Limit::Inside, Limit::Oracle, Limit::Eager].map(|by| tolerance(case, device, dtype, by));
    if dtype == DType::F64 && matches!(case.limit, Some((Limit::NoF64, _))) {
        return Ok(vec![]);
    }

    let expected = f(x.clone());
    let got = trace(f, &x)?.call(&x)?;
    same(Law::Value, &numbers(&[got]), &numbers(std::slice::from_ref(&expected)), eager, &mut failures);

    let w = draw.tensor(expected.dims()[0], -1.0, 1.0, device, dtype);
    let (_, gradient) = vjp(f)(&x, &w)?;
    let other_function = matches!(case.limit, Some((Limit::OracleOutsideFlex, _))) && *device != Device::flex();
    if !other_function {
        same(Law::Reverse, &numbers(&gradient), &numbers(&burn_gradient(case, &x, &w)), oracle, &mut failures);
    }

    let (u, v) = (draw.like(&x), draw.like(&x));
    let (_, tangent) = jvp(f)(&x, &v)?;
    let forward = dot(&vec![w.clone()], &vec![tangent]);
    same(Law::Forward, &[dot(&gradient, &v)], &[forward], ours, &mut failures);

    let weighted = |x: Args| {
        let y = f(x);
        (y * thalweg_autodiff::constant(&w)).sum()
    };
    let (_, hv) = hvp(weighted)(&x, &v)?;
    let (_, hu) = hvp(weighted)(&x, &u)?;
    same(Law::Second, &[dot(&u, &hv)], &[dot(&v, &hu)], ours, &mut failures);
    if dtype == DType::F64 && ours == F64 {
        let at = |h: f64| vjp(f)(&moved(&x, &v, h), &w).map(|(_, g)| numbers(&g));
        let (plus, minus) = (at(DIFFERENCE)?, at(-DIFFERENCE)?);
        let numeric: Vec<f64> = plus.iter().zip(&minus).map(|(p, m)| (p - m) / (2.0 * DIFFERENCE)).collect();
        same(Law::Second, &numbers(&hv), &numeric, DIFFERENCE_TOLERANCE, &mut failures);
        // What is left of f(x + hv) after the first two orders shrinks like h³.
        let traced = trace(weighted, &x)?;
        let value = |x: &Args| traced.call(x).map(|y| numbers(&[y])[0]);
        let rest = |h: f64| {
            let model = value(&x)? + h * dot(&gradient, &v) + 0.5 * h * h * dot(&v, &hv);
            Ok::<_, Error>((value(&moved(&x, &v, h))? - model).abs())
        };
        let (coarse, fine) = (rest(2e-3)?, rest(1e-3)?);
        if fine.is_nan() || fine > 0.2 * coarse + 1e-12 * (1.0 + value(&x)?.abs()) {
            failures.push((Law::Second, format!("the remainder is {coarse:e} at 2h and {fine:e} at h")));
        }
    }

    let lanes: Vec<Args> = (0..3).map(|_| draw.inputs(case, device, dtype)).collect();
    let stacked: Vec<Tensor<2>> =
        (0..x.len()).map(|k| Tensor::stack(lanes.iter().map(|l| l[k].clone()).collect(), 0)).collect();
    let values: Tensor<2> = vmap(f)(&stacked)?;
    let looped: Args = lanes.iter().map(|l| f(l.clone())).collect();
    same(Law::Batch, &values.to_data().iter().collect::<Vec<f64>>(), &numbers(&looped), eager, &mut failures);
    let gradients: Vec<Tensor<2>> = vmap(grad(weighted))(&stacked)?;
    for k in 0..x.len() {
        let looped = lanes.iter().map(|l| grad(weighted)(l).map(|g| g[k].clone())).collect::<Result<Args>>()?;
        let got: Vec<f64> = gradients[k].to_data().iter().collect();
        same(Law::Batch, &got, &numbers(&looped), ours, &mut failures);
    }
    Ok(failures)
}

/// All failures of a case; an error or a panic fails every law.
pub fn check(case: &Case, device: &Device, dtype: DType) -> Failures {
    let all = |why: String| {
        [Law::Value, Law::Reverse, Law::Forward, Law::Second, Law::Batch].map(|l| (l, why.clone()))
    };
    match catch_unwind(AssertUnwindSafe(|| laws(case, device, dtype))) {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => all(error.to_string()).to_vec(),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or(panic.downcast_ref::<&str>().map(|s| s.to_string()));
            all(format!("panicked: {}", text.unwrap_or_default())).to_vec()
        }
    }
}
