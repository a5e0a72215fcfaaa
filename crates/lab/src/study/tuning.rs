//! How the settings of an optimizer are chosen: which trials there are.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::method::Method;

/// Which settings are tried. Every optimizer of a part gets the same number of trials; one without a learning rate and
/// without other ranges has nothing to try but itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tuning {
    /// How trials are made; by default none are.
    pub strategy: Strategy,
    /// How many, for each optimizer on each problem.
    pub trials: usize,
    /// The interval of learning rates, searched in its logarithm.
    pub lr: [f64; 2],
    /// Intervals of other settings by name, for the optimizers that have them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ranges: BTreeMap<String, Range>,
}

/// How trials are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Each optimizer as it stands.
    #[default]
    Untuned,
    /// Learning rates at equal distances of their logarithm.
    Grid,
    /// Drawn at random from the intervals.
    Random,
    /// Drawn at random; in each round all trials get three times the instances, and the better third goes on.
    Halving,
}

/// An interval of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least value.
    pub low: f64,
    /// The largest value.
    pub high: f64,
    /// Whether the logarithm is drawn uniformly; by default the value is.
    #[serde(default)]
    pub log: bool,
}

/// One choice of settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The learning rate.
    pub lr: f64,
    /// Other settings that differ from the optimizer's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<(String, f64)>,
}

impl Default for Tuning {
    fn default() -> Self {
        Tuning { strategy: Strategy::Untuned, trials: 1, lr: [1e-4, 1.0], ranges: BTreeMap::new() }
    }
}

impl Tuning {
    pub(super) fn check(&self) -> Result<()> {
        let wrong = |text: String| Err(Error::Study(text));
        let [low, high] = self.lr;
        if !(low > 0.0 && low <= high && high.is_finite()) {
            return wrong(format!(
                "`lr` of the tuning is [{low}, {high}], but must be two positive numbers, the smaller one first."
            ));
        }
        if self.trials == 0 {
            return wrong("`trials` of the tuning is 0; give at least 1, or leave the tuning out.".into());
        }
        for (name, Range { low, high, log }) in &self.ranges {
            if !(low <= high && low.is_finite() && high.is_finite() && (!log || *low > 0.0)) {
                return wrong(format!(
                    "the range of `{name}` is from {low} to {high}, but must be two finite numbers, the smaller one \
                     first, and positive where `log` is set."
                ));
            }
        }
        if !self.ranges.is_empty() && matches!(self.strategy, Strategy::Untuned | Strategy::Grid) {
            return wrong(
                "`ranges` are drawn from by the strategies `random` and `halving` only; choose one of these."
                    .into(),
            );
        }
        Ok(())
    }

    /// That every range is that of a setting, and within what the setting may be.
    pub(super) fn check_ranges(&self, methods: &[Method]) -> Result<()> {
        for (name, range) in &self.ranges {
            if name == "lr" {
                return Err(Error::Study(
                    "the learning rate has a range of its own, `tuning.lr`; take `lr` out of `ranges`.".into(),
                ));
            }
            let having: Vec<&Method> = methods.iter().filter(|method| method.has(name)).collect();
            if having.is_empty() {
                let known = methods.iter().flat_map(|method| method.settings()).map(|s| s.name);
                return Err(Error::Study(thalweg_text::unknown(
                    "setting of these optimizers",
                    name,
                    known,
                    "take its range out of `ranges`",
                )));
            }
            for method in having {
                let is_whole = method.is_whole(name, range);
                for value in [range.low, range.high] {
                    let value = if is_whole { value.round() } else { value };
                    let trial = Trial { lr: method.lr(), settings: vec![(name.clone(), value)] };
                    method.with(&trial).map_err(|e| {
                        Error::Study(format!("the range of `{name}` does not fit `{method}`: {e}"))
                    })?;
                }
            }
        }
        Ok(())
    }

    /// The trials of one optimizer. The same seed gives the same trials.
    pub fn trials_of(&self, method: &Method, seed: u64) -> Vec<Trial> {
        let own = Trial { lr: method.lr(), settings: vec![] };
        let ranges: Vec<(&String, &Range)> = self.ranges.iter().filter(|(name, _)| method.has(name)).collect();
        if self.strategy == Strategy::Untuned || !method.has_rate() && ranges.is_empty() {
            return vec![own];
        }
        let lr = Range { low: self.lr[0], high: self.lr[1], log: true };
        if self.strategy == Strategy::Grid {
            let last = (self.trials - 1).max(1) as f64;
            let rate = |k: usize| Trial { lr: lr.at(k as f64 / last), settings: vec![] };
            return (0..self.trials).map(rate).collect();
        }
        let draw = |k: usize| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(k as u64);
            let rate = if method.has_rate() { lr.at(rng.random()) } else { own.lr };
            let settings = ranges.iter().map(|(name, range)| {
                let value = range.at(rng.random());
                (name.to_string(), if method.is_whole(name, range) { value.round() } else { value })
            });
            Trial { lr: rate, settings: settings.collect() }
        };
        (0..self.trials).map(draw).collect()
    }
}

impl Range {
    /// The value at a share of the way from the least to the largest.
    fn at(&self, share: f64) -> f64 {
        match self.log {
            true => libm::exp(libm::log(self.low) + share * (libm::log(self.high) - libm::log(self.low))),
            false => self.low + share * (self.high - self.low),
        }
    }
}
