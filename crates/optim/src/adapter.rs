//! Transforms as Burn's optimizers.

use std::sync::Arc;

use burn::optim::{LearningRate, Optimizer, RecordState, StateSink, StateSource};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};

use crate::compiled::{Moving, Passes};
use crate::error::{Error, Result};
use crate::tensors::scalar;
use crate::{Parameter, State, Step, Transform, Value};

/// A [`Transform`] as Burn's [`Optimizer`], for `ModuleOptimizer`, its parameter groups and its records.
///
/// Burn gives the learning rate at every step, so that the recipe's own is not looked at. On Burn's CPU devices a large
/// tensor is moved by one compiled pass over its memory, compiled at the first step of each shape; elsewhere, and where
/// the transform cannot be traced, by tensor operations. The two agree to rounding.
///
/// ```
/// use burn::module::ParamGroup;
/// use burn::nn::LinearConfig;
/// use burn::optim::{GradientsParams, ModuleOptimizer};
/// use burn::tensor::{Device, Tensor};
/// use thalweg_optim::parse;
///
/// let device = Device::flex().autodiff();
/// let model = LinearConfig::new(2, 1).init(&device);
/// let (muon, adamw) = (parse("muon")?.optimizer()?, parse("adamw")?.optimizer()?);
/// let mut optimizer = ModuleOptimizer::from(muon).with_group(ParamGroup::from_predicate("bias"), adamw, None);
///
/// let loss = model.forward(Tensor::<2>::ones([4, 2], &device)).powi_scalar(2).mean();
/// let gradients = GradientsParams::from_grads(loss.backward(), &model);
/// let model = optimizer.step(1e-3, model, gradients);
/// # let _ = model;
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PerTensor {
    transform: Arc<dyn Transform>,
    passes: Arc<Passes>,
}

impl PerTensor {
    /// The optimizer of a transform that looks at each tensor by itself.
    ///
    /// # Errors
    /// [`Error::TreeWide`] for one that looks at all together, [`Error::Driver`] for one that needs the loss.
    pub fn new(transform: impl Transform + 'static) -> Result<Self> {
        if transform.is_tree_wide() {
            return Err(Error::TreeWide(
                "This optimizer looks at all tensors together, but Burn's `ModuleOptimizer` shows it one at a time; \
                 train with `Trainer`, or drive it by `Driver`."
                    .into(),
            ));
        }
        if transform.needs_loss() {
            return Err(Error::Driver(
                "This optimizer needs the value of the loss, which Burn's `ModuleOptimizer` does not pass on; train \
                 with `Trainer`, or drive it by `Driver`."
                    .into(),
            ));
        }
        Ok(PerTensor { transform: Arc::new(transform), passes: Arc::default() })
    }
}

impl Optimizer for PerTensor {
    type State<const D: usize> = Remembered;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<Remembered>,
    ) -> (Tensor<D>, Option<Remembered>) {
        let dims = tensor.dims();
        if dims.contains(&0) {
            // Nothing to move, and nothing to remember.
            return (tensor, state);
        }
        let (param, gradient) = (Parameter::new(tensor), Parameter::new(grad).value);
        let (count, state) = match state {
            None => (1, self.transform.init(&param)),
            Some(Remembered { count, kept: Kept::Live(state) }) => (count + 1, state),
            Some(Remembered { count, kept: Kept::Loaded(leaves) }) => {
                let state = restored(self.transform.init(&param), leaves, &param.value.device());
                // Burn's trait has no way to return an error.
                (count + 1, state.unwrap_or_else(|error| panic!("{error}")))
            }
        };
        let moving = Moving { param, gradient, state };
        let Moving { param, gradient, mut state } = match self.passes.run(&*self.transform, lr, moving, count) {
            Ok((moved, state)) => {
                return (moved.reshape(dims), Some(Remembered { count, kept: Kept::Live(state) }));
            }
            Err(moving) => *moving,
        };
        let device = param.value.device();
        let step = Step {
            lr: scalar(lr, &device, param.value.dtype()),
            count: Tensor::<1, Int>::from_data(TensorData::from([count as i64]), &device),
            loss: None,
            measures: vec![],
        };
        let update = self.transform.update(gradient, &mut state, &param, &step);
        let moved = (param.value - update).reshape(dims);
        (moved, Some(Remembered { count, kept: Kept::Live(state) }))
    }

    fn to_device<const D: usize>(state: Remembered, device: &Device) -> Remembered {
        match state.kept {
            Kept::Live(state_) => Remembered { kept: Kept::Live(state_.to_device(device)), count: state.count },
            loaded => Remembered { kept: loaded, count: state.count },
        }
    }
}

/// What [`PerTensor`] remembers of one tensor, with the number of its steps. Burn saves and restores it.
#[derive(Clone, Debug)]
pub struct Remembered {
    count: u64,
    kept: Kept,
}

#[derive(Clone, Debug)]
enum Kept {
    Live(State),
    /// Read from a record, before the tensor that it belongs to has been seen.
    Loaded(Vec<(String, TensorData)>),
}

impl Remembered {
    fn leaves(&self) -> Vec<(String, TensorData)> {
        match &self.kept {
            Kept::Loaded(leaves) => leaves.clone(),
            Kept::Live(state) => {
                let each = state.leaves().into_iter().map(|(name, value)| match value {
                    Value::Float(tensor) => (name, tensor.to_data()),
                    Value::Int(tensor) => (name, tensor.to_data()),
                });
                each.collect()
            }
        }
    }
}

/// The count, the names of all leaves as text, and the leaves in their own element types.
impl RecordState for Remembered {
    fn state_flatten(&self, prefix: &str, out: &mut StateSink) {
        let leaves = self.leaves();
        let names: Vec<&str> = leaves.iter().map(|(name, _)| name.as_str()).collect();
        // Burn's records take no text, and an empty tensor is none; the line's end keeps it from being empty.
        let names = (names.join("\n") + "\n").into_bytes();
        let n = names.len();
        out.push_tensor(prefix, "count", TensorData::from([self.count as i64]));
        out.push_tensor(prefix, "names", TensorData::new(names, [n]));
        leaves.into_iter().for_each(|(name, data)| out.push_tensor(prefix, &format!("leaf.{name}"), data));
    }

    fn state_unflatten(prefix: &str, src: &mut StateSource, _device: &Device) -> Option<Self> {
        let count = src.take_tensor(prefix, "count")?.try_to_vec::<i64>().ok()?;
        let names = String::from_utf8(src.take_tensor(prefix, "names")?.try_to_vec::<u8>().ok()?).ok()?;
        let leaves = names
            .lines()
            .filter(|name| !name.is_empty())
            .map(|name| Some((name.to_string(), src.take_tensor(prefix, &format!("leaf.{name}"))?)));
        Some(Remembered { count: *count.first()? as u64, kept: Kept::Loaded(leaves.collect::<Option<_>>()?) })
    }
}

/// Name, element type and shape of a leaf.
type Leaf = (String, DType, Vec<usize>);

/// A state before the first step with the tensors of a record in it.
fn restored(mut state: State, leaves: Vec<(String, TensorData)>, device: &Device) -> Result<State> {
    let described = |leaves: &[Leaf]| {
        let each = leaves.iter().map(|(name, dtype, shape)| format!("{name}: {dtype:?}{shape:?}"));
        each.collect::<Vec<_>>().join(", ")
    };
    let whole = |dtype: DType| !dtype.is_float();
    let own: Vec<Leaf> = state
        .leaves()
        .into_iter()
        .map(|(name, value)| match value {
            Value::Float(t) => (name, t.dtype(), t.dims().to_vec()),
            Value::Int(t) => (name, t.dtype(), t.dims().to_vec()),
        })
        .collect();
    let saved: Vec<Leaf> =
        leaves.iter().map(|(name, data)| (name.clone(), data.dtype(), data.shape().to_vec())).collect();
    // Devices differ in their type of whole numbers.
    let agrees =
        |(a, b): (&Leaf, &Leaf)| a.0 == b.0 && a.2 == b.2 && (a.1 == b.1 || (whole(a.1) && whole(b.1)));
    if own.len() != saved.len() || !own.iter().zip(&saved).all(agrees) {
        return Err(Error::Record(format!(
            "The record holds the state [{}], but this optimizer keeps [{}] of the tensor; load it into the optimizer \
             and the element type that it was saved from.",
            described(&saved),
            described(&own)
        )));
    }
    let tensors = leaves.into_iter().zip(&own).map(|((_, data), (_, dtype, _))| match whole(*dtype) {
        true => Tensor::<1, Int>::from_data(data, (device, *dtype)).into_dispatch(),
        false => Tensor::<1>::from_data(data, (device, *dtype)).into_dispatch(),
    });
    state.replace(&mut tensors.collect::<Vec<_>>().into_iter());
    Ok(state)
}
