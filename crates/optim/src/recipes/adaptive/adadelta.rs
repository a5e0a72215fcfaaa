use crate::prelude::*;

recipe! {
    /// AdaDelta: steps in the units of the parameters, from the sizes of earlier steps and of gradients.
    ///
    /// ```text
    /// g ← g + λ θ
    /// v ← ρ v + (1 − ρ) g²
    /// Δ ← √(u + ε) / √(v + ε) · g
    /// u ← ρ u + (1 − ρ) Δ²
    /// θ ← θ − η Δ
    /// ```
    /// M. D. Zeiler, ADADELTA: an adaptive learning rate method (2012), arXiv:1212.5701.
    pub struct Adadelta = "adadelta" {
        /// Learning rate `η`.
        lr: f64 = 1.0, in NonNegative;
        /// Decay `ρ` of both averages.
        rho: f64 = 0.9, in Decay;
        /// `ε`, inside of both roots.
        eps: f64 = 1e-6, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Adadelta);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("v", param.zeros()), ("u", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, _step: &Step) -> Tensor<1> {
        let Adadelta { rho, eps, .. } = self.0;
        let v = state.average("v", rho, update.clone().square());
        let delta = (state.float("u") + eps).sqrt() / (v + eps).sqrt() * update;
        state.average("u", rho, delta.clone().square());
        delta
    }
}

impl Recipe for Adadelta {
    const CITATION: &'static str = "\
@misc{zeiler2012,
  author = {Zeiler, Matthew D.},
  title = {{ADADELTA}: An Adaptive Learning Rate Method},
  year = {2012}, eprint = {1212.5701}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.Adadelta(params, lr, rho, eps, weight_decay)",
        "optax.adadelta(learning_rate: lr, rho, eps, weight_decay, -weight_decay_mask)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(Rule(self.clone())).then(ScaleByLr))
    }
}
