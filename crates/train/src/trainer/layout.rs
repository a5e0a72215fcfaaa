//! Which tensors the state of a training is made of, and in which order.

use std::ops::Range;

use burn::module::Module;
use burn::tensor::{DType, Device, DispatchTensor, Tensor, TensorData};
use thalweg_autodiff::TensorType;
use thalweg_autodiff::executor::{placeholder, reshape, type_of};
use thalweg_autodiff::module::ParamLayout;
use thalweg_optim::{Parameter, State, Value};

use super::update_graph::{Variables, flat};
use super::{Kind, TrainerOptions};
use crate::error::{Error, Result};

/// What is known of the state's tensors without their elements.
pub(crate) struct StateLayout {
    pub parts: ParamLayout,
    /// The places of the trainable parameters.
    pub trainable: Vec<usize>,
    /// The places of floats that training does not move by the gradient.
    pub non_trainable_floats: Vec<usize>,
    /// The element type of all trainable parameters.
    pub dtype: DType,
    /// Each tensor's name in a checkpoint, which is the parameter's path for a tensor of the model.
    pub names: Vec<String>,
    pub types: Vec<TensorType>,
    pub optimizer: Range<usize>,
    pub averages: Range<usize>,
    /// Sums over the batches of a step: of each parameter's gradient, and of the loss behind them.
    pub sums: Range<usize>,
    /// A state of each parameter whose tensors take no memory, for its structure.
    templates: Vec<State>,
}

fn leaf(value: Value) -> DispatchTensor {
    match value {
        Value::Float(tensor) => tensor.into_dispatch(),
        Value::Int(tensor) => tensor.into_dispatch(),
    }
}

impl StateLayout {
    /// The layout for a model and its tensors, and the state before the first step.
    pub fn new<M: Module>(
        model: &M,
        optimizer: &Kind,
        options: &TrainerOptions,
        sums: bool,
    ) -> Result<(Self, Vec<DispatchTensor>)> {
        let parts = ParamLayout::of(model);
        // A copy for inference is on the plain device and has its running statistics up to date.
        let mut state = parts.tensors(&model.valid())?;
        let mut names: Vec<String> = parts.paths().map(String::from).collect();
        let trainable: Vec<usize> = parts.trainable().collect();
        let dtype = one_type(&names, &state, &trainable)?;
        let params: Vec<Parameter> = trainable.iter().map(|k| parameter(state[*k].clone())).collect();
        let mut templates: Vec<State> = match optimizer {
            Kind::Transform(transform) => params.iter().map(|p| transform.init(p)).collect(),
            Kind::Burn(_) => vec![],
        };
        let start = state.len();
        for ((template, k), param) in templates.iter_mut().zip(&trainable).zip(&params) {
            let device = param.value.device();
            let leaves: Vec<(String, DispatchTensor)> =
                template.leaves().into_iter().map(|(path, value)| (path, leaf(value))).collect();
            template.replace(&mut leaves.iter().map(|(_, tensor)| placeholder(&type_of(tensor), &device)));
            for (path, tensor) in leaves {
                names.push(format!("optimizer/{}/{path}", names[*k]));
                state.push(tensor);
            }
        }
        let optimizer = start..state.len();
        if options.ema_decay.is_some() {
            names.extend(trainable.iter().map(|k| format!("average/{}", names[*k])).collect::<Vec<_>>());
            state.extend(trainable.iter().map(|k| state[*k].clone()).collect::<Vec<_>>());
        }
        let averages = optimizer.end..state.len();
        if sums {
            names.extend(trainable.iter().map(|k| format!("sum/{}", names[*k])).collect::<Vec<_>>());
            names.push("sum/loss".into());
            let device = params.first().map(|p| p.value.device()).unwrap_or_default();
            let zeros = |shape: &[usize]| {
                let n: usize = shape.iter().product();
                reshape(Tensor::<1>::zeros([n], (&device, dtype)).into_dispatch(), shape)
            };
            let all: Vec<_> = params.iter().map(|p| zeros(&p.shape)).chain([zeros(&[1])]).collect();
            state.extend(all);
        }
        let sums = averages.end..state.len();
        let types = state.iter().map(type_of).collect();
        let non_trainable_floats = parts.non_trainable_floats().collect();
        let layout = StateLayout {
            parts,
            trainable,
            non_trainable_floats,
            dtype,
            names,
            types,
            optimizer,
            averages,
            sums,
            templates,
        };
        Ok((layout, state))
    }

    /// How many tensors the model has, which come first.
    pub fn model(&self) -> usize {
        self.optimizer.start
    }

    /// The path of trainable parameter number `k`.
    pub fn path(&self, k: usize) -> &str {
        &self.names[self.trainable[k]]
    }

    /// All trainable parameters, by their numbers among them.
    pub fn all(&self) -> Vec<usize> {
        (0..self.trainable.len()).collect()
    }

    /// What a step updates, out of the state, for some of the trainable parameters.
    pub fn variables(&self, state: &[DispatchTensor], which: &[usize]) -> Variables {
        let params = which.iter().map(|k| parameter(state[self.trainable[*k]].clone())).collect();
        let mut leaves = state[self.optimizer.clone()].iter().cloned();
        let mut states = self.templates.clone();
        states.iter_mut().for_each(|s| s.replace(&mut leaves));
        // One state for each parameter; none where the optimizer keeps its own.
        let states = which.iter().filter_map(|k| states.get(*k).cloned()).collect();
        let averages = &state[self.averages.clone()];
        let averages = which.iter().filter_map(|k| averages.get(*k).cloned()).map(flat).collect();
        Variables { params, states, averages }
    }

    /// The updated tensors of [`StateLayout::variables`] with their places in the state.
    pub fn updated(&self, own: Variables, which: &[usize]) -> Vec<(usize, DispatchTensor)> {
        let shaped = |tensor: Tensor<1>, k: usize| (k, reshape(tensor.into_dispatch(), &self.types[k].shape));
        let params = which.iter().zip(own.params).map(|(k, p)| shaped(p.value, self.trainable[*k]));
        let mut first = vec![self.optimizer.start];
        first.extend(self.templates.iter().scan(self.optimizer.start, |at, template| {
            *at += template.leaves().len();
            Some(*at)
        }));
        let leaves = which.iter().zip(&own.states).flat_map(|(k, state)| {
            state
                .leaves()
                .into_iter()
                .enumerate()
                .map(|(i, (_, value))| (first[*k] + i, leaf(value)))
                .collect::<Vec<_>>()
        });
        let averages = which.iter().zip(own.averages).map(|(k, a)| shaped(a, self.averages.start + k));
        params.chain(leaves).chain(averages).collect()
    }

    /// The places of the running sums, each gradient's and the loss's.
    pub fn sums(&self) -> (Range<usize>, usize) {
        (self.sums.start..self.sums.end - 1, self.sums.end - 1)
    }

    /// A number in the element type of the parameters.
    pub fn number(&self, value: f64) -> TensorData {
        TensorData::new(vec![value], [1]).convert_dtype(self.dtype)
    }
}

/// The parameter as transforms take it.
fn parameter(tensor: DispatchTensor) -> Parameter {
    let shape = type_of(&tensor).shape;
    Parameter { value: flat(tensor), shape }
}

/// The element type that all trainable parameters share.
fn one_type(names: &[String], state: &[DispatchTensor], trainable: &[usize]) -> Result<DType> {
    let dtype = |k: &usize| type_of(&state[*k]).dtype;
    let Some(first) = trainable.first() else {
        return Err(Error::Setting(
            "The model has no trainable parameter: it has no float parameter at all, or all are frozen. Unfreeze one by \
             `set_require_grad(true)`."
                .into(),
        ));
    };
    match trainable.iter().find(|k| dtype(k) != dtype(first)) {
        None => Ok(dtype(first)),
        Some(other) => Err(Error::Setting(format!(
            "The trainable parameters `{}` and `{}` have the element types {:?} and {:?}; cast all parameters to one.",
            names[*first],
            names[*other],
            dtype(first),
            dtype(other)
        ))),
    }
}

/// The plain device that a model is on.
pub(crate) fn device_of<M: Module>(model: &M) -> Device {
    model.devices().into_iter().next().unwrap_or_default().without_autodiff()
}
