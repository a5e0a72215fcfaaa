use std::marker::PhantomData;

use burn::module::Module;
use burn::tensor::Tensor;
use thalweg_autodiff::execute::Untyped;
use thalweg_autodiff::{Outcome, Result, Structure, Tree};

use super::eager::{self, Found};
use super::graph::{Args, Frame, Graph, Part};
use super::layout::Layout;
use super::{Metrics, Objective};

/// A loss function whose type is forgotten, so that a trainer's type can be written down.
pub(crate) trait Loss<M, B>: Send {
    /// Traces a step.
    fn trace(&self, frame: &Frame<'_, M>, part: Part, structure: &Structure, args: &Args) -> Result<Graph>;

    /// Value and gradient by burn-autodiff.
    fn eager(&self, model: M, layout: &Layout, structure: &Structure, batch: &[Untyped]) -> Result<Found>;

    /// The value alone.
    fn value(&self, model: &M, batch: &B) -> Result<(Tensor<1>, Metrics)>;
}

pub(crate) struct Closure<F, R> {
    pub f: F,
    pub result: PhantomData<fn() -> R>,
}

impl<M: Module, B: Tree, R: Outcome<Value: Objective>, F: Fn(&M, &B) -> R + Send> Loss<M, B> for Closure<F, R> {
    fn trace(&self, frame: &Frame<'_, M>, part: Part, structure: &Structure, args: &Args) -> Result<Graph> {
        frame.trace(&self.f, part, structure, args)
    }

    fn eager(&self, model: M, layout: &Layout, structure: &Structure, batch: &[Untyped]) -> Result<Found> {
        eager::gradient(&self.f, model, layout, structure, batch)
    }

    fn value(&self, model: &M, batch: &B) -> Result<(Tensor<1>, Metrics)> {
        Ok((self.f)(model, batch).outcome()?.split())
    }
}
