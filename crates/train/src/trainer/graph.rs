//! The graph of one step: gradient, sums over batches, clipping, the optimizer's update, averages.

use std::cell::RefCell;

use burn::module::Module;
use burn::tensor::{DispatchTensor, Tensor};
use thalweg_autodiff::executor::{DynTensor, reshape, type_of};
use thalweg_autodiff::module::value_and_grad_flat;
use thalweg_autodiff::{IntoResult, Result, Traced, Tree, TreeDef, trace};
use thalweg_optim::{Step, Transform};

use super::layout::StateLayout;
use super::{LossOutput, Metrics, NonFinitePolicy, TrainerOptions, union, update_graph};

/// State, learning rate, number of the step, and the batch.
pub(crate) type Args = (Vec<DynTensor>, DynTensor, DynTensor, Vec<DynTensor>);

/// What a graph does with the gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccumulationPhase {
    /// A whole step of one batch.
    Whole,
    /// Starts the sums of a step of several batches, or of one whose update follows outside.
    First,
    /// Adds to the sums.
    Next,
    /// Adds to the sums and moves the parameters.
    Last,
}

impl AccumulationPhase {
    fn adds(self) -> bool {
        matches!(self, AccumulationPhase::Next | AccumulationPhase::Last)
    }

    fn moves(self) -> bool {
        matches!(self, AccumulationPhase::Whole | AccumulationPhase::Last)
    }
}

/// A traced step: its results are the report, then the new tensors of the state.
pub(crate) struct Graph {
    pub traced: Traced<Args, Vec<DynTensor>>,
    /// For each new tensor of the state, the number of the result and its place, which is the number of the input.
    pub carried: Vec<(usize, usize)>,
    /// The trainable parameters that the loss depends on, by their numbers among them.
    pub reached: Vec<usize>,
    pub report: OutputLayout,
}

/// Where the results that are not carried stand: the loss, zero or NaN for trouble, the gradient's norm if it is
/// clipped, the metrics, and zero or NaN for each gradient.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OutputLayout {
    pub has_norm: bool,
    pub metrics: Vec<String>,
    pub flags: usize,
}

impl OutputLayout {
    pub const LOSS: usize = 0;
    pub const TROUBLE: usize = 1;
    pub const NORM: usize = 2;

    pub fn first_metric(&self) -> usize {
        2 + usize::from(self.has_norm)
    }

    pub fn first_flag(&self) -> usize {
        self.first_metric() + self.metrics.len()
    }

    pub fn len(&self) -> usize {
        self.first_flag() + self.flags
    }
}

/// What a step is made of beside the loss and the batch.
pub(crate) struct StepBuilder<'a, M> {
    /// Lends its structure.
    pub model: &'a M,
    pub layout: &'a StateLayout,
    pub transform: Option<&'a dyn Transform>,
    pub options: &'a TrainerOptions,
    /// The parameters that the step's earlier batches depend on.
    pub before: &'a [usize],
}

fn handles(all: &[DynTensor]) -> Vec<DispatchTensor> {
    all.iter().map(|t| t.0.clone()).collect()
}

impl<M: Module> StepBuilder<'_, M> {
    /// Traces the step for a state and a batch like these.
    pub fn trace<B: Tree, R: IntoResult<Value: LossOutput>>(
        &self,
        loss: &impl Fn(&M, &B) -> R,
        part: AccumulationPhase,
        structure: &TreeDef,
        args: &Args,
    ) -> Result<Graph> {
        let rest = RefCell::new((vec![], vec![], OutputLayout::default()));
        let body = |args: &Args| {
            let (results, carried, reached, report) = self.step(loss, part, structure, args)?;
            rest.replace((carried, reached, report));
            Ok::<_, thalweg_autodiff::Error>(results)
        };
        let traced = trace(body, args)?;
        let (places, reached, report) = rest.into_inner();
        let func = traced.func();
        // What a graph gives back as it is has not moved.
        let carried = places.into_iter().enumerate().map(|(k, place)| (report.len() + k, place));
        let carried = carried.filter(|(out, place)| func.outputs()[*out] != func.inputs()[*place]).collect();
        Ok(Graph { traced, carried, reached, report })
    }

    /// The results, the places of those behind the report, the parameters that the loss depends on, and the report.
    #[allow(clippy::type_complexity)] // Taken apart at once.
    fn step<B: Tree, R: IntoResult<Value: LossOutput>>(
        &self,
        loss: &impl Fn(&M, &B) -> R,
        part: AccumulationPhase,
        structure: &TreeDef,
        (state, lr, count, data): &Args,
    ) -> Result<(Vec<DynTensor>, Vec<usize>, Vec<usize>, OutputLayout)> {
        let StepBuilder { model, layout, options, .. } = self;
        let state = handles(state);
        let data = B::unflatten(structure, &mut handles(data).into_iter())?;
        let reported = RefCell::new(Metrics::new());
        let value = |m: &M, b: &B| -> Result<Tensor<1>> {
            let (loss, metrics) = loss(m, b).into_result()?.split();
            reported.replace(metrics);
            Ok(loss)
        };
        let found = value_and_grad_flat(value, *model, &layout.parts, state[..layout.model()].to_vec(), &data)?;
        let loss: Tensor<1> = found.value.cast(layout.dtype);
        let reached: Vec<usize> = layout.all().into_iter().filter(|k| found.gradients[*k].is_some()).collect();
        let zeros = |k: usize| update_graph::flat(state[layout.trainable[k]].clone()).zeros_like();
        let gradient = |(k, g): (usize, Option<DispatchTensor>)| g.map_or_else(|| zeros(k), update_graph::flat);
        let mut gradients: Vec<Tensor<1>> = found.gradients.into_iter().enumerate().map(gradient).collect();
        let mut flags = update_graph::flags(&gradients);
        let mut trouble = update_graph::trouble(&flags, &loss);
        let mut total = loss.clone();

        let (sums, loss_sum) = if part == AccumulationPhase::Whole { (0..0, 0) } else { layout.sums() };
        if part.adds() {
            let before = sums.clone().map(|k| update_graph::flat(state[k].clone()));
            gradients = gradients.into_iter().zip(before).map(|(g, sum)| sum + g).collect();
            total = update_graph::flat(state[loss_sum].clone()) + total;
        }
        let mut new: Vec<(usize, DispatchTensor)> = vec![];
        let mut norm = None;
        if part.moves() {
            if part == AccumulationPhase::Last {
                (gradients, total) = update_graph::mean(gradients, total, options.accumulation_steps);
                flags = update_graph::flags(&gradients);
                trouble = update_graph::trouble(&flags, &total);
            }
            let which = union(self.before, &reached);
            gradients = which.iter().map(|k| gradients[*k].clone()).collect();
            let mut own = layout.variables(&state, &which);
            let (lr, count) = (Tensor::from_dispatch(lr.0.clone()), Tensor::from_dispatch(count.0.clone()));
            let step = Step { lr, count, loss: Some(total), measures: vec![] };
            if let Some(most) = options.clip_norm {
                let (clipped, before) = update_graph::clip(gradients, most, &own, &step);
                (gradients, norm) = (clipped, Some(before));
            }
            if let Some(transform) = self.transform {
                update_graph::descend(transform, gradients, &mut own, &step);
            }
            if let Some(decay) = options.ema_decay {
                update_graph::average(&mut own, decay, &step);
            }
            new.extend(layout.updated(own, &which));
        } else {
            let shaped = |(k, g): (usize, Tensor<1>)| (k, reshape(g.into_dispatch(), &layout.types[k].shape));
            new.extend(sums.zip(gradients).map(shaped));
            new.push((loss_sum, total.into_dispatch()));
        }
        new.extend(layout.non_trainable_floats.iter().copied().zip(found.buffers));
        if options.policy != NonFinitePolicy::Continue {
            // Sums may hold NaN: the step's last batch finds it there.
            let own = |k: usize| !layout.sums.contains(&k);
            new.iter_mut().filter(|(k, _)| own(*k)).for_each(|(k, tensor)| {
                *tensor = update_graph::keep_if_non_finite(&trouble, tensor.clone(), state[*k].clone());
            });
        }

        let (metrics, values): (Vec<String>, Vec<Tensor<1>>) =
            reported.into_inner().into_entries().into_iter().unzip();
        let report = OutputLayout { has_norm: norm.is_some(), metrics, flags: flags.len() };
        let all = [loss, trouble].into_iter().chain(norm).chain(values).chain(flags);
        let (places, new): (Vec<usize>, Vec<DispatchTensor>) = new.into_iter().unzip();
        let results = all.map(Tensor::into_dispatch).chain(new).map(DynTensor).collect();
        Ok((results, places, reached, report))
    }
}

/// The elements' types of a batch, by which graphs are told apart.
pub(crate) fn types_of(data: &[DynTensor]) -> Vec<thalweg_autodiff::TensorType> {
    data.iter().map(|t| type_of(&t.0)).collect()
}
