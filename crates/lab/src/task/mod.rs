//! Models that are trained: the shipped ones, and your own.

mod baselines;
mod deep_linear;
mod deep_tanh;
mod digits;
mod fashion;
mod fingerprint;
mod make;
mod spirals;
mod teacher_student;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use burn::module::Module;
use burn::tensor::Device;
use thalweg_autodiff::IntoResult as Returned;
use thalweg_init::Plan;
use thalweg_train::data::{BatchSampler, Dataset};
use thalweg_train::{LossOutput, Trainer, TrainerOptions};

pub use baselines::{Baseline, baseline};
pub use make::{ENTRIES, Entry, tasks};

use crate::error::{Error, Result};
use crate::method::Method;
use crate::problem::{Batch, Problem};
use crate::run::{Finished, Outcome, Record, Run};
use crate::study::{Part, Start};

/// How many targets there are, as for landscapes.
const TARGETS: usize = 51;

/// How often the held-out loss is looked at, at equal distances.
const CHECKS: u64 = 20;

/// How often it is looked at in each factor of ten of steps as well.
const IN_A_DECADE: i32 = 10;

/// Examples of a batch of the evaluation.
const EVALUATED: usize = 512;

/// A run is stuck if its loss fell by less than this share of the way to the target in the second half of its budget.
const STUCK: f64 = 0.01;

/// A run whose loss ends so many times above where it began has diverged.
const BEYOND: f64 = 10.0;

type Make<M> = Arc<dyn Fn(u64, &Device) -> Result<M> + Send + Sync>;
type LossOf<M, B, R> = Arc<dyn Fn(&M, &B) -> R + Send + Sync>;

/// A model, a loss and data: a problem like a landscape, with the same tuning, comparison and report.
///
/// A run makes the model by its seed, trains it with the run's optimizer on batches in an order by the same seed, and is
/// judged by the loss on held-out data. Its targets are 51 losses at equal ratios, from where a model starts to the loss
/// that is asked for.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Int, Tensor};
/// use thalweg_lab::problem::Problem;
/// use thalweg_lab::task::Task;
/// use thalweg_train::data::two_moons;
///
/// let loss = |model: &Linear, (x, labels): &(Tensor<2>, Tensor<1, Int>)| {
///     let targets = labels.clone().float().reshape([-1, 1]);
///     (model.forward(x.clone()) - targets).square().mean()
/// };
/// let (train, held_out) = two_moons(400, 0.1, 1)?.split(300, 1)?;
/// let task = Task::new("moons", |_, device| Ok(LinearConfig::new(2, 1).init(device)), loss, train, held_out, [0.5, 0.1]);
/// assert_eq!(task.targets().len(), 51);
/// # Ok::<(), thalweg_lab::Error>(())
/// ```
pub struct Task<M, S: Dataset, R> {
    name: String,
    make: Make<M>,
    loss: LossOf<M, S::Batch, R>,
    train: S,
    held_out: S,
    batch: usize,
    targets: Vec<f64>,
    revision: String,
}

impl<M, S, R> Task<M, S, R>
where
    M: Module + 'static,
    S: Dataset<Batch: 'static> + Send + Sync,
    R: Returned<Value: LossOutput> + 'static,
{
    /// A task. `make` gives the model by a seed on a device, with whatever first values it has where a study names no
    /// initializer; `losses` are the loss where a model starts and the one to get down to, both above zero. A study refuses
    /// others.
    pub fn new(
        name: &str,
        make: impl Fn(u64, &Device) -> Result<M> + Send + Sync + 'static,
        loss: impl Fn(&M, &S::Batch) -> R + Send + Sync + 'static,
        train: S,
        held_out: S,
        losses: [f64; 2],
    ) -> Self {
        let [from, to] = losses.map(libm::log);
        let share = |k: usize| (k + 1) as f64 / TARGETS as f64;
        Task {
            name: name.into(),
            make: Arc::new(make),
            loss: Arc::new(loss),
            train,
            held_out,
            batch: 64,
            revision: String::new(),
            targets: (0..TARGETS).map(|k| libm::exp(from + share(k) * (to - from))).collect(),
        }
    }

    /// The task with other batches than 64 examples.
    pub fn batch(self, examples: usize) -> Self {
        Task { batch: examples, ..self }
    }

    /// The task as another revision. Runs are kept under a fingerprint of the data, the model, the loss and its gradient on the
    /// first batch, the batch size and the targets; a change that none of these shows (what happens at later steps only)
    /// needs another revision.
    pub fn revision(self, revision: &str) -> Self {
        Task { revision: revision.into(), ..self }
    }

    fn train(&self, method: &Method, run: &Run, job: &Batch) -> Result<Finished> {
        let began = Instant::now();
        let Method::Recipe(recipe) = method else {
            return Err(Error::Study(solvers_need_landscapes(&self.name)));
        };
        // Instances of a task are its seeds.
        let seed = run.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(run.instance);
        let mut model = (self.make)(seed, &Device::flex())?;
        if let Some(scheme) = &run.initializer {
            let scheme: thalweg_init::AnyScheme = scheme.parse()?;
            model = Plan::all(scheme).apply(&model, seed)?;
        }
        let loss = self.loss.clone();
        let trainer =
            Trainer::new(model, recipe.clone(), move |model: &M, batch: &S::Batch| loss(model, batch))?;
        // The laboratory's jobs use all cores already.
        let options = TrainerOptions { seed, threads: Some(1), ..TrainerOptions::default() };
        let mut trainer = trainer.with_options(options)?;
        let mut batches = BatchSampler::new(self.train.len(), self.batch, seed)?;
        let mut log = Log::new(&self.targets);
        let mut checks = checks(run.budget).into_iter().peekable();
        log.note(0, trainer.evaluate(&self.held_out, EVALUATED)?.loss, began, run.budget);
        for step in 1..=run.budget {
            let batch = self.train.batch(batches.next_indices(), trainer.device());
            match trainer.step(run.lr, &batch) {
                Ok(_) => {}
                Err(thalweg_train::Error::NonFinite(_)) => {
                    log.diverge(step, began);
                    break;
                }
                Err(error) => return Err(error.into()),
            }
            if checks.next_if_eq(&step).is_some() {
                if job.stop.load(Ordering::Relaxed) {
                    return Err(Error::Stopped);
                }
                log.note(step, trainer.evaluate(&self.held_out, EVALUATED)?.loss, began, run.budget);
                if log.is_over() {
                    break;
                }
                if step < run.budget && job.seconds.is_some_and(|limit| began.elapsed().as_secs_f64() > limit) {
                    log.is_cut = true;
                    break;
                }
            }
        }
        Ok(log.finish(run.clone(), job.records, began))
    }
}

fn solvers_need_landscapes(task: &str) -> String {
    format!(
        "`{task}` is trained on batches, but a solver needs the same function at every point; take an optimizer that \
         makes a step of a gradient, or a landscape."
    )
}

/// The steps after which the held-out loss is looked at.
fn checks(budget: u64) -> Vec<u64> {
    let place = |k: i32| libm::round(libm::exp10(f64::from(k) / f64::from(IN_A_DECADE))) as u64;
    let mut all: Vec<u64> = (0..).map(place).take_while(|step| *step <= budget).collect();
    all.extend((1..=CHECKS).map(|k| (k * budget / CHECKS).max(1)));
    all.sort_unstable();
    all.dedup();
    all
}

/// What is noted of a training.
struct Log<'a> {
    targets: &'a [f64],
    hits: Vec<Option<u64>>,
    records: Vec<Record>,
    half: f64,
    is_diverged: bool,
    is_cut: bool,
}

impl<'a> Log<'a> {
    fn new(targets: &'a [f64]) -> Self {
        Log {
            targets,
            hits: vec![None; targets.len()],
            records: vec![],
            half: f64::NAN,
            is_diverged: false,
            is_cut: false,
        }
    }

    fn note(&mut self, evaluations: u64, value: f64, began: Instant, budget: u64) {
        for (hit, target) in self.hits.iter_mut().zip(self.targets) {
            if hit.is_none() && value <= *target {
                *hit = Some(evaluations);
            }
        }
        if evaluations <= budget / 2 {
            self.half = value;
        }
        self.is_diverged |= !value.is_finite();
        let seconds = began.elapsed().as_secs_f64();
        let (gradient, distance) = (f64::NAN, f64::NAN);
        self.records.push(Record { evaluations, value, gradient, distance, seconds, point: vec![] });
    }

    fn diverge(&mut self, step: u64, began: Instant) {
        self.note(step, f64::NAN, began, 0);
    }

    fn is_over(&self) -> bool {
        self.is_diverged || self.hits.last().is_some_and(Option::is_some)
    }

    fn finish(self, run: Run, keep: bool, began: Instant) -> Finished {
        let value = |record: Option<&Record>| record.map_or(f64::NAN, |record| record.value);
        let (first, last) = (value(self.records.first()), value(self.records.last()));
        let target = self.targets.last().copied().unwrap_or(0.0);
        let outcome = if self.hits.last().is_some_and(Option::is_some) {
            Outcome::Converged
        } else if self.is_diverged || last > BEYOND * first {
            Outcome::Diverged
        } else if self.half - last <= STUCK * (last - target) {
            Outcome::Plateau
        } else {
            Outcome::OutOfBudget
        };
        let values = self.records.iter().map(|record| record.value).filter(|value| !value.is_nan());
        Finished {
            run,
            outcome,
            evaluations: self.records.last().map_or(0, |record| record.evaluations),
            value: last,
            best: values.fold(f64::INFINITY, f64::min),
            gradient: f64::NAN,
            distance: f64::NAN,
            seconds: began.elapsed().as_secs_f64(),
            is_cut: self.is_cut,
            hits: self.hits,
            records: if keep { self.records } else { vec![] },
        }
    }
}

impl<M, S, R> Problem for Task<M, S, R>
where
    M: Module + 'static,
    S: Dataset<Batch: 'static> + Send + Sync,
    R: Returned<Value: LossOutput> + 'static,
{
    fn name(&self) -> String {
        self.name.clone()
    }

    fn fingerprint(&self) -> Result<String> {
        fingerprint::fingerprint(self)
    }

    fn group(&self) -> &str {
        "task"
    }

    fn targets(&self) -> &[f64] {
        &self.targets
    }

    /// Zero, which no loss falls below.
    fn lowest(&self) -> f64 {
        0.0
    }

    fn check(&self, part: &Part) -> Result<()> {
        let in_order = self.targets.windows(2).all(|w| w[0] > w[1]);
        if !(in_order && self.targets.iter().all(|target| target.is_finite() && *target > 0.0)) {
            return Err(Error::Study(format!(
                "The losses of the task `{}` give no targets: the one where a model starts must be above the one to get \
                 down to, and both above zero.",
                self.name
            )));
        }
        match part.methods()?.iter().any(|method| matches!(method, Method::Solver(_))) {
            true => Err(Error::Study(solvers_need_landscapes(&self.name))),
            false => Ok(()),
        }
    }

    fn start(&self, _: Start, seed: u64) -> String {
        format!("model of seed {seed}")
    }

    fn takes_initializer(&self) -> bool {
        true
    }

    fn run(&self, batch: &Batch) -> Result<Vec<Finished>> {
        batch.runs.iter().map(|run| self.train(batch.method, run, batch)).collect()
    }
}
