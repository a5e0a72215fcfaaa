use std::marker::PhantomData;

use burn::module::Module;
use burn::tensor::Tensor;
use thalweg_autodiff::executor::DynTensor;
use thalweg_autodiff::{IntoResult, Result, Tree, TreeDef};

use super::eager::{self, EagerGradients};
use super::graph::{AccumulationPhase, Args, Graph, StepBuilder};
use super::layout::StateLayout;
use super::{LossOutput, Metrics};

/// A loss function whose type is forgotten, so that a trainer's type can be written down.
pub(crate) trait Loss<M, B>: Send {
    /// Traces a step.
    fn trace(
        &self,
        frame: &StepBuilder<'_, M>,
        part: AccumulationPhase,
        structure: &TreeDef,
        args: &Args,
    ) -> Result<Graph>;

    /// Value and gradient by burn-autodiff.
    fn eager(
        &self,
        model: M,
        layout: &StateLayout,
        structure: &TreeDef,
        batch: &[DynTensor],
    ) -> Result<EagerGradients>;

    /// The value alone.
    fn value(&self, model: &M, batch: &B) -> Result<(Tensor<1>, Metrics)>;
}

pub(crate) struct Closure<F, R> {
    pub f: F,
    pub result: PhantomData<fn() -> R>,
}

impl<M: Module, B: Tree, R: IntoResult<Value: LossOutput>, F: Fn(&M, &B) -> R + Send> Loss<M, B>
    for Closure<F, R>
{
    fn trace(
        &self,
        frame: &StepBuilder<'_, M>,
        part: AccumulationPhase,
        structure: &TreeDef,
        args: &Args,
    ) -> Result<Graph> {
        frame.trace(&self.f, part, structure, args)
    }

    fn eager(
        &self,
        model: M,
        layout: &StateLayout,
        structure: &TreeDef,
        batch: &[DynTensor],
    ) -> Result<EagerGradients> {
        eager::gradient(&self.f, model, layout, structure, batch)
    }

    fn value(&self, model: &M, batch: &B) -> Result<(Tensor<1>, Metrics)> {
        Ok((self.f)(model, batch).into_result()?.split())
    }
}
