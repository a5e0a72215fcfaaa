use std::fmt;
use std::marker::PhantomData;

use burn::tensor::Device;
use burn::tensor::TensorData;
use burn_backend::TensorMetadata;
use burn_backend::ops::IntTensorOps;
use burn_dispatch::DispatchDevice;

use super::capture::{self, Mode};
use super::session::{Recording, record};
use crate::detach;
use crate::device::{B, Handle};
use crate::error::{Error, Result};
use crate::function::Function;
use crate::interpret::Program;
use crate::ir::{Func, TensorType};
use crate::keys::next_key;
use crate::tree::{Tree, TreeDef, flat, ty, unflat};

/// Arguments of a real device, ready to be traced for.
pub(crate) struct Inputs {
    pub handles: Vec<Handle>,
    pub mode: Mode,
    pub device: DispatchDevice,
}

impl Inputs {
    /// # Errors
    /// `Error::Argument` for no tensor at all, or tensors of several devices.
    pub fn new(leaves: Vec<Handle>) -> Result<Self> {
        let autodiff = leaves.iter().any(|h| h.autodiff != Default::default());
        let mode = if autodiff { Mode::Training } else { Mode::Inference };
        let handles: Vec<Handle> = leaves.into_iter().map(capture::without_autodiff).collect();
        let Some(first) = handles.first() else {
            return Err(Error::Argument("The arguments hold no tensor; give at least one.".into()));
        };
        let device = first.device();
        if let Some(other) = handles.iter().find(|h| h.device() != device) {
            return Err(Error::Argument(format!(
                "The arguments lie on different devices ({device:?} and {:?}); move them to one with `to_device`.",
                other.device()
            )));
        }
        Ok(Inputs { handles, mode, device })
    }

    pub fn types(&self) -> Vec<TensorType> {
        self.handles.iter().map(ty).collect()
    }

    /// Traces `body` for these arguments; where operators differentiate in it, checks that nothing is detached.
    pub fn record<T>(&self, body: impl Fn(Vec<Handle>) -> Result<(Vec<Handle>, T)>) -> Result<(Recording, T)> {
        let settings = Device::new(self.device.clone()).settings();
        let before = detach::recorded_operators();
        let traced = record(&self.types(), self.mode, settings, &body)?;
        self.check_devices(&traced.0.lifted)?;
        if detach::recorded_operators() > before {
            detach::check(self, settings, |leaves| body(leaves).map(|(outputs, _)| outputs))?;
        }
        Ok(traced)
    }

    /// Refuses lifted tensors of another device than the arguments'.
    fn check_devices(&self, lifted: &[Handle]) -> Result<()> {
        match lifted.iter().find(|h| h.device() != self.device) {
            None => Ok(()),
            Some(other) => Err(Error::Argument(format!(
                "The function takes in a tensor on {:?}, but its arguments lie on {:?}; move one of them with \
                 `to_device`.",
                other.device(),
                self.device
            ))),
        }
    }

    /// Runs a graph on these arguments; results come back where the arguments were.
    pub fn run(&self, program: &Program, is_random: bool, lifted: &[Handle]) -> Result<Vec<Handle>> {
        let mut handles = self.handles.clone();
        handles.extend(lifted.iter().cloned());
        if is_random {
            handles.push(B::int_from_data(TensorData::new(vec![next_key()], [1]), &self.device));
        }
        let results = program.run(handles, &self.device)?;
        Ok(match self.mode {
            Mode::Inference => results,
            Mode::Training => results.into_iter().map(capture::with_autodiff).collect(),
        })
    }
}

/// Whether one of the tensors belongs to a trace under way.
pub(crate) fn is_traced(leaves: &[Handle]) -> bool {
    leaves.iter().any(|h| capture::recorded(h).is_some())
}

/// An operator at the level of tensors: inside a trace `body` records, outside it is traced and run at once.
pub(crate) fn run_leaves<T>(
    leaves: Vec<Handle>,
    body: impl Fn(Vec<Handle>) -> Result<(Vec<Handle>, T)>,
) -> Result<(Vec<Handle>, T)> {
    if is_traced(&leaves) {
        return body(leaves);
    }
    let inputs = Inputs::new(leaves)?;
    let (recording, extra) = inputs.record(body)?;
    let program = Program::new(&recording.func);
    Ok((inputs.run(&program, recording.func.uses_rng(), &recording.lifted)?, extra))
}

/// A function traced for arguments of given shapes: a graph that can be read, and run again without tracing.
///
/// It computes what the function computed when it was traced: values that the closure has captured are fixed, and so
/// are its decisions on shapes.
pub struct Traced<A, R> {
    func: Func,
    program: Program,
    lifted: Vec<Handle>,
    argument: TreeDef,
    result: TreeDef,
    types: PhantomData<fn(&A) -> R>,
}

/// Traces `f` for arguments like `args`, whose values do not matter.
///
/// The device of `args` decides on the mode: on an autodiff device layers are in training mode. Operators may be
/// traced as well, for instance `trace(grad(f), &x)`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::{grad, trace};
/// let x = Tensor::<1>::from_floats([1.0, 2.0], &Device::flex());
/// let gradient = trace(grad(|x: Tensor<1>| x.powi_scalar(3).sum()), &x)?;
/// assert_eq!(gradient.call(&x)?.to_data().try_to_vec::<f32>().unwrap(), [3.0, 12.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// What the function does that cannot be traced, each with its remedy; see [`Error`].
pub fn trace<A: Tree, M, F: Function<A, M>>(f: F, args: &A) -> Result<Traced<A, F::Output>> {
    let (leaves, structure) = flat(args);
    let inputs = Inputs::new(leaves)?;
    let (recording, result) = inputs.record(|leaves| {
        let (outputs, result) = flat(&f.call(unflat(&structure, leaves)?)?);
        Ok((outputs, result))
    })?;
    let program = Program::new(&recording.func);
    let Recording { func, lifted } = recording;
    Ok(Traced { program, func, lifted, argument: structure, result, types: PhantomData })
}

impl<A: Tree, R: Tree> Traced<A, R> {
    /// The graph.
    pub fn func(&self) -> &Func {
        &self.func
    }

    /// The inputs of the graph for these arguments, in the order of [`Func::inputs`]: the arguments' tensors, then those
    /// that the function took in by [`constant`](crate::constant); a random graph has one more input behind, its key.
    ///
    /// # Errors
    /// [`Error::Argument`] if the arguments are nested otherwise than those it was traced for, or on several devices.
    pub fn flatten_args(&self, args: &A) -> Result<Vec<Handle>> {
        Ok(self.bind(args)?.handles.into_iter().chain(self.lifted.iter().cloned()).collect())
    }

    /// The function's result from the outputs of the graph.
    ///
    /// # Errors
    /// [`Error::Argument`] if number or types of the tensors are not the outputs'.
    pub fn unflatten_output(&self, outputs: Vec<Handle>) -> Result<R> {
        unflat(&self.result, outputs)
    }

    /// As [`Traced::call`], but by another executor: `run` receives the elements of all inputs, in the order of
    /// [`Func::inputs`], and gives those of all outputs. A random graph's key is the last input.
    ///
    /// # Errors
    /// As [`Traced::call`], and what `run` returns.
    pub fn call_with(
        &self,
        args: &A,
        run: impl FnOnce(Vec<TensorData>) -> Result<Vec<TensorData>>,
    ) -> Result<R> {
        let inputs = self.bind(args)?;
        let mut data = vec![];
        for handle in inputs.handles.iter().chain(&self.lifted) {
            data.push(crate::executor::download(handle.clone())?);
        }
        if self.func.uses_rng() {
            data.push(TensorData::new(vec![next_key()], [1]));
        }
        let upload = |data: TensorData| {
            let ty = TensorType::new(data.shape().to_vec(), data.dtype());
            let handle = crate::device::upload(data, &ty, &inputs.device);
            if inputs.mode == Mode::Training { capture::with_autodiff(handle) } else { handle }
        };
        self.unflatten_output(run(data)?.into_iter().map(upload).collect())
    }

    fn bind(&self, args: &A) -> Result<Inputs> {
        let (leaves, structure) = flat(args);
        if structure != self.argument {
            return Err(Error::Argument(
                "The arguments are nested otherwise than those that this function was traced for. Trace it again \
                 for the new nesting."
                    .into(),
            ));
        }
        let inputs = Inputs::new(leaves)?;
        inputs.check_devices(&self.lifted)?;
        Ok(inputs)
    }

    /// Runs the graph. Random draws take the next key; see [`seed`](crate::seed).
    ///
    /// # Errors
    /// [`Error::Argument`] if nesting, shapes, element types or devices are not those it was traced for.
    pub fn call(&self, args: &A) -> Result<R> {
        let inputs = self.bind(args)?;
        self.unflatten_output(inputs.run(&self.program, self.func.uses_rng(), &self.lifted)?)
    }
}

impl<A, R> fmt::Display for Traced<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.func.fmt(f)
    }
}

impl<A, R> fmt::Debug for Traced<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.func.fmt(f)
    }
}
