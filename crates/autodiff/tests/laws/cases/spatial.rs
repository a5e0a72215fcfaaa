use burn::tensor::ops::{AvgPoolOptions, ConvOptions, ConvTransposeOptions, MaxPoolOptions, UnfoldOptions};
use burn::tensor::{Tensor, module};

use super::{ANY, Inputs, cases};

const X1: super::Input = (&[2, 4, 7], ANY.0, ANY.1);
const X2: super::Input = (&[2, 4, 6, 5], ANY.0, ANY.1);

/// Pooling is linear or piecewise so; its square is not.
fn squared<const D: usize>(t: Tensor<D>) -> Tensor<D> {
    t.clone() * t
}

fn asymmetric() -> ConvOptions<2> {
    ConvOptions::new_with_padding([1, 2], [(1, 0), (0, 2)], [1, 1], 1)
}

cases! {
    "conv1d" ["conv1d"] [X1, (&[3, 4, 3], ANY.0, ANY.1), (&[3], ANY.0, ANY.1)]
        |x: &Inputs| module::conv1d(x.t(0), x.t(1), Some(x.t(2)), ConvOptions::new([1], [1], [1], 1)),
    "conv1d, stride, dilation, groups" ["conv1d"] [X1, (&[6, 2, 2], ANY.0, ANY.1)]
        |x: &Inputs| module::conv1d(x.t(0), x.t(1), None, ConvOptions::new([2], [1], [2], 2)),
    "conv2d" ["conv2d"] [X2, (&[3, 4, 3, 2], ANY.0, ANY.1), (&[3], ANY.0, ANY.1)]
        |x: &Inputs| module::conv2d(x.t(0), x.t(1), Some(x.t(2)), ConvOptions::new([1, 1], [1, 1], [1, 1], 1)),
    "conv2d, stride, dilation, groups" ["conv2d"] [X2, (&[4, 2, 2, 2], ANY.0, ANY.1)]
        |x: &Inputs| module::conv2d(x.t(0), x.t(1), None, ConvOptions::new([2, 1], [1, 1], [1, 2], 2)),
    "conv2d, asymmetric padding" ["conv2d"] [X2, (&[2, 4, 2, 2], ANY.0, ANY.1)]
        |x: &Inputs| module::conv2d(x.t(0), x.t(1), None, asymmetric()),
    "conv3d" ["conv3d"] [(&[1, 2, 3, 4, 3], ANY.0, ANY.1), (&[2, 2, 2, 2, 2], ANY.0, ANY.1)]
        |x: &Inputs| module::conv3d(x.t(0), x.t(1), None, ConvOptions::new([1, 2, 1], [1, 0, 1], [1, 1, 1], 1)),
    "conv_transpose1d" ["conv_transpose1d"] [X1, (&[4, 2, 3], ANY.0, ANY.1), (&[2], ANY.0, ANY.1)]
        |x: &Inputs| {
            let options = ConvTransposeOptions::new([2], [1], [1], [1], 1);
            module::conv_transpose1d(x.t(0), x.t(1), Some(x.t(2)), options)
        },
    "conv_transpose2d" ["conv_transpose2d"] [(&[2, 4, 3, 3], ANY.0, ANY.1), (&[4, 1, 3, 2], ANY.0, ANY.1)]
        |x: &Inputs| {
            let options = ConvTransposeOptions::new([2, 1], [1, 0], [1, 0], [1, 2], 2);
            module::conv_transpose2d(x.t(0), x.t(1), None, options)
        },
    "conv_transpose3d" ["conv_transpose3d"] [(&[1, 2, 2, 3, 2], ANY.0, ANY.1), (&[2, 2, 2, 2, 2], ANY.0, ANY.1)]
        |x: &Inputs| {
            let options = ConvTransposeOptions::new([1, 2, 1], [0, 1, 0], [0, 0, 0], [1, 1, 1], 1);
            module::conv_transpose3d(x.t(0), x.t(1), None, options)
        },
    "avg_pool1d" ["avg_pool1d"] [X1]
        |x: &Inputs| squared(module::avg_pool1d(x.t(0), AvgPoolOptions::new([3]).with_stride([2]).with_padding([1]))),
    "avg_pool2d" ["avg_pool2d"] [X2] |x: &Inputs| {
        let options = AvgPoolOptions::new([2, 2]).with_stride([2, 1]).with_padding([1, 0]).with_count_include_pad(false);
        squared(module::avg_pool2d(x.t(0), options))
    },
    "avg_pool2d, ceil mode" ["avg_pool2d"] [X2] |x: &Inputs| {
        let options = AvgPoolOptions::new([2, 2]).with_stride([2, 2]).with_ceil_mode(true);
        squared(module::avg_pool2d(x.t(0), options))
    },
    "adaptive_avg_pool1d" ["adaptive_avg_pool1d"] [X1] |x: &Inputs| squared(module::adaptive_avg_pool1d(x.t(0), 3)),
    "adaptive_avg_pool2d" ["adaptive_avg_pool2d"] [X2]
        |x: &Inputs| squared(module::adaptive_avg_pool2d(x.t(0), [4, 2])),
    "adaptive_avg_pool3d" ["adaptive_avg_pool3d"] [(&[1, 2, 3, 4, 3], ANY.0, ANY.1)]
        |x: &Inputs| squared(module::adaptive_avg_pool3d(x.t(0), [2, 3, 1])),
    "max_pool1d" ["max_pool1d"] [X1]
        |x: &Inputs| squared(module::max_pool1d(x.t(0), MaxPoolOptions::new([3]).with_stride([2]).with_padding([1]))),
    "max_pool1d_with_indices" ["max_pool1d_with_indices"] [X1]
        |x: &Inputs| squared(module::max_pool1d_with_indices(x.t(0), MaxPoolOptions::new([2]).with_stride([2])).0),
    "max_pool2d" ["max_pool2d"] [X2] |x: &Inputs| {
        let options = MaxPoolOptions::new([2, 2]).with_stride([1, 2]).with_padding([1, 1]).with_dilation([2, 1]);
        squared(module::max_pool2d(x.t(0), options))
    },
    "max_pool2d_with_indices, ceil mode" ["max_pool2d_with_indices"] [X2] |x: &Inputs| {
        let options = MaxPoolOptions::new([2, 2]).with_stride([2, 2]).with_ceil_mode(true);
        squared(module::max_pool2d_with_indices(x.t(0), options).0)
    },
    "unfold4d" ["unfold4d"] [(&[2, 2, 5, 4], ANY.0, ANY.1)]
        |x: &Inputs| squared(module::unfold4d(x.t(0), [2, 3], UnfoldOptions::new([2, 1], [1, 1], [1, 1]))),
}
