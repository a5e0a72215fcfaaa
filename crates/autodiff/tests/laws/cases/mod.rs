//! The table of cases: for every differentiable operation of Burn, functions of float tensors that use it.
//!
//! Law tests and the coverage table iterate it. Adding a case is one row in the file of its family.

mod activations;
mod elementwise;
mod indexing;
mod linear;
mod losses;
mod normalization;
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
    /// As `Eager`, but not on flex.
    EagerOutsideFlex,
    /// burn-autodiff's derivative is of another function, but not on flex.
    OracleOutsideFlex,
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
        elementwise::cases(),
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

/// Every method of burn-autodiff 0.22.1 that registers a backward step.
pub const OPERATIONS: &[&str] = &[
    "float_to_device",
    "float_add",
    "float_add_scalar",
    "float_sub",
    "float_sub_scalar",
    "float_mul",
    "float_mul_scalar",
    "float_div",
    "float_div_scalar",
    "float_remainder",
    "float_remainder_scalar",
    "float_matmul",
    "float_cross",
    "float_neg",
    "float_recip",
    "float_swap_dims",
    "float_permute",
    "float_flip",
    "float_reshape",
    "float_gather",
    "float_scatter",
    "float_scatter_nd",
    "float_gather_nd",
    "float_select",
    "float_select_assign",
    "float_slice",
    "float_slice_assign",
    "float_mask_where",
    "float_mask_fill",
    "float_mean",
    "float_sum",
    "float_mean_dim",
    "float_sum_dim",
    "float_prod",
    "float_prod_dim",
    "float_cumsum",
    "float_cumprod",
    "float_cummin",
    "float_cummax",
    "float_topk",
    "float_exp",
    "float_log",
    "float_log1p",
    "float_powi_scalar",
    "float_powf_scalar_impl",
    "float_sqrt",
    "float_abs",
    "float_cos",
    "float_sin",
    "float_tanh",
    "float_cosh",
    "float_sinh",
    "float_tan",
    "float_asin",
    "float_acos",
    "float_atan",
    "float_asinh",
    "float_acosh",
    "float_atanh",
    "float_atan2",
    "float_round",
    "float_floor",
    "float_ceil",
    "float_trunc",
    "float_erf",
    "float_max_dim",
    "float_max_dim_with_indices",
    "float_min_dim",
    "float_min_dim_with_indices",
    "float_powf",
    "float_hypot",
    "float_sign",
    "float_expand",
    "float_sort",
    "float_sort_with_indices",
    "float_repeat_dim",
    "float_cast",
    "float_unfold",
    "gelu",
    "relu",
    "sigmoid",
    "log_sigmoid",
    "batch_norm_train",
    "embedding",
    "linear",
    "conv1d",
    "conv_transpose1d",
    "conv2d",
    "deform_conv2d",
    "conv_transpose2d",
    "conv3d",
    "conv_transpose3d",
    "avg_pool1d",
    "avg_pool2d",
    "max_pool1d",
    "max_pool1d_with_indices",
    "max_pool2d",
    "max_pool2d_with_indices",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "interpolate",
    "ctc_loss",
    "float_cat",
];

/// Differentiable operations of burn-autodiff that tracing refuses, each with the reason.
pub const REFUSED: &[(&str, &str)] = &[
    ("deform_conv2d", "named error: no lowering yet"),
    ("interpolate", "named error: no lowering yet"),
    ("float_grid_sample_2d", "named error: no lowering yet; burn-autodiff differentiates its parts"),
    ("float_gather_nd", "named error: no lowering yet"),
    ("float_scatter_nd", "named error: no lowering yet"),
    ("float_to_device", "a traced tensor cannot leave the capture device"),
    ("nn::PoissonNllLoss", "named error: it reads the smallest target on the host"),
];
