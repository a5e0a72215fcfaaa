use burn::tensor::{Tensor, ops::PadMode, s};

use super::{ANY, Inputs, cases};

const V: super::Input = (&[2, 3, 4], ANY.0, ANY.1);

/// Something that is not linear, so that second derivatives are not all zero.
fn bent<const D: usize>(t: Tensor<D>) -> Tensor<D> {
    t.clone() * t.sin()
}

cases! {
    "reshape" ["float_reshape"] [V] |x: &Inputs| bent(x.t::<3>(0).reshape([4, 6])),
    "swap_dims" ["float_swap_dims"] [V] |x: &Inputs| bent(x.t::<3>(0).swap_dims(0, 2)),
    "permute" ["float_permute"] [V] |x: &Inputs| bent(x.t::<3>(0).permute([1, 2, 0])),
    "flip" ["float_flip"] [V] |x: &Inputs| x.t::<3>(0).flip([0, 2]) * x.t::<3>(0),
    "expand" ["float_expand"] [(&[3, 1], ANY.0, ANY.1)] |x: &Inputs| bent(x.t::<2>(0).expand([2, 3, 4])),
    "slice" ["float_slice"] [V] |x: &Inputs| bent(x.t::<3>(0).slice(s![.., 1..3, -2..])),
    "slice with steps" ["float_slice"] [V] |x: &Inputs| bent(x.t::<3>(0).slice(s![.., 0..3;2, ..;-2])),
    "slice_assign" ["float_slice_assign"] [V, (&[2, 2, 3], ANY.0, ANY.1)]
        |x: &Inputs| bent(x.t::<3>(0).slice_assign(s![.., 1..3, 0..3], bent(x.t::<3>(1)))),
    "slice_assign with steps" ["float_slice_assign"] [V, (&[2, 3, 2], ANY.0, ANY.1)]
        |x: &Inputs| bent(x.t::<3>(0).slice_assign(s![.., .., ..;2], bent(x.t::<3>(1)))),
    "cat" ["float_cat"] [V, (&[2, 1, 4], ANY.0, ANY.1)]
        |x: &Inputs| bent(Tensor::cat(vec![x.t::<3>(0), x.t::<3>(1), x.t::<3>(0)], 1)),
    "stack" ["float_cat"] [V] |x: &Inputs| bent(Tensor::stack::<4>(vec![x.t::<3>(0), x.t::<3>(0).exp()], 1)),
    "repeat_dim" ["float_repeat_dim"] [V] |x: &Inputs| bent(x.t::<3>(0).repeat_dim(1, 2)),
    "unfold" ["float_unfold"] [(&[2, 7], ANY.0, ANY.1)] |x: &Inputs| bent(x.t::<2>(0).unfold::<3, _>(1, 3, 2)),
    "pad constant" [] [V] |x: &Inputs| bent(x.t::<3>(0).pad((1, 2, 0, 1), 0.5)),
    "pad reflect" [] [V] |x: &Inputs| bent(x.t::<3>(0).pad((1, 2, 1, 1), PadMode::Reflect)),
    "pad edge" [] [V] |x: &Inputs| bent(x.t::<3>(0).pad((1, 2, 1, 1), PadMode::Edge)),
    "roll" [] [V] |x: &Inputs| bent(x.t::<3>(0).roll(&[1, -1], &[0, 2])),
    "constants of the same shape" [] [V]
        |x: &Inputs| {
            let like = x.t::<3>(0);
            bent(like.clone() * like.full_like(2.0) + like.zeros_like() - like.ones_like())
        },
}
