use super::linalg::{add, dot, max_abs, minus, scaled};
use super::line_search::{Limits, Line, LineSearch};
use super::{Listed, Memory, Oracle, Outcome, Progress, Solver};
use crate::error::Result;
use crate::named::Named;
use crate::reference::Signature;
use crate::text::{Call, Value};

solver! {
    /// L-BFGS as PyTorch has it: one step is up to `max_iter` quasi-Newton iterations, with a fixed step length or a strong
    /// Wolfe search.
    ///
    /// With `s = x_k − x_{k−1}`, `y = g_k − g_{k−1}` of the last `history` iterations for which `yᵀs > 1e-10`, the direction
    /// `d = −H g` follows by the two-loop recursion from `H₀ = (yᵀs / yᵀy) I`; the first step is
    /// `min(1, 1/‖g‖₁) · lr` long, later ones `lr`. In fixed-step form the function is not evaluated after the last
    /// iteration of a step.
    ///
    /// D. C. Liu and J. Nocedal, On the limited memory BFGS method for large scale optimization, Mathematical Programming 45
    /// (1989); reference `torch.optim.LBFGS`.
    pub struct Lbfgs = "lbfgs" {
        /// The length of a step, or where the search for it starts.
        lr: f64 = 1.0, in NonNegative;
        /// The most iterations in a step.
        max_iter: usize = 20, in AtLeastOne;
        /// The most evaluations in a step; `max_iter · 5 / 4` if none is given.
        max_eval: Option<usize> = None, in AtLeastOne;
        /// The largest gradient at a minimum.
        tolerance_grad: f64 = 1e-7, in NonNegative;
        /// A step that changes value and parameters by less ends the iterations.
        tolerance_change: f64 = 1e-9, in NonNegative;
        /// The number of pairs that are remembered.
        history: usize = 100, in AtLeastOne;
        /// How the length of a step is found; it is `lr` if there is none.
        search: Option<LineSearch> = None, in Any;
        /// Whether to look for a maximum.
        maximize: bool = false, in Any;
    }
}

/// The last pairs of a quasi-Newton method, oldest first.
#[derive(Default)]
pub(super) struct Pairs {
    pub steps: Vec<f64>,
    pub changes: Vec<f64>,
    /// `1 / yᵀs` of each.
    pub weights: Vec<f64>,
}

impl Pairs {
    pub fn of(memory: &mut Memory) -> Self {
        let mut take = |name| memory.take(name).unwrap_or_default();
        Pairs { steps: take("s"), changes: take("y"), weights: take("rho") }
    }

    pub fn keep(self, memory: &mut Memory) {
        memory.set("s", self.steps);
        memory.set("y", self.changes);
        memory.set("rho", self.weights);
    }

    pub fn push(&mut self, step: &[f64], change: &[f64], weight: f64, most: usize) {
        if self.weights.len() == most {
            self.steps.drain(..step.len());
            self.changes.drain(..step.len());
            self.weights.remove(0);
        }
        self.steps.extend(step);
        self.changes.extend(change);
        self.weights.push(weight);
    }

    /// The two-loop recursion: the inverse Hessian that the pairs stand for, starting from `scale · I`, times `g`.
    pub fn times(&self, mut q: Vec<f64>, scale: f64) -> Vec<f64> {
        let n = q.len();
        let pair =
            |k: usize| (&self.steps[k * n..(k + 1) * n], &self.changes[k * n..(k + 1) * n], self.weights[k]);
        let mut along = vec![0.0; self.weights.len()];
        for k in (0..along.len()).rev() {
            let (s, y, rho) = pair(k);
            along[k] = rho * dot(s, &q);
            add(&mut q, -along[k], y);
        }
        q.iter_mut().for_each(|q| *q *= scale);
        for (k, along) in along.iter().enumerate() {
            let (s, y, rho) = pair(k);
            let back = rho * dot(y, &q);
            add(&mut q, along - back, s);
        }
        q
    }
}

impl Lbfgs {
    /// The quasi-Newton direction at a gradient, after the last step is taken into account.
    fn direction(&self, gradient: &[f64], pairs: &mut Pairs, memory: &mut Memory) -> Vec<f64> {
        let n = gradient.len();
        let change = minus(gradient, memory.zeros("g", n));
        let t = memory.number("t").unwrap_or(0.0);
        let step = scaled(t, memory.zeros("d", n));
        let along = dot(&change, &step);
        if along > 1e-10 {
            pairs.push(&step, &change, 1.0 / along, self.history);
            memory.set_number("scale", along / dot(&change, &change));
        }
        pairs.times(scaled(-1.0, gradient), memory.number("scale").unwrap_or(1.0))
    }

    /// Where one more iteration would do no good. Steps and values that hardly change say that a minimum is near only where
    /// the gradient is small, too: PyTorch stops there as well, but claims nothing.
    fn verdict(&self, x: &[f64], value: f64, gradient: &[f64], moved: f64, changed: f64) -> Option<Outcome> {
        let (largest, tolerance) = (max_abs(gradient), self.tolerance_change);
        let why = if largest <= self.tolerance_grad {
            let why = format!(
                "the largest gradient, {largest:.2e}, is within tolerance_grad={:e}",
                self.tolerance_grad
            );
            return Some(Outcome::Converged(why));
        } else if moved <= tolerance {
            format!("the step moved no parameter by more than tolerance_change={tolerance:e}")
        } else if changed < tolerance {
            format!("the value changed by less than tolerance_change={tolerance:e}")
        } else {
            return None;
        };
        Some(Outcome::if_small(x, value, gradient, why))
    }
}

impl Listed for Lbfgs {
    const CITATION: &'static str = "\
@article{liu1989,
  author = {Liu, Dong C. and Nocedal, Jorge},
  title = {On the Limited Memory BFGS Method for Large Scale Optimization},
  journal = {Mathematical Programming},
  volume = {45},
  pages = {503--528},
  year = {1989}
}";

    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.LBFGS(params, lr, max_iter, max_eval, tolerance_grad, tolerance_change, history_size: history, line_search_fn: search)",
    ];

    fn translate(signature: &str, call: &Call) -> Result<Call> {
        let own = |argument: &&(Option<String>, Value)| argument.0.as_deref() == Some("maximize");
        let mut ours =
            Signature::read(signature)?.apply(Self::NAME, call, &|_, value| *value != Value::None)?;
        ours.arguments.extend(call.arguments.iter().find(own).cloned());
        Ok(ours)
    }
}

impl Solver for Lbfgs {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let negated = Negated(oracle);
        let oracle = if self.maximize { &negated } else { oracle };
        let (mut value, mut gradient) = oracle.gradient(x)?;
        let sign = if self.maximize { -1.0 } else { 1.0 };
        let mut progress = Progress::on(sign * value, &gradient);
        if max_abs(&gradient) <= self.tolerance_grad {
            progress.outcome = self.verdict(x, value, &gradient, f64::INFINITY, f64::INFINITY);
            return Ok(progress);
        }
        let max_eval = self.max_eval.unwrap_or(self.max_iter * 5 / 4);
        let mut pairs = Pairs::of(memory);
        let mut evaluations = 1;
        for iteration in 1..=self.max_iter {
            let is_first = memory.count("iterations") == 1.0;
            let direction = match is_first {
                true => scaled(-1.0, &gradient),
                false => self.direction(&gradient, &mut pairs, memory),
            };
            let before = value;
            let size: f64 = gradient.iter().map(|g| g.abs()).sum();
            let mut t = if is_first { (1.0 / size).min(1.0) * lr } else { lr };
            memory.set("g", gradient.clone());
            let slope = dot(&gradient, &direction);
            memory.set("d", direction.clone());
            memory.set_number("t", t);
            if slope > -self.tolerance_change {
                let why = format!(
                    "the slope along the direction, {slope:.2e}, is within tolerance_change={:e}",
                    self.tolerance_change
                );
                progress.outcome = Some(Outcome::if_small(x, value, &gradient, why));
                break;
            }
            let is_last = iteration == self.max_iter;
            match self.search {
                Some(search) => {
                    let line = Line { oracle, x, direction: &direction };
                    let start = line.trial(0.0, value, gradient);
                    let limits = Limits {
                        max_steps: Some(max_eval.saturating_sub(evaluations)),
                        tolerance_change: self.tolerance_change,
                    };
                    let (trial, asked) = search.search(&line, &start, t, limits)?;
                    (value, gradient, t) = (trial.value, trial.gradient, trial.t);
                    evaluations += asked;
                    add(x, t, &direction);
                }
                None => {
                    add(x, t, &direction);
                    if !is_last {
                        (value, gradient) = oracle.gradient(x)?;
                        evaluations += 1;
                    }
                }
            }
            memory.set_number("t", t);
            if is_last || evaluations >= max_eval {
                break;
            }
            let moved = t * max_abs(&direction);
            progress.outcome = self.verdict(x, value, &gradient, moved, (value - before).abs());
            if progress.outcome.is_some() {
                break;
            }
        }
        pairs.keep(memory);
        Ok(progress)
    }

    fn lr(&self) -> f64 {
        self.lr
    }
}

/// The function upside down, for a search that looks for less.
struct Negated<'a>(&'a dyn Oracle);

impl Oracle for Negated<'_> {
    fn layout(&self) -> &super::Layout {
        self.0.layout()
    }

    fn gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>)> {
        let (value, gradient) = self.0.gradient(x)?;
        Ok((-value, scaled(-1.0, &gradient)))
    }

    fn hvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        Ok(scaled(-1.0, &self.0.hvp(x, v)?))
    }
}
