use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::quantile;

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
