//! Tensors that are known exactly, or by what their rows and columns satisfy.

use serde_json::Value;
use thalweg_init::schemes::orthonormalize;
use thalweg_init::{AnyScheme, Place};

use super::{Disagreement, SEED, Verdict, all_same, numbers, same};

pub fn check(case: &Value, scheme: &AnyScheme, place: &Place) -> Verdict {
    let values = scheme.values(place, SEED)?;
    match case["kind"].as_str().unwrap_or_default() {
        "exact" => all_same("value", &numbers(&case["value"]), &values),
        "exact_sparse" => ones(case, place, &values),
        "sparse" => zeros(case, place, &values),
        "orthogonal" => orthogonal(case, place, &values),
        "delta_orthogonal" => delta(case, place, &values),
        _ => Err(Disagreement::Unknown),
    }
}

/// The indices of row-major entry `at`.
fn indices(shape: &[usize], mut at: usize) -> Vec<usize> {
    let mut all: Vec<usize> = shape
        .iter()
        .rev()
        .map(|n| {
            let index = at % n;
            at /= n;
            index
        })
        .collect();
    all.reverse();
    all
}

fn ones(case: &Value, place: &Place, values: &[f64]) -> Verdict {
    let list = case["ones_at"].as_array().ok_or(Disagreement::Unknown)?;
    let mut want = vec![0.0; values.len()];
    for index in list {
        let flat = numbers(index).iter().zip(&place.shape).fold(0, |at, (i, n)| at * n + *i as usize);
        want[flat] = 1.0;
    }
    all_same("value", &want, values)
}

fn zeros(case: &Value, place: &Place, values: &[f64]) -> Verdict {
    let (columns, want) = (place.shape[1], case["zeros_per_column"].as_f64().unwrap_or(f64::NAN));
    for column in 0..columns {
        let zeros = values.iter().skip(column).step_by(columns).filter(|x| **x == 0.0).count();
        same(&format!("zeros in column {column}:"), want, zeros as f64)?;
    }
    Ok(())
}

/// That the rows or the columns of a matrix, whichever are fewer, are orthogonal and of length `gain`.
fn orthogonal_matrix(rows: usize, columns: usize, gain: f64, at: impl Fn(usize, usize) -> f64) -> Verdict {
    let (vectors, length) = (rows.min(columns), rows.max(columns));
    let entry = |vector: usize, k: usize| if rows <= columns { at(vector, k) } else { at(k, vector) };
    for (a, b) in (0..vectors).flat_map(|a| (0..=a).map(move |b| (a, b))) {
        let product: f64 = (0..length).map(|k| entry(a, k) * entry(b, k)).sum();
        same(&format!("product of vectors {a} and {b}"), if a == b { gain * gain } else { 0.0 }, product)?;
    }
    Ok(())
}

fn orthogonal(case: &Value, place: &Place, values: &[f64]) -> Verdict {
    let gain = case["gain"].as_f64().unwrap_or(1.0);
    let axis = place.axes.ok_or(Disagreement::Unknown)?.output;
    let outputs = place.shape[axis];
    let inner: usize = place.shape[axis + 1..].iter().product();
    let rest = values.len() / outputs;
    orthogonal_matrix(outputs, rest, gain, |output, k| {
        values[(k / inner * outputs + output) * inner + k % inner]
    })?;
    let draw = numbers(&case["normal_draw"]);
    if draw.is_empty() {
        return Ok(());
    }
    let got: Vec<f64> = orthonormalize(outputs, rest, &draw).into_iter().map(|x| gain * x).collect();
    all_same("the matrix of the given draw", &numbers(&case["expected"]), &got)
}

fn delta(case: &Value, place: &Place, values: &[f64]) -> Verdict {
    let gain = case["gain"].as_f64().unwrap_or(1.0);
    let axes = place.axes.ok_or(Disagreement::Unknown)?;
    let middle = numbers(&case["nonzero_spatial_index"][0]);
    let (inputs, outputs) = (place.shape[axes.input], place.shape[axes.output]);
    let mut matrix = vec![0.0; inputs * outputs];
    for (at, value) in values.iter().enumerate() {
        let index = indices(&place.shape, at);
        let taps = index.iter().enumerate().filter(|(axis, _)| *axis != axes.input && *axis != axes.output);
        match taps.map(|(_, i)| *i as f64).eq(middle.iter().copied()) {
            true => matrix[index[axes.input] * outputs + index[axes.output]] = *value,
            false => same("off the middle tap", 0.0, *value)?,
        }
    }
    orthogonal_matrix(inputs, outputs, gain, |input, output| matrix[input * outputs + output])
}
