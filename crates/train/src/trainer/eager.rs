//! The gradient by burn-autodiff, for code that cannot be traced.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{DispatchTensor, Tensor};
use thalweg_autodiff::execute::{Untyped, on_autodiff};
use thalweg_autodiff::{Outcome, Result, Structure, Tree};

use super::layout::Layout;
use super::{Metrics, Objective, rule};

/// What one batch gives.
pub(crate) struct Found {
    pub loss: Tensor<1>,
    pub metrics: Metrics,
    /// In the order of the trainable parameters.
    pub gradients: Vec<Tensor<1>>,
    /// The model's tensors after the forward pass, which may have moved running statistics.
    pub tensors: Vec<DispatchTensor>,
}

/// Takes the gradient of each trainable parameter, in order; zeros where the loss does not depend on one.
struct Collect<'a> {
    gradients: &'a mut GradientsParams,
    layout: &'a Layout,
    at: usize,
    found: Vec<Tensor<1>>,
}

impl ModuleVisitor for Collect<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(place) = self.layout.trainable.get(self.at) else { return };
        if self.layout.parts.id(*place) == param.id {
            self.at += 1;
            let gradient = self.gradients.remove::<D>(param.id);
            let gradient = gradient.unwrap_or_else(|| param.val().inner().zeros_like());
            self.found.push(rule::flat(gradient.into_dispatch()));
        }
    }
}

/// Runs the loss and its gradient on a model in training mode.
pub(crate) fn gradient<M: Module, B: Tree, R: Outcome<Value: Objective>>(
    loss: &impl Fn(&M, &B) -> R,
    model: M,
    layout: &Layout,
    structure: &Structure,
    batch: &[Untyped],
) -> Result<Found> {
    let batch = B::unflatten(structure, &mut batch.iter().map(|t| on_autodiff(t.0.clone())))?;
    let (loss, metrics) = loss(&model, &batch).outcome()?.split();
    if loss.dims() != [1] {
        return Err(thalweg_autodiff::Error::Output(format!(
            "A loss must be one float number, but this one has the shape {:?}. Sum or average it.",
            loss.dims()
        )));
    }
    let mut gradients = GradientsParams::from_grads(loss.backward(), &model);
    let mut collect = Collect { gradients: &mut gradients, layout, at: 0, found: vec![] };
    model.visit(&mut collect);
    let gradients = collect.found;
    let tensors = layout.parts.tensors(&model.valid());
    Ok(Found { loss: loss.inner().cast(layout.dtype), metrics, gradients, tensors })
}
