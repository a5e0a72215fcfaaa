use super::prelude::*;

/// What happens to the height of the cycles of [`Cyclic`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CyclicMode {
    /// All are alike.
    Triangular,
    /// Each is half as high as the one before.
    Triangular2,
    /// The height falls by the factor `gamma` at each step.
    ExpRange,
}

impl Word for CyclicMode {
    const ALL: &'static [(Self, &'static str)] = &[
        (CyclicMode::Triangular, "triangular"),
        (CyclicMode::Triangular2, "triangular2"),
        (CyclicMode::ExpRange, "exp_range"),
    ];
}

schedule! {
    [
        "CyclicLR(opt, base_lr, max_lr, step_size_up=2000, step_size_down=None, mode=triangular, gamma=1, -scale_fn=None, scale_mode=cycle, cycle_momentum=True, base_momentum=0.8, max_momentum=0.9)"
         => |a| Cyclic {
         low: a.number("base_lr")?,
         high: a.number("max_lr")?,
         up: a.count("step_size_up")?,
         down: a.option("step_size_down")?.map(|n| n as usize),
         mode: a.word("mode", &CyclicMode::ALL.iter().map(|(mode, word)| (*word, *mode)).collect::<Vec<_>>())?,
         gamma: a.number("gamma")?,
         base_momentum: a.number("base_momentum")?,
         max_momentum: a.number("max_momentum")?,
         cycle_momentum: a.flag("cycle_momentum"),
         };
    ]
    /// Up from `low` to `high` in `up` steps and down again in `down`, over and over; the momentum goes the other way, from
    /// `max_momentum` to `base_momentum` (`torch.optim.lr_scheduler.CyclicLR`).
    ///
    /// L. N. Smith, Cyclical learning rates for training neural networks, WACV (2017), arXiv:1506.01186.
    pub struct Cyclic = "cyclic" {
        /// The lowest rate.
        low: f64, in NonNegative;
        /// The highest rate, before `mode` lowers it.
        high: f64, in NonNegative;
        /// The number of steps up.
        up: usize = 2000, in AtLeastOne;
        /// The number of steps down; as many as up if there is none.
        down: Option<usize> = None, in AtLeastOne;
        /// What happens to the height.
        mode: CyclicMode = CyclicMode::Triangular, in Any;
        /// What the height is multiplied by at each step, for `exp_range`.
        gamma: f64 = 1.0, in Positive;
        /// The momentum at the highest rate.
        base_momentum: f64 = 0.8, in Decay;
        /// The momentum at the lowest rate.
        max_momentum: f64 = 0.9, in Decay;
        /// Whether the momentum moves at all.
        cycle_momentum: bool = true, in Any;
    }
}

impl Cyclic {
    /// How far up the rate is, from zero to one.
    fn height(&self, step: u64) -> f64 {
        let (up, down) = (self.up as f64, self.down.unwrap_or(self.up) as f64);
        let cycle = step / (self.up + self.down.unwrap_or(self.up)) as u64;
        let t = step as f64 - cycle as f64 * (up + down);
        let part = if t <= up { t / up } else { 1.0 - (t - up) / down };
        part * match self.mode {
            CyclicMode::Triangular => 1.0,
            CyclicMode::Triangular2 => power(0.5, cycle),
            CyclicMode::ExpRange => power(self.gamma, step),
        }
    }
}

impl Schedule for Cyclic {
    fn rate(&self, step: u64) -> f64 {
        self.low + (self.high - self.low) * self.height(step)
    }

    fn momentum(&self, step: u64) -> Option<f64> {
        let momentum = self.max_momentum - (self.max_momentum - self.base_momentum) * self.height(step);
        self.cycle_momentum.then_some(momentum)
    }
}
