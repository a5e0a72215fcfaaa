use burn::tensor::DType;

use super::factors::{Factors, rms};
use crate::prelude::*;

recipe! {
    /// Adafactor as in PyTorch: Adam's second moment kept as the means of its rows and columns, with steps relative to the weights.
    ///
    /// ```text
    /// ρ = min(η, 1/√t),   α = max(ε₂, RMS(θ)) ρ,   β = 1 − t^decay
    /// R ← β R + (1 − β) mean of g² over columns,   C ← β C + (1 − β) mean of g² over rows
    /// V = R C / max(mean R, ε₁)                    V ← β V + (1 − β) g² for tensors of one axis
    /// u = g / max(√V, ε₁)
    /// θ ← (1 − η λ) θ − α u / max(1, RMS(u) / d)
    /// ```
    /// Rows and columns are the last two axes; `ε₁` is the machine epsilon of the element type where it is `none`. The paper's form,
    /// which puts `ε₁` elsewhere, is [`AdafactorPaper`](super::AdafactorPaper).
    ///
    /// N. Shazeer and M. Stern, Adafactor: adaptive learning rates with sublinear memory cost, ICML (2018), arXiv:1804.04235.
    pub struct Adafactor = "adafactor" {
        /// Learning rate `η`: the largest relative step, and the factor on weight decay.
        lr: f64 = 1e-2, in NonNegative;
        /// The power of the step in `1 − β`.
        beta2_decay: f64 = -0.8, in Finite;
        /// The least divisor, `ε₁`.
        eps1: Option<f64> = None, in NonNegative;
        /// The least size of weights, `ε₂`.
        eps2: f64 = 1e-3, in NonNegative;
        /// The largest root mean square of a step, `d`.
        d: f64 = 1.0, in AtLeastOne;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Adafactor);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        match Factors::last(&param.shape) {
            Some(factors) => factors.init(param),
            None => State::of([("v", param.zeros())]),
        }
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Adafactor { beta2_decay, eps1, eps2, d, .. } = self.0;
        let eps1 = eps1.unwrap_or_else(|| epsilon(update.dtype()));
        let t = step.count_like(&update);
        let new = power(t.clone(), beta2_decay);
        let square = update.clone().square();
        let v = match Factors::last(&param.shape) {
            Some(factors) => factors.estimate(state, square, new, eps1),
            None => {
                let v = state.float("v");
                let v = v.clone() + (square - v) * new;
                state.set("v", v.clone());
                v
            }
        };
        let scaled = update / v.clamp_min(eps1 * eps1).sqrt();
        let relative = step.lr.clone().min_pair(t.sqrt().recip());
        let size = rms(&param.value).clamp_min(eps2) * relative;
        let bound = (rms(&scaled) / d).clamp_min(1.0);
        scaled * (size / bound)
    }
}

/// `θ ← (1 − η λ) θ − u`.
#[derive(Debug)]
struct WeightDecay(f64);

impl Transform for WeightDecay {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        if self.0 == 0.0 { update } else { update + param.value.clone() * (step.lr.clone() * self.0) }
    }
}

/// The machine epsilon of an element type: the distance from one to the next number.
fn epsilon(dtype: DType) -> f64 {
    match dtype {
        DType::F64 => f64::EPSILON,
        DType::F16 => 2f64.powi(-10),
        DType::BF16 => 2f64.powi(-7),
        _ => f32::EPSILON as f64,
    }
}

impl Recipe for Adafactor {
    const CITATION: &'static str = "\
@inproceedings{shazeer2018,
  author = {Shazeer, Noam and Stern, Mitchell},
  title = {{Adafactor}: Adaptive Learning Rates with Sublinear Memory Cost},
  booktitle = {International Conference on Machine Learning},
  year = {2018}, eprint = {1804.04235}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["torch.optim.Adafactor(params, lr, beta2_decay, eps: [eps1, eps2], d, weight_decay)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule(self.clone())).then(WeightDecay(self.weight_decay)))
    }
}
