use burn::module::Module;
use burn::tensor::TensorData;
use thalweg_autodiff::executor::{DynTensor, fold_in, placeholder, upload, with_autodiff};
use thalweg_autodiff::{Tree, TreeDef};

use super::executor::StepInputs;
use super::graph::{AccumulationPhase, Args, Graph, OutputLayout, StepBuilder, types_of};
use super::{
    CachedStep, ExecutionMode, Kind, LastStep, MAX_GRAPHS, NonFinite, NonFinitePolicy, Trainer, leaves, number,
    union,
};
use crate::error::{Error, Result};

/// The numbers that a batch has reported.
pub(super) struct StepReport {
    pub loss: f64,
    /// The first parameter whose gradient is not finite, if anything is not.
    pub trouble: Option<Option<usize>>,
    pub metrics: Vec<(String, f64)>,
    pub norm: Option<f64>,
}

/// Whether it is the traced code that cannot be traced, and not an argument that is wrong.
fn cannot_be_traced(why: &thalweg_autodiff::Error) -> bool {
    use thalweg_autodiff::Error::{
        BurnAutodiff, ConcreteValueRequired, Detached, DeviceMismatch, Moved, Unchecked, Unsupported,
    };
    matches!(
        why,
        ConcreteValueRequired
            | DeviceMismatch
            | Moved
            | BurnAutodiff
            | Detached
            | Unsupported { .. }
            | Unchecked(_)
    )
}

impl<M: Module, B: Tree> Trainer<M, B> {
    /// Moves the parameters by one batch with the learning rate `lr`, and gives the loss of the batch as it was before.
    ///
    /// With [`TrainerOptions::accumulation_steps`](super::TrainerOptions::accumulation_steps), the parameters move in every call that completes a
    /// step, by the learning rate of that call.
    ///
    /// # Errors
    /// [`Error::NonFinite`] where the policy is to stop, [`Error::Setting`] for a rate that is not finite, and what the loss function does that cannot be traced, each with
    /// its remedy; the model stays as it was.
    pub fn step(&mut self, lr: f64, batch: &B) -> Result<f64> {
        if !lr.is_finite() {
            return Err(Error::Setting(format!(
                "Step {} cannot be made with a learning rate of {lr}; give a finite one.",
                self.clock.steps + 1
            )));
        }
        let (batch, structure) = leaves(batch);
        if self.clock.pending == 0 {
            self.reached.clear();
        }
        let numbers = match self.traced_for(&batch, &structure)? {
            Some(graph) => self.run(graph, lr, &batch)?,
            None => self.gradient_on_host(&batch, &structure)?,
        };
        self.clock.calls += 1;
        let ends = self.clock.pending + 1 >= self.options.accumulation_steps;
        let StepReport { loss, mut trouble, metrics, mut norm } = numbers;
        if ends && self.moves_on_host() && self.goes_on(&trouble) {
            let update = self.update_on_host(lr)?;
            (trouble, norm) = (trouble.or(update.trouble), update.norm);
        }
        self.last = LastStep { metrics, norm, non_finite: None, graph: self.last.graph };
        if let Some(parameter) = trouble {
            let parameter = parameter.map(|k| self.layout.path(k).to_string());
            let report = NonFinite { step: self.clock.steps + 1, loss, parameter };
            self.last.non_finite = Some(report.clone());
            if self.options.policy == NonFinitePolicy::Stop {
                self.clock.pending = 0;
                return Err(Error::NonFinite(report));
            }
        }
        self.clock.pending = if ends { 0 } else { self.clock.pending + 1 };
        let moved = trouble.is_none() || self.options.policy == NonFinitePolicy::Continue;
        self.clock.steps += u64::from(ends && moved);
        Ok(loss)
    }

    /// Compiles the step for batches like this one, which otherwise happens in the first [`Trainer::step`] with one. Nothing
    /// moves, and only the types of the batch matter. In [`ExecutionMode::Eager`] there is nothing to do; with
    /// [`TrainerOptions::accumulation_steps`](super::TrainerOptions::accumulation_steps) the next batch's part of a step is compiled.
    ///
    /// # Errors
    /// What the loss function does that cannot be traced, with its remedy.
    pub fn compile(&mut self, batch: &B) -> Result<()> {
        let (batch, structure) = leaves(batch);
        self.traced_for(&batch, &structure)?;
        Ok(())
    }

    /// The number of the graph for such a batch; none where the loss runs by burn-autodiff.
    fn traced_for(&mut self, batch: &[DynTensor], structure: &TreeDef) -> Result<Option<usize>> {
        if self.is_eager() {
            return Ok(None);
        }
        match self.graph_for(batch, structure) {
            Err(Error::Autodiff(why)) if self.options.mode == ExecutionMode::Auto && cannot_be_traced(&why) => {
                self.fallback = Some(why.to_string());
                self.rebuild_within_step()?;
                Ok(None)
            }
            graph => graph.map(Some),
        }
    }

    /// Whether the update runs outside of the graph.
    fn moves_on_host(&self) -> bool {
        self.on_host || self.is_eager()
    }

    fn goes_on(&self, trouble: &Option<Option<usize>>) -> bool {
        trouble.is_none() || self.options.policy != NonFinitePolicy::Stop
    }

    /// The key of this call's draws.
    pub(super) fn key(&self) -> i64 {
        let calls = self.clock.calls;
        fold_in(fold_in(self.options.seed as i64, (calls >> 32) as u32), calls as u32)
    }

    pub(super) fn count(&self) -> TensorData {
        TensorData::new(vec![self.clock.steps as i64 + 1], [1])
            .convert_dtype(self.device.settings().int_dtype.into())
    }

    /// What the next batch's graph does.
    fn part(&self) -> AccumulationPhase {
        let last = self.clock.pending + 1 >= self.options.accumulation_steps;
        match self.clock.pending {
            0 if last && !self.on_host => AccumulationPhase::Whole,
            0 => AccumulationPhase::First,
            _ if last && !self.on_host => AccumulationPhase::Last,
            _ => AccumulationPhase::Next,
        }
    }

    /// The number of the graph for such a batch, traced and compiled if it is the first one.
    fn graph_for(&mut self, batch: &[DynTensor], structure: &TreeDef) -> Result<usize> {
        let part = self.part();
        let types = types_of(batch);
        let before = if part == AccumulationPhase::Last { self.reached.clone() } else { vec![] };
        let is_for = |k: &CachedStep| {
            k.part == part && k.types == types && k.structure == *structure && k.before == before
        };
        if let Some(known) = self.graphs.iter().position(is_for) {
            self.graphs[known].used = self.clock.calls;
            return Ok(known);
        }
        let (graph, args) = match self.trace(part, batch, structure) {
            // It may be the optimizer that cannot be traced; then the gradient alone can.
            Err(Error::Autodiff(why))
                if matches!(part, AccumulationPhase::Whole | AccumulationPhase::Last)
                    && cannot_be_traced(&why) =>
            {
                self.on_host = true;
                self.rebuild_within_step()?;
                self.trace(self.part(), batch, structure)?
            }
            traced => traced?,
        };
        let (report, reached) = (graph.report.clone(), graph.reached.clone());
        if self.graphs.len() >= MAX_GRAPHS {
            self.forget_one()?;
        }
        self.executor.add(graph, &args)?;
        let (part, structure, used) = (self.part(), structure.clone(), self.clock.calls);
        self.graphs.push(CachedStep { part, structure, types, before, reached, report, used });
        Ok(self.graphs.len() - 1)
    }

    /// Forgets the graph that was not used for longest.
    fn forget_one(&mut self) -> Result<()> {
        let oldest = (0..self.graphs.len()).min_by_key(|k| self.graphs[*k].used).unwrap_or(0);
        self.executor.remove(oldest)?;
        self.graphs.swap_remove(oldest);
        self.last.graph = match self.last.graph {
            Some(k) if k == oldest => None,
            Some(k) if k == self.graphs.len() => Some(oldest),
            other => other,
        };
        Ok(())
    }

    /// Makes layout and executor anew, but keeps the sums of a step under way.
    fn rebuild_within_step(&mut self) -> Result<()> {
        let (pending, reached) = (self.clock.pending, self.reached.clone());
        self.rebuild()?;
        (self.clock.pending, self.reached) = (pending, reached);
        Ok(())
    }

    fn trace(
        &self,
        part: AccumulationPhase,
        batch: &[DynTensor],
        structure: &TreeDef,
    ) -> Result<(Graph, Args)> {
        let transform = match &self.optimizer {
            Kind::Transform(transform) => Some(transform.as_ref()),
            Kind::Burn(_) => None,
        };
        let before = if part == AccumulationPhase::Last { &self.reached[..] } else { &[] };
        let frame = StepBuilder {
            model: &self.skeleton,
            layout: &self.layout,
            transform,
            options: &self.options,
            before,
        };
        let state = self.layout.types.iter().map(|ty| DynTensor(placeholder(ty, &self.device))).collect();
        // One input on the autodiff device puts all layers in training mode.
        let lr = DynTensor(with_autodiff(upload(self.layout.number(0.0), &self.device)));
        let args: Args = (state, lr, DynTensor(upload(self.count(), &self.device)), batch.to_vec());
        Ok((self.loss.trace(&frame, part, structure, &args)?, args))
    }

    fn run(&mut self, graph: usize, lr: f64, batch: &[DynTensor]) -> Result<StepReport> {
        let now = StepInputs { lr: self.layout.number(lr), count: self.count(), batch, key: self.key() };
        self.executor.run(graph, now)?;
        self.last.graph = Some(graph);
        self.reached = union(&self.reached, &self.graphs[graph].reached);
        let report = &self.graphs[graph].report;
        let read = |k: usize| self.executor.output(graph, k).map(|data| number(&data));
        let trouble = match read(OutputLayout::TROUBLE)? {
            0.0 => None,
            _ => {
                let flags = (0..report.flags).map(|k| read(report.first_flag() + k));
                let flags = flags.collect::<thalweg_autodiff::Result<Vec<f64>>>()?;
                Some(flags.iter().position(|flag| *flag != 0.0))
            }
        };
        let metric = |(k, name): (usize, &String)| Ok((name.clone(), read(report.first_metric() + k)?));
        Ok(StepReport {
            loss: read(OutputLayout::LOSS)?,
            trouble,
            metrics: report.metrics.iter().enumerate().map(metric).collect::<Result<_>>()?,
            norm: report.has_norm.then(|| read(OutputLayout::NORM)).transpose()?,
        })
    }
}
