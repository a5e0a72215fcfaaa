//! Statistics against SciPy, NumPy, statsmodels and cocopp; `goldens/README.md` says which versions and how.

use proptest::prelude::*;
use serde_json::Value;
use thalweg_lab::statistics::{
    bootstrap, ecdf, expected_running_time, holm, performance_profile, quantile, vargha_delaney, wilcoxon,
};

fn goldens(kind: &str) -> Vec<Value> {
    let all: Value =
        serde_json::from_str(include_str!("../goldens/statistics.json")).expect("the goldens are JSON");
    let own = all[kind].as_array().expect("the goldens have this kind").clone();
    assert!(!own.is_empty());
    own
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

#[track_caller]
fn close(own: f64, expected: f64, tolerance: f64) {
    assert!((own - expected).abs() <= tolerance * expected.abs().max(1e-300), "{own:e} for {expected:e}");
}

#[test]
fn quantiles_are_numpys() {
    for case in goldens("quantile") {
        for (q, y) in numbers(&case["q"]).into_iter().zip(numbers(&case["y"])) {
            assert!((quantile(&numbers(&case["x"]), q) - y).abs() < 1e-12);
        }
    }
    assert!(quantile(&[], 0.5).is_nan());
    assert_eq!(quantile(&[f64::NAN, 2.0], 0.5), 2.0);
    assert_eq!(quantile(&[f64::INFINITY, f64::INFINITY], 0.3), f64::INFINITY);
}

#[test]
fn wilcoxons_test_is_scipys() {
    for case in goldens("wilcoxon").iter().chain(&goldens("wilcoxon_ties")) {
        close(wilcoxon(&numbers(&case["a"]), &numbers(&case["b"])), number(&case["p"]), 1e-9);
    }
    assert_eq!(wilcoxon(&[1.0, 2.0], &[1.0, 2.0]), 1.0);
}

#[test]
fn holms_correction_is_that_of_statsmodels() {
    for case in goldens("holm") {
        for (own, expected) in holm(&numbers(&case["p"])).into_iter().zip(numbers(&case["adjusted"])) {
            close(own, expected, 1e-12);
        }
    }
}

#[test]
fn the_effect_is_that_of_mann_and_whitneys_statistic() {
    for case in goldens("vargha_delaney") {
        close(vargha_delaney(&numbers(&case["a"]), &numbers(&case["b"])), number(&case["effect"]), 1e-12);
    }
    assert_eq!(vargha_delaney(&[], &[1.0]), 0.5);
}

#[test]
fn expected_running_times_are_those_of_coco() {
    for case in goldens("expected_running_time") {
        let evaluations = numbers(&case["evaluations"]);
        let hits = case["hit"].as_array().expect("a list").iter().map(|hit| hit.as_bool() == Some(true));
        let runs = evaluations.iter().zip(hits).map(|(n, hit)| (hit.then_some(*n as u64), *n as u64));
        let own = expected_running_time(runs);
        match case["ert"].as_f64() {
            Some(expected) => close(own, expected, 1e-12),
            None => assert_eq!(own, f64::INFINITY),
        }
    }
}

#[test]
fn bootstrap_intervals_are_scipys_up_to_their_own_chance() {
    for case in goldens("bootstrap") {
        let x = numbers(&case["x"]);
        let mean = |strata: &[Vec<&f64>]| strata[0].iter().copied().sum::<f64>() / strata[0].len() as f64;
        let own = bootstrap(std::slice::from_ref(&x), mean, 20_000, 1);
        // 20,000 resamples tell the ends to about a percent of the interval's width, their standard error.
        let (low, high) = (number(&case["low"]), number(&case["high"]));
        assert!((own.low - low).abs() < 0.04 * (high - low) && (own.high - high).abs() < 0.04 * (high - low));
    }
}

proptest! {
    #[test]
    fn tests_do_not_depend_on_the_order_of_pairs(
        pairs in prop::collection::vec((0u8..20, 0u8..20), 1..60),
        turn in 0usize..60,
    ) {
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(a, b)| (f64::from(*a), f64::from(*b))).unzip();
        let p = wilcoxon(&a, &b);
        prop_assert!((0.0..=1.0).contains(&p));
        prop_assert_eq!(p, wilcoxon(&b, &a));
        let turn = turn % a.len();
        let turned = |x: &[f64]| [&x[turn..], &x[..turn]].concat();
        prop_assert_eq!(p, wilcoxon(&turned(&a), &turned(&b)));
        prop_assert!((vargha_delaney(&a, &b) + vargha_delaney(&b, &a) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn curves_never_fall_and_intervals_hold_their_value(
        numbers in prop::collection::vec(prop::option::of(0.1f64..1e4), 0..40),
        costs in prop::collection::vec(prop_oneof![Just(f64::INFINITY), 1f64..1e6], 6),
    ) {
        let axis: Vec<f64> = (0..30).map(|k| 1.5f64.powi(k)).collect();
        let curve = ecdf(&numbers, &axis);
        prop_assert!(curve.y.windows(2).all(|w| w[0] <= w[1]) && curve.y.iter().all(|y| (0.0..=1.0).contains(y)));
        for profile in performance_profile(&[costs[..3].to_vec(), costs[3..].to_vec()], &axis) {
            prop_assert!(profile.y.windows(2).all(|w| w[0] <= w[1]));
        }
        let known: Vec<f64> = numbers.into_iter().flatten().collect();
        if !known.is_empty() {
            let mean = |strata: &[Vec<&f64>]| strata[0].iter().copied().sum::<f64>() / strata[0].len() as f64;
            let own = bootstrap(&[known], mean, 100, 0);
            prop_assert!(own.low <= own.value && own.value <= own.high);
        }
    }

    #[test]
    fn corrected_values_keep_the_order(p in prop::collection::vec(0f64..1.0, 1..30)) {
        let adjusted = holm(&p);
        for (i, a) in p.iter().enumerate() {
            prop_assert!(adjusted[i] >= *a && adjusted[i] <= 1.0);
            for (j, b) in p.iter().enumerate() {
                prop_assert!(a >= b || adjusted[i] <= adjusted[j]);
            }
        }
    }
}
