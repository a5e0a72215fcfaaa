use super::Ascent;
use crate::error::Result;
use crate::recipe::AnyRecipe;
use crate::solvers::lifted::apply;
use crate::solvers::linalg::{add, minus, plus};
use crate::solvers::{Listed, Memory, Oracle, Progress, Solver};
use crate::text::Call;

solver! {
    /// Friendly SAM: the step up follows the part of the gradient that the average of earlier ones does not hold.
    ///
    /// `d = g − σ m`, then `m ← λ m + (1 − λ) g`; the optimizer moves `θ` with the gradient at `θ + ρ d / (‖d‖ + ε)`. At the
    /// first step `m = g` and `d = g`.
    ///
    /// T. Li, P. Zhou, Z. He, X. Cheng and X. Huang, Friendly sharpness-aware minimization, CVPR (2024), arXiv:2403.12350;
    /// reference `pytorch_optimizer.FriendlySAM` 4.1.0.
    pub struct FriendlySam = "friendly_sam" {
        /// The optimizer.
        inner: AnyRecipe, in Any;
        /// How far up.
        rho: f64 = 0.05, in NonNegative;
        /// How much of the average is taken out.
        sigma: f64 = 1.0, in NonNegative;
        /// What the average keeps of its past.
        lambda: f64 = 0.9, in Unit;
        /// Whether a parameter counts by its size.
        adaptive: bool = false, in Any;
        /// What keeps the division from zero.
        eps: f64 = 1e-12, in NonNegative;
    }
}

impl Listed for FriendlySam {
    const CITATION: &'static str = "\
@inproceedings{li2024friendly,
  author = {Li, Tao and Zhou, Pan and He, Zhengbao and Cheng, Xinwen and Huang, Xiaolin},
  title = {Friendly Sharpness-Aware Minimization},
  booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2024},
  eprint = {2403.12350},
  archivePrefix = {arXiv}
}";

    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.FriendlySAM(params, base_optimizer, rho, sigma, lmbda: lambda, adaptive, perturb_eps: eps)",
    ];

    fn translate(signature: &str, call: &Call) -> Result<Call> {
        super::translate::<Self>(signature, call)
    }
}

impl Solver for FriendlySam {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        let direction = match memory.take("m") {
            None => {
                memory.set("m", gradient.clone());
                gradient
            }
            Some(mut m) => {
                let direction = plus(&gradient, -self.sigma, &m);
                let change = minus(&gradient, &m);
                add(&mut m, 1.0 - self.lambda, &change);
                memory.set("m", m);
                direction
            }
        };
        let ascent = Ascent { rho: self.rho, adaptive: self.adaptive, eps: self.eps };
        let (_, gradient) = oracle.gradient(&ascent.from(x, &direction))?;
        apply(&self.inner, oracle, x, (value, &gradient), memory, lr)?;
        Ok(progress)
    }

    fn lr(&self) -> f64 {
        self.inner.lr()
    }
}
