use super::lbfgs::Pairs;
use super::linalg::{add, dot, minus, norm, scaled};
use super::line_search::{Line, Zoom};
use super::{Listed, Memory, Oracle, Outcome, Progress, Solver};
use crate::error::Result;

solver! {
    /// L-BFGS as optax has it: one quasi-Newton direction a step, along which a zoom search looks for sufficient decrease
    /// and small curvature.
    ///
    /// The direction is `−P g` by the two-loop recursion over the last `history` pairs, starting from `P₀ = γ I` with
    /// `γ = yᵀs / yᵀy` of the last pair; at the first step `γ = min(1, 1/‖g‖)`. Without `scale_init_precond`, `γ = 1`
    /// always. Unlike in [`Lbfgs`](super::Lbfgs) every pair is kept, whatever the sign of `yᵀs`.
    ///
    /// Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5; reference `optax.lbfgs` 0.2.8.
    pub struct LbfgsZoom = "lbfgs_zoom" {
        /// What the direction is multiplied by before the search.
        lr: f64 = 1.0, in NonNegative;
        /// The number of pairs that are remembered.
        history: usize = 10, in AtLeastOne;
        /// Whether the inverse Hessian is scaled by the last pair.
        scale_init_precond: bool = true, in Any;
        /// The most evaluations along a direction.
        max_linesearch_steps: usize = 20, in AtLeastOne;
        /// The largest gradient at a minimum.
        gtol: f64 = 1e-8, in NonNegative;
    }
}

impl Listed for LbfgsZoom {
    const CITATION: &'static str = "\
@article{liu1989,
  author = {Liu, Dong C. and Nocedal, Jorge},
  title = {On the Limited Memory BFGS Method for Large Scale Optimization},
  journal = {Mathematical Programming},
  volume = {45},
  pages = {503--528},
  year = {1989}
}";

    const REFERENCES: &'static [&'static str] =
        &["optax.lbfgs(learning_rate: lr, memory_size: history, scale_init_precond)"];
}

impl Solver for LbfgsZoom {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        let mut pairs = Pairs::of(memory);
        let mut scale = 1.0;
        match (memory.take("x"), memory.take("g")) {
            (Some(last), Some(before)) => {
                let (step, change) = (minus(x, &last), minus(&gradient, &before));
                let (along, square) = (dot(&change, &step), dot(&change, &change));
                let weight = if along == 0.0 { 0.0 } else { 1.0 / along };
                pairs.push(&step, &change, weight, self.history);
                if self.scale_init_precond && square > 0.0 {
                    scale = along / square;
                }
            }
            _ if self.scale_init_precond => scale = (1.0 / norm(&gradient)).min(1.0),
            _ => {}
        }
        let direction = scaled(-lr, &pairs.times(gradient.clone(), scale));
        pairs.keep(memory);
        memory.set("x", x.clone());
        memory.set("g", gradient.clone());
        let trial = {
            let line = Line { oracle, x, direction: &direction };
            let start = line.trial(0.0, value, gradient);
            Zoom { max_steps: self.max_linesearch_steps, ..Default::default() }.search(&line, &start, 1.0)?.0
        };
        add(x, trial.t, &direction);
        Ok(match Outcome::of_gradient(progress.gradient, self.gtol, "") {
            Some(outcome) => progress.stop(outcome),
            None if trial.t == 0.0 => progress.stop(Outcome::Stalled(
                "the search found no step that decreases the function; start elsewhere, or compute in f64"
                    .into(),
            )),
            None => progress,
        })
    }

    fn lr(&self) -> f64 {
        self.lr
    }
}
