//! Values, gradients and Hessians of a landscape at given points, as several kinds of files list them.

use burn::tensor::{DType, Device, Tensor};
use serde_json::Value;
use thalweg_autodiff::{hessian, trace, value_and_grad};
use thalweg_landscapes::{Landscape, Result};

use super::Report;

/// Relative to the larger of one and the reference.
const VALUE: f64 = 1e-12;
const DERIVATIVE: f64 = 1e-10;

/// Numbers of an array of any nesting, in order.
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(parts) => parts.iter().flat_map(numbers).collect(),
        other => other.as_f64().into_iter().collect(),
    }
}

fn read<const D: usize>(t: Tensor<D>) -> Vec<f64> {
    t.to_data().iter().collect()
}

/// One case: passes if every number is as close to the reference as `tolerance` says for it.
pub fn compare(report: &mut Report, case: &str, want: &[f64], got: &[f64], tolerance: impl Fn(f64) -> f64) {
    if want.len() != got.len() {
        return report.fail(case, format!("{} numbers", want.len()), got.len());
    }
    // A NaN is far from everything.
    let near = |w: f64, g: f64| (w - g).abs() <= tolerance(w);
    let off = |(w, g): &(&f64, &f64)| !near(**w, **g);
    match want.iter().zip(got).enumerate().find(|(_, pair)| off(pair)) {
        None => report.pass(),
        Some((i, (w, g))) => report.fail(&format!("{case} [{i}]"), w, g),
    }
}

/// Holds a landscape against `points`, `f`, `grad` and `hess` of one entry; a `null` has no reference.
pub fn check(report: &mut Report, name: &str, landscape: &Landscape, entry: &Value) {
    let points = entry["points"].as_array().map_or(&[][..], |p| p);
    match everything(landscape, points) {
        Err(error) => report.fail(name, "derivatives", error),
        Ok(all) => {
            for (i, (value, gradient, hessian)) in all.iter().enumerate() {
                for (what, got, base) in
                    [("f", value, VALUE), ("grad", gradient, DERIVATIVE), ("hess", hessian, DERIVATIVE)]
                {
                    if !entry[what][i].is_null() {
                        let case = format!("{name} {what} at point {i}");
                        compare(report, &case, &numbers(&entry[what][i]), got, |w| base * w.abs().max(1.0));
                    }
                }
            }
        }
    }
}

type Derivatives = (Vec<f64>, Vec<f64>, Vec<f64>);

fn everything(landscape: &Landscape, points: &[Value]) -> Result<Vec<Derivatives>> {
    let tensor = |x: &Value| landscape.point(&numbers(x), &Device::flex(), DType::F64);
    let points: Vec<Tensor<1>> = points.iter().map(tensor).collect::<Result<_>>()?;
    let Some(like) = points.first() else { return Ok(vec![]) };
    let f = |x: Tensor<1>| landscape.value(x);
    let (first, second) = (trace(value_and_grad(f), like)?, trace(hessian(f), like)?);
    let at = |x: &Tensor<1>| {
        let (value, gradient) = first.call(x)?;
        let hessian: Tensor<2> = second.call(x)?;
        Ok((read(value), read(gradient), read(hessian)))
    };
    points.iter().map(at).collect()
}
