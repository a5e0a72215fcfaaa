use std::borrow::Cow;
use std::marker::PhantomData;

use burn::module::Module;

use super::gradient::FromParamGrads;
use super::operators::{Call, Called, Results};
use super::parts::ModuleLayout;
use crate::device::Handle;
use crate::error::Result;
use crate::function::IntoResult;
use crate::interpret::Program;
use crate::ir::Func;
use crate::trace::{Inputs, Recording, capture};
use crate::tree::Tree;

/// The tensor without burn-autodiff around it, wherever it lives.
pub(super) fn inner(handle: Handle) -> Handle {
    match capture::recorded(&handle) {
        Some(_) => handle,
        None => capture::without_autodiff(handle),
    }
}

/// A graph planned for running, with what the trace has fixed.
struct Planned {
    func: Func,
    program: Program,
    lifted: Vec<Handle>,
    called: Called,
}

impl Planned {
    fn new(leaves: Vec<Handle>, body: impl Fn(Vec<Handle>) -> Result<Results>) -> Result<Self> {
        let (Recording { func, lifted }, called) = Inputs::new(leaves)?.record(body)?;
        Ok(Planned { program: Program::new(&func), func, lifted, called })
    }

    fn run(&self, leaves: Vec<Handle>) -> Result<Vec<Handle>> {
        Inputs::new(leaves)?.run(&self.program, self.func.uses_rng(), &self.lifted)
    }
}

/// [`value_and_grad_with_state`](super::value_and_grad_with_state) traced once, to be called without tracing again.
pub struct TracedGradient<F, M, B> {
    f: F,
    layout: ModuleLayout,
    planned: Planned,
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
/// let (loss, _, _): (_, module::ParamGrads, _) = step.call(&model, &x)?;
/// assert!(loss.into_scalar::<f32>() < 1e-6);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`value_and_grad`](super::value_and_grad).
pub fn trace_value_and_grad<M: Module, B: Tree, R: IntoResult, F: Fn(&M, &B) -> R>(
    f: F,
    model: &M,
    data: &B,
) -> Result<TracedGradient<F, M, B>> {
    let (planned, layout) = {
        let (call, leaves) = Call::new(&f, model, data)?;
        (Planned::new(leaves, |leaves| call.value_and_grad(leaves))?, call.layout.into_owned())
    };
    Ok(TracedGradient { f, layout, planned, types: PhantomData })
}

impl<M: Module, B: Tree, R: IntoResult, F: Fn(&M, &B) -> R> TracedGradient<F, M, B> {
    /// Value, gradient, and the model with updated running statistics. Random draws take the next key.
    ///
    /// # Errors
    /// [`Error::Argument`](crate::Error::Argument) if shapes, element types or devices are not those it was traced
    /// for, or if a parameter was frozen or unfrozen since.
    pub fn call<G: FromParamGrads<M>>(&self, model: &M, data: &B) -> Result<(R::Value, G, M)> {
        self.layout.check_trainable(model)?;
        let (call, leaves) = Call::with_layout(&self.f, model, Cow::Borrowed(&self.layout), data)?;
        call.split(self.planned.run(leaves)?, &self.planned.called)
    }

    /// The graph.
    pub fn func(&self) -> &Func {
        &self.planned.func
    }
}

/// [`hvp`](super::hvp) traced once, to be called without tracing again.
pub struct TracedHvp<F, M, B> {
    f: F,
    layout: ModuleLayout,
    planned: Planned,
    types: PhantomData<fn(&M, &B)>,
}

/// Traces the value and the product of the Hessian with a direction, for a model, data and a direction like these.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::module::{self, AsModule};
///
/// let device = Device::flex();
/// let model = LinearConfig::new(3, 1).init(&device);
/// let x = Tensor::<2>::ones([4, 3], &device);
/// let f = |m: &Linear, x: &Tensor<2>| m.forward(x.clone()).powi_scalar(2).mean();
/// let product = module::trace_hvp(f, &model, &x, &model)?;
/// // The function is quadratic, so the product with the parameters themselves is the gradient.
/// let (_, AsModule(hv)) = product.call(&model, &x, &model)?;
/// let (_, AsModule(g)) = module::value_and_grad(f)(&model, &x)?;
/// let gap = (hv.weight.val() - g.weight.val()).abs().max();
/// assert!(gap.into_scalar::<f32>() < 1e-6);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`hvp`](super::hvp).
pub fn trace_hvp<M: Module, B: Tree, R: IntoResult, F: Fn(&M, &B) -> R>(
    f: F,
    model: &M,
    data: &B,
    direction: &M,
) -> Result<TracedHvp<F, M, B>> {
    let (planned, layout) = {
        let (call, leaves) = Call::new(&f, model, data)?;
        let leaves = call.directed(leaves, direction)?;
        (Planned::new(leaves, |leaves| call.hvp(leaves))?, call.layout.into_owned())
    };
    Ok(TracedHvp { f, layout, planned, types: PhantomData })
}

impl<M: Module, B: Tree, R: IntoResult, F: Fn(&M, &B) -> R> TracedHvp<F, M, B> {
    /// Value and product. Random draws take the next key.
    ///
    /// # Errors
    /// [`Error::Argument`](crate::Error::Argument) if shapes, element types or devices are not those it was traced
    /// for, or if a parameter was frozen or unfrozen since.
    pub fn call<G: FromParamGrads<M>>(&self, model: &M, data: &B, direction: &M) -> Result<(R::Value, G)> {
        self.layout.check_trainable(model)?;
        let (call, leaves) = Call::with_layout(&self.f, model, Cow::Borrowed(&self.layout), data)?;
        let leaves = call.directed(leaves, direction)?;
        call.split_product(self.planned.run(leaves)?, &self.planned.called)
    }

    /// The graph.
    pub fn func(&self) -> &Func {
        &self.planned.func
    }
}
