use super::Ascent;
use crate::error::Result;
use crate::recipe::AnyRecipe;
use crate::solvers::lifted::apply;
use crate::solvers::linalg::{add, minus, plus};
use crate::solvers::{Listed, Memory, Oracle, Progress, Solver};
use crate::text::Call;

solver! {
    /// Weighted SAM: sharpness is a term of its own, with weight `w = γ / (1 − γ)`.
    ///
    /// With `g` at `θ` and `g_p` at `θ + ρ g / (‖g‖ + ε)`: decoupled, the optimizer moves `θ` with `g` and then
    /// `θ ← θ − η w (g_p − g)`; coupled, it moves `θ` with `g + w (g_p − g)`.
    ///
    /// Y. Yue, J. Jiang, Z. Ye, N. Gao, Y. Liu and K. Zhang, Sharpness-aware minimization revisited: weighted sharpness as a
    /// regularization term, KDD (2023), arXiv:2305.15817; reference `pytorch_optimizer.WSAM` 4.1.0.
    pub struct Wsam = "wsam" {
        /// The optimizer.
        inner: AnyRecipe, in Any;
        /// How far up.
        rho: f64 = 0.05, in NonNegative;
        /// The weight, as a part of the whole.
        gamma: f64 = 0.9, in Decay;
        /// Whether the optimizer does not see the sharpness.
        decouple: bool = true, in Any;
        /// Whether a parameter counts by its size.
        adaptive: bool = false, in Any;
        /// What keeps the division from zero.
        eps: f64 = 1e-12, in NonNegative;
    }
}

impl Listed for Wsam {
    const CITATION: &'static str = "\
@inproceedings{yue2023,
  author = {Yue, Yun and Jiang, Jiadi and Ye, Zhiling and Gao, Ning and Liu, Yongchao and Zhang, Ke},
  title = {Sharpness-Aware Minimization Revisited: Weighted Sharpness as a Regularization Term},
  booktitle = {ACM SIGKDD Conference on Knowledge Discovery and Data Mining},
  year = {2023},
  eprint = {2305.15817},
  archivePrefix = {arXiv}
}";

    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.WSAM(-model, params, base_optimizer, rho, gamma, adaptive, decouple, -max_norm, eps)",
    ];

    fn translate(signature: &str, call: &Call) -> Result<Call> {
        super::translate::<Self>(signature, call)
    }
}

impl Solver for Wsam {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        let ascent = Ascent { rho: self.rho, adaptive: self.adaptive, eps: self.eps };
        let (_, above) = oracle.gradient(&ascent.from(x, &gradient))?;
        let weight = self.gamma / (1.0 - self.gamma);
        let sharpness = minus(&above, &gradient);
        if self.decouple {
            apply(&self.inner, oracle, x, (value, &gradient), memory, lr)?;
            add(x, -lr * weight, &sharpness);
        } else {
            let mixed = plus(&gradient, weight, &sharpness);
            apply(&self.inner, oracle, x, (value, &mixed), memory, lr)?;
        }
        Ok(progress)
    }

    fn lr(&self) -> f64 {
        self.inner.lr()
    }
}
