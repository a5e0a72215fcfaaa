use super::Constant;
use super::prelude::*;

/// Whether a metric is better low or high.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Low, as a loss.
    Min,
    /// High, as an accuracy.
    Max,
}

impl Word for Better {
    const ALL: &'static [(Self, &'static str)] = &[(Better::Min, "min"), (Better::Max, "max")];
}

/// What a schedule has learnt. It is no part of what the schedule is: two are equal whatever they have learnt.
#[derive(Clone, Debug)]
struct Learnt {
    scale: f64,
    best: f64,
    bad: f64,
    cooldown: f64,
}

/// Nothing yet.
const LEARNT: Learnt = Learnt { scale: 1.0, best: f64::NAN, bad: 0.0, cooldown: 0.0 };

schedule! {
    [
        "ReduceLROnPlateau(opt, mode=min, factor=0.1, patience=10, threshold=1e-4, threshold_mode=rel, cooldown=0, min_lr=0, eps=1e-8)"
         => |a| ReduceOnPlateau {
         factor: a.number("factor")?,
         patience: a.count("patience")?,
         threshold: a.number("threshold")?,
         relative: a.word("threshold_mode", &[("rel", true), ("abs", false)])?,
         cooldown: a.count("cooldown")?,
         min_lr: a.number("min_lr")?,
         eps: a.number("eps")?,
         mode: a.word("mode", &[("min", Better::Min), ("max", Better::Max)])?,
         ..ReduceOnPlateau::new(Constant { lr: a.lr() })
         };
    ]
    /// The rate of another schedule, multiplied by `factor` whenever a metric has not improved in more than `patience`
    /// observations; then nothing is counted for `cooldown` observations
    /// (`torch.optim.lr_scheduler.ReduceLROnPlateau`, which is `reduce_on_plateau(constant(lr=…))`).
    ///
    /// A metric improves on the best so far if it is below `best · (1 − threshold)` (`relative`) or below `best − threshold`,
    /// with `mode=max` above `best · (1 + threshold)` or `best + threshold`; a relative threshold is meant for metrics that
    /// are not negative. The rate never falls below `min_lr`, and a reduction that would change it by no more than `eps`
    /// is left out. The first finite observation improves; NaN never does, nor an infinite one at first.
    pub struct ReduceOnPlateau = "reduce_on_plateau" {
        /// The schedule inside.
        inner: AnySchedule, in Any;
        /// What the rate is multiplied by.
        factor: f64 = 0.1, in Decay;
        /// How many observations without improvement are borne.
        patience: usize = 10, in Any;
        /// How much better counts as better.
        threshold: f64 = 1e-4, in NonNegative;
        /// Whether the threshold is a part of the best.
        relative: bool = true, in Any;
        /// For how many observations after a reduction nothing is counted.
        cooldown: usize = 0, in Any;
        /// The lowest rate.
        min_lr: f64 = 0.0, in NonNegative;
        /// The least change of the rate.
        eps: f64 = 1e-8, in NonNegative;
        /// Whether the metric is better low or high.
        mode: Better = Better::Min, in Any;
    }
    with learnt: Learnt = LEARNT;
}

impl ReduceOnPlateau {
    /// A schedule that has learnt nothing yet, with all settings at their defaults.
    pub fn new(inner: impl Into<AnySchedule>) -> Self {
        ReduceOnPlateau {
            inner: inner.into(),
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            relative: true,
            cooldown: 0,
            min_lr: 0.0,
            eps: 1e-8,
            mode: Better::Min,
            learnt: LEARNT,
        }
    }

    /// The rate for a scale; a rate that starts below the lowest one is left as it is.
    fn scaled(&self, step: u64, scale: f64) -> f64 {
        let full = self.inner.rate(step);
        if scale == 1.0 { full } else { (full * scale).max(self.min_lr) }
    }

    fn improves(&self, metric: f64) -> bool {
        let Learnt { best, .. } = self.learnt;
        // Without a best so far, every number is better, but not the worst that there is.
        match (self.mode, self.relative) {
            (Better::Min, _) if best.is_nan() => metric < f64::INFINITY,
            (Better::Max, _) if best.is_nan() => metric > f64::NEG_INFINITY,
            (Better::Min, true) => metric < best * (1.0 - self.threshold),
            (Better::Min, false) => metric < best - self.threshold,
            (Better::Max, true) => metric > best * (1.0 + self.threshold),
            (Better::Max, false) => metric > best + self.threshold,
        }
    }
}

impl Schedule for ReduceOnPlateau {
    fn rate(&self, step: u64) -> f64 {
        self.scaled(step, self.learnt.scale)
    }

    fn observe(&mut self, step: u64, metric: f64) {
        self.inner.observe(step, metric);
        if self.improves(metric) {
            self.learnt.best = metric;
            self.learnt.bad = 0.0;
        } else {
            self.learnt.bad += 1.0;
        }
        if self.learnt.cooldown > 0.0 {
            self.learnt.cooldown -= 1.0;
            self.learnt.bad = 0.0;
        }
        if self.learnt.bad > self.patience as f64 {
            self.learnt.cooldown = self.cooldown as f64;
            self.learnt.bad = 0.0;
            let (now, full) = (self.rate(step), self.inner.rate(step));
            let next = (now * self.factor).max(self.min_lr);
            if now - next > self.eps && full > 0.0 {
                self.learnt.scale = next / full;
            }
        }
    }

    fn parts(&self) -> Vec<&AnySchedule> {
        vec![&self.inner]
    }

    fn parts_mut(&mut self) -> Vec<&mut AnySchedule> {
        vec![&mut self.inner]
    }

    fn learnt(&self) -> Vec<(&'static str, f64)> {
        let Learnt { scale, best, bad, cooldown } = self.learnt;
        vec![("scale", scale), ("best", best), ("bad", bad), ("cooldown", cooldown)]
    }

    fn relearn(&mut self, value: &dyn Fn(&str) -> Option<f64>) {
        let own = &mut self.learnt;
        let places = [
            ("scale", &mut own.scale),
            ("best", &mut own.best),
            ("bad", &mut own.bad),
            ("cooldown", &mut own.cooldown),
        ];
        for (name, place) in places {
            *place = value(name).unwrap_or(*place);
        }
    }
}
