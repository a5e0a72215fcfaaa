use crate::prelude::*;

recipe! {
    /// D-Adaptation with AdamW: the rate is a lower bound on the distance to the solution, found from inner products.
    ///
    /// ```text
    /// δ  = d η √(1 − β₂ᵗ) / (1 − β₁ᵗ),   √β₂ is the decay of the estimate
    /// a  = ⟨g, s / (√v + ε)⟩                        over all tensors, from the s and v before
    /// m  ← β₁ m + (1 − β₁) δ g,   v ← β₂ v + (1 − β₂) g²
    /// s  ← √β₂ s + (1 − √β₂) δ g
    /// r  ← √β₂ r + (1 − √β₂) δ a
    /// d  ← max(d, r / ((1 − √β₂) ‖s‖₁))             over all tensors
    /// θ  ← θ − m / (√v + ε) − λ δ θ
    /// ```
    /// A. Defazio and K. Mishchenko, Learning-rate-free learning by D-Adaptation, ICML (2023), arXiv:2301.07733. As in optax, where
    /// the averages are always corrected for their start.
    pub struct DadaptAdamW = "dadapt_adamw" {
        /// Factor `η` on the rate.
        lr: f64 = 1.0, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// The first estimate of the distance.
        estim_lr0: f64 = 1e-6, in Positive;
        /// Weight decay `λ`, multiplied by the rate.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(DadaptAdamW);

impl Rule {
    /// `d η √(1 − β₂ᵗ) / (1 − β₁ᵗ)`.
    fn rate(&self, state: &State, step: &Step, like: &Tensor<1>) -> Tensor<1> {
        let DadaptAdamW { beta1, beta2, .. } = self.0;
        let correction = step.bias_correction(beta2, like).sqrt() / step.bias_correction(beta1, like);
        state.float("distance") * step.lr.clone() * correction
    }

    /// The weighted sum of gradients after this step.
    fn sum(&self, update: &Tensor<1>, state: &State, step: &Step) -> Tensor<1> {
        let root = self.0.beta2.sqrt();
        state.float("sum") * root + update.clone() * (self.rate(state, step, update) * (1.0 - root))
    }
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([
            ("m", param.zeros()),
            ("v", param.zeros()),
            ("sum", param.zeros()),
            ("distance", param.scalar(self.0.estim_lr0)),
            ("evidence", param.scalar(0.0)),
        ])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let DadaptAdamW { beta1, beta2, eps, weight_decay, .. } = self.0;
        let root = beta2.sqrt();
        let rate = self.rate(state, step, &update);
        let m = state.average("m", beta1, update.clone() * rate.clone());
        let v = state.average("v", beta2, update.clone().square());
        state.set("sum", self.sum(&update, state, step));
        let evidence = state.average("evidence", root, rate.clone() * step.measure(0));
        let bound = evidence / (step.measure(1) * (1.0 - root));
        // Before the first gradient that is not zero there is no evidence.
        let distance = state.float("distance");
        let grown = distance.clone().max_pair(bound);
        state.set("distance", either(step.measure(1).equal_elem(0.0), distance, grown));
        let scaled = m / (v.sqrt() + eps);
        if weight_decay == 0.0 { scaled } else { scaled + param.value.clone() * (rate * weight_decay) }
    }

    fn num_measures(&self) -> usize {
        2
    }

    fn measure(&self, update: &Tensor<1>, state: &State, _param: &Parameter, step: &Step) -> Vec<Tensor<1>> {
        let scaled = state.float("sum") / (state.float("v").sqrt() + self.0.eps);
        vec![(update.clone() * scaled).sum(), self.sum(update, state, step).abs().sum()]
    }
}

impl Recipe for DadaptAdamW {
    const CITATION: &'static str = "\
@inproceedings{defazio2023,
  author = {Defazio, Aaron and Mishchenko, Konstantin},
  title = {Learning-Rate-Free Learning by {D-Adaptation}},
  booktitle = {International Conference on Machine Learning},
  year = {2023}, eprint = {2301.07733}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.dadapt_adamw(learning_rate: lr, betas: [beta1, beta2], eps, estim_lr0, weight_decay)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule(self.clone())))
    }
}
