use super::linalg::{add, scaled};
use super::line_search::{Limits, Line, LineSearch};
use super::{Listed, Memory, Oracle, Outcome, Progress, Solver};
use crate::error::Result;

solver! {
    /// Steepest descent with a line search: `θ ← θ − t g` with a `t` that the search finds.
    ///
    /// The first search starts at `lr`, later ones at twice the step that was taken last, so that the steps may grow.
    /// Descent with a rate given beforehand is the recipe `sgd`.
    ///
    /// A. Cauchy (1847); Nocedal and Wright, Numerical Optimization, chapter 3.
    pub struct GradientDescent = "gradient_descent" {
        /// Where the first search starts.
        lr: f64 = 1.0, in NonNegative;
        /// How the length of a step is found.
        search: LineSearch = LineSearch::Armijo, in Any;
        /// The largest gradient at a minimum.
        gtol: f64 = 1e-8, in NonNegative;
    }
}

impl Listed for GradientDescent {
    const CITATION: &'static str = "\
@book{nocedal2006,
  author = {Nocedal, Jorge and Wright, Stephen J.},
  title = {Numerical Optimization},
  publisher = {Springer},
  edition = {2},
  year = {2006}
}";
}

impl Solver for GradientDescent {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        if let Some(outcome) = Outcome::of_gradient(progress.gradient, self.gtol, "") {
            return Ok(progress.stop(outcome));
        }
        let direction = scaled(-1.0, &gradient);
        let first = memory.number("t").map_or(lr, |t| 2.0 * t);
        let t = {
            let line = Line { oracle, x, direction: &direction };
            let start = line.trial(0.0, value, gradient);
            self.search.search(&line, &start, first, Limits::default())?.0.t
        };
        if t == 0.0 {
            let why =
                "the search found no step that decreases the function; compute in f64, or look for a kink";
            return Ok(progress.stop(Outcome::Stalled(why.into())));
        }
        add(x, t, &direction);
        memory.set_number("t", t);
        Ok(progress)
    }

    fn lr(&self) -> f64 {
        self.lr
    }
}
