use burn::tensor::{DType, Device, DispatchTensor, Tensor, TensorData};
use thalweg_autodiff::{TensorType, Tree, TreeDef, executor};

use crate::error::{Error, Result};
use crate::transform::Parameter;

/// How a vector of numbers is made of tensors: their shapes, element types and device, in order.
#[derive(Clone, Debug)]
pub struct Layout {
    types: Vec<TensorType>,
    structure: TreeDef,
    device: Device,
}

impl Layout {
    /// The layout of a tree of float tensors.
    ///
    /// # Errors
    /// [`Error::Driver`] if there is no tensor, or one that is not of floats.
    pub fn of(x: &impl Tree) -> Result<Self> {
        let mut leaves = vec![];
        let structure = x.flatten(&mut leaves);
        Self::of_tensors(&leaves, structure)
    }

    pub(super) fn of_tensors(leaves: &[DispatchTensor], structure: TreeDef) -> Result<Self> {
        let types: Vec<TensorType> = leaves.iter().map(executor::type_of).collect();
        if let Some(other) = types.iter().find(|ty| !ty.is_float()) {
            return Err(Error::Driver(format!(
                "A solver moves tensors of floats, but one of the arguments is {other}; let the function capture it."
            )));
        }
        match leaves.first() {
            None => Err(Error::Driver(
                "A solver needs a tensor to move, but the arguments hold none; give at least one.".into(),
            )),
            // The rank is of no matter where only the device is asked for.
            Some(first) => {
                Ok(Layout { types, structure, device: Tensor::<1>::from_dispatch(first.clone()).device() })
            }
        }
    }

    /// The number of all elements.
    pub fn num_elements(&self) -> usize {
        self.types.iter().map(TensorType::num_elements).sum()
    }

    /// The relative rounding error of the element types, that of the coarsest.
    pub fn epsilon(&self) -> f64 {
        let bits = |ty: &TensorType| match ty.dtype {
            DType::F64 => 52,
            DType::F16 => 10,
            DType::BF16 => 7,
            _ => 23,
        };
        2f64.powi(-self.types.iter().map(bits).min().unwrap_or(52))
    }

    /// The types of the tensors, in order.
    pub fn types(&self) -> &[TensorType] {
        &self.types
    }

    /// The elements of a tree of this layout, one tensor after the other.
    ///
    /// # Errors
    /// [`Error::Driver`] if shapes or element types are others.
    pub fn read(&self, x: &impl Tree) -> Result<Vec<f64>> {
        let mut leaves = vec![];
        x.flatten(&mut leaves);
        let types: Vec<TensorType> = leaves.iter().map(executor::type_of).collect();
        if types != self.types {
            return Err(Error::Driver(format!(
                "The arguments are {}, but the function was traced for {}; make a new oracle for them.",
                list(&types),
                list(&self.types)
            )));
        }
        elements(leaves)
    }

    /// The tree of this layout that `x` stands for.
    ///
    /// # Errors
    /// [`Error::Driver`] if `x` has another number of elements, [`Error::Autodiff`] if the type asked for is nested
    /// otherwise.
    pub fn write<A: Tree>(&self, x: &[f64]) -> Result<A> {
        Ok(A::unflatten(&self.structure, &mut self.tensors(x)?.into_iter())?)
    }

    /// The tensors that `x` stands for.
    ///
    /// # Errors
    /// [`Error::Driver`] if `x` has another number of elements.
    pub fn tensors(&self, x: &[f64]) -> Result<Vec<DispatchTensor>> {
        let parts = self.split(x)?;
        let upload = |(part, ty): (&[f64], &TensorType)| {
            let data = TensorData::new(part.to_vec(), ty.shape.clone()).convert_dtype(ty.dtype);
            executor::upload(data, &self.device)
        };
        Ok(parts.into_iter().zip(&self.types).map(upload).collect())
    }

    /// The tensors that `x` stands for, as transforms take them.
    pub(crate) fn parameters(&self, x: &[f64]) -> Result<Vec<Parameter>> {
        let parts = self.split(x)?;
        let parameter = |(part, ty): (&[f64], &TensorType)| {
            let data = TensorData::new(part.to_vec(), [part.len()]).convert_dtype(ty.dtype);
            let value = Tensor::from_dispatch(executor::upload(data, &self.device.clone().inner()));
            Parameter { value, shape: ty.shape.clone() }
        };
        Ok(parts.into_iter().zip(&self.types).map(parameter).collect())
    }

    /// The part of `x` that belongs to each tensor.
    ///
    /// # Errors
    /// [`Error::Driver`] if `x` has another number of elements.
    pub fn split<'a>(&self, x: &'a [f64]) -> Result<Vec<&'a [f64]>> {
        if x.len() != self.num_elements() {
            return Err(Error::Driver(format!(
                "A vector of {} numbers stands for {}, which have {}.",
                x.len(),
                list(&self.types),
                self.num_elements()
            )));
        }
        let mut rest = x;
        let part = |ty: &TensorType| {
            let (own, later) = rest.split_at(ty.num_elements());
            rest = later;
            own
        };
        Ok(self.types.iter().map(part).collect())
    }
}

fn list(types: &[TensorType]) -> String {
    types.iter().map(TensorType::to_string).collect::<Vec<_>>().join(", ")
}

/// The elements of all tensors, in order.
pub(super) fn elements(tensors: Vec<DispatchTensor>) -> Result<Vec<f64>> {
    let mut all = vec![];
    for tensor in tensors {
        all.extend(executor::download(tensor)?.iter::<f64>());
    }
    Ok(all)
}

/// The elements of a tree.
pub(super) fn elements_of(tree: &impl Tree) -> Result<Vec<f64>> {
    let mut leaves = vec![];
    tree.flatten(&mut leaves);
    elements(leaves)
}

/// The single number that a function has returned.
pub(super) fn number_of(tree: &impl Tree) -> Result<f64> {
    Ok(elements_of(tree)?.first().copied().unwrap_or(f64::NAN))
}
