//! The table of cases: for every differentiable operation of Burn, functions of float tensors that use it.
//!
//! Law tests and the coverage table iterate it. Adding a case is one row in the file of its family.

mod activations;
mod indexing;
mod linear;
mod losses;
mod normalization;
mod pointwise;
mod recurrent;
mod reductions;
mod shape;
mod spatial;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Int, Tensor, TensorData};

/// The flat inputs of a case with their shapes.
pub struct Inputs {
    pub flat: Vec<Tensor<1>>,
    pub shapes: &'static [Input],
}

impl Inputs {
    /// Input `k` in its shape.
    pub fn t<const D: usize>(&self, k: usize) -> Tensor<D> {
        let shape: [usize; D] = self.shapes[k].0.try_into().expect("the rank that the table states");
        self.flat[k].clone().reshape(shape)
    }

    /// Whole numbers on the device of the inputs.
    pub fn ints<const D: usize>(&self, values: &[i32], shape: [usize; D]) -> Tensor<D, Int> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &self.flat[0].device())
    }
}

/// Shape and the interval that elements are drawn from.
pub type Input = (&'static [usize], f64, f64);

/// A function that the laws are checked for.
pub struct Case {
    pub name: &'static str,
    /// The methods of burn-autodiff that it exercises.
    pub covers: &'static [&'static str],
    pub inputs: &'static [Input],
    pub f: fn(&Inputs) -> Tensor<1>,
    /// Where Burn itself falls short of the element type, and how.
    pub limit: Option<(Limit, &'static str)>,
}

/// What of Burn's own is not to the precision of f64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// burn-autodiff's derivative.
    Oracle,
    /// The eager value and derivative, though not ours.
    Eager,
    /// The function computes in f32 whatever its inputs are.
    Inside,
    /// The function refuses f64.
    NoF64,
}

/// Rows of a family's table.
macro_rules! cases {
    ($($name:literal [$($covers:literal),*] [$($input:expr),*] $f:expr $(; $limit:ident: $why:literal)?,)*) => {
        pub fn cases() -> Vec<super::Case> {
            vec![$(super::Case {
                name: $name,
                covers: &[$($covers),*],
                inputs: &[$($input),*],
                f: |x| super::flat($f(x)),
                limit: [None, $(Some((super::Limit::$limit, $why)))?].last().copied().flatten(),
            }),*]
        }
    };
}
pub(crate) use cases;

/// A result as one axis.
pub fn flat<const D: usize>(t: Tensor<D>) -> Tensor<1> {
    let n = t.shape().num_elements();
    t.reshape([n])
}

/// A module with the numbers of `from` as its float parameters, in order.
pub fn loaded<M: Module>(module: M, from: &Tensor<1>) -> M {
    struct Load {
        from: Tensor<1>,
        at: usize,
    }
    impl ModuleMapper for Load {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let shape = param.lazy_shape();
            let n = shape.num_elements();
            let part = self.from.clone().narrow(0, self.at, n);
            self.at += n;
            Param::initialized(param.id, part.reshape(shape))
        }
    }
    module.map(&mut Load { from: from.clone(), at: 0 })
}

/// Any sign, away from nothing.
pub const ANY: (f64, f64) = (-1.5, 1.5);

/// All cases.
pub fn all() -> Vec<Case> {
    [
        pointwise::cases(),
        reductions::cases(),
        shape::cases(),
        indexing::cases(),
        linear::cases(),
        spatial::cases(),
        normalization::cases(),
        activations::cases(),
        recurrent::cases(),
        losses::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Differentiable operations of burn-autodiff that tracing refuses, each with the reason.
pub const REFUSED: &[(&str, &str)] = &[
    ("deform_conv2d", "named error: no lowering yet"),
    ("interpolate", "named error: no lowering yet"),
    ("ctc_loss", "named error: no lowering yet"),
    ("float_gather_nd", "named error: no lowering yet"),
    ("float_scatter_nd", "named error: no lowering yet"),
    ("fold4d", "not recorded by the capture device: its default runs through a transposed convolution"),
    ("q_*", "named error: quantized tensors carry no derivative"),
    ("float_to_device", "a traced tensor cannot leave the capture device"),
    ("nn::PoissonNllLoss", "named error: it reads the smallest target on the host"),
];
