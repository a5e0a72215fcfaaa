//! Training: a module, an optimizer and a loss become one compiled step.

mod cpu;
mod eager;
mod evaluate;
mod executor;
mod graph;
mod host_update;
mod layout;
mod loss;
mod non_finite;
mod objective;
mod optimizer;
mod options;
mod step;
mod update_graph;

use std::marker::PhantomData;

use burn::module::Module;
use burn::tensor::{Device, DispatchTensor, TensorData};
use thalweg_autodiff::executor::{DynTensor, placeholder, reshape, without_autodiff};
use thalweg_autodiff::{IntoResult, TensorType, Tree, TreeDef};

pub use evaluate::Evaluation;
pub(crate) use evaluate::Mean;
pub use non_finite::{NonFinite, NonFinitePolicy};
pub use objective::{LossOutput, Metrics};
pub use optimizer::Optimizer;
pub use options::{ExecutionMode, TrainerOptions};

use crate::error::Result;
use executor::{Executor, InterpretedExecutor};
use graph::{AccumulationPhase, OutputLayout};
use layout::{StateLayout, device_of};
use loss::{Closure, Loss};
pub(crate) use optimizer::Kind;

/// Trains a Burn module: each [`step`](Trainer::step) moves it by one batch.
///
/// The loss is traced at the first batch of each shape; gradient, clipping, the optimizer's update of all parameters
/// and averages become one graph, which `thalweg-cpu` compiles where the model is on one of
/// [`compiled_devices`](thalweg_autodiff::compiled_devices) and Burn runs elsewhere. What the loss function has captured is fixed when it is traced; whatever changes goes into the batch.
/// A loss that cannot be traced trains by burn-autodiff, as [`ExecutionMode::Eager`] does; see [`Trainer::fallback`].
///
/// The gradient is Burn's: `detach()`, `no_grad()` and frozen parameters mean what they mean in Burn, and a parameter that
/// the loss does not depend on is not updated. Parameters that are tied (trainable fields of one identity and the same
/// values) are one, get the sum of their gradients, and stay tied.
///
/// The model trains as Burn's do on `device.autodiff()`: dropout is active, and batch norm takes the batch's statistics
/// and moves the running ones. A model on a plain device is trained the same way. Batches may be on the device with or
/// without `autodiff()`.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Device, Tensor};
/// use thalweg_optim::recipes::Adam;
/// use thalweg_train::Trainer;
///
/// let device = Device::flex().autodiff();
/// let model = LinearConfig::new(2, 1).init(&device);
/// let loss = |m: &Linear, (x, y): &(Tensor<2>, Tensor<2>)| {
///     (m.forward(x.clone()) - y.clone()).powi_scalar(2).mean()
/// };
/// let mut trainer = Trainer::new(model, Adam::default(), loss)?;
///
/// let x = Tensor::from_floats([[1.0, 2.0], [3.0, -1.0]], &device);
/// let y = Tensor::from_floats([[5.0], [1.0]], &device);
/// for _ in 0..500 {
///     trainer.step(0.05, &(x.clone(), y.clone()))?;
/// }
/// assert!(trainer.step(0.05, &(x, y))? < 1e-3);
/// let model: Linear = trainer.into_model()?;
/// # Ok::<(), thalweg_train::Error>(())
/// ```
pub struct Trainer<M: Module, B> {
    /// The module with tensors of one element, which lends its structure; on an autodiff device.
    pub(crate) skeleton: M,
    /// Whether the module was given on an autodiff device, and so is given back there.
    on_autodiff: bool,
    pub(crate) device: Device,
    loss: Box<dyn Loss<M, B>>,
    pub(crate) optimizer: Kind,
    optimizer_text: String,
    rate: Option<f64>,
    pub(crate) options: TrainerOptions,
    pub(crate) layout: StateLayout,
    pub(crate) executor: Box<dyn Executor>,
    graphs: Vec<CachedStep>,
    /// Why the loss runs by burn-autodiff, though it was to be traced.
    fallback: Option<String>,
    /// Whether the update runs outside of the graph, because the optimizer cannot be traced.
    on_host: bool,
    pub(crate) clock: Counters,
    /// The trainable parameters that batches of the step under way depend on, by their numbers among them. Others are not
    /// updated, as in Burn: an optimizer would move some without a gradient, by weight decay or by its momentum.
    reached: Vec<usize>,
    last: LastStep,
}

/// A graph that has been traced, and what it was traced for.
struct CachedStep {
    part: AccumulationPhase,
    structure: TreeDef,
    types: Vec<TensorType>,
    /// The parameters that the step's earlier batches depend on, for a graph that updates by their sums as well.
    before: Vec<usize>,
    /// The parameters that the loss depends on.
    reached: Vec<usize>,
    report: OutputLayout,
    /// The call of `step` that has used it last.
    used: u64,
}

/// How many graphs a trainer keeps; what comes beyond takes the place of the one that was not used for longest.
const MAX_GRAPHS: usize = 64;

/// What has been counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    /// Completed steps.
    pub steps: u64,
    /// Calls of `step`, of which each draws by its own key.
    pub calls: u64,
    /// Batches of the step under way.
    pub pending: usize,
}

/// What is known of the last call of `step`.
#[derive(Default)]
struct LastStep {
    graph: Option<usize>,
    metrics: Vec<(String, f64)>,
    norm: Option<f64>,
    non_finite: Option<NonFinite>,
}

impl<M: Module, B: Tree> Trainer<M, B> {
    /// A trainer of `model` by `optimizer` on `loss`, which may return the loss, a tensor of one number, alone or with
    /// [`Metrics`], or a `Result` of that.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) if no parameter is trainable, or parameters have several element types;
    /// [`Error::Optimizer`](crate::Error::Optimizer) for a setting of the optimizer that is out of its range.
    pub fn new<R: IntoResult<Value: LossOutput> + 'static>(
        model: M,
        optimizer: impl Into<Optimizer>,
        loss: impl Fn(&M, &B) -> R + Send + 'static,
    ) -> Result<Self> {
        let on_autodiff = model.devices().iter().any(Device::is_autodiff);
        let model = if on_autodiff { model } else { model.train() };
        let (optimizer, options) = (optimizer.into(), TrainerOptions::default());
        let (optimizer_text, rate) = (optimizer.to_string(), optimizer.lr());
        let optimizer = optimizer.into_kind()?;
        let on_host = match &optimizer {
            Kind::Transform(transform) => !transform.is_traceable(),
            Kind::Burn(_) => true,
        };
        let (layout, state) = StateLayout::new(&model, &optimizer, &options, on_host)?;
        let device = device_of(&model);
        let mut trainer = Trainer {
            skeleton: skeleton(&model, &layout, &device),
            on_autodiff,
            executor: executor_for(&device, &options, false),
            device,
            loss: Box::new(Closure { f: loss, result: PhantomData }),
            optimizer,
            optimizer_text,
            rate,
            options,
            layout,
            graphs: vec![],
            fallback: None,
            on_host,
            clock: Counters::default(),
            reached: vec![],
            last: LastStep::default(),
        };
        trainer.executor.load(state)?;
        Ok(trainer)
    }

    /// The trainer with other options. What has been trained stays; a step under way starts anew.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) for an option that is out of its range.
    pub fn with_options(mut self, options: TrainerOptions) -> Result<Self> {
        options.check()?;
        self.options = options;
        self.fallback = None;
        self.rebuild()?;
        Ok(self)
    }

    /// Makes the layout and the executor anew, for other options or another place of the update; tensors keep their
    /// elements by name.
    fn rebuild(&mut self) -> Result<()> {
        let mut state = self.executor.state()?;
        let model = self.assemble(&state);
        let sums = self.on_host || self.is_eager() || self.options.accumulation_steps > 1;
        let (layout, fresh) = StateLayout::new(&model, &self.optimizer, &self.options, sums)?;
        let place = |name: &String| self.layout.names.iter().position(|own| own == name);
        let kept = layout.names.iter().zip(fresh).map(|(name, fresh)| match place(name) {
            Some(k) => std::mem::replace(&mut state[k], fresh),
            None => fresh,
        });
        let kept: Vec<DispatchTensor> = kept.collect();
        self.layout = layout;
        self.executor = executor_for(&self.device, &self.options, self.is_eager());
        self.graphs.clear();
        self.last = LastStep::default();
        self.clock.pending = 0;
        self.reached.clear();
        Ok(self.executor.load(kept)?)
    }

    /// Whether the loss runs by burn-autodiff.
    fn is_eager(&self) -> bool {
        self.options.mode == ExecutionMode::Eager || self.fallback.is_some()
    }

    /// Why the loss cannot be traced, so that it runs by burn-autodiff though [`ExecutionMode::Auto`] would compile it: a sentence
    /// with a remedy. `None` before the first step, and where the loss is traced.
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }

    /// The options.
    pub fn options(&self) -> &TrainerOptions {
        &self.options
    }

    /// The optimizer's text, which a checkpoint holds.
    pub fn optimizer(&self) -> &str {
        &self.optimizer_text
    }

    /// The learning rate that the optimizer's settings name, if it is a recipe.
    pub fn learning_rate(&self) -> Option<f64> {
        self.rate
    }

    /// The plain device that the model is on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// How many steps have been made: updates of the parameters.
    pub fn steps(&self) -> u64 {
        self.clock.steps
    }

    /// The metrics of the last batch, by name, as the loss function reports them.
    pub fn metrics(&self) -> &[(String, f64)] {
        &self.last.metrics
    }

    /// The norm of the last step's gradient before clipping, if it is clipped.
    pub fn gradient_norm(&self) -> Option<f64> {
        self.last.norm
    }

    /// What was not finite in the last batch, if anything was.
    pub fn non_finite(&self) -> Option<&NonFinite> {
        self.last.non_finite.as_ref()
    }

    /// What the program of the last step does, before the first step the one that was compiled last: kernels, operations,
    /// memory, and what falls back on Burn. `None` where no program is compiled: on devices that Burn runs, in
    /// [`ExecutionMode::Eager`], and where [`Trainer::fallback`] says why.
    pub fn explain(&self) -> Option<String> {
        self.executor.explain(self.last.graph.or(self.graphs.len().checked_sub(1))?)
    }

    /// What [`Trainer::explain`] says, and how long each part takes: the mean of so many more steps on the last batch, after
    /// which the training is as it was before. `None` where no program is compiled.
    ///
    /// # Errors
    /// [`Error::Autodiff`](crate::Error::Autodiff) if the program cannot run.
    pub fn profile(&mut self, times: usize) -> Result<Option<String>> {
        let Some(graph) = self.last.graph else { return Ok(None) };
        let state = self.executor.state()?;
        let profile = self.executor.profile(graph, times)?;
        self.executor.load(state)?;
        Ok(profile)
    }

    /// The model as it is now, as an ordinary module with the identities, switches and device that it was given with.
    ///
    /// # Errors
    /// [`Error::Autodiff`](crate::Error::Autodiff) if the device cannot give its memory.
    pub fn model(&self) -> Result<M> {
        Ok(self.give_back(&self.executor.state()?))
    }

    /// The model, which ends the training; see [`Trainer::model`].
    ///
    /// # Errors
    /// As [`Trainer::model`].
    pub fn into_model(self) -> Result<M> {
        self.model()
    }

    /// The model to evaluate, with its running statistics as they are. Its parameters are the moving averages where
    /// [`TrainerOptions::ema_decay`] is set, or else those that the optimizer evaluates at, such as lookahead's slow ones; for most
    /// optimizers that is [`Trainer::model`].
    ///
    /// # Errors
    /// As [`Trainer::model`].
    pub fn eval_model(&self) -> Result<M> {
        let mut state = self.executor.state()?;
        for (place, average) in self.layout.trainable.iter().zip(self.layout.averages.clone()) {
            state[*place] = state[average].clone();
        }
        if let (Kind::Transform(transform), true) = (&self.optimizer, self.layout.averages.is_empty()) {
            let own = self.layout.variables(&state, &self.layout.all());
            for (place, (own, param)) in self.layout.trainable.iter().zip(own.states.iter().zip(&own.params)) {
                if let Some(value) = transform.eval_param(own, param) {
                    state[*place] = reshape(value.into_dispatch(), &param.shape);
                }
            }
        }
        Ok(self.give_back(&state))
    }

    /// The module of the state's tensors, on an autodiff device.
    fn assemble(&self, state: &[DispatchTensor]) -> M {
        self.layout.parts.build(&self.skeleton, state[..self.layout.model()].to_vec())
    }

    /// The module of the state's tensors where the module was given.
    fn give_back(&self, state: &[DispatchTensor]) -> M {
        let model = self.assemble(state);
        if self.on_autodiff { model } else { model.valid() }
    }
}

/// Some numbers and others, in order.
fn union(a: &[usize], b: &[usize]) -> Vec<usize> {
    a.iter().chain(b).copied().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// The only number of a tensor.
fn number(data: &TensorData) -> f64 {
    data.iter::<f64>().next().unwrap_or(f64::NAN)
}

/// The best executor for a device.
fn executor_for(device: &Device, options: &TrainerOptions, is_eager: bool) -> Box<dyn Executor> {
    let compiles = thalweg_autodiff::compiled_devices().contains(device);
    match options.mode {
        ExecutionMode::Auto | ExecutionMode::Compiled if compiles && !is_eager => {
            Box::new(cpu::CompiledExecutor::new(device.clone(), options.threads))
        }
        _ => Box::new(InterpretedExecutor::new(device.clone())),
    }
}

/// The module with tensors that take the memory of one element each.
fn skeleton<M: Module>(model: &M, layout: &StateLayout, device: &Device) -> M {
    let zeros = layout.types[..layout.model()].iter().map(|ty| placeholder(ty, device));
    layout.parts.build(model, zeros.collect())
}

/// The tensors of a batch on the plain device, and their nesting.
fn leaves<B: Tree>(batch: &B) -> (Vec<DynTensor>, TreeDef) {
    let mut leaves = vec![];
    let structure = batch.flatten(&mut leaves);
    (leaves.into_iter().map(|t| DynTensor(without_autodiff(t))).collect(), structure)
}
