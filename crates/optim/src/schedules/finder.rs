use std::fmt;

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use thalweg_autodiff::{IntoResult, Tree, executor, module};

use crate::error::{Error, Result};

/// The learning-rate range test: a short training in which the rate grows from step to step until the loss does too.
///
/// L. N. Smith, Cyclical learning rates for training neural networks, WACV (2017), arXiv:1506.01186, section 3.3. The rate
/// grows by a constant factor, where the paper adds a constant: so each decade has as many points. The loss is smoothed as
/// an exponentially weighted average with bias correction, and the test ends where that exceeds `divergence` times its
/// least value.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::optim::SgdConfig;
/// use burn::tensor::{Device, Tensor};
/// use thalweg_optim::schedules::Finder;
///
/// let device = Device::flex().autodiff();
/// let model = LinearConfig::new(2, 1).init(&device);
/// let x = Tensor::<2>::from_floats([[1.0, 2.0], [3.0, -1.0], [0.0, 1.0], [-1.0, 1.0]], &device);
/// let loss = |m: &Linear, x: &Tensor<2>| (m.forward(x.clone()) - 1.0).powi_scalar(2).mean();
/// let found = Finder::default().find(loss, &model, SgdConfig::new().init(), std::iter::repeat(x))?;
/// let rate = found.steepest.expect("the loss of this model falls");
/// assert!(rate > 1e-4 && rate < 1.0);
/// println!("{found}"); // a sentence, and where it was best
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Finder {
    /// The first rate.
    pub low: f64,
    /// The last rate.
    pub high: f64,
    /// The number of steps from one to the other.
    pub steps: usize,
    /// What the average of losses keeps of its past.
    pub smoothing: f64,
    /// How many times its least value the loss must exceed to end the test.
    pub divergence: f64,
}

impl Default for Finder {
    fn default() -> Self {
        Finder { low: 1e-7, high: 10.0, steps: 100, smoothing: 0.9, divergence: 4.0 }
    }
}

/// What a step of the test has found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The rate of the step.
    pub lr: f64,
    /// The loss before the step.
    pub loss: f64,
    /// The average of the losses up to it.
    pub smoothed: f64,
}

/// What the test has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// All steps, with ascending rates.
    pub points: Vec<Point>,
    /// The rate at which the smoothed loss fell fastest over the logarithm of the rate; none if it never fell. Suits as
    /// the highest rate of a schedule.
    pub steepest: Option<f64>,
    /// The rate at which the smoothed loss was least; none if it never fell. Training at it is on the edge: a tenth of it
    /// is a usual choice.
    pub lowest: Option<f64>,
    /// Whether the test ended because the loss grew; if not, a higher rate might do as well.
    pub has_diverged: bool,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((steepest, lowest)) = self.steepest.zip(self.lowest) else {
            return f.write_str(
                "The loss never fell; begin with a lower rate, take more steps, or look at the model and its data.",
            );
        };
        write!(f, "The loss fell fastest at a rate of {steepest:.1e} and was least at {lowest:.1e}")?;
        match self.has_diverged {
            true => f.write_str("; beyond, it grew."),
            false => {
                f.write_str("; it had not grown when the test ended, so that a higher rate may do as well.")
            }
        }
    }
}

impl Finder {
    /// Runs the test on a training that is given by its step: a closure that takes a rate, makes one step with it, and
    /// gives the loss before the step. `None` ends the test, for instance where there are no more batches.
    ///
    /// # Errors
    /// [`Error::Hyperparameter`] for settings that make no test, and what `step` gives.
    pub fn run(&self, mut step: impl FnMut(f64) -> Result<Option<f64>>) -> Result<Found> {
        self.check()?;
        let (mut smoothed, mut least) = (0.0, f64::INFINITY);
        let mut found = Found { points: vec![], steepest: None, lowest: None, has_diverged: false };
        let growth = (self.high / self.low).ln() / (self.steps.max(2) - 1) as f64;
        for t in 0..self.steps {
            let lr = self.low * (growth * t as f64).exp();
            let Some(loss) = step(lr)? else { break };
            // The weight of the newest loss in the corrected average; in this form equal losses have an equal average.
            smoothed += (loss - smoothed) * (1.0 - self.smoothing) / (1.0 - self.smoothing.powi(t as i32 + 1));
            found.points.push(Point { lr, loss, smoothed });
            least = smoothed.min(least);
            // Negated, so that a loss that is not a number has diverged as well. Losses below zero tell nothing so.
            let bound = if least > 0.0 { self.divergence * least } else { f64::INFINITY };
            if !(smoothed.is_finite() && smoothed <= bound) {
                found.has_diverged = true;
                break;
            }
        }
        found.judge();
        Ok(found)
    }

    /// Runs the test on a module, a Burn optimizer and a stream of batches. The module is left as it is; a stream that
    /// ends ends the test.
    ///
    /// # Errors
    /// As [`Finder::run`]; [`Error::Autodiff`] if the loss cannot be differentiated.
    pub fn find<M: Module, B: Tree, R: IntoResult>(
        &self,
        loss: impl Fn(&M, &B) -> R,
        model: &M,
        optimizer: impl Into<ModuleOptimizer>,
        batches: impl IntoIterator<Item = B>,
    ) -> Result<Found> {
        let (mut model, mut optimizer) = (model.clone(), optimizer.into());
        let mut batches = batches.into_iter();
        self.run(|lr| {
            let Some(batch) = batches.next() else { return Ok(None) };
            let (value, gradients, updated): (_, GradientsParams, M) =
                module::value_and_grad_with_state(&loss)(&model, &batch)?;
            model = optimizer.step(lr, updated, gradients);
            let mut leaves = vec![];
            value.flatten(&mut leaves);
            let value = leaves.into_iter().next().map(executor::download).transpose()?;
            Ok(value.and_then(|data| data.iter::<f64>().next()))
        })
    }

    fn check(&self) -> Result<()> {
        let is_good = self.low > 0.0
            && self.high > self.low
            && self.high.is_finite()
            && self.steps >= 2
            && (0.0..1.0).contains(&self.smoothing)
            && self.divergence > 1.0;
        match is_good {
            true => Ok(()),
            false => Err(Error::Hyperparameter(format!(
                "The range test needs 0 < low < high, at least 2 steps, a smoothing from 0 to below 1 and a divergence \
                 above 1, but has {self:?}."
            ))),
        }
    }
}

impl Found {
    /// Reads off where the loss fell.
    fn judge(&mut self) {
        let finite = self.points.iter().take_while(|p| p.smoothed.is_finite()).count();
        let points = &self.points[..finite];
        let least = (0..finite).min_by(|i, j| points[*i].smoothed.total_cmp(&points[*j].smoothed));
        let Some(least) = least.filter(|least| points[*least].smoothed < points[0].smoothed) else { return };
        // Rates grow by a constant factor, so that differences of neighbours compare slopes.
        let slope = |k: &usize| points[k + 1].smoothed - points[k - 1].smoothed;
        let steepest =
            (1..finite.saturating_sub(1)).filter(|k| *k <= least).min_by(|i, j| slope(i).total_cmp(&slope(j)));
        self.lowest = Some(points[least].lr);
        self.steepest = Some(points[steepest.unwrap_or(least)].lr);
    }
}
