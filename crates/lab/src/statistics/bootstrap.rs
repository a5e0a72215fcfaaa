use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{ecdf, quantile};

/// A number with the interval in which it lies with a probability of 95 %, as far as the bootstrap tells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number for the data as they are.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A statistic of strata of data with its percentile interval: each resample draws, with replacement, as many elements
/// from each stratum as it has, by a generator of this seed.
///
/// Efron and Tibshirani, An introduction to the bootstrap (1993), chapter 13.
///
/// ```
/// use thalweg_lab::statistics::bootstrap;
/// let mean = |strata: &[Vec<&f64>]| strata[0].iter().copied().sum::<f64>() / strata[0].len() as f64;
/// let estimate = bootstrap(&[vec![1.0, 2.0, 3.0, 4.0]], mean, 500, 0);
/// assert_eq!(estimate.value, 2.5);
/// assert!(estimate.low < 2.5 && 2.5 < estimate.high);
/// ```
pub fn bootstrap<T>(
    strata: &[Vec<T>],
    statistic: impl Fn(&[Vec<&T>]) -> f64,
    resamples: usize,
    seed: u64,
) -> Estimate {
    let own: Vec<Vec<&T>> = strata.iter().map(|stratum| stratum.iter().collect()).collect();
    let value = statistic(&own);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn = own;
    let mut all = Vec::with_capacity(resamples);
    for _ in 0..resamples {
        for (stratum, drawn) in strata.iter().zip(&mut drawn) {
            drawn.iter_mut().for_each(|place| *place = &stratum[rng.random_range(0..stratum.len())]);
        }
        all.push(statistic(&drawn));
    }
    Estimate { value, low: quantile(&all, 0.025).min(value), high: quantile(&all, 0.975).max(value) }
}

/// The share of numbers that are at most `x`, for each `x` of the axis, with its percentile interval: each resample draws,
/// with replacement, as many runs of each stratum as it has, and a run brings all of its numbers. Missing numbers are above
/// all.
///
/// ```
/// use thalweg_lab::statistics::bootstrap_ecdf;
/// let runs: [&[Option<u64>]; 3] = [&[Some(1), Some(4)], &[Some(2), None], &[Some(9), None]];
/// let shares = bootstrap_ecdf(&[runs.to_vec()], &[1.0, 10.0], 500, 0);
/// assert_eq!((shares[0].value, shares[1].value), (1.0 / 6.0, 4.0 / 6.0));
/// assert_eq!((shares[1].low, shares[1].high), (0.5, 1.0));
/// ```
pub fn bootstrap_ecdf(
    strata: &[Vec<&[Option<u64>]>],
    axis: &[f64],
    resamples: usize,
    seed: u64,
) -> Vec<Estimate> {
    let hits =
        |run: &[Option<u64>]| -> Vec<Option<f64>> { run.iter().map(|hit| hit.map(|x| x as f64)).collect() };
    let all: Vec<Option<f64>> = strata.iter().flatten().flat_map(|run| hits(run)).collect();
    // How many numbers of each run are at most each place, so that a resample only adds.
    let count = |run: &&[Option<u64>]| -> Vec<f64> {
        ecdf(&hits(run), axis).y.into_iter().map(|share| libm::round(share * run.len() as f64)).collect()
    };
    let counts: Vec<Vec<Vec<f64>>> = strata.iter().map(|runs| runs.iter().map(count).collect()).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn = vec![Vec::with_capacity(resamples); axis.len()];
    for _ in 0..resamples {
        let (mut sums, mut numbers) = (vec![0.0; axis.len()], 0);
        for (runs, counts) in strata.iter().zip(&counts) {
            for _ in runs {
                let k = rng.random_range(0..runs.len());
                sums.iter_mut().zip(&counts[k]).for_each(|(sum, count)| *sum += count);
                numbers += runs[k].len();
            }
        }
        drawn.iter_mut().zip(&sums).for_each(|(drawn, sum)| drawn.push(sum / numbers.max(1) as f64));
    }
    let estimate = |(value, drawn): (f64, &Vec<f64>)| Estimate {
        value,
        low: quantile(drawn, 0.025).min(value),
        high: quantile(drawn, 0.975).max(value),
    };
    ecdf(&all, axis).y.into_iter().zip(&drawn).map(estimate).collect()
}
