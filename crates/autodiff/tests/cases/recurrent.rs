use burn::nn::attention::{MhaInput, MultiHeadAttentionConfig};
use burn::nn::gru::GruConfig;
use burn::nn::lstm::LstmConfig;

use super::{ANY, Inputs, cases, loaded};

const X: super::Input = (&[2, 3, 2], ANY.0, ANY.1);

cases! {
    "nn::Lstm" [] [X, (&[72], -0.8, 0.8)] |x: &Inputs| {
        let lstm = loaded(LstmConfig::new(2, 3, true).init(&x.flat[0].device()), &x.t(1));
        lstm.forward(x.t(0), None).0
    },
    "nn::Gru" [] [X, (&[54], -0.8, 0.8)] |x: &Inputs| {
        loaded(GruConfig::new(2, 3, true).init(&x.flat[0].device()), &x.t(1)).forward(x.t(0), None)
    },
    "nn::MultiHeadAttention" [] [(&[2, 3, 4], ANY.0, ANY.1), (&[80], -0.8, 0.8)] |x: &Inputs| {
        let attention = MultiHeadAttentionConfig::new(4, 2).with_dropout(0.0).init(&x.flat[0].device());
        loaded(attention, &x.t(1)).forward(MhaInput::self_attn(x.t(0))).context
    },
}
