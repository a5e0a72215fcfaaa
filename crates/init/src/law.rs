//! How the values of a parameter are distributed.

use std::fmt;

use crate::draws::Draws;
use crate::error::{Error, Result};
use crate::math;
use crate::real::Real;

/// A cut that keeps less than this part of all draws is made by inverting the distribution.
const FEW: f64 = 0.2;

/// How the values of a parameter are distributed.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// All the same.
    Constant(f64),
    /// Independent and uniform on `[low, high)`.
    Uniform {
        /// The least value.
        low: f64,
        /// What values stay below.
        high: f64,
    },
    /// Independent and normal.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        std: f64,
    },
    /// Independent and normal, drawn again outside of `[low, high]`. Mean and deviation are those before the cut.
    TruncatedNormal {
        /// The mean before the cut.
        mean: f64,
        /// The standard deviation before the cut.
        std: f64,
        /// The least value.
        low: f64,
        /// The largest value.
        high: f64,
    },
    /// Values that depend on one another or on their place, in words.
    Structured(String),
}

impl Law {
    /// Uniform between `-bound` and `bound`.
    pub fn symmetric(bound: f64) -> Self {
        Law::Uniform { low: -bound, high: bound }
    }

    /// Normal around zero.
    pub fn normal(std: f64) -> Self {
        Law::Normal { mean: 0.0, std }
    }

    /// Normal around zero, cut at two deviations and widened so that `std` is the deviation that remains, as JAX and Keras
    /// have it.
    pub fn cut_normal(std: f64) -> Self {
        let std = std / math::truncated_moments(-2.0, 2.0).1;
        Law::TruncatedNormal { mean: 0.0, std, low: -2.0 * std, high: 2.0 * std }
    }

    /// The mean of the values, if they are alike.
    pub fn mean(&self) -> Option<f64> {
        match *self {
            Law::Constant(value) => Some(value),
            Law::Uniform { low, high } => Some(low + (high - low) / 2.0),
            Law::Normal { mean, .. } => Some(mean),
            Law::TruncatedNormal { mean, std, low, high } => {
                Some(mean + std * math::truncated_moments((low - mean) / std, (high - mean) / std).0)
            }
            Law::Structured(_) => None,
        }
    }

    /// The standard deviation of the values, if they are alike.
    pub fn std(&self) -> Option<f64> {
        match *self {
            Law::Constant(_) => Some(0.0),
            Law::Uniform { low, high } => Some((high - low) / 12f64.sqrt()),
            Law::Normal { std, .. } => Some(std),
            Law::TruncatedNormal { mean, std, low, high } => {
                Some(std * math::truncated_moments((low - mean) / std, (high - mean) / std).1)
            }
            Law::Structured(_) => None,
        }
    }

    /// What the values lie between, if they are alike and bounded.
    pub fn bounds(&self) -> Option<(f64, f64)> {
        match *self {
            Law::Constant(value) => Some((value, value)),
            Law::Uniform { low, high } | Law::TruncatedNormal { low, high, .. } => Some((low, high)),
            Law::Normal { .. } | Law::Structured(_) => None,
        }
    }

    /// The probability of a value of at most `x`, if they are alike.
    pub fn cumulative(&self, x: f64) -> Option<f64> {
        match *self {
            Law::Constant(value) => Some(if x < value { 0.0 } else { 1.0 }),
            Law::Uniform { low, high } => Some(((x - low) / (high - low)).clamp(0.0, 1.0)),
            Law::Normal { mean, std } => Some(math::cumulative((x - mean) / std)),
            Law::TruncatedNormal { mean, std, low, high } => {
                let x = (x.clamp(low, high) - mean) / std;
                let (low, high) = ((low - mean) / std, (high - mean) / std);
                let (whole, part) = (math::tail(low, high), math::tail(low, x));
                Some((part.1 - part.0) / (whole.1 - whole.0))
            }
            Law::Structured(_) => None,
        }
    }

    /// That bounds are in order, the spread is not negative, and something is left between the cuts.
    pub(crate) fn check(&self, scheme: &str) -> Result<()> {
        let problem = |what: String| Err(Error::Setting(format!("`{scheme}` {what}")));
        match *self {
            Law::Uniform { low, high } if !(low < high && (high - low).is_finite()) => problem(format!(
                "draws between {low} and {high}, which is no interval; the lower bound must be below the upper one."
            )),
            Law::Normal { std, .. } if !(std >= 0.0 && std.is_finite()) => {
                problem(format!("has standard deviation {std}; it must be finite and not negative."))
            }
            Law::TruncatedNormal { mean, std, low, high } => {
                if !(std > 0.0 && std.is_finite()) {
                    return problem(format!("has standard deviation {std}; it must be finite and above zero."));
                }
                let (below, above, _) = math::tail((low - mean) / std, (high - mean) / std);
                match above - below > 0.0 && low < high {
                    true => Ok(()),
                    false => problem(format!(
                        "keeps what lies between {low} and {high}, where a normal draw of mean {mean} and standard \
                         deviation {std} never lies; move the bounds nearer to the mean, the lower below the upper."
                    )),
                }
            }
            _ => Ok(()),
        }
    }

    /// `n` independent values of this law in the precision of `T`; the mean where there is nothing to draw.
    pub(crate) fn draw<T: Real>(&self, draws: &Draws, n: usize) -> Vec<T> {
        match *self {
            Law::Constant(value) => vec![T::round(value); n],
            Law::Structured(_) => vec![T::ZERO; n],
            Law::Uniform { low, high } => {
                // Rounding, here or to the type, could give the upper bound itself, which is not part of the interval.
                let (width, last) = (high - low, T::below(high));
                draws.fill_as(n, |stream| (low + width * stream.unit()).min(last))
            }
            Law::Normal { mean, std } => draws.fill_as(n, |stream| mean + std * stream.normal()),
            Law::TruncatedNormal { mean, std, low, high } => {
                let (below, above, sign) = math::tail((low - mean) / std, (high - mean) / std);
                if above - below >= FEW {
                    // Cheaper to draw again now and then than to invert the distribution each time.
                    return draws.fill_as(n, |stream| {
                        loop {
                            let value = mean + std * stream.normal();
                            if low <= value && value <= high {
                                return value;
                            }
                        }
                    });
                }
                draws.fill_as(n, |stream| {
                    let z = sign * math::quantile(below + (above - below) * stream.open_unit());
                    (mean + std * z).clamp(low, high)
                })
            }
        }
    }
}

/// A number of up to six figures.
pub(crate) fn short(x: f64) -> String {
    let rounded: f64 = format!("{x:.5e}").parse().unwrap_or(x);
    let (plain, exponential) = (format!("{rounded}"), format!("{rounded:e}"));
    if exponential.len() + 2 < plain.len() { exponential } else { plain }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Law::Constant(value) => write!(f, "all {}", short(*value)),
            Law::Uniform { low, high } if *low == -*high => write!(f, "uniform within ±{}", short(*high)),
            Law::Uniform { low, high } => write!(f, "uniform on [{}, {})", short(*low), short(*high)),
            Law::Normal { mean: 0.0, std } => write!(f, "normal, std {}", short(*std)),
            Law::Normal { mean, std } => write!(f, "normal, mean {}, std {}", short(*mean), short(*std)),
            Law::TruncatedNormal { low, high, .. } => {
                let std = short(self.std().unwrap_or(0.0));
                write!(f, "normal cut to [{}, {}], std {std}", short(*low), short(*high))
            }
            Law::Structured(words) => f.write_str(words),
        }
    }
}
