//! The gradient by burn-autodiff, for code that cannot be traced.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Bool, DispatchTensor, Gradients, Int, Tensor};
use thalweg_autodiff::executor::{DynTensor, with_autodiff};
use thalweg_autodiff::{IntoResult, Result, Tree, TreeDef};

use super::layout::StateLayout;
use super::{LossOutput, Metrics, update_graph};

/// What one batch gives.
pub(crate) struct EagerGradients {
    pub loss: Tensor<1>,
    pub metrics: Metrics,
    /// In the order of the trainable parameters; none where the loss does not depend on one.
    pub gradients: Vec<Option<Tensor<1>>>,
    /// The model's tensors after the forward pass, which may have moved running statistics.
    pub tensors: Vec<DispatchTensor>,
}

/// Takes the gradient of each tensor of a traversal that has one; those of tied parameters are added.
struct Collect<'a> {
    gradients: &'a Gradients,
    layout: &'a StateLayout,
    position: usize,
    found: Vec<Option<Tensor<1>>>,
}

impl ModuleVisitor for Collect<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let place = self.layout.parts.traversal()[self.position];
        self.position += 1;
        let Ok(k) = self.layout.trainable.binary_search(&place) else { return };
        let Some(gradient) = param.val().grad(self.gradients) else { return };
        let gradient = update_graph::flat(gradient.into_dispatch());
        self.found[k] = Some(match self.found[k].take() {
            Some(sum) => sum + gradient,
            None => gradient,
        });
    }

    fn visit_int<const D: usize>(&mut self, _: &Param<Tensor<D, Int>>) {
        self.position += 1;
    }

    fn visit_bool<const D: usize>(&mut self, _: &Param<Tensor<D, Bool>>) {
        self.position += 1;
    }
}

/// Runs the loss and its gradient on a model in training mode.
pub(crate) fn gradient<M: Module, B: Tree, R: IntoResult<Value: LossOutput>>(
    loss: &impl Fn(&M, &B) -> R,
    model: M,
    layout: &StateLayout,
    structure: &TreeDef,
    batch: &[DynTensor],
) -> Result<EagerGradients> {
    let batch = B::unflatten(structure, &mut batch.iter().map(|t| with_autodiff(t.0.clone())))?;
    let (loss, metrics) = loss(&model, &batch).into_result()?.split();
    if loss.dims() != [1] {
        return Err(thalweg_autodiff::Error::Output(format!(
            "A loss must be one float number, but this one has the shape {:?}. Sum or average it.",
            loss.dims()
        )));
    }
    let gradients = loss.backward();
    let found = vec![None; layout.trainable.len()];
    let mut collect = Collect { gradients: &gradients, layout, position: 0, found };
    model.visit(&mut collect);
    let gradients = collect.found;
    let tensors = layout.parts.tensors(&model.valid())?;
    Ok(EagerGradients { loss: loss.inner().cast(layout.dtype), metrics, gradients, tensors })
}
