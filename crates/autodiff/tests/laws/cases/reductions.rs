use burn::tensor::Tensor;

use super::{ANY, Inputs, cases};

/// Exactly zero, and an input like any other.
const ZERO: super::Input = (&[2, 1], 0.0, 0.0);
const V: super::Input = (&[2, 3, 4], ANY.0, ANY.1);

cases! {
    "sum" ["float_sum"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(2).sum(),
    "sum_dim" ["float_sum_dim"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(2).sum_dim(1),
    "sum_dims" ["float_sum_dims"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(2).sum_dims(&[0, 2]),
    "mean" ["float_mean"] [V] |x: &Inputs| x.t::<3>(0).exp().mean(),
    "mean_dim" ["float_mean_dim"] [V] |x: &Inputs| x.t::<3>(0).exp().mean_dim(2),
    "var" [] [V] |x: &Inputs| x.t::<3>(0).var(1),
    "prod" ["float_prod"] [(&[2, 3], 0.5, 1.5)] |x: &Inputs| x.t::<2>(0).prod(),
    "prod_dim" ["float_prod_dim"] [V] |x: &Inputs| x.t::<3>(0).prod_dim(1),
    "prod_dim with one and two zeros" ["float_prod_dim"] [(&[2, 3], 0.5, 1.5), ZERO] |x: &Inputs| {
        let one = Tensor::cat(vec![x.t::<2>(0), x.t(1)], 1).prod_dim(1);
        one + Tensor::cat(vec![x.t::<2>(1), x.t(0), x.t::<2>(1).sin()], 1).prod_dim(1)
    },
    "max" ["float_max"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(3).max(),
    "max_dim" ["float_max_dim"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(3).max_dim(1),
    "max_dim_with_indices" ["float_max_dim_with_indices"] [V]
        |x: &Inputs| x.t::<3>(0).powi_scalar(3).max_dim_with_indices(2).0,
    "max_abs_dim" ["float_max_abs_dim"] [V] |x: &Inputs| x.t::<3>(0).max_abs_dim(0).powi_scalar(2),
    "min" ["float_min"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(3).min(),
    "min_dim" ["float_min_dim"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(3).min_dim(0),
    "min_dim_with_indices" ["float_min_dim_with_indices"] [V]
        |x: &Inputs| x.t::<3>(0).powi_scalar(3).min_dim_with_indices(1).0,
    "argmax feeds floats" ["float_argmax", "float_argmin"] [V] |x: &Inputs| {
        let places = x.t::<3>(0).argmax(1) - x.t::<3>(0).argmin(1);
        places.float().cast(x.flat[0].dtype()) * x.t::<3>(0).sum_dim(1)
    },
    "any and all feed floats" [] [V] |x: &Inputs| {
        let positive = x.t::<3>(0).greater_elem(0.0);
        let seen = positive.clone().any_dim(1).bool_or(positive.all_dim(1));
        seen.float().cast(x.flat[0].dtype()) * x.t::<3>(0).sum_dim(1)
    },
    "cumsum" ["float_cumsum"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(2).cumsum(1),
    "cumprod" ["float_cumprod"] [V] |x: &Inputs| x.t::<3>(0).cumprod(2),
    "cumprod with two zeros" ["float_cumprod"] [(&[2, 3], 0.5, 1.5), ZERO]
        |x: &Inputs| Tensor::cat(vec![x.t::<2>(0), x.t(1), x.t(0), x.t::<2>(1).sin(), x.t(0)], 1).cumprod(1),
    "cummax" ["float_cummax"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(3).cummax(1),
    "cummin" ["float_cummin"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(3).cummin(2),
    "sort" ["float_sort"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(3).sort(1),
    "sort_descending_with_indices" ["float_sort_with_indices", "float_argsort"] [V]
        |x: &Inputs| x.t::<3>(0).powi_scalar(3).sort_descending_with_indices(2).0,
    "topk" ["float_topk", "float_argtopk"] [V] |x: &Inputs| x.t::<3>(0).powi_scalar(3).topk(2, 2),
    "topk_with_indices" ["float_topk_with_indices"] [V]
        |x: &Inputs| x.t::<3>(0).powi_scalar(3).topk_with_indices(2, 1).0,
}
