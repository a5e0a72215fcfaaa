//! Every schedule of the registry, and the figures of PyTorch, optax, pytorch_optimizer and Burn.

use burn::optim::lr_scheduler::LrScheduler;
use serde_json::Value;
use thalweg_optim::schedules::{
    AnySchedule, Constant, Finder, Lambda, ReduceOnPlateau, SCHEDULES, Schedule, Scheduler, entry,
    from_reference,
};
use thalweg_optim::setting::Domain;
use thalweg_optim::text;

use crate::common::figures;

/// One text for each schedule of the registry, with settings that are not defaults.
const EXAMPLES: &[&str] = &[
    "constant(lr=0.1)",
    "constant_factor(lr=0.1, factor=0.5, steps=3)",
    "linear(start=0.1, end=0.01, steps=8, begin=2)",
    "polynomial(start=0.1, end=0.01, power=2, steps=8)",
    "exponential(lr=0.1, gamma=0.5, every=4, begin=1, staircase=true, end=0.01)",
    "step(lr=0.1, every=3, gamma=0.5)",
    "multistep(lr=0.1, at=[2, 5, 5], gamma=0.5)",
    "piecewise(lr=0.1, at=[3, 9], scales=[0.5, 2], between=cosine)",
    "cosine(lr=0.1, steps=10, end=0.01, power=2)",
    "cosine_annealing(lr=0.1, steps=10, end=0.01)",
    "cosine_restarts(lr=0.1, steps=5, mult=1.5, end=0.01, warmup=2, decay=0.9)",
    "cyclic(low=0.01, high=0.1, up=3, down=5, mode=exp_range, gamma=0.9)",
    "onecycle(lr=0.1, steps=12, rise=0.4, anneal=linear, three_phase=true)",
    "noam(factor=2, dim=64, warmup=10)",
    "inverse_time(lr=0.1, decay=0.5, power=0.5)",
    "rex(lr=0.1, steps=10, end=0.01)",
    "wsd(lr=0.1, warmup=2, stable=3, decay=4, end=0.1, cooldown=cosine)",
    "chebyshev(lr=0.1, steps=16)",
    "swa(lr=0.1, swa_lr=0.02, steps=5, anneal=linear)",
    "power_growth(low=0.01, high=0.02)",
    "reduce_on_plateau(cosine(lr=0.1, steps=30), factor=0.5, patience=2, cooldown=1)",
    "sequence([linear(start=0, end=0.1, steps=4), reduce_on_plateau(constant(lr=0.1), patience=0)], at=[4])",
    "product([cosine(lr=0.1, steps=10), constant_factor(lr=1, factor=0.5, steps=3)])",
    "sum([constant(lr=0.1), step(lr=0.1, every=2)])",
    "mean([constant(lr=0.1), step(lr=0.1, every=2)])",
    "warmup(cosine(lr=0.1, steps=10), steps=3, start=0.1)",
    "shifted(cosine(lr=0.1, steps=10), by=3)",
    "restart(cosine(lr=0.1, steps=4), every=4, mult=2)",
    "scaled(noam(dim=64, warmup=4), by=0.5)",
    "bounded(exponential(lr=0.1, gamma=0.5), low=0.01, high=0.09)",
    "proportion(cosine(lr=0.1, steps=10), from_high=0.1, to_low=0.5, to_high=2)",
];

fn examples() -> Vec<AnySchedule> {
    EXAMPLES.iter().map(|text| text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))).collect()
}

#[test]
fn every_schedule_has_an_example() {
    let shown: Vec<String> = examples().iter().map(|s| s.call().name).collect();
    for entry in SCHEDULES {
        // A `lambda` holds a function and has no text.
        assert!(entry.name == "lambda" || shown.iter().any(|name| name == entry.name), "{}", entry.name);
    }
}

#[test]
fn text_and_serde_give_back_the_same() {
    for (schedule, text) in examples().into_iter().zip(EXAMPLES) {
        assert_eq!(schedule.to_string(), *text);
        let json = serde_json::to_string(&schedule).unwrap();
        assert_eq!(serde_json::from_str::<AnySchedule>(&json).unwrap(), schedule);
    }
}

#[test]
fn rates_are_finite_and_depend_on_the_step_alone() {
    for schedule in examples() {
        let rates: Vec<f64> = (0..60).map(|t| schedule.rate(t)).collect();
        assert!(rates.iter().all(|r| r.is_finite() && *r >= 0.0), "{schedule}: {rates:?}");
        assert!((0..60).rev().all(|t| schedule.rate(t) == rates[t as usize]), "{schedule}");
        // Far steps must cost no more than near ones.
        assert!(schedule.rate(1 << 40).is_finite(), "{schedule}");
    }
}

#[test]
fn continuing_from_a_record_gives_the_same_rates() {
    let metric = |t: u64| 1.0 / (1.0 + (t.min(7)) as f64);
    for schedule in examples() {
        let mut whole = Scheduler::new(schedule.clone());
        let advance = |s: &mut Scheduler| {
            let rate = s.step();
            s.observe(metric(s.steps()));
            rate
        };
        (0..13).map(|_| advance(&mut whole)).for_each(|rate| assert!(rate.is_finite()));
        let bytes = whole.to_record().into_bytes().unwrap();
        let mut resumed = Scheduler::new(schedule.clone());
        resumed.load_record(burn::optim::lr_scheduler::LrSchedulerRecord::from_bytes(bytes).unwrap());
        for t in 0..25 {
            assert_eq!(advance(&mut resumed), advance(&mut whole), "{schedule} {t} steps later");
        }
    }
}

#[test]
fn every_setting_refuses_what_it_must_not_be() {
    for schedule in examples() {
        let entry = entry(&schedule.call().name).unwrap();
        for setting in entry.settings {
            let wrong = [
                text::Value::Number(f64::NAN),
                text::Value::Number(-1.0),
                text::Value::Number(f64::INFINITY),
                text::Value::List(vec![text::Value::List(vec![])]),
            ];
            for value in wrong {
                if setting.domain == Domain::Finite && value == text::Value::Number(-1.0) {
                    continue;
                }
                let mut call = schedule.call();
                call.arguments.retain(|(name, _)| name.as_deref() != Some(setting.name));
                if setting.by_place {
                    call.arguments.retain(|(name, _)| name.is_some());
                }
                call.arguments.push((Some(setting.name.into()), value));
                let error = AnySchedule::build(&call).expect_err(&call.to_string());
                let text = error.to_string();
                assert!(text.ends_with('.') && text.contains(entry.name), "{call}: {text}");
            }
        }
    }
}

#[test]
fn errors_are_sentences_with_the_remedy() {
    let error = |text: &str| text.parse::<AnySchedule>().unwrap_err().to_string();
    assert_eq!(error("cosin(lr=0.1, steps=10)"), "There is no schedule `cosin`; did you mean `cosine`?");
    assert_eq!(error("cosine(lr=0.1)"), "`cosine` needs `steps`, a whole number of at least 1.");
    assert_eq!(
        error("warmup(cosine(lr=-1, steps=10), steps=5)"),
        "`lr` of `cosine` must be a number of at least 0, but it is `-1`."
    );
    assert!(error("warmup(cosine(lr=1, step=10), steps=5)").ends_with("did you mean `steps`?"));
    assert!(error("sequence([constant(lr=1)], at=[3])").contains("one step fewer than schedules"));
    assert!(error("piecewise(lr=1, at=[5, 3], scales=[1, 1])").contains("must ascend"));
    assert!(error("piecewise(lr=1, at=[5], scales=[1, 1])").contains("as many of each"));
    assert!(error("cosine_restarts(lr=1, steps=5, warmup=5)").contains("make `steps` larger"));
    assert!(error("bounded(constant(lr=1), low=2, high=1)").contains("exchange them"));
    assert!(error("lambda").contains("`Lambda::new`"));
    assert!(error("mean([])").contains("at least one schedule"));
}

#[test]
fn a_rate_that_falls_without_bound_stops_at_zero() {
    let falling: AnySchedule = "power_growth(low=0.02, high=0.01)".parse().unwrap();
    assert_eq!([0, 1, 4, 1_000_000].map(|step| falling.rate(step)), [0.02, 0.01, 0.0, 0.0]);
}

#[test]
fn closures_are_schedules() {
    let inverse = Lambda::new(0.1, |t| 1.0 / (1.0 + t as f64));
    assert_eq!(inverse.rate(3), 0.025);
    let halved = Lambda::multiplicative(1.0, |t| if t % 2 == 0 { 0.5 } else { 1.0 });
    assert_eq!([0, 1, 2, 3, 4].map(|t| halved.rate(t)), [1.0, 1.0, 0.5, 0.5, 0.25]);
}

#[test]
fn momentum_moves_against_the_rate() {
    let schedule: AnySchedule = "warmup(cyclic(low=0, high=1, up=2), steps=2)".parse().unwrap();
    let mut scheduler = Scheduler::new(schedule);
    scheduler.step();
    assert_eq!(scheduler.momentum(), Some(0.9));
    assert_eq!(Constant { lr: 1.0 }.momentum(3), None);
}

#[test]
fn a_plateau_lowers_any_rate() {
    let mut plateau = ReduceOnPlateau::new(Constant { lr: 0.8 });
    (plateau.patience, plateau.factor) = (1, 0.5);
    let mut scheduler = Scheduler::new(plateau);
    let mut seen = vec![];
    for metric in [1.0, 0.5, 0.5, 0.5, 0.5, 0.5, f64::NAN, f64::NAN, 0.4] {
        seen.push(scheduler.step());
        scheduler.observe(metric);
    }
    assert_eq!(seen, [0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1]);
}

#[test]
fn the_finder_finds_where_descent_is_fastest() {
    // On ½ a x² a rate η multiplies the loss by (1 − η a)²: best at 1/a, divergent beyond 2/a.
    let mut x = 1.0f64;
    let found = Finder { low: 1e-4, high: 10.0, steps: 60, ..Finder::default() }
        .run(|lr| {
            let loss = 0.5 * 4.0 * x * x;
            x -= lr * 4.0 * x;
            Ok(Some(loss))
        })
        .unwrap();
    let steepest = found.steepest.unwrap();
    assert!(found.has_diverged && steepest > 0.005 && steepest < 0.25, "{found:?}");
    assert!(found.lowest.unwrap() > steepest);
    let flat = Finder::default().run(|_| Ok(Some(1.0))).unwrap();
    assert!(flat.steepest.is_none() && !flat.has_diverged && flat.to_string().contains("never fell"));
    let none = Finder::default().run(|_| Ok(None)).unwrap();
    assert!(none.points.is_empty() && none.steepest.is_none());
    assert!(Finder { low: 0.0, ..Finder::default() }.run(|_| Ok(None)).is_err());
    let broken = Finder::default().run(|_| Ok(Some(f64::NAN))).unwrap();
    assert!(broken.has_diverged && broken.steepest.is_none());
}

/// The reference figures, `tests/goldens/schedules.json.gz`; see the note beside them.
#[test]
fn every_golden_is_met() {
    let numbers = |value: &Value| -> Vec<f64> {
        value.as_array().into_iter().flatten().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
    };
    let mut held = 0;
    for case in figures("schedules.json.gz")["cases"].as_array().unwrap() {
        let (call, lr) = (case["call"].as_str().unwrap(), case["base_lr"].as_f64().unwrap_or(0.1));
        let schedule = match (case["name"].as_str(), lr) {
            (Some("lambda"), lr) => AnySchedule::from(Lambda::new(lr, |e| 1.0 / (1.0 + 0.1 * e as f64))),
            (Some("multiplicative"), lr) => {
                Lambda::multiplicative(lr, |e| if e % 2 == 1 { 0.98 } else { 0.99 }).into()
            }
            _ => from_reference(call, lr).unwrap_or_else(|e| panic!("{call}: {e}")),
        };
        let (metric, momentum) = (numbers(&case["metric"]), numbers(&case["momentum"]));
        let mut scheduler = Scheduler::new(schedule);
        for (t, want) in numbers(&case["lr"]).into_iter().enumerate() {
            let got = scheduler.step();
            assert!((got - want).abs() <= 1e-12 * want.abs().max(1.0), "{call} at {t}: {got}, expected {want}");
            if let Some(want) = momentum.get(t) {
                let got = scheduler.momentum().unwrap();
                assert!((got - want).abs() <= 1e-12, "{call} at {t}: momentum {got}, expected {want}");
            }
            if let Some(metric) = metric.get(t) {
                scheduler.observe(*metric);
            }
        }
        held += 1;
    }
    assert_eq!(held, 71);
}
