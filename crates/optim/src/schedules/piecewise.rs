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
    [
        "piecewise_constant_schedule(init_value, boundaries_and_scales=None)" => |a| {
         Piecewise::new(a.number("init_value")?, a.pairs("boundaries_and_scales")?, Between::Constant)
         };
        "piecewise_interpolate_schedule(interpolate_type, init_value, boundaries_and_scales=None)" => |a| {
         let between = a.word("interpolate_type", &[("linear", Between::Linear), ("cosine", Between::Cosine)])?;
         Piecewise::new(a.number("init_value")?, a.pairs("boundaries_and_scales")?, between)
         };
        "cosine_onecycle_schedule(transition_steps, peak_value, pct_start=0.3, div_factor=25, final_div_factor=1e4)" => |a| {
         let (div, steps) = (a.number("div_factor")?, a.count("transition_steps")?);
         let rise = (a.number("pct_start")? * steps as f64) as usize;
         let values = vec![(rise, div), (steps, 1.0 / (div * a.number("final_div_factor")?))];
         Piecewise::new(a.number("peak_value")? / div, values, Between::Cosine)
         };
        "linear_onecycle_schedule(transition_steps, peak_value, pct_start=0.3, pct_final=0.85, div_factor=25, final_div_factor=1e4)"
         => |a| {
         let (div, steps) = (a.number("div_factor")?, a.count("transition_steps")?);
         let part = |name: &str| Ok::<_, Error>((a.number(name)? * steps as f64) as usize);
         let values = vec![(part("pct_start")?, div), (part("pct_final")?, 1.0 / div), (steps, 1.0 / a.number("final_div_factor")?)];
         Piecewise::new(a.number("peak_value")? / div, values, Between::Linear)
         };
    ]
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

impl Piecewise {
    /// The values given as steps with what each value is of the one before.
    fn new(lr: f64, values: Vec<(usize, f64)>, between: Between) -> Self {
        let (at, scales) = values.into_iter().unzip();
        Piecewise { lr, at, scales, between }
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
