//! Schemes against what PyTorch and JAX give for the same calls (`goldens/initializers.json` names the versions).

use serde_json::Value;
use thalweg_init::schemes::orthonormalize;
use thalweg_init::{Law, Nonlinearity, calculate_gain, from_reference};

const TOLERANCE: f64 = 1e-12;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

#[track_caller]
fn same(case: &str, want: &[f64], got: &[f64]) {
    assert_eq!(want.len(), got.len(), "{case}");
    for (want, got) in want.iter().zip(got) {
        assert!((want - got).abs() <= TOLERANCE * want.abs().max(1.0), "{case}: expected {want}, got {got}");
    }
}

/// Each named figure of a case that a law has.
fn law(name: &str, case: &Value, law: &Law) -> usize {
    let parent = match *law {
        Law::TruncatedNormal { mean, std, .. } => Some((mean, std)),
        _ => None,
    };
    let known = [
        ("low", law.bounds().map(|b| b.0)),
        ("high", law.bounds().map(|b| b.1)),
        ("mean", law.mean()),
        ("std", law.std()),
        ("parent_mean", parent.map(|p| p.0)),
        ("parent_std", parent.map(|p| p.1)),
    ];
    let mut held = 0;
    for (field, got) in known {
        if let Some(want) = case[field].as_f64() {
            let got = got.unwrap_or_else(|| panic!("{name} has a {field}, but `{law}` has none"));
            same(&format!("{field} of {name}"), &[want], &[got]);
            held += 1;
        }
    }
    held
}

#[test]
fn laws_and_tensors_are_those_of_the_reference_calls() {
    let text = include_str!("../goldens/initializers.json");
    let content: Value = serde_json::from_str(text).unwrap();
    let (mut figures, mut tensors) = (0, 0);
    for case in content["cases"].as_array().unwrap() {
        let call = case["call"].as_str().unwrap();
        let kind = case["kind"].as_str().unwrap();
        if kind == "gain" {
            let (word, parameter) =
                call.split_once('(').unwrap().1.trim_end_matches(')').split_once(',').unwrap();
            let word: Nonlinearity = word.trim_matches('\'').parse().unwrap();
            let gain = calculate_gain(word, parameter.trim().parse().ok()).unwrap();
            same(call, &[case["gain"].as_f64().unwrap()], &[gain]);
            figures += 1;
            continue;
        }
        let shape = numbers(&case["shape"]).into_iter().map(|n| n as usize).collect::<Vec<_>>();
        let shape = if shape.is_empty() { vec![8] } else { shape };
        let (scheme, place) = from_reference(call, &shape).unwrap();
        let name = format!("{call} on {shape:?}");
        if ["uniform", "normal", "trunc_normal"].contains(&kind) {
            figures += law(&name, case, &scheme.law(&place).unwrap());
        }
        let values = scheme.values(&place, 1).unwrap();
        match kind {
            "exact" => same(&name, &numbers(&case["value"]), &values),
            "exact_sparse" => {
                let mut want = vec![0.0; values.len()];
                for index in case["ones_at"].as_array().unwrap() {
                    let at = numbers(index).iter().zip(&shape).fold(0, |at, (i, n)| at * n + *i as usize);
                    want[at] = 1.0;
                }
                same(&name, &want, &values);
            }
            "orthogonal" if case["expected"].is_array() => {
                let (rows, columns) = (shape[0], values.len() / shape[0]);
                let gain = case["gain"].as_f64().unwrap();
                let matrix = orthonormalize(rows, columns, &numbers(&case["normal_draw"]));
                let scaled: Vec<f64> = matrix.iter().map(|x| gain * x).collect();
                same(&name, &numbers(&case["expected"]), &scaled);
            }
            _ => continue,
        }
        tensors += 1;
    }
    assert!(figures > 400 && tensors > 15, "{figures} figures and {tensors} tensors were held");
}
