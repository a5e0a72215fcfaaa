//! The parts of a step that run outside of a graph: gradients by burn-autodiff, and optimizers that cannot be traced.

use std::sync::{Mutex, PoisonError};

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{DispatchTensor, Tensor};
use thalweg_autodiff::executor::{DynTensor, placeholder, reshape, upload};
use thalweg_autodiff::module::{FromParamGrads, ParamGrad};
use thalweg_autodiff::{Tree, TreeDef};
use thalweg_optim::Step;

use super::step::StepReport;
use super::{Kind, NonFinitePolicy, Trainer, number, union, update_graph};
use crate::error::Result;

/// Held while a loss draws from Burn's device, whose generator belongs to the whole process.
static DRAWS: Mutex<()> = Mutex::new(());

/// What an update outside of a graph reports.
pub(super) struct HostUpdate {
    pub trouble: Option<Option<usize>>,
    pub norm: Option<f64>,
}

/// The first gradient that is not finite, if anything is not; the gradients are those of some parameters.
fn trouble(which: &[usize], gradients: &[Tensor<1>], loss: &Tensor<1>) -> Option<Option<usize>> {
    let flags = update_graph::flags(gradients);
    if number(&update_graph::trouble(&flags, loss).into_data()) == 0.0 {
        return None;
    }
    Some(flags.into_iter().position(|flag| number(&flag.into_data()) != 0.0).map(|k| which[k]))
}

impl<M: Module, B: Tree> Trainer<M, B> {
    /// The gradient of a batch by burn-autodiff, added to the sums.
    pub(super) fn gradient_on_host(&mut self, batch: &[DynTensor], structure: &TreeDef) -> Result<StepReport> {
        let mut state = self.executor.state()?;
        let draws = DRAWS.lock().unwrap_or_else(PoisonError::into_inner);
        self.device.seed(self.key() as u64);
        let found = self.loss.eager(self.assemble(&state), &self.layout, structure, batch)?;
        drop(draws);
        let (reached, gradients): (Vec<usize>, Vec<Tensor<1>>) =
            found.gradients.into_iter().enumerate().filter_map(|(k, g)| Some((k, g?))).unzip();
        let trouble = trouble(&reached, &gradients, &found.loss);
        let loss = number(&found.loss.to_data());
        if trouble.is_none() || self.options.policy == NonFinitePolicy::Continue {
            self.layout.non_trainable_floats.iter().for_each(|k| state[*k] = found.tensors[*k].clone());
        }
        let (sums, loss_sum) = self.layout.sums();
        let starts = self.clock.pending == 0;
        let add = |place: usize, term: Tensor<1>, state: &mut Vec<DispatchTensor>| {
            let sum = if starts { term } else { update_graph::flat(state[place].clone()) + term };
            state[place] = reshape(sum.into_dispatch(), &self.layout.types[place].shape);
        };
        if starts {
            sums.clone().for_each(|place| state[place] = placeholder(&self.layout.types[place], &self.device));
        }
        reached.iter().zip(gradients).for_each(|(k, g)| add(sums.start + k, g, &mut state));
        add(loss_sum, found.loss, &mut state);
        self.reached = union(&self.reached, &reached);
        self.executor.load(state)?;
        let metrics = found.metrics.into_entries().into_iter();
        let metrics = metrics.map(|(name, value)| (name, number(&value.into_data()))).collect();
        Ok(StepReport { loss, trouble, metrics, norm: None })
    }

    /// Moves the parameters by the sums of the step's batches.
    pub(super) fn update_on_host(&mut self, lr: f64) -> Result<HostUpdate> {
        let mut state = self.executor.state()?;
        let (sums, loss_sum) = self.layout.sums();
        let which = self.reached.clone();
        let gradients = which.iter().map(|k| update_graph::flat(state[sums.start + k].clone())).collect();
        let total = update_graph::flat(state[loss_sum].clone());
        let (mut gradients, loss) = update_graph::mean(gradients, total, self.options.accumulation_steps);
        let trouble = trouble(&which, &gradients, &loss);
        if trouble.is_some() && self.options.policy != NonFinitePolicy::Continue {
            return Ok(HostUpdate { trouble, norm: None });
        }
        let mut own = self.layout.variables(&state, &which);
        let tensor = |data| upload(data, &self.device);
        let step = Step {
            lr: Tensor::from_dispatch(tensor(self.layout.number(lr))),
            count: Tensor::from_dispatch(tensor(self.count())),
            loss: Some(loss),
            measures: vec![],
        };
        let mut norm = None;
        if let Some(most) = self.options.clip_norm {
            let (clipped, before) = update_graph::clip(gradients, most, &own, &step);
            (gradients, norm) = (clipped, Some(number(&before.into_data())));
        }
        match &mut self.optimizer {
            Kind::Transform(transform) => update_graph::descend(transform.as_ref(), gradients, &mut own, &step),
            Kind::Burn(optimizer) => {
                let model = self.layout.parts.build(&self.skeleton, state[..self.layout.model()].to_vec());
                let places: Vec<usize> = which.iter().map(|k| self.layout.trainable[*k]).collect();
                let entry = |(place, g): (&usize, Tensor<1>)| ParamGrad {
                    id: self.layout.parts.id(*place),
                    path: &self.layout.names[*place],
                    value: reshape(g.into_dispatch(), &self.layout.types[*place].shape),
                    reached: true,
                };
                let entries = places.iter().zip(gradients).map(entry).collect();
                let gradients: GradientsParams = FromParamGrads::gather(&model, entries)?;
                let moved = optimizer.step(lr, model, gradients);
                let tensors = self.layout.parts.tensors(&moved.valid())?;
                let new = places.iter().map(|k| update_graph::flat(tensors[*k].clone()));
                own.params.iter_mut().zip(new).for_each(|(param, new)| param.value = new);
            }
        }
        if let Some(decay) = self.options.ema_decay {
            update_graph::average(&mut own, decay, &step);
        }
        self.layout.updated(own, &which).into_iter().for_each(|(place, tensor)| state[place] = tensor);
        self.executor.load(state)?;
        Ok(HostUpdate { trouble, norm })
    }
}
