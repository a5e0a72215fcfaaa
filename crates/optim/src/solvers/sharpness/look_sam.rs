use super::Ascent;
use crate::error::Result;
use crate::recipe::AnyRecipe;
use crate::solvers::lifted::apply;
use crate::solvers::linalg::{dot, norm, plus};
use crate::solvers::{Listed, Memory, Oracle, Progress, Solver};
use crate::text::Call;

solver! {
    /// LookSAM: the component that SAM adds to a gradient is computed at every `k`-th step and used again in between.
    ///
    /// At steps `0, k, 2k, …` the gradient `g_s` at `θ + ρ g / (‖g‖ + ε)` moves `θ`, and of it, tensor by tensor, the part
    /// orthogonal to `g` is kept: `v = g_s − (g_sᵀg / ‖g‖²) g`. At the others `θ` moves with
    /// `g + α ‖g‖ / (‖v‖ + 1e-8) · v`, at the cost of one gradient.
    ///
    /// Y. Liu, S. Mai, X. Chen, C.-J. Hsieh and Y. You, Towards efficient and scalable sharpness-aware minimization, CVPR
    /// (2022), arXiv:2203.02714; reference `pytorch_optimizer.LookSAM` 4.1.0.
    pub struct LookSam = "look_sam" {
        /// The optimizer.
        inner: AnyRecipe, in Any;
        /// How far up.
        rho: f64 = 0.1, in NonNegative;
        /// The number of steps from one component to the next.
        k: usize = 10, in AtLeastOne;
        /// How much of the component is added.
        alpha: f64 = 0.7, in NonNegative;
        /// Whether a parameter counts by its size.
        adaptive: bool = false, in Any;
        /// What keeps the division from zero.
        eps: f64 = 1e-12, in NonNegative;
    }
}

impl Listed for LookSam {
    const CITATION: &'static str = "\
@inproceedings{liu2022looksam,
  author = {Liu, Yong and Mai, Siqi and Chen, Xiangning and Hsieh, Cho-Jui and You, Yang},
  title = {Towards Efficient and Scalable Sharpness-Aware Minimization},
  booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2022},
  eprint = {2203.02714},
  archivePrefix = {arXiv}
}";

    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.LookSAM(params, base_optimizer, rho, k, alpha, adaptive, -use_gc=false, perturb_eps: eps)",
    ];

    fn translate(signature: &str, call: &Call) -> Result<Call> {
        super::translate::<Self>(signature, call)
    }
}

impl Solver for LookSam {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        let layout = oracle.layout();
        let is_fresh = (memory.count("t") as usize - 1).is_multiple_of(self.k);
        let mixed = if is_fresh {
            let ascent = Ascent { rho: self.rho, adaptive: self.adaptive, eps: self.eps };
            let (_, above) = oracle.gradient(&ascent.from(x, &gradient))?;
            let orthogonal = |(above, g): (&[f64], &[f64])| {
                let (size, length) = (norm(above), norm(g).max(self.eps));
                let cosine = dot(g, above) / (length * size.max(self.eps));
                plus(above, -size * cosine / length, g)
            };
            let parts = layout.split(&above)?.into_iter().zip(layout.split(&gradient)?);
            memory.set("v", parts.flat_map(orthogonal).collect());
            above
        } else {
            let add = |(g, v): (&[f64], &[f64])| plus(g, self.alpha * norm(g) / (norm(v) + 1e-8), v);
            let v = memory.zeros("v", x.len());
            layout.split(&gradient)?.into_iter().zip(layout.split(v)?).flat_map(add).collect()
        };
        apply(&self.inner, oracle, x, (value, &mixed), memory, lr)?;
        Ok(progress)
    }

    fn lr(&self) -> f64 {
        self.inner.lr()
    }
}
