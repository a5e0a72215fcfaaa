use crate::prelude::*;

recipe! {
    /// Prodigy: Adam whose rate is an estimate of the distance to the solution, which grows with the evidence.
    ///
    /// ```text
    /// δ  = d η √(1 − β₂ᵗ) / (1 − β₁ᵗ)
    /// m  ← β₁ m + (1 − β₁) d g,   v ← β₂ v + (1 − β₂) d² g²
    /// s  ← β₃ s + d/d₀ δ g                         safeguard_warmup: d/d₀ d g
    /// r  ← β₃ r + d/d₀ δ ⟨g, θ₀ − θ⟩
    /// d  ← max(d, c r / ‖s‖₁)                      ⟨·,·⟩ and ‖·‖₁ over all tensors
    /// θ  ← θ − δ (m / (√v + d ε) + λ θ)            δ from the d before, ε with the new one
    /// ```
    /// K. Mishchenko and A. Defazio, Prodigy: an expeditiously adaptive parameter-free learner, ICML (2024), arXiv:2306.06101. As in
    /// optax, where the averages are always corrected for their start.
    pub struct Prodigy = "prodigy" {
        /// Factor `η` on the rate.
        lr: f64 = 1.0, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// Decay `β₃` of the estimate; `√β₂` where there is none.
        beta3: Option<f64> = None, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// The first estimate `d₀` of the distance.
        estim_lr0: f64 = 1e-6, in Positive;
        /// Factor `c` on the estimate.
        estim_lr_coef: f64 = 1.0, in Positive;
        /// Weight decay `λ`, multiplied by the rate.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Whether a warm-up of the rate is kept out of the estimate.
        safeguard_warmup: bool = false, in Any;
    }
}

#[derive(Debug)]
struct Rule(Prodigy);

impl Rule {
    fn beta3(&self) -> f64 {
        self.0.beta3.unwrap_or(self.0.beta2.sqrt())
    }

    /// `d η √(1 − β₂ᵗ) / (1 − β₁ᵗ)`.
    fn rate(&self, distance: &Tensor<1>, step: &Step, like: &Tensor<1>) -> Tensor<1> {
        let correction =
            step.bias_correction(self.0.beta2, like).sqrt() / step.bias_correction(self.0.beta1, like);
        distance.clone() * step.lr.clone() * correction
    }

    /// The weighted sum of gradients after this step.
    fn sum(&self, update: &Tensor<1>, state: &State, step: &Step) -> Tensor<1> {
        let distance = state.float("distance");
        let rate = match self.0.safeguard_warmup {
            true => distance.clone(),
            false => self.rate(&distance, step, update),
        };
        state.float("sum") * self.beta3() + update.clone() * (rate * distance / self.0.estim_lr0)
    }
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([
            ("m", param.zeros()),
            ("v", param.zeros()),
            ("sum", param.zeros()),
            ("start", param.value.clone()),
            ("distance", param.scalar(self.0.estim_lr0)),
            ("evidence", param.scalar(0.0)),
        ])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Prodigy { beta1, beta2, eps, estim_lr0, estim_lr_coef, weight_decay, .. } = self.0;
        let distance = state.float("distance");
        let rate = self.rate(&distance, step, &update);
        let weighted = update.clone() * distance.clone();
        let m = state.average("m", beta1, weighted.clone());
        let v = state.average("v", beta2, weighted.square());
        state.set("sum", self.sum(&update, state, step));

        let evidence = rate.clone() * distance.clone() * step.measure(0) / estim_lr0;
        let evidence = state.float("evidence") * self.beta3() + evidence;
        state.set("evidence", evidence.clone());
        // Before the first gradient that is not zero there is no evidence.
        let estimate = evidence * estim_lr_coef / step.measure(1);
        let grown = distance.clone().max_pair(estimate);
        let distance = either(step.measure(1).equal_elem(0.0), distance, grown);
        state.set("distance", distance.clone());

        let scaled = m / (v.sqrt() + distance * eps);
        let decayed = if weight_decay == 0.0 { scaled } else { scaled + param.value.clone() * weight_decay };
        decayed * rate
    }

    fn num_measures(&self) -> usize {
        2
    }

    fn measure(&self, update: &Tensor<1>, state: &State, param: &Parameter, step: &Step) -> Vec<Tensor<1>> {
        let gone = state.float("start") - param.value.clone();
        vec![(update.clone() * gone).sum(), self.sum(update, state, step).abs().sum()]
    }
}

impl Recipe for Prodigy {
    const CITATION: &'static str = "\
@inproceedings{mishchenko2024,
  author = {Mishchenko, Konstantin and Defazio, Aaron},
  title = {{Prodigy}: An Expeditiously Adaptive Parameter-Free Learner},
  booktitle = {International Conference on Machine Learning},
  year = {2024}, eprint = {2306.06101}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.prodigy(learning_rate: lr, betas: [beta1, beta2], beta3, eps, estim_lr0, estim_lr_coef, weight_decay, safeguard_warmup)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule(self.clone())))
    }
}
