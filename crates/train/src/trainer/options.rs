use serde::{Deserialize, Serialize};

use super::NonFinitePolicy;
use crate::error::{Error, Result};

/// How the gradient is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExecutionMode {
    /// [`ExecutionMode::Compiled`] where the loss can be traced, else [`ExecutionMode::Eager`]; [`Trainer::fallback`](super::Trainer::fallback) says
    /// why it cannot.
    #[default]
    Auto,
    /// The loss is traced once for each shape of batches, and the step is one graph: compiled where the model is on one of
    /// [`compiled_devices`](thalweg_autodiff::compiled_devices), run by Burn elsewhere. A loss that cannot be traced is an error.
    Compiled,
    /// As [`ExecutionMode::Compiled`], but Burn runs the graph op by op on every device: the reference that compiled steps are
    /// held to.
    Interpreted,
    /// The loss runs on burn-autodiff in every step, for code that cannot be traced. Draws come from Burn's device, which
    /// is seeded before each step so that they follow from [`TrainerOptions::seed`]; its generator belongs to the whole process,
    /// so trainers in this mode take turns, and nothing else should draw from it at the same time.
    Eager,
}

/// What a [`Trainer`](super::Trainer) does beside descending.
///
/// ```
/// use thalweg_train::{NonFinitePolicy, TrainerOptions};
///
/// let options = TrainerOptions { clip_norm: Some(1.0), accumulation_steps: 4, policy: NonFinitePolicy::Skip, ..TrainerOptions::default() };
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainerOptions {
    /// How the gradient is found; compiled by default, where it can be.
    pub mode: ExecutionMode,
    /// What random draws follow from, dropout's for instance; 0 by default. Call `k` of
    /// [`step`](super::Trainer::step) draws by a key that is a function of the seed and `k` alone.
    pub seed: u64,
    /// How many batches make a step; 1 by default. The gradient of a step is the mean of those of its batches, whatever their
    /// sizes, and
    /// parameters move in every call of [`step`](super::Trainer::step) that completes one.
    pub accumulation_steps: usize,
    /// The largest norm of the gradient of all parameters together; none by default. A gradient `g` above it is
    /// multiplied by `clip_norm / (‖g‖ + 1e-6)`, as [`ClipGradNorm`](thalweg_optim::transforms::ClipGradNorm) does: a norm
    /// above 1.8e19 overflows in f32, and the step is zero, as in PyTorch.
    pub clip_norm: Option<f64>,
    /// The decay of an exponential moving average of the parameters; none by default. It is that of
    /// [`WeightEma`](thalweg_optim::transforms::WeightEma): the parameters after the first step, and
    /// `a ← d·a + (1−d)·θ` from then on. Running statistics are not averaged.
    pub ema_decay: Option<f64>,
    /// What to do when the loss or a gradient is not finite; stop by default.
    pub policy: NonFinitePolicy,
    /// How many threads a compiled step uses; by default all cores, or one where its operations are too short to share.
    /// Results do not depend on it.
    pub threads: Option<usize>,
}

impl Default for TrainerOptions {
    fn default() -> Self {
        TrainerOptions {
            mode: ExecutionMode::Auto,
            seed: 0,
            accumulation_steps: 1,
            clip_norm: None,
            ema_decay: None,
            policy: NonFinitePolicy::Stop,
            threads: None,
        }
    }
}

impl TrainerOptions {
    pub(crate) fn check(&self) -> Result<()> {
        let refuse = |what: String| Err(Error::Setting(what));
        if self.accumulation_steps == 0 {
            return refuse(
                "A step of no batches cannot be made; set `accumulation_steps` to at least 1.".into(),
            );
        }
        if self.threads == Some(0) {
            return refuse("A step by no thread cannot be made; set `threads` to at least 1.".into());
        }
        match self.clip_norm {
            Some(most) if !(most.is_finite() && most > 0.0) => {
                return refuse(format!(
                    "The gradient's norm cannot be clipped to {most}; set `clip_norm` above 0."
                ));
            }
            _ => {}
        }
        match self.ema_decay {
            Some(decay) if !(0.0..1.0).contains(&decay) => refuse(format!(
                "A moving average of the parameters cannot decay by {decay}; set `ema_decay` from 0 to below 1."
            )),
            _ => Ok(()),
        }
    }
}
