use burn::nn::loss::{
    BinaryCrossEntropyLossConfig, CrossEntropyLossConfig, HuberLossConfig, KLDivLossConfig, MseLoss, Reduction,
};
use burn::tensor::{activation::log_softmax, module};

use super::{ANY, Inputs, cases};

const V: super::Input = (&[3, 4], ANY.0, ANY.1);
const P: super::Input = (&[3, 4], 0.2, 0.9);

cases! {
    "cross entropy" [] [V] |x: &Inputs| {
        CrossEntropyLossConfig::new().init(&x.flat[0].device()).forward(x.t(0), x.ints(&[1, 3, 0], [3]))
    },
    "cross entropy, smoothed" [] [V] |x: &Inputs| {
        let loss = CrossEntropyLossConfig::new().with_smoothing(Some(0.1)).init(&x.flat[0].device());
        loss.forward(x.t(0), x.ints(&[1, 3, 0], [3]))
    }
        ; NoF64: "Burn makes its targets in the default float type, so eager Burn panics as well",
    "binary cross entropy of logits" [] [V] |x: &Inputs| {
        let loss = BinaryCrossEntropyLossConfig::new().with_logits(true).init(&x.flat[0].device());
        loss.forward(x.t::<2>(0), x.ints(&[0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0], [3, 4]))
    }
        ; NoF64: "Burn makes its targets in the default float type, so eager Burn panics as well",
    "binary cross entropy" [] [P] |x: &Inputs| {
        let loss = BinaryCrossEntropyLossConfig::new().init(&x.flat[0].device());
        loss.forward(x.t::<2>(0), x.ints(&[0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0], [3, 4]))
    }
        ; NoF64: "Burn makes its targets in the default float type, so eager Burn panics as well",
    "mean squared error" [] [V, V] |x: &Inputs| MseLoss::new().forward(x.t::<2>(0), x.t(1), Reduction::Mean),
    "Huber" [] [V, V] |x: &Inputs| HuberLossConfig::new(0.5).init().forward(x.t::<2>(0), x.t(1), Reduction::Sum),
    "connectionist temporal classification" ["ctc_loss"] [(&[4, 2, 3], ANY.0, ANY.1)] |x: &Inputs| {
        let targets = x.ints(&[1, 2, 2, 1], [2, 2]);
        module::ctc_loss(log_softmax(x.t::<3>(0), 2), targets, x.ints(&[4, 4], [2]), x.ints(&[2, 1], [2]), 0)
    },
    "Kullback–Leibler" [] [V, P] |x: &Inputs| {
        KLDivLossConfig::new().init().forward(log_softmax(x.t::<2>(0), 1), x.t(1), Reduction::Sum)
    },
}
