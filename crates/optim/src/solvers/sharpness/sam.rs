use super::Ascent;
use crate::error::Result;
use crate::named::Named;
use crate::recipe::AnyRecipe;
use crate::reference::Signature;
use crate::solvers::lifted::apply;
use crate::solvers::{Listed, Memory, Oracle, Progress, Solver};
use crate::text::{Call, Value};

solver! {
    /// Sharpness-aware minimization around any optimizer.
    ///
    /// From `θ`, `ascents` steps `θ̂ ← θ̂ + ρ ∇f(θ̂) / (‖∇f(θ̂)‖ + ε)` are taken up, the norm over all parameters; then the
    /// optimizer moves `θ` with the gradient at `θ̂`. Adaptive (ASAM), the step up is `ρ T² g / (‖T g‖ + ε)` with
    /// `T = diag |θ|`.
    ///
    /// P. Foret, A. Kleiner, H. Mobahi and B. Neyshabur, Sharpness-aware minimization for efficiently improving
    /// generalization, ICLR (2021), arXiv:2010.01412; J. Kwon, J. Kim, H. Park and I. K. Choi, ASAM, ICML (2021),
    /// arXiv:2102.11600. References `pytorch_optimizer.SAM` 4.1.0, and `optax.contrib.sam` 0.2.8 with `eps=0` and
    /// `ascents = sync_period − 1`. The loss that the optimizer may look at is that at `θ`.
    pub struct Sam = "sam" {
        /// The optimizer.
        inner: AnyRecipe, in Any;
        /// How far up.
        rho: f64 = 0.05, in NonNegative;
        /// Whether a parameter counts by its size.
        adaptive: bool = false, in Any;
        /// The number of steps up.
        ascents: usize = 1, in Any;
        /// What keeps the division from zero.
        eps: f64 = 1e-12, in NonNegative;
    }
}

impl Listed for Sam {
    const CITATION: &'static str = "\
@inproceedings{foret2021,
  author = {Foret, Pierre and Kleiner, Ariel and Mobahi, Hossein and Neyshabur, Behnam},
  title = {Sharpness-Aware Minimization for Efficiently Improving Generalization},
  booktitle = {International Conference on Learning Representations},
  year = {2021},
  eprint = {2010.01412},
  archivePrefix = {arXiv}
}";

    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.SAM(params, base_optimizer, rho, adaptive, -use_gc=false, perturb_eps: eps)",
        "optax.contrib.sam(optimizer: inner, adv_optimizer: rho, sync_period: ascents = 2, -reset_state=true, -opaque_mode, -batch_axis_name; eps=0)",
    ];

    fn translate(signature: &str, call: &Call) -> Result<Call> {
        if !signature.starts_with("optax") {
            return super::translate::<Self>(signature, call);
        }
        // The steps up are taken by an optimizer that normalizes the gradient and scales it by the radius.
        let mut ours =
            Signature::read(signature)?.apply(Self::NAME, call, &|_, value| *value != Value::None)?;
        for (name, value) in &mut ours.arguments {
            match (name.as_deref(), &mut *value) {
                (Some("ascents"), Value::Number(period)) => *period -= 1.0,
                (Some("rho"), Value::Call(ascent)) => *value = Value::Number(AnyRecipe::build(ascent)?.lr()),
                _ => {}
            }
        }
        Ok(ours)
    }
}

impl Solver for Sam {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, mut gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        let ascent = Ascent { rho: self.rho, adaptive: self.adaptive, eps: self.eps };
        let mut up = x.clone();
        for _ in 0..self.ascents {
            up = ascent.from(&up, &gradient);
            gradient = oracle.gradient(&up)?.1;
        }
        apply(&self.inner, oracle, x, (value, &gradient), memory, lr)?;
        Ok(progress)
    }

    fn lr(&self) -> f64 {
        self.inner.lr()
    }
}
