//! Where runs start.

use thalweg_landscapes::Landscape;
use thalweg_landscapes::analysis::{Surface, eigenvectors};

use crate::error::{Error, Result};
use crate::run::Run;
use crate::study::Start;

/// How far runs start from a saddle along the directions that lead back to it, as a share of the box.
const ALONG: f64 = 0.1;

/// How far along the directions that lead away.
const AWAY: f64 = 1e-6;

/// How far from the standard start, as a share of the box.
const NEAR: f64 = 1e-3;

/// The starts of runs, of which each depends on the run's instance and seed alone.
pub fn starts(landscape: &Landscape, start: Start, runs: &[Run]) -> Result<Vec<Vec<f64>>> {
    let mut known: Vec<((u64, u64), Vec<f64>)> = vec![];
    let mut all = vec![];
    for run in runs {
        let key = (run.instance, run.seed);
        let point = match known.iter().find(|(own, _)| *own == key) {
            Some((_, point)) => point.clone(),
            None => {
                let point = start_point(landscape, start, run.instance, run.seed)?;
                known.push((key, point.clone()));
                point
            }
        };
        all.push(point);
    }
    Ok(all)
}

/// The start of an instance, counted from one.
///
/// # Errors
/// If the landscape has no such start.
pub fn start_point(landscape: &Landscape, start: Start, instance: u64, seed: u64) -> Result<Vec<f64>> {
    let uniform = || landscape.uniform(instance.saturating_sub(1), seed);
    let family = landscape.family().map(|family| family.name());
    match start {
        Start::Box => Ok(uniform()),
        Start::Standard => {
            let own = landscape.start().ok_or_else(|| {
                Error::Study(format!("`{landscape}` has no standard start; take another `start`."))
            })?;
            Ok(towards(landscape, own, &uniform(), NEAR))
        }
        Start::NearSaddle => near_saddle(landscape, &uniform()),
        Start::Auto if family == Some("saddle") && landscape.saddles().any(|p| p.index > 0) => {
            near_saddle(landscape, &uniform())
        }
        Start::Auto if instance == 1 => Ok(landscape.start().map_or_else(uniform, <[f64]>::to_vec)),
        Start::Auto => Ok(uniform()),
    }
}

/// A point and its way to another one: `share` of the box's width where the other lies at its edge.
fn towards(landscape: &Landscape, from: &[f64], to: &[f64], share: f64) -> Vec<f64> {
    let middle = landscape.bounds().iter().map(|[low, high]| (low + high) / 2.0);
    let each = from.iter().zip(to).zip(middle);
    each.map(|((from, to), middle)| from + share * (to - middle)).collect()
}

/// A point near the stable manifold of the first saddle with a direction down.
fn near_saddle(landscape: &Landscape, random: &[f64]) -> Result<Vec<f64>> {
    let saddle = landscape.saddles().find(|p| p.index > 0).or(landscape.saddles().next());
    let saddle = saddle.ok_or_else(|| {
        Error::Study(format!("`{landscape}` has no known saddle to start near; take another `start`."))
    })?;
    let n = landscape.dimension();
    let hessian = Surface::of(landscape).hessian(&saddle.x)?;
    let eigen = eigenvectors(&hessian, n);
    let middle = landscape.bounds().iter().map(|[low, high]| (low + high) / 2.0);
    let step: Vec<f64> = random.iter().zip(middle).map(|(x, middle)| x - middle).collect();
    let mut point = saddle.x.clone();
    for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
        let along: f64 = vector.iter().zip(&step).map(|(v, s)| v * s).sum();
        // A direction without curvature leads neither back nor away; there runs start as along a stable one.
        let share = if *value < -1e-9 { AWAY } else { ALONG };
        point.iter_mut().zip(vector).for_each(|(x, v)| *x += share * along * v);
    }
    Ok(point)
}
