//! What the study notes say of terrain and optimizers, as far as it is so, shown by runs of the laboratory.

use std::sync::atomic::AtomicBool;

use burn::tensor::Tensor;
use thalweg_lab::Result;
use thalweg_lab::compare::{Options, compare};
use thalweg_lab::method::Method;
use thalweg_lab::problem::{Path, path};
use thalweg_lab::run::Precision;
use thalweg_lab::store::Store;
use thalweg_lab::study::{Study, shipped};
use thalweg_lab::summary::summarize;
use thalweg_landscapes::{Facts, Landscape, Lowest, parse};

const DESCENT: &str = "sgd";
const AVERAGED: &str = "ewa_momentum(beta=0.9)";
const HEAVY_BALL: &str = "momentum(momentum=0.9)";

fn way(landscape: &Landscape, method: &str, lr: f64, start: &[f64], steps: usize) -> Result<Path> {
    let method: Method = method.parse()?;
    path(landscape, &method, lr, start, steps, 0, Precision::F64)
}

/// The first step after which a condition holds.
fn steps_until(path: &Path, holds: impl Fn(&[f64]) -> bool) -> Option<usize> {
    path.points.iter().position(|x| holds(x))
}

/// A plane that falls by one along the first coordinate.
fn slope() -> Landscape {
    let facts = Facts::in_cube(1, -1e6, 1e6).lowest(Lowest::Bound(-1e9));
    Landscape::custom("slope", facts, |x: Tensor<1>| -x.sum())
}

#[test]
fn on_an_inflection_descent_and_the_average_stop_and_accumulation_rolls_through() -> Result<()> {
    let landscape = parse("inflection_stall")?;
    let crossed = |x: &[f64]| x[0] < -0.5;
    let run = |method| way(&landscape, method, 0.03, &[1.0, 1.0], 2000);
    assert_eq!(steps_until(&run(DESCENT)?, crossed), None);
    assert_eq!(steps_until(&run(AVERAGED)?, crossed), None);
    let heavy = steps_until(&run(HEAVY_BALL)?, crossed);
    assert!(heavy.is_some_and(|steps| steps < 200), "{heavy:?}");
    Ok(())
}

#[test]
fn on_a_constant_slope_accumulation_is_ten_times_as_fast_and_the_average_no_faster() -> Result<()> {
    let speed = |method| -> Result<f64> {
        let way = way(&slope(), method, 0.1, &[0.0], 1000)?;
        Ok(way.points[1000][0] - way.points[999][0])
    };
    let plain = speed(DESCENT)?;
    assert!((speed(HEAVY_BALL)? / plain - 10.0).abs() < 1e-9);
    assert!((speed(AVERAGED)? / plain - 1.0).abs() < 1e-9);
    Ok(())
}

#[test]
fn near_a_strict_saddle_accumulation_leaves_first_and_the_average_last() -> Result<()> {
    let landscape = parse("saddle_index_k(n=2, k=1)")?;
    // Its two directions are found rather than assumed: the one that leads away is that in which the value falls.
    let falls = |x: &[f64]| landscape.evaluate(x).map(|value| value < 0.0);
    let away = if falls(&[1.0, 0.0])? { 0 } else { 1 };
    let mut start = [1.0, 1.0];
    start[away] = 1e-6;
    let left = |x: &[f64]| x[away].abs() >= 1.0;
    let steps = |method, start: [f64; 2]| -> Result<Option<usize>> {
        Ok(steps_until(&way(&landscape, method, 0.1, &start, 3000)?, left))
    };
    assert_eq!(steps(DESCENT, start)?, Some(145));
    assert_eq!(steps(AVERAGED, start)?, Some(226));
    assert_eq!(steps(HEAVY_BALL, start)?, Some(52));
    // On the stable manifold itself nothing leaves without noise.
    start[away] = 0.0;
    for method in [DESCENT, AVERAGED, HEAVY_BALL, "adam"] {
        assert_eq!(steps(method, start)?, None, "{method}");
    }
    Ok(())
}

#[test]
fn along_a_chain_of_saddles_descent_takes_exponentially_long_and_the_heavy_ball_does_not() -> Result<()> {
    let landscape = parse("saddle_chain(n=6, l=2)")?;
    let start = [0.940026, 0.370566, 0.319542, 0.97412, 0.443104, 0.40082];
    let passed = |method| -> Result<Vec<Option<usize>>> {
        let way = way(&landscape, method, 0.125, &start, 4000)?;
        let edge = 2.0 * std::f64::consts::E;
        Ok((0..5).map(|k| steps_until(&way, |x| x[k].abs() >= edge)).collect())
    };
    let descent: Vec<usize> = passed(DESCENT)?.into_iter().flatten().collect();
    assert_eq!(descent.len(), 5);
    let factors: Vec<f64> = descent.windows(2).map(|w| w[1] as f64 / w[0] as f64).collect();
    assert!(factors.iter().all(|factor| *factor > 3.5), "{factors:?}");
    let heavy: Vec<usize> = passed(HEAVY_BALL)?.into_iter().flatten().collect();
    assert!(heavy.len() == 5 && heavy[4] < 100, "{heavy:?}");
    Ok(())
}

#[test]
fn in_a_ravine_descent_zigzags_and_momentum_needs_several_times_fewer_steps() -> Result<()> {
    let landscape = parse("ellipsoid(n=2, condition=1000)")?;
    let start = [3.0, 3.0];
    let steep = usize::from(landscape.evaluate(&[0.0, 1.0])? > landscape.evaluate(&[1.0, 0.0])?);
    let rates: Vec<f64> = (0..40).map(|k| 10f64.powf(-6.0 + k as f64 / 8.0)).collect();
    // Each at its best rate of the same grid.
    let best = |method: &str| -> Result<(usize, f64)> {
        let mut best = (usize::MAX, f64::NAN);
        for lr in &rates {
            let way = way(&landscape, method, *lr, &start, 20_000)?;
            let steps = way.values.iter().position(|value| *value <= 1e-8).unwrap_or(usize::MAX);
            if steps < best.0 {
                best = (steps, *lr);
            }
        }
        Ok(best)
    };
    let (plain, lr) = best(DESCENT)?;
    let (heavy, _) = best(HEAVY_BALL)?;
    assert!(plain > 4 * heavy, "{plain} steps of descent, {heavy} of the heavy ball");
    let way = way(&landscape, DESCENT, lr, &start, 50)?;
    let crossings = way.points.windows(2).filter(|w| w[0][steep] * w[1][steep] < 0.0).count();
    assert!(crossings > 40, "{crossings} crossings of the ravine's floor in 50 steps");
    Ok(())
}

#[test]
fn adagrad_slows_down_for_ever_and_rmsprop_keeps_its_speed() -> Result<()> {
    let speeds = |method| -> Result<[f64; 2]> {
        let way = way(&slope(), method, 0.1, &[0.0], 10_001)?;
        Ok([100, 10_000].map(|t: usize| way.points[t + 1][0] - way.points[t][0]))
    };
    // On a constant slope its rate falls like 1/√t.
    let [early, late] = speeds("notes_adagrad")?;
    assert!((early / late - 10.0).abs() < 0.1, "{early} {late}");
    let [early, late] = speeds("notes_rmsprop")?;
    assert!((early / late - 1.0).abs() < 0.1, "{early} {late}");
    Ok(())
}

/// The factors of ten of learning rates that work for each of the study notes' five, in their order.
fn widths(problem: &str) -> Result<Vec<f64>> {
    let five = [
        "gradient descent",
        "momentum, averaged (notes)",
        "AdaGrad (notes)",
        "RMSProp (notes)",
        "Adam (notes)",
    ];
    let mut study: Study = shipped()?;
    study.parts.truncate(1);
    study.parts[0].problems = vec![problem.into()];
    let all = std::mem::take(&mut study.parts[0].optimizers);
    study.parts[0].optimizers = all.into_iter().filter(|own| five.contains(&own.label.as_str())).collect();
    let stop = AtomicBool::new(false);
    let store = Store::in_memory()?;
    let compared =
        compare(&study, &[], &store, &Options { jobs: 2, compute_missing: true, stop: &stop }, &|_| {})?;
    let summary = summarize(&study, &[], &compared.parts)?;
    let part = &summary.parts[0];
    let labels: Vec<&str> = part.contenders.iter().map(|own| own.label.as_str()).collect();
    assert_eq!(labels, five);
    Ok((0..five.len()).filter_map(|e| part.result(0, e)?.width).collect())
}

#[test]
fn adam_works_over_the_widest_range_of_rates_on_the_ravine_along_the_axes_but_not_on_the_rotated_one()
-> Result<()> {
    let [descent, momentum, adagrad, rmsprop, adam] = widths("ellipsoid(n=5)")?[..] else {
        panic!("five widths")
    };
    assert!(adam > descent.max(momentum).max(adagrad).max(rmsprop), "{adam} {adagrad} {rmsprop}");
    assert!(adam > 4.0 && descent < 1.0);
    // A rate for each coordinate is no help where the valley lies across the axes.
    let [.., adam] = widths("rotate(ellipsoid(n=5), seed=1)")?[..] else { panic!("five widths") };
    assert!(adam < 1.0, "{adam}");
    Ok(())
}
