//! A transform's step over a list of tensors, compiled to one pass over memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use burn::tensor::{DType, DispatchTensor, Int, Tensor, TensorData};
use thalweg_autodiff::executor::{self, DynTensor};
use thalweg_autodiff::{compiled_devices, trace};
use thalweg_cpu::Program;

use crate::error::{Error, Result};
use crate::tensors::scalar;
use crate::{Parameter, State, Step, Transform, update_nonempty};

/// Runs a [`Transform`] over a list of parameters as a compiled program: the same numbers as [`Driver`](crate::Driver),
/// without tensors in between. Parameters and states stay in the program's memory.
///
/// ```
/// use burn::tensor::{Device, Tensor, TensorData};
/// use thalweg_optim::{CompiledDriver, Parameter, parse};
///
/// let x = Tensor::<1>::from_floats([3.0, -2.0], &Device::flex());
/// let adam = parse("adam(lr=0.1)")?;
/// let mut driver = CompiledDriver::new(&adam.transform()?, &[Parameter::new(x)])?;
/// driver.step(adam.lr(), &[TensorData::from([6.0_f32, -4.0])], None)?;
/// let moved = driver.params()?[0].try_to_vec::<f32>().unwrap();
/// assert!((moved[0] - 2.9).abs() < 1e-6 && (moved[1] + 1.9).abs() < 1e-6);
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
pub struct CompiledDriver {
    program: Program,
    params: usize,
    leaves: usize,
    dtype: DType,
    needs_loss: bool,
    count: u64,
}

/// Tensors of the state in the order of its leaves.
pub(crate) fn state_tensors(state: &State) -> Vec<DispatchTensor> {
    let each = state.leaves().into_iter().map(|(_, value)| match value {
        crate::Value::Float(tensor) => tensor.into_dispatch(),
        crate::Value::Int(tensor) => tensor.into_dispatch(),
    });
    each.collect()
}

fn untyped(tensors: Vec<DispatchTensor>) -> Vec<DynTensor> {
    tensors.into_iter().map(DynTensor).collect()
}

fn float(tensor: DynTensor) -> Tensor<1> {
    Tensor::from_dispatch(tensor.0)
}

/// Parameters, leaves of their states, gradients, learning rate, the loss where it is needed, and the count.
type Args = (Vec<DynTensor>, Vec<DynTensor>, Vec<DynTensor>, Tensor<1>, Option<Tensor<1>>, Tensor<1, Int>);

/// The program of one step of a transform over parameters like these, which are also where it starts. Its inputs are
/// the parameters, the leaves of their states, the gradients, the learning rate, the loss if it is needed, and the
/// number of the step; parameters and states are carried.
///
/// # Errors
/// As [`CompiledDriver::new`].
pub(crate) fn program_for(transform: &dyn Transform, params: &[Parameter]) -> Result<Program> {
    let first = params.first().map(|p| &p.value);
    let first = first
        .ok_or_else(|| Error::Driver("There is nothing to optimize: give at least one parameter.".into()))?;
    let (device, dtype) = (first.device(), first.dtype());
    if params.iter().any(|p| p.value.dtype() != dtype) {
        return Err(Error::Driver(
            "The parameters have several element types; bring them to one with `cast`.".into(),
        ));
    }
    if !transform.is_traceable() {
        return Err(Error::Driver(
            "This optimizer computes on the host, so it cannot be compiled; run it by `Driver`.".into(),
        ));
    }
    let states: Vec<State> = params.iter().map(|p| transform.init(p)).collect();
    let values: Vec<DispatchTensor> = params.iter().map(|p| p.value.clone().into_dispatch()).collect();
    let leaves: Vec<DispatchTensor> = states.iter().flat_map(state_tensors).collect();
    let kept = params.len() + leaves.len();
    let args: Args = (
        untyped(values.clone()),
        untyped(leaves),
        untyped(values),
        scalar(1.0, &device, dtype),
        transform.needs_loss().then(|| scalar(1.0, &device, dtype)),
        Tensor::<1, Int>::from_data(TensorData::from([1_i64]), &device),
    );
    let step = |(values, leaves, gradients, lr, loss, count): Args| {
        let own = params.iter().zip(values).map(|(p, v)| Parameter { value: float(v), shape: p.shape.clone() });
        let own: Vec<Parameter> = own.collect();
        let mut moved = states.clone();
        let mut leaves = leaves.into_iter().map(|leaf| leaf.0);
        moved.iter_mut().for_each(|state| state.replace(&mut leaves));
        let step = Step { lr, count, loss, measures: vec![] };
        let updates = gradients.into_iter().map(float).collect();
        let updates = update_nonempty(transform, updates, &mut moved, &own, &step);
        let values = own.into_iter().zip(updates).map(|(p, u)| (p.value - u).into_dispatch()).collect();
        (untyped(values), untyped(moved.iter().flat_map(state_tensors).collect()))
    };
    let traced = trace(step, &args)?;
    let carried: Vec<(usize, usize)> = (0..kept).map(|k| (k, k)).collect();
    let mut program = Program::new(traced.func(), &carried)?;
    for (k, input) in traced.flatten_args(&args)?.into_iter().enumerate() {
        program.set_tensor(k, &input)?;
    }
    Ok(program)
}

impl CompiledDriver {
    /// Compiles the step of a transform for parameters like these, which are also where it starts.
    ///
    /// # Errors
    /// [`Error::Driver`] for an empty list, parameters of several element types, or a transform that cannot be traced.
    pub fn new(transform: &impl Transform, params: &[Parameter]) -> Result<Self> {
        let program = program_for(transform, params)?;
        let needs_loss = transform.needs_loss();
        let inputs = program.input_types();
        let leaves = inputs.len() - 2 * params.len() - 2 - usize::from(needs_loss);
        let dtype = inputs[0].dtype;
        Ok(CompiledDriver { program, params: params.len(), leaves, dtype, needs_loss, count: 0 })
    }

    /// Moves all parameters by one step; see [`Driver::step`](crate::Driver::step).
    ///
    /// # Errors
    /// [`Error::Driver`] if the transform needs the loss and there is none, or the gradients are not as many as the
    /// parameters; [`Error::Autodiff`] if one has another type than its parameter.
    pub fn step(&mut self, lr: f64, gradients: &[TensorData], loss: Option<f64>) -> Result<()> {
        if gradients.len() != self.params {
            return Err(Error::Driver(format!(
                "There are {} gradients for {} parameters; give one flat gradient for each.",
                gradients.len(),
                self.params
            )));
        }
        let first = self.params + self.leaves;
        for (k, gradient) in gradients.iter().enumerate() {
            self.program.set_input(first + k, gradient)?;
        }
        self.count += 1;
        let number = |value: f64| TensorData::from([value]).convert_dtype(self.dtype);
        let next = first + self.params;
        self.program.set_input(next, &number(lr))?;
        if self.needs_loss {
            let loss = loss.ok_or_else(|| {
                Error::Driver("The optimizer needs the value of the loss; pass it to `step`.".into())
            })?;
            self.program.set_input(next + 1, &number(loss))?;
        }
        let last = self.program.input_types().len() - 1;
        let whole = self.program.input_types()[last].dtype;
        self.program.set_input(last, &TensorData::from([self.count as i64]).convert_dtype(whole))?;
        Ok(self.program.run(None)?)
    }

    /// The parameters, flat.
    ///
    /// # Errors
    /// None that a driver in use can give.
    pub fn params(&self) -> Result<Vec<TensorData>> {
        (0..self.params).map(|k| Ok(self.program.input(k)?)).collect()
    }

    /// What the program does; see [`Program::explain`].
    pub fn explain(&self) -> String {
        self.program.explain()
    }
}

impl fmt::Debug for CompiledDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompiledDriver of {} parameters after {} steps", self.params, self.count)
    }
}

/// Tensors of fewer elements are moved by single operations: compiling would take longer than many steps.
const WORTH_COMPILING: usize = 4096;

/// How many shapes of tensors have a compiled step at once.
const MOST_SHAPES: usize = 256;

/// Compiled steps of one tensor alone, by its shape and element type.
#[derive(Default)]
pub(crate) struct Passes(Mutex<HashMap<(Vec<usize>, DType), Program>>);

/// What a step of one tensor takes and gives: the parameter, its gradient and its state. All are given away, so that each
/// tensor has one owner and its memory can be moved in place.
pub(crate) struct Moving {
    pub param: Parameter,
    pub gradient: Tensor<1>,
    pub state: State,
}

impl Passes {
    /// Moves the parameter and the state by one step over the tensors' own memory. Everything comes back as it was where
    /// the tensor is small, not on a CPU device of Burn, or the transform cannot be traced.
    pub fn run(
        &self,
        transform: &dyn Transform,
        lr: f64,
        moving: Moving,
        count: u64,
    ) -> std::result::Result<(Tensor<1>, State), Box<Moving>> {
        let (device, dtype) = (moving.param.value.device(), moving.param.value.dtype());
        let traced = executor::is_traced(&moving.gradient.clone().into_dispatch());
        let large = moving.param.value.dims()[0] >= WORTH_COMPILING;
        if !large || traced || !compiled_devices().contains(&device) || !transform.is_traceable() {
            return Err(Box::new(moving));
        }
        let mut programs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (moving.param.shape.clone(), dtype);
        if !programs.contains_key(&key) {
            if programs.len() >= MOST_SHAPES {
                programs.clear();
            }
            match program_for(transform, std::slice::from_ref(&moving.param)) {
                Ok(program) => programs.insert(key.clone(), program),
                Err(_) => return Err(Box::new(moving)),
            };
        }
        let whole = programs.get(&key).and_then(|program| program.input_types().last()).map(|ty| ty.dtype);
        let (Some(program), Some(whole)) = (programs.get_mut(&key), whole) else {
            return Err(Box::new(moving));
        };
        let Moving { param: Parameter { value, shape }, gradient, mut state } = moving;
        let mut inputs = vec![value.into_data()];
        for leaf in state.take() {
            // Reading a tensor of the CPU's own memory has nothing to fail at; what did would be seen as a wrong type below.
            inputs.push(executor::download(leaf).unwrap_or_else(|_| TensorData::from([0.0])));
        }
        let kept = inputs.len();
        inputs.push(gradient.into_data());
        inputs.push(TensorData::from([lr]).convert_dtype(dtype));
        inputs.push(TensorData::from([count as i64]).convert_dtype(whole));
        let done = program.run_in_place(&mut inputs, None);
        let mut tensors = inputs.into_iter().map(|data| executor::upload(data, &device));
        let own: Vec<DispatchTensor> = tensors.by_ref().take(kept).collect();
        let gradient = tensors.next();
        let mut own = own.into_iter();
        let moved = own.next().map(Tensor::from_dispatch);
        state.replace(&mut own);
        match (done, moved, gradient) {
            (Ok(()), Some(moved), _) => Ok((moved, state)),
            (_, Some(value), Some(gradient)) => {
                let param = Parameter { value, shape };
                Err(Box::new(Moving { param, gradient: Tensor::from_dispatch(gradient), state }))
            }
            // There are always as many inputs as were put in.
            _ => unreachable!("the parameter and its gradient are among the inputs"),
        }
    }
}

impl fmt::Debug for Passes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passes")
    }
}
