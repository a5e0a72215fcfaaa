use std::marker::PhantomData;

use burn::module::Module;

use super::gradient::Gradient;
use super::operators::Call;
use crate::error::Result;
use crate::function::Outcome;
use crate::ir::Func;
use crate::run::{Handle, Program};
use crate::trace::{Inputs, capture};
use crate::tree::Structure;
use crate::tree::Tree;

/// The tensor without burn-autodiff around it, wherever it lives.
pub(super) fn inner(handle: Handle) -> Handle {
    match capture::recorded(&handle) {
        Some(_) => handle,
        None => capture::without_autodiff(handle),
    }
}

/// [`value_and_grad_with_state`](super::value_and_grad_with_state) traced once, to be called without tracing again.
pub struct TracedGradient<F, M, B> {
    f: F,
    func: Func,
    program: Program,
    lifted: Vec<Handle>,
    nesting: Structure,
    types: PhantomData<fn(&M, &B)>,
}

/// Traces the value and gradient of `f` for a model and data like these: what a training loop calls in each step.
///
/// What the closure has captured is fixed, and so are the shapes; a last, smaller batch needs a trace of its own.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::optim::SgdConfig;
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::module;
///
/// let device = Device::flex().autodiff();
/// let mut model = LinearConfig::new(3, 1).init(&device);
/// let mut optimizer = SgdConfig::new().init();
/// let x = Tensor::<2>::ones([4, 3], &device);
/// let step = module::trace_value_and_grad(
///     |m: &Linear, x: &Tensor<2>| (m.forward(x.clone()) - 1.0).powi_scalar(2).mean(),
///     &model,
///     &x,
/// )?;
/// for _ in 0..100 {
///     let (_, gradients, updated) = step.call(&model, &x)?;
///     model = optimizer.step(0.1, updated, gradients);
/// }
/// let (loss, _, _): (_, module::Params, _) = step.call(&model, &x)?;
/// assert!(loss.into_scalar::<f32>() < 1e-6);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`value_and_grad`](super::value_and_grad).
pub fn trace_value_and_grad<M: Module, B: Tree, R: Outcome, F: Fn(&M, &B) -> R>(
    f: F,
    model: &M,
    data: &B,
) -> Result<TracedGradient<F, M, B>> {
    let (recording, nesting) = {
        let (call, leaves) = Call::new(&f, model, data)?;
        Inputs::new(leaves)?.record(|leaves| call.value_and_grad(leaves))?
    };
    let program = Program::new(&recording.func);
    Ok(TracedGradient {
        f,
        program,
        func: recording.func,
        lifted: recording.lifted,
        nesting,
        types: PhantomData,
    })
}

impl<M: Module, B: Tree, R: Outcome, F: Fn(&M, &B) -> R> TracedGradient<F, M, B> {
    /// Value, gradient, and the model with updated running statistics. Random draws take the next key.
    ///
    /// # Errors
    /// [`Error::Argument`](crate::Error::Argument) if shapes, element types or devices are not those it was traced
    /// for.
    pub fn call<G: Gradient<M>>(&self, model: &M, data: &B) -> Result<(R::Value, G, M)> {
        let (call, leaves) = Call::new(&self.f, model, data)?;
        let all = Inputs::new(leaves)?.run(&self.program, self.func.is_random(), &self.lifted)?;
        call.split(all, &self.nesting)
    }

    /// The graph.
    pub fn func(&self) -> &Func {
        &self.func
    }
}
