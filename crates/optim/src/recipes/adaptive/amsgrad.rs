use crate::prelude::*;

recipe! {
    /// AMSGrad as in optax: Adam with the largest corrected second moment so far in the denominator.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
    /// v̂ ← max(v̂, v / (1 − β₂ᵗ))
    /// θ ← θ − η m / (1 − β₁ᵗ) / (√(v̂ + ε′) + ε)
    /// ```
    /// PyTorch's form, `adam(amsgrad=true)`, takes the largest before it corrects.
    ///
    /// S. J. Reddi, S. Kale and S. Kumar, On the convergence of Adam and beyond, ICLR (2018), arXiv:1904.09237, without the
    /// corrections.
    pub struct Amsgrad = "amsgrad" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.999, in Decay;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// What is added inside of the root, `ε′`.
        eps_root: f64 = 0.0, in NonNegative;
        /// Whether the start of the first moment is corrected for.
        bias_correction_mu: bool = true, in Any;
        /// Whether the start of the second moment is corrected for.
        bias_correction_nu: bool = true, in Any;
    }
}

#[derive(Debug)]
struct Rule(Amsgrad);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("v", param.zeros()), ("v_max", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let Amsgrad { beta1, beta2, eps, eps_root, bias_correction_mu, bias_correction_nu, .. } = self.0;
        let corrected = |average: Tensor<1>, beta: f64, wanted: bool| match wanted {
            true => average / step.bias_correction(beta, &update),
            false => average,
        };
        let m = corrected(state.average("m", beta1, update.clone()), beta1, bias_correction_mu);
        let v = corrected(state.average("v", beta2, update.clone().square()), beta2, bias_correction_nu);
        let v = v.max_pair(state.float("v_max"));
        state.set("v_max", v.clone());
        m / ((v + eps_root).sqrt() + eps)
    }
}

impl Recipe for Amsgrad {
    const CITATION: &'static str = "\
@inproceedings{reddi2018,
  author = {Reddi, Sashank J. and Kale, Satyen and Kumar, Sanjiv},
  title = {On the Convergence of {Adam} and Beyond},
  booktitle = {International Conference on Learning Representations},
  year = {2018}, eprint = {1904.09237}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.amsgrad(learning_rate: lr, b1: beta1, b2: beta2, eps, eps_root, -mu_dtype, bias_correction_mu, bias_correction_nu)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).then(ScaleByLr))
    }
}
