use crate::prelude::*;

recipe! {
    /// ADOPT: Adam that scales by the second moment of the steps before, and before the momentum, so that it converges for any `β₂`.
    ///
    /// ```text
    /// c ← g / max(√v, ε), and no element beyond ±(t − 1)^¼
    /// m ← β₁ m + (1 − β₁) c                        m = 0 in the first step
    /// v ← β₂ v + (1 − β₂) g²                       v = g² in the first step
    /// θ ← θ − η m                                  nesterov: θ ← θ − η (β₁ m + (1 − β₁) c)
    /// ```
    /// The first step only takes note of the gradient. S. Taniguchi, K. Harada, G. Minegishi, Y. Oshima and others, ADOPT: modified
    /// Adam can converge with any β₂ with the optimal rate, NeurIPS (2024), arXiv:2411.02853. As in optax.
    pub struct Adopt = "adopt" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Decay `β₁` of the average of scaled gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.9999, in Decay;
        /// The least root `ε` that is divided by.
        eps: f64 = 1e-6, in NonNegative;
        /// Whether the average looks one step ahead.
        nesterov: bool = false, in Any;
        /// Whether scaled gradients are clipped.
        use_clipping: bool = true, in Any;
    }
}

#[derive(Debug)]
struct Rule(Adopt);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros()), ("v", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let Adopt { beta1, beta2, eps, nesterov, use_clipping, .. } = self.0;
        let (is_first, none) = (step.is_first(), update.zeros_like());
        let mut scaled = update.clone() / state.float("v").sqrt().clamp_min(eps);
        if use_clipping {
            let most = power(step.previous().count_like(&update), 0.25);
            scaled = scaled.max_pair(most.clone().neg()).min_pair(most);
        }
        let square = update.square();
        let v = state.float("v") * beta2 + square.clone() * (1.0 - beta2);
        state.set("v", either(is_first.clone(), square, v));
        let m = state.float("m") * beta1 + scaled.clone() * (1.0 - beta1);
        let m = either(is_first.clone(), none.clone(), m);
        state.set("m", m.clone());
        match nesterov {
            false => m,
            true => either(is_first, none, m * beta1 + scaled * (1.0 - beta1)),
        }
    }
}

impl Recipe for Adopt {
    const CITATION: &'static str = "\
@inproceedings{taniguchi2024,
  author = {Taniguchi, Shohei and Harada, Keno and Minegishi, Gouki and Oshima, Yuta and Jeong, Seong Cheol
    and Nagahara, Go and Iiyama, Tomoshi and Suzuki, Masahiro and Iwasawa, Yusuke and Matsuo, Yutaka},
  title = {{ADOPT}: Modified {Adam} Can Converge with Any $\\beta_2$ with the Optimal Rate},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2024}, eprint = {2411.02853}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.adopt(learning_rate: lr, b1: beta1, b2: beta2, eps, -mu_dtype, nesterov, use_clipping)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().then(Rule(self.clone())).then(ScaleByLr))
    }
}
