use super::factors::{Factors, rms};
use crate::prelude::*;

recipe! {
    /// Adafactor as its paper has it and as in optax: Adam's second moment kept as the means of its rows and columns.
    ///
    /// ```text
    /// β = 1 − (t − offset)^(−decay_rate)
    /// R ← β R + (1 − β) mean of g² + ε over columns,   C ← β C + (1 − β) mean of g² + ε over rows
    /// u = g / √(R C / mean R)                      u = g / √V, V ← β V + (1 − β) (g² + ε), where it is not factored
    /// u ← u / max(1, RMS(u) / clipping_threshold)
    /// θ ← θ − η max(1e-3, RMS(θ)) u − λ θ          through an average of decay `momentum` where there is one
    /// ```
    /// Rows and columns are the two longest axes, if the shorter one is at least `min_dim_size_to_factor` long. Weight decay is not
    /// multiplied by the learning rate. PyTorch's form is [`Adafactor`](super::Adafactor).
    ///
    /// N. Shazeer and M. Stern, Adafactor: adaptive learning rates with sublinear memory cost, ICML (2018), arXiv:1804.04235.
    pub struct AdafactorPaper = "adafactor_paper" {
        /// Learning rate `η`.
        lr: f64 = 1.0, in NonNegative;
        /// The least length of both axes that are factored.
        min_dim_size_to_factor: usize = 128, in Any;
        /// The power of the step in `1 − β`.
        decay_rate: f64 = 0.8, in NonNegative;
        /// How many steps the decay lags behind.
        decay_offset: usize = 0, in Any;
        /// Whether steps are relative to the size of the weights.
        multiply_by_parameter_scale: bool = true, in Any;
        /// The largest root mean square of a step.
        clipping_threshold: Option<f64> = Some(1.0), in Positive;
        /// Decay of an average of the steps.
        momentum: Option<f64> = None, in Decay;
        /// Weight decay `λ`, not multiplied by the learning rate.
        weight_decay: f64 = 0.0, in NonNegative;
        /// What is added to squares, `ε`.
        eps: f64 = 1e-30, in NonNegative;
        /// Whether anything is factored.
        factored: bool = true, in Any;
    }
}

impl AdafactorPaper {
    fn factors(&self, shape: &[usize]) -> Option<Factors> {
        let least = self.min_dim_size_to_factor;
        if self.factored { Factors::longest(shape).filter(|f| f.shorter() >= least) } else { None }
    }
}

#[derive(Debug)]
struct Rule(AdafactorPaper);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        match self.0.factors(&param.shape) {
            Some(factors) => factors.init(param),
            None => State::of([("v", param.zeros())]),
        }
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let AdafactorPaper { decay_rate, decay_offset, eps, .. } = self.0;
        let t = step.count_like(&update) - decay_offset as f64;
        let new = power(t, -decay_rate);
        let square = update.clone().square() + eps;
        let v = match self.0.factors(&param.shape) {
            Some(factors) => factors.estimate(state, square, new, 0.0),
            None => {
                let v = state.float("v") * (new.clone().neg() + 1.0) + square * new;
                state.set("v", v.clone());
                v
            }
        };
        update / v.sqrt()
    }
}

/// `u ← max(1e-3, RMS(θ)) u`.
#[derive(Debug)]
struct ParameterScale;

impl Transform for ParameterScale {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        update * rms(&param.value).clamp_min(1e-3)
    }
}

impl Recipe for AdafactorPaper {
    const CITATION: &'static str = "\
@inproceedings{shazeer2018,
  author = {Shazeer, Noam and Stern, Mitchell},
  title = {{Adafactor}: Adaptive Learning Rates with Sublinear Memory Cost},
  booktitle = {International Conference on Machine Learning},
  year = {2018}, eprint = {1804.04235}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.adafactor(learning_rate: lr, min_dim_size_to_factor, decay_rate, decay_offset, multiply_by_parameter_scale, clipping_threshold, momentum, -dtype_momentum, weight_decay_rate: weight_decay, eps, factored, -weight_decay_mask)",
    ];

    fn links(&self) -> Result<Chain> {
        let mut chain = Chain::new(Rule(self.clone()));
        if let Some(threshold) = self.clipping_threshold {
            chain = chain.then(ClipByBlockRms { threshold });
        }
        chain = chain.then(ScaleByLr).then_if(self.multiply_by_parameter_scale, ParameterScale);
        if let Some(decay) = self.momentum {
            chain = chain.then(Ema { decay, debias: false });
        }
        Ok(chain.decayed(self.weight_decay))
    }
}
