use super::prelude::*;

/// How [`Wsd`] comes down.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cooldown {
    /// `1 − √p`.
    Sqrt,
    /// `1 − p`.
    Linear,
    /// `1 − p²`.
    Square,
    /// Half a wave of a cosine that ends at `end`.
    Cosine,
}

impl Word for Cooldown {
    const ALL: &'static [(Self, &'static str)] = &[
        (Cooldown::Sqrt, "sqrt"),
        (Cooldown::Linear, "linear"),
        (Cooldown::Square, "square"),
        (Cooldown::Cosine, "cosine"),
    ];
}

schedule! {
    [
        "get_wsd_schedule(opt, num_warmup_steps, num_stable_steps, num_decay_steps, min_lr_ratio=0, num_cycles=0.5, cooldown_type='1-sqrt')"
         => |a| Wsd {
         lr: a.lr(),
         warmup: a.count("num_warmup_steps")?,
         stable: a.count("num_stable_steps")?,
         decay: a.count("num_decay_steps")?,
         end: a.number("min_lr_ratio")?,
         cycles: a.number("num_cycles")?,
         cooldown: a.word("cooldown_type", &[
         ("1-sqrt", Cooldown::Sqrt),
         ("linear", Cooldown::Linear),
         ("1-square", Cooldown::Square),
         ("cosine", Cooldown::Cosine),
         ])?,
         };
    ]
    /// Warm-up, stable phase, decay: up from zero in `warmup` steps, `lr` for `stable` steps, down in `decay` steps, and
    /// `lr · end` from then on (`pytorch_optimizer.get_wsd_schedule`). As there, only the cosine comes down to `lr · end`;
    /// the others come down towards zero and jump.
    ///
    /// S. Hu et al., MiniCPM: unveiling the potential of small language models with scalable training strategies (2024),
    /// arXiv:2404.06395; the square root after A. Hägele et al., Scaling laws and compute-optimal training beyond fixed
    /// training durations, NeurIPS (2024), arXiv:2405.18392.
    pub struct Wsd = "wsd" {
        /// The rate of the stable phase.
        lr: f64, in NonNegative;
        /// The number of steps up.
        warmup: usize, in Any;
        /// The number of steps in the stable phase.
        stable: usize, in Any;
        /// The number of steps down.
        decay: usize, in Any;
        /// What the last rate is of `lr`.
        end: f64 = 0.0, in NonNegative;
        /// How it comes down.
        cooldown: Cooldown = Cooldown::Sqrt, in Any;
        /// How many waves the cosine makes.
        cycles: f64 = 0.5, in Positive;
    }
}

impl Schedule for Wsd {
    fn rate(&self, step: u64) -> f64 {
        let (t, begin) = (step as f64, self.warmup as f64 + self.stable as f64);
        if t < self.warmup as f64 {
            return self.lr * t / self.warmup as f64;
        } else if t < begin {
            return self.lr;
        } else if t >= begin + self.decay as f64 {
            return self.lr * self.end;
        }
        let part = (t - begin) / self.decay as f64;
        self.lr
            * match self.cooldown {
                Cooldown::Sqrt => 1.0 - part.sqrt(),
                Cooldown::Linear => 1.0 - part,
                Cooldown::Square => 1.0 - part * part,
                Cooldown::Cosine => {
                    self.end + (1.0 - self.end) * wave(1.0, 0.0, 2.0 * self.cycles * part).max(0.0)
                }
            }
    }
}
