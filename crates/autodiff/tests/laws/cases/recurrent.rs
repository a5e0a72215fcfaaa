use burn::nn::attention::{MhaInput, MultiHeadAttentionConfig};
use burn::nn::gru::GruConfig;
use burn::nn::lstm::{LstmConfig, LstmState};

use super::{ANY, Inputs, cases, loaded};

const S: super::Input = (&[2, 3], ANY.0, ANY.1);
const X: super::Input = (&[2, 3, 2], ANY.0, ANY.1);

cases! {
    "nn::Lstm" [] [X, (&[84], -0.8, 0.8), S, S] |x: &Inputs| {
        let lstm = loaded(LstmConfig::new(2, 3, true).init(&x.flat[0].device()), &x.t(1));
        lstm.forward(x.t(0), Some(LstmState::new(x.t(2), x.t(3)))).0
    }
        ; NoF64: "burn-nn collects the outputs in the default float type, so eager Burn panics as well",
    "nn::Gru" [] [X, (&[63], -0.8, 0.8), S] |x: &Inputs| {
        loaded(GruConfig::new(2, 3, true).init(&x.flat[0].device()), &x.t(1)).forward(x.t(0), Some(x.t(2)))
    }
        ; NoF64: "burn-nn collects the outputs in the default float type, so eager Burn panics as well",
    "nn::MultiHeadAttention" [] [(&[2, 3, 4], ANY.0, ANY.1), (&[80], -0.8, 0.8)] |x: &Inputs| {
        let attention = MultiHeadAttentionConfig::new(4, 2).with_dropout(0.0).init(&x.flat[0].device());
        loaded(attention, &x.t(1)).forward(MhaInput::self_attn(x.t(0))).context
    }
        ; Oracle: "burn-autodiff rounds the reciprocal of a number to f32",
}
