use burn::tensor::{Tensor, module, ops::AttentionModuleOptions};

use super::{ANY, Inputs, cases};

const A: super::Input = (&[2, 3, 4], ANY.0, ANY.1);
const Q: super::Input = (&[1, 2, 3, 4], ANY.0, ANY.1);
const K: super::Input = (&[1, 2, 5, 4], ANY.0, ANY.1);

fn attention(x: &Inputs, options: AttentionModuleOptions) -> Tensor<4> {
    module::attention(x.t(0), x.t(1), x.t(2), None, None, options)
}

fn plain() -> AttentionModuleOptions {
    AttentionModuleOptions { scale: None, softcap: None, is_causal: false }
}

cases! {
    "matmul" ["float_matmul"] [A, (&[2, 4, 2], ANY.0, ANY.1)] |x: &Inputs| x.t::<3>(0).matmul(x.t::<3>(1)),
    "matmul, one matrix for all" ["float_matmul"] [A, (&[1, 4, 2], ANY.0, ANY.1)]
        |x: &Inputs| x.t::<3>(0).matmul(x.t::<3>(1)),
    "matmul, broadcast on the left" ["float_matmul"] [(&[1, 3, 4], ANY.0, ANY.1), (&[2, 4, 2], ANY.0, ANY.1)]
        |x: &Inputs| x.t::<3>(0).matmul(x.t::<3>(1)),
    "matmul by itself" ["float_matmul"] [(&[3, 3], ANY.0, ANY.1)]
        |x: &Inputs| x.t::<2>(0).matmul(x.t::<2>(0).transpose()),
    "cross" ["float_cross"] [(&[2, 3], ANY.0, ANY.1), (&[2, 3], ANY.0, ANY.1)]
        |x: &Inputs| x.t::<2>(0).cross(x.t::<2>(1), 1),
    "linear" ["linear"] [A, (&[4, 5], ANY.0, ANY.1), (&[5], ANY.0, ANY.1)]
        |x: &Inputs| module::linear(x.t::<3>(0), x.t(1), Some(x.t(2))),
    "linear without bias" ["linear"] [(&[4], ANY.0, ANY.1), (&[4, 5], ANY.0, ANY.1)]
        |x: &Inputs| module::linear(x.t::<1>(0), x.t(1), None),
    "attention" ["attention"] [Q, K, K] |x| attention(x, plain()),
    "attention, causal" ["attention"] [Q, K, K] |x| attention(x, AttentionModuleOptions { is_causal: true, ..plain() }),
    "attention, scale and soft cap" ["attention"] [Q, K, K]
        |x| attention(x, AttentionModuleOptions { scale: Some(0.7), softcap: Some(2.0), ..plain() }),
    "attention, mask and bias" ["attention"] [Q, K, K, (&[1, 2, 3, 5], ANY.0, ANY.1)] |x: &Inputs| {
        let mask = x.ints(&[0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 3, 5]).equal_elem(1).expand([1, 2, 3, 5]);
        module::attention(x.t(0), x.t(1), x.t(2), Some(mask), Some(x.t(3)), plain())
    },
}
