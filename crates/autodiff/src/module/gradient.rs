use burn::module::{Module, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{DispatchTensor, Tensor, kind::Basic};

use super::parts::{ModuleLayout, on_autodiff};
use crate::device::Handle;
use crate::error::{Error, Result};
use crate::tree::{Tree, TreeDef, ty, unflat};

/// The derivative with respect to one parameter.
pub struct ParamGrad<'a> {
    /// The parameter's identity in the module.
    pub id: ParamId,
    /// Its path in the module, for instance `layers.0.weight`.
    pub path: &'a str,
    /// The derivative, with the parameter's shape and element type, on the inner device.
    pub value: DispatchTensor,
    /// Whether the function depends on the parameter; where it does not, the derivative is zero. Known in training mode
    /// only, else `true`.
    pub reached: bool,
}

/// What a derivative with respect to a module `M` is given as; follows from its use or is stated.
///
/// * [`GradientsParams`]: what Burn's optimizers take.
/// * [`AsModule<M>`]: a module of the same type that holds the derivative in place of each parameter.
/// * [`ParamGrads`]: tensors by path, which is a [`Tree`] and so may leave [`vmap`](crate::vmap) and other operators.
pub trait FromParamGrads<M>: Sized {
    /// Gathers the derivatives with respect to the trainable parameters of `model`.
    ///
    /// # Errors
    /// [`Error::Argument`] where `model` does not fit this form.
    fn gather(model: &M, entries: Vec<ParamGrad<'_>>) -> Result<Self>;
}

impl<M: Module> FromParamGrads<M> for GradientsParams {
    fn gather(model: &M, entries: Vec<ParamGrad<'_>>) -> Result<Self> {
        if !on_autodiff(model) {
            return Err(Error::Argument(
                "`GradientsParams` are for `ModuleOptimizer::step`, which takes a module on an autodiff device, but \
                 this one is on a plain device. Create it on `device.autodiff()` or move it by `model.train()`; or \
                 ask for the gradient as `module::AsModule` or `module::ParamGrads`."
                    .into(),
            ));
        }
        let mut gradients = GradientsParams::new();
        // As in Burn, there is no gradient by a parameter that the function does not depend on.
        for ParamGrad { id, value, .. } in entries.into_iter().filter(|entry| entry.reached) {
            macro_rules! register {
                ($($rank:literal)*) => {
                    match ty(&value).rank() {
                        $($rank => gradients.register::<$rank>(id, Tensor::from_dispatch(value)),)*
                        rank => return Err(Error::Argument(format!(
                            "A parameter of rank {rank} is beyond the rank 8 that gradients are given for."
                        ))),
                    }
                };
            }
            register!(1 2 3 4 5 6 7 8);
        }
        Ok(gradients)
    }
}

/// A module that holds a derivative (or a direction) in place of each trainable parameter, and zeros in place of
/// other floats; on the inner device.
#[derive(Clone, Debug)]
pub struct AsModule<M>(pub M);

impl<M: Module> FromParamGrads<M> for AsModule<M> {
    fn gather(model: &M, entries: Vec<ParamGrad<'_>>) -> Result<Self> {
        let layout = ModuleLayout::of(model);
        let mut handles = layout.tensors(&model.valid())?;
        for k in layout.non_trainable_floats() {
            handles[k] = crate::operators::stage::full_like(0.0, &ty(&handles[k]), &handles[k]);
        }
        for (k, entry) in layout.trainable().zip(entries) {
            handles[k] = entry.value;
        }
        Ok(AsModule(layout.rebuild(model, &handles)))
    }
}

/// Tensors by the paths of a module's trainable parameters.
///
/// As a [`Tree`], it keeps its paths through operators; under [`vmap`](crate::vmap) each tensor has the batch axis in front.
#[derive(Clone, Debug)]
pub struct ParamGrads {
    entries: Vec<(String, Handle)>,
}

impl ParamGrads {
    /// The paths, in the module's order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(path, _)| path.as_str())
    }

    /// The tensor of the parameter at `path`.
    ///
    /// # Errors
    /// [`Error::Argument`] if there is no such path, or the rank or kind is another one.
    pub fn get<const D: usize, K: Basic>(&self, path: &str) -> Result<Tensor<D, K>> {
        match self.entries.iter().find(|(own, _)| own == path) {
            Some((_, handle)) => unflat(&TreeDef::Leaf, vec![handle.clone()]),
            None => Err(Error::Argument(format!(
                "The module has no trainable parameter `{path}`; it has {}.",
                self.paths().map(|p| format!("`{p}`")).collect::<Vec<_>>().join(", ")
            ))),
        }
    }

    /// Shapes by path, in the module's order.
    pub fn shapes(&self) -> impl Iterator<Item = (&str, Vec<usize>)> {
        self.entries.iter().map(|(path, handle)| (path.as_str(), ty(handle).shape))
    }
}

impl<M: Module> FromParamGrads<M> for ParamGrads {
    fn gather(_model: &M, entries: Vec<ParamGrad<'_>>) -> Result<Self> {
        Ok(ParamGrads { entries: entries.into_iter().map(|e| (e.path.to_string(), e.value)).collect() })
    }
}

impl Tree for ParamGrads {
    fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
        leaves.extend(self.entries.iter().map(|(_, handle)| handle.clone()));
        TreeDef::Fields(self.entries.iter().map(|(path, _)| (path.clone(), TreeDef::Leaf)).collect())
    }

    fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self> {
        match structure {
            TreeDef::Fields(fields) => {
                let entries =
                    fields.iter().map(|(path, _)| path.clone()).zip(leaves.take(fields.len())).collect();
                Ok(ParamGrads { entries })
            }
            _ => Err(Error::Argument(
                "A value without paths stands where `module::ParamGrads` is expected.".into(),
            )),
        }
    }
}
