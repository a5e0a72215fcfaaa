use super::prelude::*;

/// How [`Piecewise`] goes from one value to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    /// It jumps: the value holds until the next one begins.
    Constant,
    /// In a straight line.
    Linear,
    /// In half a wave of a cosine.
    Cosine,
}

impl Word for Between {
    const ALL: &'static [(Self, &'static str)] =
        &[(Between::Constant, "constant"), (Between::Linear, "linear"), (Between::Cosine, "cosine")];
}

schedule! {
    /// Values at given steps, and what lies between them. The value at step zero is `lr`, at step `at[k]` it is
    /// `lr · scales[0] · … · scales[k]`; the last one stays (`optax.piecewise_constant_schedule`,
    /// `optax.piecewise_interpolate_schedule`).
    pub struct Piecewise = "piecewise" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The steps at which the values are had, ascending.
        at: Vec<usize>, in Any;
        /// What each value is of the one before.
        scales: Vec<f64>, in NonNegative;
        /// What lies between them.
        between: Between = Between::Constant, in Any;
    }
    agree(own) {
        same_length(Piecewise::NAME, "at", own.at.len(), "scales", own.scales.len())?;
        ascending(Piecewise::NAME, "at", &own.at)?;
    }
}

impl Schedule for Piecewise {
    fn rate(&self, step: u64) -> f64 {
        let (mut begin, mut value) = (0, self.lr);
        for (at, scale) in self.at.iter().zip(&self.scales) {
            let next = value * scale;
            if step < *at as u64 {
                let part = progress(step, begin, at - begin);
                return match self.between {
                    Between::Constant => value,
                    Between::Linear => value + (next - value) * part,
                    Between::Cosine => wave(value, next, part),
                };
            }
            (begin, value) = (*at, next);
        }
        value
    }
}
