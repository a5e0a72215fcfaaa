use crate::prelude::*;

recipe! {
    /// Lion: sign descent along a mix of the latest gradient and a slower average.
    ///
    /// ```text
    /// θ ← θ − η (sign(β₁ m + (1 − β₁) g) + λ θ)
    /// m ← β₂ m + (1 − β₂) g
    /// ```
    /// X. Chen, C. Liang, D. Huang, E. Real, K. Wang and others, Symbolic discovery of optimization algorithms, NeurIPS (2023),
    /// arXiv:2302.06675. The default of the weight decay is optax's.
    pub struct Lion = "lion" {
        /// Learning rate `η`.
        lr: f64 = 1e-4, in NonNegative;
        /// The weight `β₁` of the average in the step.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of gradients.
        beta2: f64 = 0.99, in Decay;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 1e-3, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Lion);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, _step: &Step) -> Tensor<1> {
        let Lion { beta1, beta2, .. } = self.0;
        let mixed = state.float("m") * beta1 + update.clone() * (1.0 - beta1);
        state.average("m", beta2, update);
        mixed.sign()
    }
}

impl Recipe for Lion {
    const CITATION: &'static str = "\
@inproceedings{chen2023,
  author = {Chen, Xiangning and Liang, Chen and Huang, Da and Real, Esteban and Wang, Kaiyuan and Pham, Hieu
    and Dong, Xuanyi and Luong, Thang and Hsieh, Cho-Jui and Lu, Yifeng and Le, Quoc V.},
  title = {Symbolic Discovery of Optimization Algorithms},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2023}, eprint = {2302.06675}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.lion(learning_rate: lr, b1: beta1, b2: beta2, -mu_dtype, weight_decay, -mask)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).decayed(self.weight_decay).then(ScaleByLr))
    }
}
