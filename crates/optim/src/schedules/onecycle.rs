use super::prelude::*;

/// How [`OneCycle`] goes from one rate to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anneal {
    /// In half a wave of a cosine.
    Cos,
    /// In a straight line.
    Linear,
}

impl Anneal {
    /// The value a `part` of the way from `start` to `end`.
    pub(super) fn between(self, start: f64, end: f64, part: f64) -> f64 {
        match self {
            Anneal::Cos => wave(start, end, part),
            Anneal::Linear => start + (end - start) * part,
        }
    }
}

impl Word for Anneal {
    const ALL: &'static [(Self, &'static str)] = &[(Anneal::Cos, "cos"), (Anneal::Linear, "linear")];
}

schedule! {
    [
        "OneCycleLR(opt, max_lr, total_steps, epochs=None, steps_per_epoch=None, pct_start=0.3, anneal_strategy=cos, cycle_momentum=True, base_momentum=0.85, max_momentum=0.95, div_factor=25, final_div_factor=1e4, three_phase=False)"
         => |a| OneCycle {
         lr: a.number("max_lr")?,
         steps: match a.option("total_steps")? {
         Some(steps) => steps as usize,
         None => a.count("epochs")? * a.count("steps_per_epoch")?,
         },
         rise: a.number("pct_start")?,
         anneal: a.word("anneal_strategy", &[("cos", Anneal::Cos), ("linear", Anneal::Linear)])?,
         div: a.number("div_factor")?,
         final_div: a.number("final_div_factor")?,
         three_phase: a.flag("three_phase"),
         base_momentum: a.number("base_momentum")?,
         max_momentum: a.number("max_momentum")?,
         cycle_momentum: a.flag("cycle_momentum"),
         };
    ]
    /// One long cycle: up from `lr / div` to `lr`, then down to `lr / div / final_div`; the momentum goes the other way, from
    /// `max_momentum` to `base_momentum` and back (`torch.optim.lr_scheduler.OneCycleLR`). In three phases the rate comes
    /// down to where it started in as many steps as it went up, and further in the rest. Ends at step `steps − 1` and stays
    /// there; `optax.cosine_onecycle_schedule` ends a step later and is a [`Piecewise`](super::Piecewise).
    ///
    /// L. N. Smith and N. Topin, Super-convergence: very fast training of neural networks using large learning rates
    /// (2017), arXiv:1708.07120.
    pub struct OneCycle = "onecycle" {
        /// The highest rate.
        lr: f64, in NonNegative;
        /// The number of steps.
        steps: usize, in AtLeastOne;
        /// The part of the steps in which the rate rises.
        rise: f64 = 0.3, in Unit;
        /// How one rate goes to the next.
        anneal: Anneal = Anneal::Cos, in Any;
        /// What the highest rate is of the first.
        div: f64 = 25.0, in Positive;
        /// What the first rate is of the last.
        final_div: f64 = 1e4, in Positive;
        /// Whether the rate comes down in two phases.
        three_phase: bool = false, in Any;
        /// The momentum at the highest rate.
        base_momentum: f64 = 0.85, in Decay;
        /// The momentum at the lowest rate.
        max_momentum: f64 = 0.95, in Decay;
        /// Whether the momentum moves at all.
        cycle_momentum: bool = true, in Any;
    }
}

impl OneCycle {
    /// The value at a step of what goes through these values at the ends of the phases.
    fn along(&self, step: u64, [first, peak, last]: [f64; 3]) -> f64 {
        let (total, top) = (self.steps as f64, self.rise * self.steps as f64 - 1.0);
        let end = (total - 1.0, last);
        let phases = match self.three_phase {
            true => vec![(0.0, first), (top, peak), (2.0 * top, first), end],
            false => vec![(0.0, first), (top, peak), end],
        };
        let t = step as f64;
        // A phase without a step, as where `rise · steps` is 1, is left out.
        let found = phases.windows(2).find(|ends| t <= ends[1].0 && ends[0].0 < ends[1].0);
        found.map_or(last, |ends| {
            let part = (t - ends[0].0) / (ends[1].0 - ends[0].0);
            self.anneal.between(ends[0].1, ends[1].1, part)
        })
    }
}

impl Schedule for OneCycle {
    fn rate(&self, step: u64) -> f64 {
        let first = self.lr / self.div;
        self.along(step, [first, self.lr, first / self.final_div])
    }

    fn momentum(&self, step: u64) -> Option<f64> {
        self.cycle_momentum
            .then(|| self.along(step, [self.max_momentum, self.base_momentum, self.max_momentum]))
    }
}
