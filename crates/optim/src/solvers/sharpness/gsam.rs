use super::Ascent;
use crate::error::Result;
use crate::recipe::AnyRecipe;
use crate::solvers::lifted::apply;
use crate::solvers::linalg::{dot, norm, plus};
use crate::solvers::{Listed, Memory, Oracle, Progress, Solver};
use crate::text::Call;

solver! {
    /// Surrogate-gap guided SAM: the perturbed gradient, less what of the plain one is orthogonal to it.
    ///
    /// With `g` at `θ` and `g_p` at `θ + ρ g / (‖g‖ + ε)`, the optimizer moves `θ` with
    /// `g_p − α (g − cos(g, g_p) ‖g‖ / (‖g_p‖ + ε) · g_p)`. The paper lets `ρ` follow the learning rate; see
    /// [`Proportion`](crate::schedules::Proportion).
    ///
    /// J. Zhuang et al., Surrogate gap minimization improves sharpness-aware training, ICLR (2022), arXiv:2203.08065;
    /// reference `pytorch_optimizer.GSAM` 4.1.0.
    pub struct Gsam = "gsam" {
        /// The optimizer.
        inner: AnyRecipe, in Any;
        /// How far up.
        rho: f64 = 0.05, in NonNegative;
        /// How much of the orthogonal part is taken out.
        alpha: f64 = 0.4, in Unit;
        /// Whether a parameter counts by its size.
        adaptive: bool = false, in Any;
        /// What keeps the divisions from zero.
        eps: f64 = 1e-12, in NonNegative;
    }
}

impl Listed for Gsam {
    const CITATION: &'static str = "\
@inproceedings{zhuang2022,
  author = {Zhuang, Juntang and Gong, Boqing and Yuan, Liangzhe and Cui, Yin and Adam, Hartwig and Dvornek, Nicha and Tatikonda, Sekhar and Duncan, James and Liu, Ting},
  title = {Surrogate Gap Minimization Improves Sharpness-Aware Training},
  booktitle = {International Conference on Learning Representations},
  year = {2022},
  eprint = {2203.08065},
  archivePrefix = {arXiv}
}";

    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.GSAM(params, base_optimizer, -model, -rho_scheduler, alpha, adaptive, perturb_eps: eps)",
    ];

    fn translate(signature: &str, call: &Call) -> Result<Call> {
        super::translate::<Self>(signature, call)
    }
}

impl Solver for Gsam {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        let ascent = Ascent { rho: self.rho, adaptive: self.adaptive, eps: self.eps };
        let (_, above) = oracle.gradient(&ascent.from(x, &gradient))?;
        let (old, new) = (norm(&gradient), norm(&above));
        let cosine = dot(&gradient, &above) / (new * old + self.eps);
        let orthogonal = plus(&gradient, -cosine * old / (new + self.eps), &above);
        let mixed = plus(&above, -self.alpha, &orthogonal);
        apply(&self.inner, oracle, x, (value, &mixed), memory, lr)?;
        Ok(progress)
    }

    fn lr(&self) -> f64 {
        self.inner.lr()
    }
}
