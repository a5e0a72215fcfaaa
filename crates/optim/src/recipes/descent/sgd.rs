use crate::prelude::*;

recipe! {
    /// Stochastic gradient descent, with momentum if asked for: `torch.optim.SGD`.
    ///
    /// ```text
    /// g ← g + λ θ
    /// b ← μ b + (1 − d) g        b = g in the first step
    /// θ ← θ − η b                with nesterov: θ ← θ − η (g + μ b)
    /// ```
    /// H. Robbins and S. Monro, A stochastic approximation method, Annals of Mathematical Statistics 22 (1951). As in
    /// PyTorch, the first step is not dampened, and Nesterov's form does not look ahead: the gradient is taken at `θ`.
    pub struct Sgd = "sgd" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Momentum `μ`: what the memory keeps of itself.
        momentum: f64 = 0.0, in Unit;
        /// Dampening `d`: what is left out of each gradient after the first.
        dampening: f64 = 0.0, in Unit;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Nesterov's form of momentum.
        nesterov: bool = false, in Any;
    }
    agree(own) {
        if own.nesterov && (own.momentum == 0.0 || own.dampening != 0.0) {
            return Err(Error::Hyperparameter(
                "`nesterov` of `sgd` needs a `momentum` above 0 and no `dampening`; set them so, or leave \
                 `nesterov` out.".into(),
            ));
        }
    }
}

impl Recipe for Sgd {
    const CITATION: &'static str = "\
@article{robbins1951,
  author = {Robbins, Herbert and Monro, Sutton},
  title = {A Stochastic Approximation Method},
  journal = {The Annals of Mathematical Statistics},
  volume = {22}, number = {3}, pages = {400--407}, year = {1951}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.SGD(params, lr, momentum, dampening, weight_decay, nesterov)",
        "optax.sgd(learning_rate: lr, momentum, nesterov)",
    ];

    fn links(&self) -> Result<Chain> {
        let trace = Trace { decay: self.momentum, dampening: self.dampening, nesterov: self.nesterov };
        Ok(Chain::default().decayed(self.weight_decay).then_if(self.momentum != 0.0, trace).then(ScaleByLr))
    }
}
