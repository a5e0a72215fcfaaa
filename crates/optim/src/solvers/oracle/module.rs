use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use burn::module::Module;
use thalweg_autodiff::module::{
    ParamGrads, ParamLayout, TracedGradient, TracedHvp, trace_hvp, trace_value_and_grad,
};
use thalweg_autodiff::{IntoResult, Tree, TreeDef, with_rng_key};

use super::function::once;
use super::layout::{elements, elements_of, number_of};
use super::{Layout, Oracle};
use crate::error::Result;

type Loss<M, B, R> = Rc<dyn Fn(&M, &B) -> R>;
type Shared<M, B, R> = Box<dyn Fn(&M, &B) -> R>;

/// The loss of a Burn module on one batch, as a function of its trainable parameters; see [`module_oracle`].
pub struct ModuleOracle<M, B, R> {
    loss: Loss<M, B, R>,
    parts: ParamLayout,
    layout: Layout,
    template: M,
    batch: B,
    key: u64,
    /// The module with the running statistics of the first evaluation on this batch.
    updated: RefCell<Option<M>>,
    gradient: TracedGradient<Shared<M, B, R>, M, B>,
    hvp: OnceCell<TracedHvp<Shared<M, B, R>, M, B>>,
}

/// An oracle of the loss of a module on a batch. It is traced once for modules and batches of these shapes;
/// [`ModuleOracle::next`] gives it another batch.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Device, Tensor};
/// use thalweg_optim::solvers::{Lbfgs, minimize_oracle, module_oracle};
///
/// let device = Device::flex();
/// let model = LinearConfig::new(2, 1).init(&device);
/// let x = Tensor::<2>::from_floats([[1.0, 2.0], [3.0, -1.0], [0.0, 1.0]], &device);
/// let loss = |m: &Linear, x: &Tensor<2>| (m.forward(x.clone()) - 1.0).powi_scalar(2).mean();
/// let oracle = module_oracle(loss, &model, x)?;
/// let found = minimize_oracle(&oracle, oracle.point(&model)?, &Lbfgs::default(), 20)?;
/// let model = oracle.module(&found.x)?; // a `Linear` again
/// assert!(found.value < 1e-8 && model.weight.val().dims() == [2, 1]);
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
///
/// # Errors
/// [`Error::Autodiff`](crate::Error::Autodiff) if no parameter is trainable or the loss cannot be traced.
pub fn module_oracle<M, B, R, F>(loss: F, model: &M, batch: B) -> Result<ModuleOracle<M, B, R>>
where
    M: Module + 'static,
    B: Tree + 'static,
    R: IntoResult + 'static,
    F: Fn(&M, &B) -> R + 'static,
{
    let loss: Loss<M, B, R> = Rc::new(loss);
    let gradient = trace_value_and_grad(shared(&loss), model, &batch)?;
    let parts = ParamLayout::of(model);
    let all = parts.tensors(model)?;
    let trainable: Vec<_> = parts.trainable().map(|k| all[k].clone()).collect();
    let layout = Layout::of_tensors(&trainable, TreeDef::Node(vec![]))?;
    Ok(ModuleOracle {
        loss,
        layout,
        parts,
        template: model.clone(),
        batch,
        key: 0,
        updated: RefCell::default(),
        gradient,
        hvp: OnceCell::new(),
    })
}

fn shared<M: 'static, B: 'static, R: 'static>(loss: &Loss<M, B, R>) -> Shared<M, B, R> {
    let loss = loss.clone();
    Box::new(move |m, b| loss(m, b))
}

impl<M: Module + 'static, B: Tree + 'static, R: IntoResult + 'static> ModuleOracle<M, B, R> {
    /// The vector of a module's trainable parameters, in the module's order.
    ///
    /// # Errors
    /// [`Error::Autodiff`](crate::Error::Autodiff) if the device cannot give its memory.
    pub fn point(&self, model: &M) -> Result<Vec<f64>> {
        let all = self.parts.tensors(model)?;
        elements(self.parts.trainable().map(|k| all[k].clone()).collect())
    }

    /// The module with parameters `x`. Its running statistics are those of the first evaluation on the present batch,
    /// so that a layer counts each batch once however often a solver evaluates.
    ///
    /// # Errors
    /// [`Error::Driver`](crate::Error::Driver) if `x` has another number of elements.
    pub fn module(&self, x: &[f64]) -> Result<M> {
        self.with(self.updated.borrow().as_ref().unwrap_or(&self.template), x)
    }

    /// Turns to another batch of the same shapes, with another key for what the module draws at random.
    pub fn next(&mut self, batch: B, key: u64) {
        if let Some(updated) = self.updated.take() {
            self.template = updated;
        }
        (self.batch, self.key) = (batch, key);
    }

    fn with(&self, model: &M, x: &[f64]) -> Result<M> {
        let mut all = self.parts.tensors(model)?;
        self.parts.trainable().zip(self.layout.tensors(x)?).for_each(|(k, tensor)| all[k] = tensor);
        Ok(self.parts.build(model, all))
    }
}

impl<M: Module + 'static, B: Tree + 'static, R: IntoResult + 'static> Oracle for ModuleOracle<M, B, R> {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>)> {
        let model = self.with(&self.template, x)?;
        let (value, gradient, updated): (_, ParamGrads, _) =
            with_rng_key(self.key, || self.gradient.call(&model, &self.batch))?;
        self.updated.borrow_mut().get_or_insert(updated);
        Ok((number_of(&value)?, elements_of(&gradient)?))
    }

    fn hvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        let (model, direction) = (self.with(&self.template, x)?, self.with(&self.template, v)?);
        let make = || trace_hvp(shared(&self.loss), &model, &self.batch, &direction);
        let traced = once(&self.hvp, make)?;
        let (_, product): (_, ParamGrads) =
            with_rng_key(self.key, || traced.call(&model, &self.batch, &direction))?;
        elements_of(&product)
    }
}
