//! Schedules around others: rates, momenta and metrics are those of the same step; and numbers at the edges.

use thalweg_optim::schedules::{AnySchedule, Schedule};

fn read(text: &str) -> AnySchedule {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn momentum_goes_with_the_rate_of_the_same_step() {
    let plain = read("onecycle(lr=1, steps=8)");
    let cases = [
        ("warmup(onecycle(lr=1, steps=8), steps=4)", 4_i64),
        ("shifted(onecycle(lr=1, steps=8), by=3)", -3),
        ("restart(onecycle(lr=1, steps=8), every=8)", 0),
        ("scaled(onecycle(lr=1, steps=8), by=0.5)", 0),
    ];
    for (text, late) in cases {
        let schedule = read(text);
        for step in late.max(0) as u64..8 {
            let inner = step.checked_add_signed(-late).unwrap();
            assert_eq!(schedule.momentum(step), plain.momentum(inner), "{text} at {step}");
        }
    }
    let restarted = read("restart(onecycle(lr=1, steps=8), every=8)");
    assert_eq!(restarted.momentum(11), plain.momentum(3));
    // While a warm-up lasts, the momentum is the first one.
    assert_eq!(read("warmup(onecycle(lr=1, steps=8), steps=4)").momentum(2), Some(0.95));
}

/// The rates after each of these metrics.
fn rates(text: &str, metrics: &[f64]) -> Vec<f64> {
    let mut schedule = read(text);
    let rates = metrics.iter().enumerate().map(|(step, metric)| {
        schedule.observe(step as u64, *metric);
        schedule.rate(step as u64 + 1)
    });
    rates.collect()
}

#[test]
fn a_plateau_inside_a_warm_up_or_a_restart_goes_on_reducing() {
    let text = "warmup(reduce_on_plateau(cosine(lr=1, steps=10), patience=2, factor=0.5), steps=10)";
    let inside = rates(text, &[1.0; 18]);
    let plain = rates("reduce_on_plateau(cosine(lr=1, steps=10), patience=2, factor=0.5)", &[1.0; 8]);
    assert_eq!(inside[10..], plain);
    let text = "restart(reduce_on_plateau(cosine(lr=1, steps=6), patience=1, factor=0.5), every=6)";
    let falls = rates(text, &[1.0; 48]);
    assert!(falls[42] < 0.01 && falls[42] > 0.0, "{falls:?}");
}

#[test]
fn an_infinite_metric_at_first_spoils_nothing() {
    // As in PyTorch 2: every later metric is better than infinity.
    let metrics = [f64::INFINITY, 5.0, 4.0, 3.0, 2.5, 2.0, 1.9, 1.8];
    for text in [
        "reduce_on_plateau(constant(lr=0.1), factor=0.5, patience=1)",
        "reduce_on_plateau(constant(lr=0.1), factor=0.5, patience=1, relative=false)",
    ] {
        assert_eq!(rates(text, &metrics), [0.1; 8], "{text}");
    }
    let text = "reduce_on_plateau(constant(lr=0.1), factor=0.5, patience=1, mode=max)";
    assert_eq!(rates(text, &metrics.map(|x| -x)), [0.1; 8]);
    // Infinity is no improvement: the second one is one too many.
    let text = "reduce_on_plateau(constant(lr=0.1), factor=0.5, patience=1, relative=false)";
    assert_eq!(rates(text, &[f64::INFINITY; 2]), [0.1, 0.05]);
}

#[test]
fn no_rate_is_nan() {
    for text in [
        "onecycle(lr=0.5, steps=10, rise=0.1)",
        "onecycle(lr=0.5, steps=20, rise=0.05, anneal=linear)",
        "onecycle(lr=0.5, steps=2, rise=0.5)",
        "onecycle(lr=0.5, steps=2, rise=0.5, three_phase=true)",
        "onecycle(lr=0.5, steps=1)",
        "exponential(lr=0, gamma=2)",
    ] {
        let schedule = read(text);
        for step in [0, 1, 2, 5, 19, 2000, 1 << 40] {
            assert!(!schedule.rate(step).is_nan(), "{text} at {step}");
            assert!(!schedule.momentum(step).is_some_and(f64::is_nan), "{text} at {step}");
        }
    }
    // Where there is no step to rise in, the rate begins at its highest.
    assert_eq!(read("onecycle(lr=0.5, steps=10, rise=0.1)").rate(0), 0.5);
}
