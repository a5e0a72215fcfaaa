//! Arguments and results: any nesting of tensors.

use burn::tensor::{DispatchTensor, Tensor, kind::Basic};
use burn_backend::TensorMetadata;

use crate::error::{Error, Result};
use crate::ir::TensorType;

/// The nesting of a [`Tree`] without its tensors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeDef {
    /// A tensor.
    Leaf,
    /// Parts in order; an absent [`Option`] has none.
    Node(Vec<TreeDef>),
    /// Parts by name, in order.
    Fields(Vec<(String, TreeDef)>),
}

/// What operators take and give: a tensor of any rank and kind, or tuples, arrays, `Vec`s and `Option`s of such.
///
/// Burn modules go through [`module`](crate::module). Implement it for a struct by flattening its fields in order:
///
/// ```
/// use burn::tensor::{DispatchTensor, Tensor};
/// use thalweg_autodiff::{Result, TreeDef, Tree};
///
/// struct State { position: Tensor<1>, velocity: Tensor<1> }
///
/// impl Tree for State {
///     fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
///         (self.position.clone(), self.velocity.clone()).flatten(leaves)
///     }
///     fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self> {
///         let (position, velocity) = Tree::unflatten(structure, leaves)?;
///         Ok(State { position, velocity })
///     }
/// }
/// ```
pub trait Tree: Sized {
    /// Appends the tensors in order and gives the nesting.
    fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef;

    /// Builds a value of this nesting from tensors in order.
    ///
    /// # Errors
    /// [`Error::Argument`] where the nesting, a rank or a kind is not this type's.
    fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self>;
}

/// The tensors of a tree and its nesting.
pub(crate) fn flat<T: Tree>(tree: &T) -> (Vec<DispatchTensor>, TreeDef) {
    let mut leaves = vec![];
    let structure = tree.flatten(&mut leaves);
    (leaves, structure)
}

pub(crate) fn unflat<T: Tree>(structure: &TreeDef, leaves: Vec<DispatchTensor>) -> Result<T> {
    T::unflatten(structure, &mut leaves.into_iter())
}

pub(crate) fn ty(leaf: &DispatchTensor) -> TensorType {
    TensorType::new(leaf.shape().to_vec(), leaf.dtype())
}

/// The parts of a nesting that has `n` of them.
pub(crate) fn parts(structure: &TreeDef, n: usize) -> Result<&[TreeDef]> {
    match structure {
        TreeDef::Node(parts) if parts.len() == n => Ok(parts),
        TreeDef::Fields(fields) => Err(Error::Argument(format!(
            "A value of {} named parts stands where one of {n} parts is expected; give the two the same nesting.",
            fields.len()
        ))),
        TreeDef::Node(parts) => Err(Error::Argument(format!(
            "A value of {} parts stands where one of {n} is expected; give the two the same nesting.",
            parts.len()
        ))),
        TreeDef::Leaf => Err(Error::Argument(format!(
            "A tensor stands where a value of {n} parts is expected; give the two the same nesting."
        ))),
    }
}

impl<const D: usize, K: Basic> Tree for Tensor<D, K> {
    fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
        leaves.push(self.clone().into_dispatch());
        TreeDef::Leaf
    }

    fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self> {
        let (TreeDef::Leaf, Some(leaf)) = (structure, leaves.next()) else {
            return Err(Error::Argument(
                "A value of several parts stands where a tensor is expected; give the two the same nesting."
                    .into(),
            ));
        };
        let ty = ty(&leaf);
        if ty.rank() != D {
            return Err(Error::Argument(format!(
                "A tensor of rank {} ({ty}) stands where `Tensor<{D}>` is expected; state rank {} in the type.",
                ty.rank(),
                ty.rank()
            )));
        }
        let kind = if ty.is_float() {
            "Float"
        } else if ty.dtype.is_bool() {
            "Bool"
        } else {
            "Int"
        };
        if kind != K::name() {
            return Err(Error::Argument(format!(
                "A tensor of kind {kind} ({ty}) stands where `Tensor<{D}, {}>` is expected.",
                K::name()
            )));
        }
        Ok(Tensor::from_dispatch(leaf))
    }
}

macro_rules! tuples {
    ($(($($Part:ident)*))*) => {$(
        impl<$($Part: Tree),*> Tree for ($($Part,)*) {
            #[allow(non_snake_case, unused_variables)] // The parts are named as their types; `()` has none.
            fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
                let ($($Part,)*) = self;
                TreeDef::Node(vec![$($Part.flatten(leaves)),*])
            }

            #[allow(unused_mut, unused_variables)] // `()` has no parts.
            fn unflatten(
                structure: &TreeDef,
                leaves: &mut dyn Iterator<Item = DispatchTensor>,
            ) -> Result<Self> {
                const N: usize = <[&str]>::len(&[$(stringify!($Part)),*]);
                let mut parts = parts(structure, N)?.iter();
                Ok(($($Part::unflatten(parts.next().unwrap_or(&TreeDef::Leaf), leaves)?,)*))
            }
        }
    )*};
}
tuples! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) }

impl<T: Tree> Tree for Vec<T> {
    fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
        TreeDef::Node(self.iter().map(|t| t.flatten(leaves)).collect())
    }

    fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self> {
        match structure {
            TreeDef::Node(parts) => parts.iter().map(|s| T::unflatten(s, leaves)).collect(),
            _ => Err(Error::Argument("A value of another kind stands where a `Vec` is expected.".into())),
        }
    }
}

impl<T: Tree, const N: usize> Tree for [T; N] {
    fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
        TreeDef::Node(self.iter().map(|t| t.flatten(leaves)).collect())
    }

    fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self> {
        parts(structure, N)?;
        let all = Vec::<T>::unflatten(structure, leaves)?;
        all.try_into().map_err(|_| Error::Internal(format!("an array of other than {N} parts")))
    }
}

impl<T: Tree> Tree for Option<T> {
    fn flatten(&self, leaves: &mut Vec<DispatchTensor>) -> TreeDef {
        TreeDef::Node(self.iter().map(|t| t.flatten(leaves)).collect())
    }

    fn unflatten(structure: &TreeDef, leaves: &mut dyn Iterator<Item = DispatchTensor>) -> Result<Self> {
        match structure {
            TreeDef::Node(parts) => parts.first().map(|s| T::unflatten(s, leaves)).transpose(),
            _ => Err(Error::Argument("A value of another kind stands where an `Option` is expected.".into())),
        }
    }
}
