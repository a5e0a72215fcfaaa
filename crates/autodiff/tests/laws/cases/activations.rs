use burn::tensor::activation as a;

use super::{ANY, Inputs, cases};

const V: super::Input = (&[2, 4], ANY.0, ANY.1);

cases! {
    "relu" ["relu"] [V] |x: &Inputs| a::relu(x.t::<2>(0)) * x.t::<2>(0),
    "relu6" [] [(&[2, 4], 5.0, 7.0)] |x: &Inputs| a::relu6(x.t::<2>(0)) * x.t::<2>(0),
    "leaky_relu" ["leaky_relu"] [V] |x: &Inputs| a::leaky_relu(x.t::<2>(0), 0.1) * x.t::<2>(0),
    "prelu" ["prelu"] [(&[2, 4], ANY.0, ANY.1), (&[4], 0.1, 0.4)] |x: &Inputs| a::prelu(x.t::<2>(0), x.t(1)),
    "gelu" ["gelu"] [V] |x: &Inputs| a::gelu(x.t::<2>(0))
        ; OracleOutsideFlex: "outside of flex, Burn's derivative of gelu is that of its tanh approximation",
    "gelu_approximate" [] [V] |x: &Inputs| a::gelu_approximate(x.t::<2>(0)),
    "sigmoid" ["sigmoid"] [V] |x: &Inputs| a::sigmoid(x.t::<2>(0))
        ; EagerOutsideFlex: "outside of flex, Burn computes sigmoid in f32",
    "hard_sigmoid" ["hard_sigmoid"] [V] |x: &Inputs| a::hard_sigmoid(x.t::<2>(0), 0.3, 0.5) * x.t::<2>(0)
        ; Eager: "Burn computes hard_sigmoid in f32",
    "log_sigmoid" ["log_sigmoid"] [V] |x: &Inputs| a::log_sigmoid(x.t::<2>(0)),
    "softmax" ["softmax"] [V] |x: &Inputs| a::softmax(x.t::<2>(0), 1),
    "log_softmax" ["log_softmax"] [V] |x: &Inputs| a::log_softmax(x.t::<2>(0), 0),
    "softmin" ["softmin"] [V] |x: &Inputs| a::softmin(x.t::<2>(0), 1),
    "quiet_softmax" [] [V] |x: &Inputs| a::quiet_softmax(x.t::<2>(0), 1),
    "softplus" [] [V] |x: &Inputs| a::softplus(x.t::<2>(0), 1.3)
        ; Oracle: "burn-autodiff rounds the reciprocal of a number to f32",
    "silu" [] [V] |x: &Inputs| a::silu(x.t::<2>(0))
        ; EagerOutsideFlex: "outside of flex, Burn computes sigmoid in f32",
    "mish" [] [V] |x: &Inputs| a::mish(x.t::<2>(0)),
    "elu" [] [V] |x: &Inputs| a::elu(x.t::<2>(0), 0.7),
    "selu" [] [V] |x: &Inputs| a::selu(x.t::<2>(0)),
    "hard_swish" [] [V] |x: &Inputs| a::hard_swish(x.t::<2>(0))
        ; Eager: "Burn computes hard_sigmoid in f32",
    "softsign" [] [V] |x: &Inputs| a::softsign(x.t::<2>(0)),
    "glu" [] [V] |x: &Inputs| a::glu(x.t::<2>(0), 1)
        ; EagerOutsideFlex: "outside of flex, Burn computes sigmoid in f32",
    "hardtanh" [] [V] |x: &Inputs| a::hardtanh(x.t::<2>(0), -0.7, 0.8) * x.t::<2>(0),
    "soft_shrink" [] [V] |x: &Inputs| a::soft_shrink(x.t::<2>(0), 0.3) * x.t::<2>(0),
}
