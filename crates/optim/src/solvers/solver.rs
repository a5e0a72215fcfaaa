use std::fmt;

use thalweg_autodiff::{Function, Tree};

use super::linalg::{is_finite, max_abs};
use super::oracle::{Oracle, oracle};
use super::{Counted, Counts, Memory};
use crate::error::Result;

/// A rule that may ask a function for more than one gradient in a step.
///
/// A solver is immutable; what it remembers stands beside it, as for a [`Transform`](crate::Transform). Adding one is a
/// file in this folder and a line in its registry.
pub trait Solver: fmt::Debug + Send + Sync {
    /// Moves `x` by one step and says where that led. `lr` is the learning rate, which a schedule may change from step
    /// to step; solvers that find the length of their step themselves do not look at it.
    ///
    /// # Errors
    /// What the oracle gives, and [`Error::Driver`](crate::Error::Driver) if it lacks what the solver needs.
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress>;

    /// The learning rate where no schedule gives one.
    fn lr(&self) -> f64 {
        1.0
    }

    /// Whether it runs on oracles that declare residuals only.
    fn needs_residuals(&self) -> bool {
        false
    }

    /// The parameters to judge by, where they are others than those that the next step starts from, for instance an
    /// average.
    fn judged(&self, x: &[f64], memory: &Memory) -> Vec<f64> {
        let _ = memory;
        x.to_vec()
    }
}

/// What one step of a solver has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The value where the step started.
    pub value: f64,
    /// The largest magnitude in the gradient where the step started.
    pub gradient: f64,
    /// Why there is no use in a further step, if there is none.
    pub outcome: Option<Outcome>,
}

impl Progress {
    /// A step from a point of this value and gradient that gives no reason to stop.
    pub fn on(value: f64, gradient: &[f64]) -> Self {
        Progress { value, gradient: max_abs(gradient), outcome: None }
    }

    /// The same with a reason to stop.
    pub fn stop(self, outcome: Outcome) -> Self {
        Progress { outcome: Some(outcome), ..self }
    }
}

/// The largest relative gradient at which small changes mean a minimum.
const SMALL: f64 = 1e-3;

/// Why a solver stopped. Each prints as a sentence.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A test of the solver says that this is a minimum, or as good as one.
    Converged(String),
    /// No step that the solver tries makes progress.
    Stalled(String),
    /// Value or gradient are infinite or not a number.
    NonFinite(String),
    /// The number of steps that were allowed is used up.
    OutOfSteps(usize),
}

impl Outcome {
    /// That a gradient is small, if it is; `beside` says what else is known of the point.
    pub(super) fn of_gradient(gradient: f64, gtol: f64, beside: &str) -> Option<Self> {
        (gradient <= gtol).then(|| {
            Outcome::Converged(format!("the largest gradient, {gradient:.2e}, is within gtol={gtol:e}{beside}"))
        })
    }

    /// Converged where the relative gradient, `max |gᵢ| max(|xᵢ|, 1) / max(|f|, 1)` (Dennis and Schnabel, Numerical Methods
    /// for Unconstrained Optimization and Nonlinear Equations, section 7.2), is small, else stalled: `why` says that nothing
    /// moves any more, which is no minimum by itself.
    pub(super) fn if_small(x: &[f64], value: f64, gradient: &[f64], why: String) -> Self {
        let of = |(x, g): (&f64, &f64)| g.abs() * x.abs().max(1.0) / value.abs().max(1.0);
        // A gradient that is NaN is not small.
        match x.iter().zip(gradient).all(|pair| of(pair) <= SMALL) {
            true => Outcome::Converged(why),
            false => Outcome::Stalled(format!(
                "{why}, but the largest gradient is still {:.2e}; start elsewhere, rescale the parameters, or search along \
                 the direction",
                max_abs(gradient)
            )),
        }
    }

    /// Whether the solver found what it looked for.
    pub fn is_converged(&self) -> bool {
        matches!(self, Outcome::Converged(_))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Converged(why) => write!(f, "Converged: {why}."),
            Outcome::Stalled(why) => write!(f, "Stalled: {why}."),
            Outcome::NonFinite(why) => write!(f, "Not finite: {why}."),
            Outcome::OutOfSteps(n) => {
                write!(f, "Out of steps: all {n} are taken without convergence; allow more, or start nearer.")
            }
        }
    }
}

/// Where a minimization ended.
#[derive(Clone, Debug)]
pub struct Solution<A> {
    /// The last point.
    pub x: A,
    /// The value there.
    pub value: f64,
    /// The largest magnitude in the gradient there.
    pub gradient: f64,
    /// The steps taken.
    pub steps: usize,
    /// What the oracle was asked.
    pub counts: Counts,
    /// Why it ended.
    pub outcome: Outcome,
}

/// Minimizes a Burn function that returns one number, from `x` on, in at most `steps` steps.
///
/// Whether the value is zero somewhere plays no part: only the solver's own tests end a run, and a start where value or
/// gradient are not finite ends it at once, with a sentence that says so.
///
/// ```
/// use burn::tensor::{DType, Device, Tensor};
/// use thalweg_optim::solvers::{NewtonCg, minimize};
///
/// let rosenbrock = |x: Tensor<1>| {
///     let (a, b) = (x.clone().slice(0..1), x.slice(1..2));
///     (a.clone() - 1.0).square() + (b - a.square()).square() * 100.0
/// };
/// let start = Tensor::<1>::from_floats([-1.2, 1.0], &Device::flex()).cast(DType::F64);
/// let found = minimize(rosenbrock, &start, &NewtonCg::default(), 100)?;
/// assert!(found.outcome.is_converged() && found.value < 1e-10, "{}", found.outcome);
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
///
/// # Errors
/// What tracing or running the function gives; [`Error::Driver`](crate::Error::Driver) if it lacks what the solver needs.
pub fn minimize<A: Tree, M, F: Function<A, M>>(
    f: F,
    x: &A,
    solver: &dyn Solver,
    steps: usize,
) -> Result<Solution<A>> {
    let oracle = oracle(f, x)?;
    let found = minimize_oracle(&oracle, oracle.point(x)?, solver, steps)?;
    let Solution { x, value, gradient, steps, counts, outcome } = found;
    Ok(Solution { x: oracle.layout().write(&x)?, value, gradient, steps, counts, outcome })
}

/// As [`minimize`], for any oracle and in its vectors.
///
/// # Errors
/// As [`minimize`].
pub fn minimize_oracle(
    oracle: &dyn Oracle,
    mut x: Vec<f64>,
    solver: &dyn Solver,
    steps: usize,
) -> Result<Solution<Vec<f64>>> {
    let counted = Counted::new(oracle);
    let mut memory = Memory::default();
    let mut taken = 0;
    let mut outcome = not_finite(&counted, &x)?;
    while outcome.is_none() && taken < steps {
        let progress = solver.step(&counted, &mut x, &mut memory, solver.lr())?;
        outcome = progress.outcome;
        taken += 1;
        if !is_finite(&x) {
            outcome = Some(left_the_finite(&format!("step {taken} led to a point that is not finite")));
        } else if !(progress.value.is_finite() && progress.gradient.is_finite()) {
            let Progress { value, gradient, .. } = progress;
            let what = format!("the function is {value} and its gradient {gradient} where step {taken} began");
            outcome = Some(left_the_finite(&what));
        }
    }
    let x = solver.judged(&x, &memory);
    let (value, gradient) = oracle.gradient(&x)?;
    // A solver that looks at the gradient alone, or at a value before its last move, does not see this.
    let gradient = max_abs(&gradient);
    let is_finite = value.is_finite() && gradient.is_finite();
    if !is_finite && !matches!(outcome, Some(Outcome::NonFinite(_))) {
        let what = format!("the function is {value} and its gradient {gradient} at the last point");
        outcome = Some(left_the_finite(&what));
    }
    Ok(Solution {
        value,
        gradient,
        x,
        steps: taken,
        counts: counted.counts(),
        outcome: outcome.unwrap_or(Outcome::OutOfSteps(steps)),
    })
}

fn left_the_finite(what: &str) -> Outcome {
    Outcome::NonFinite(format!(
        "{what}; take a smaller learning rate or a solver that searches along its direction"
    ))
}

/// What is wrong with a point that a solver cannot start from.
fn not_finite(oracle: &dyn Oracle, x: &[f64]) -> Result<Option<Outcome>> {
    if let Some(i) = x.iter().position(|x| !x.is_finite()) {
        let why = format!("element {i} of the start is {}; start from finite numbers", x[i]);
        return Ok(Some(Outcome::NonFinite(why)));
    }
    let (value, gradient) = oracle.gradient(x)?;
    let what = match (value.is_finite(), gradient.iter().find(|g| !g.is_finite())) {
        (true, None) => return Ok(None),
        (false, _) => format!("the function is {value} at the start"),
        (true, Some(g)) => format!("the function is {value} at the start, but its gradient holds {g}"),
    };
    Ok(Some(Outcome::NonFinite(format!("{what}; start where the function and its gradient are finite"))))
}
