//! The eager driver: a transform over a list of tensors, without module and trainer.

use burn::tensor::{Int, Tensor, TensorData};

use crate::error::{Error, Result};
use crate::tensors::scalar;
use crate::{Parameter, State, Step, Transform, update_nonempty};

/// Runs a [`Transform`], tree-wide ones included, over a list of parameters.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_optim::{Driver, Parameter, parse};
///
/// let x = Tensor::<1>::from_floats([3.0, -2.0], &Device::flex());
/// let adam = parse("chain([clip_by_global_norm(max_norm=1), adam(lr=0.1)])")?;
/// let mut driver = Driver::new(adam.transform()?, vec![Parameter::new(x)])?;
/// for _ in 0..200 {
///     let gradient = driver.params()[0].value.clone() * 2.0;
///     driver.step(adam.lr(), vec![gradient], None)?;
/// }
/// assert!(driver.params()[0].value.clone().abs().max().into_scalar::<f32>() < 1e-2);
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
#[derive(Debug)]
pub struct Driver<T> {
    transform: T,
    params: Vec<Parameter>,
    states: Vec<State>,
    count: u64,
}

impl<T: Transform> Driver<T> {
    /// A driver before its first step.
    ///
    /// # Errors
    /// [`Error::Driver`] for parameters of several element types or devices.
    pub fn new(transform: T, params: Vec<Parameter>) -> Result<Self> {
        if let Some(first) = params.first().map(|p| &p.value) {
            let differs =
                |p: &Parameter| p.value.dtype() != first.dtype() || p.value.device() != first.device();
            if params.iter().any(differs) {
                return Err(Error::Driver(
                    "The parameters have several element types or devices; bring them to one with `cast` and \
                     `to_device`."
                        .into(),
                ));
            }
        }
        let states = params.iter().map(|p| transform.init(p)).collect();
        Ok(Driver { transform, params, states, count: 0 })
    }

    /// A driver that goes on from where another one has been: from its parameters, states and number of steps.
    ///
    /// # Errors
    /// As [`Driver::new`], and [`Error::Record`] if the states are not as many as the parameters.
    pub fn resume(transform: T, params: Vec<Parameter>, states: Vec<State>, count: u64) -> Result<Self> {
        if states.len() != params.len() {
            return Err(Error::Record(format!(
                "There are {} states for {} parameters; give one for each.",
                states.len(),
                params.len()
            )));
        }
        Ok(Driver { states, count, ..Driver::new(transform, params)? })
    }

    /// Moves all parameters by one step at the learning rate `lr`, from their gradients (flat, in the parameters' order)
    /// and, where the transform needs it, the value of the loss.
    ///
    /// # Errors
    /// [`Error::Driver`] if gradients and parameters do not match, or the transform needs the loss and there is none.
    pub fn step(&mut self, lr: f64, gradients: Vec<Tensor<1>>, loss: Option<Tensor<1>>) -> Result<()> {
        let fits =
            |(g, p): (&Tensor<1>, &Parameter)| g.dims() == p.value.dims() && g.dtype() == p.value.dtype();
        if gradients.len() != self.params.len() || !gradients.iter().zip(&self.params).all(fits) {
            return Err(Error::Driver(
                "The gradients do not match the parameters in number, length or element type; give one flat gradient \
                 for each parameter."
                    .into(),
            ));
        }
        if loss.is_none() && self.transform.needs_loss() {
            return Err(Error::Driver("The optimizer needs the value of the loss; pass it to `step`.".into()));
        }
        self.count += 1;
        let Some(first) = self.params.first() else { return Ok(()) };
        let (device, dtype) = (first.value.device(), first.value.dtype());
        let step = Step {
            lr: scalar(lr, &device, dtype),
            count: Tensor::<1, Int>::from_data(TensorData::from([self.count as i64]), &device),
            loss: loss.map(|loss| loss.cast(dtype)),
            measures: vec![],
        };
        let updates = update_nonempty(&self.transform, gradients, &mut self.states, &self.params, &step);
        for (param, update) in self.params.iter_mut().zip(updates) {
            param.value = param.value.clone() - update;
        }
        Ok(())
    }

    /// The parameters.
    pub fn params(&self) -> &[Parameter] {
        &self.params
    }

    /// What is remembered of each parameter.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The parameters to evaluate: averages or slow weights where the transform keeps such, or else the parameters.
    pub fn eval_params(&self) -> Vec<Tensor<1>> {
        let each = self.states.iter().zip(&self.params);
        each.map(|(s, p)| self.transform.eval_param(s, p).unwrap_or_else(|| p.value.clone())).collect()
    }

    /// The number of completed steps.
    pub fn count(&self) -> u64 {
        self.count
    }
}
