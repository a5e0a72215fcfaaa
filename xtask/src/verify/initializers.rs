//! Initializers: the laws, exact tensors and invariants that other libraries and papers give.

mod formulas;
mod layers;
mod tensors;

use serde_json::Value;
use thalweg_init::{AnyScheme, Error, Law, Nonlinearity, Place, calculate_gain, from_reference};

use super::Report;

/// For bounds, standard deviations and exact tensors, relative to the larger of one and the reference.
const TOLERANCE: f64 = 1e-12;

/// How many values are drawn for a law.
const SAMPLES: usize = 200_000;

const SEED: u64 = 20_261_125;

/// A file of cases with the kind of what they give.
pub fn matches(content: &Value) -> bool {
    let first = &content["cases"][0];
    first["kind"].is_string() && first["lib"].is_string() && first["name"].is_string() && first["opt"].is_null()
}

/// What a case expects: the first thing that disagrees, as expected and got.
type Verdict = Result<(), Disagreement>;

/// Why a case does not agree.
enum Disagreement {
    /// What was expected, and what was got.
    Differs(String, String),
    /// This project has no such scheme.
    Unknown,
}

impl From<Error> for Disagreement {
    fn from(error: Error) -> Self {
        match error {
            Error::Unknown(_) => Disagreement::Unknown,
            error => Disagreement::Differs("values".into(), error.to_string()),
        }
    }
}

/// Holds every scheme against its cases.
pub fn check(content: &Value, report: &mut Report) {
    for case in content["cases"].as_array().into_iter().flatten() {
        let text = |name: &str| case[name].as_str().unwrap_or_default();
        let name = match text("call") {
            "" => format!("{} of {}", text("name"), text("lib")),
            call => format!("{call} on {}", case["shape"]),
        };
        match verdict(case) {
            Ok(()) => report.pass(),
            Err(Disagreement::Differs(expected, got)) => report.fail(&name, expected, got),
            Err(Disagreement::Unknown) => report.skip(&format!("{}@{}", text("name"), text("lib"))),
        }
    }
}

fn verdict(case: &Value) -> Verdict {
    let call = case["call"].as_str().unwrap_or_default();
    match case["kind"].as_str().unwrap_or_default() {
        "gain" => gain(call, case),
        "layer" => layers::check(case),
        "uniform" | "normal" | "trunc_normal" => {
            let (scheme, place) = from_reference(call, &shape(case).unwrap_or(vec![8]))?;
            law(case, &scheme.law(&place)?)?;
            fans(case, &place)?;
            sample(&scheme, &place)
        }
        "exact" | "exact_sparse" | "orthogonal" | "sparse" | "delta_orthogonal" if !call.is_empty() => {
            let (scheme, place) = from_reference(call, &shape(case).ok_or(Disagreement::Unknown)?)?;
            tensors::check(case, &scheme, &place)
        }
        "exact" | "formula" | "lsuv" | "invariant" => formulas::check(case),
        _ => Err(Disagreement::Unknown),
    }
}

fn shape(case: &Value) -> Option<Vec<usize>> {
    case["shape"].as_array()?.iter().map(|n| n.as_u64().map(|n| n as usize)).collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// That a number is the expected one.
fn same(what: &str, want: f64, got: f64) -> Verdict {
    // NaN is near nothing.
    let is_near = (got - want).abs() <= TOLERANCE * want.abs().max(1.0);
    if !is_near {
        return Err(Disagreement::Differs(format!("{what} {want}"), got.to_string()));
    }
    Ok(())
}

/// That a tensor is the expected one.
fn all_same(what: &str, want: &[f64], got: &[f64]) -> Verdict {
    same(&format!("as many values of {what} as"), want.len() as f64, got.len() as f64)?;
    want.iter().zip(got).enumerate().try_for_each(|(k, (want, got))| same(&format!("{what}[{k}]"), *want, *got))
}

fn gain(call: &str, case: &Value) -> Verdict {
    let inside =
        call.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).ok_or(Disagreement::Unknown)?;
    let (word, parameter) = inside.split_once(',').unwrap_or((inside, "None"));
    let nonlinearity: Nonlinearity = word.trim().trim_matches(['\'', '"']).parse()?;
    let got = calculate_gain(nonlinearity, parameter.trim().parse().ok())?;
    same("gain", case["gain"].as_f64().unwrap_or(f64::NAN), got)
}

/// That a law has what the case says of it, under whichever names.
fn law(case: &Value, law: &Law) -> Verdict {
    let bounds = law.bounds().unwrap_or((f64::NAN, f64::NAN));
    let parent = match *law {
        Law::TruncatedNormal { mean, std, .. } | Law::Normal { mean, std } => (mean, std),
        _ => (f64::NAN, f64::NAN),
    };
    let known = [
        ("low", bounds.0),
        ("high", bounds.1),
        ("bound", bounds.1),
        ("value", law.mean().unwrap_or(f64::NAN)),
        ("mean", law.mean().unwrap_or(f64::NAN)),
        ("std", law.std().unwrap_or(f64::NAN)),
        ("parent_mean", parent.0),
        ("parent_std", parent.1),
    ];
    known.iter().try_for_each(|(name, got)| case[name].as_f64().map_or(Ok(()), |want| same(name, want, *got)))
}

fn fans(case: &Value, place: &Place) -> Verdict {
    let own = place.fans.map_or((f64::NAN, f64::NAN), |fans| (fans.input, fans.output));
    [("fan_in", own.0), ("fan_out", own.1)]
        .iter()
        .try_for_each(|(name, got)| case[name].as_f64().map_or(Ok(()), |want| same(name, want, *got)))
}

/// That what is drawn has the law's mean and deviation, to five standard errors, and lies within its bounds.
fn sample(scheme: &AnyScheme, place: &Place) -> Verdict {
    let law = scheme.law(place)?;
    let (mean, std) = (law.mean().unwrap_or(f64::NAN), law.std().unwrap_or(f64::NAN));
    let n = place.len().max(1);
    let draws = SAMPLES.div_ceil(n);
    let mut values = Vec::with_capacity(draws * n);
    for k in 0..draws as u64 {
        values.extend(scheme.values(place, SEED + k)?);
    }
    if let Some((low, high)) = law.bounds()
        && let Some(outside) = values.iter().find(|x| **x < low || **x > high)
    {
        return Err(Disagreement::Differs(format!("values from {low} to {high}"), outside.to_string()));
    }
    let count = values.len() as f64;
    let moment = |power: i32| values.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / count;
    let (first, second, fourth) = (moment(1), moment(2), moment(4));
    let deviation = (second - first * first).sqrt();
    // The deviation's standard error is that of the variance over twice the deviation.
    let errors = (std / count.sqrt(), (fourth - second * second).max(0.0).sqrt() / count.sqrt() / (2.0 * std));
    let are_near = (first.abs() <= 5.0 * errors.0, (deviation - std).abs() <= 5.0 * errors.1);
    if !are_near.0 {
        return Err(Disagreement::Differs(format!("a sampled mean near {mean}"), (mean + first).to_string()));
    }
    if !are_near.1 {
        return Err(Disagreement::Differs(format!("a sampled deviation near {std}"), deviation.to_string()));
    }
    Ok(())
}
