use burn::nn::{GroupNormConfig, InstanceNormConfig, LayerNormConfig, RmsNormConfig};
use burn::tensor::module;

use super::{ANY, Inputs, cases, loaded};

const X: super::Input = (&[4, 4, 3], ANY.0, ANY.1);
const C: super::Input = (&[4], 0.5, 2.0);

cases! {
    "layer_norm" ["layer_norm"] [(&[2, 3, 4], ANY.0, ANY.1), C, C]
        |x: &Inputs| module::layer_norm(x.t::<3>(0), x.t(1), Some(x.t(2)), 1e-3),
    "batch_norm" ["batch_norm"] [X, C, C, C, C]
        |x: &Inputs| module::batch_norm(x.t::<3>(0), x.t(1), x.t(2), x.t(3), x.t(4), 1e-3),
    "batch_norm_train" ["batch_norm_train"] [X, C, C]
        |x: &Inputs| module::batch_norm_train(x.t::<3>(0), x.t(1), x.t(2), 1e-3).output,
    "nn::LayerNorm" [] [(&[2, 3, 4], ANY.0, ANY.1), (&[8], 0.5, 2.0)]
        |x: &Inputs| loaded(LayerNormConfig::new(4).init(&x.flat[0].device()), &x.t(1)).forward(x.t::<3>(0)),
    "nn::GroupNorm" [] [X, (&[8], 0.5, 2.0)]
        |x: &Inputs| loaded(GroupNormConfig::new(2, 4).init(&x.flat[0].device()), &x.t(1)).forward(x.t::<3>(0)),
    "nn::InstanceNorm" [] [X, (&[8], 0.5, 2.0)]
        |x: &Inputs| loaded(InstanceNormConfig::new(4).init(&x.flat[0].device()), &x.t(1)).forward(x.t::<3>(0)),
    "nn::RmsNorm" [] [(&[2, 3, 4], ANY.0, ANY.1), C]
        |x: &Inputs| loaded(RmsNormConfig::new(4).init(&x.flat[0].device()), &x.t(1)).forward(x.t::<3>(0))
        ; Inside: "burn-nn computes it in f32",
}
