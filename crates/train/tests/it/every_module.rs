//! Every module and every loss of burn-nn makes the same steps by every way: compiled, traced, eager, and Burn's own loop.

use burn::module::Module;
use burn::nn::activation::*;
use burn::nn::attention::{
    CrossAttention, CrossAttentionConfig, MhaInput, MultiHeadAttention, MultiHeadAttentionConfig,
};
use burn::nn::conv::{
    Conv1d, Conv1dConfig, Conv2d, Conv2dConfig, Conv3d, Conv3dConfig, ConvTranspose1d, ConvTranspose1dConfig,
    ConvTranspose2d, ConvTranspose2dConfig, ConvTranspose3d, ConvTranspose3dConfig, DeformConv2d,
    DeformConv2dConfig,
};
use burn::nn::interpolate::{Interpolate1dConfig, Interpolate2dConfig, InterpolateMode};
use burn::nn::loss::*;
use burn::nn::pool::{
    AdaptiveAvgPool1dConfig, AdaptiveAvgPool2dConfig, AvgPool1dConfig, AvgPool2dConfig, MaxPool1dConfig,
    MaxPool2dConfig,
};
use burn::nn::transformer::{
    PositionWiseFeedForward, PositionWiseFeedForwardConfig, TransformerDecoder, TransformerDecoderConfig,
    TransformerDecoderInput, TransformerEncoder, TransformerEncoderConfig, TransformerEncoderInput,
};
use burn::nn::{
    BatchNorm, BatchNormConfig, BiGru, BiGruConfig, BiLstm, BiLstmConfig, BiRnn, BiRnnConfig,
    CosineSimilarityConfig, Embedding, EmbeddingConfig, Fold4dConfig, GroupNorm, GroupNormConfig, Gru,
    GruConfig, InstanceNorm, InstanceNormConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig,
    LocalResponseNormConfig, Lstm, LstmConfig, PRelu, PReluConfig, PairwiseDistanceConfig, PixelShuffleConfig,
    PixelUnshuffleConfig, RmsNorm, RmsNormConfig, Rnn, RnnConfig, SwiGlu, SwiGluConfig, Unfold4dConfig,
};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Distribution, Int, Tensor};
use thalweg_train::ExecutionMode;

use super::alike::{MODES, alike};

/// What cannot be traced, since it reads values or has no rule, runs by burn-autodiff.
const BY_BURN: [&str; 4] = ["deform_conv2d", "interpolate", "poisson", "rnnt"];

fn modes(name: &str) -> &'static [ExecutionMode] {
    if BY_BURN.contains(&name) { &[ExecutionMode::Auto, ExecutionMode::Eager] } else { &MODES }
}

/// All modules with parameters.
#[derive(Module, Debug)]
struct All {
    linear: Linear,
    embedding: Embedding,
    conv1d: Conv1d,
    conv2d: Conv2d,
    conv3d: Conv3d,
    back1d: ConvTranspose1d,
    back2d: ConvTranspose2d,
    back3d: ConvTranspose3d,
    deform: DeformConv2d,
    batch: BatchNorm,
    layer: LayerNorm,
    group: GroupNorm,
    instance: InstanceNorm,
    rms: RmsNorm,
    rnn: Rnn,
    birnn: BiRnn,
    gru: Gru,
    bigru: BiGru,
    lstm: Lstm,
    bilstm: BiLstm,
    attention: MultiHeadAttention,
    cross: CrossAttention,
    forward: PositionWiseFeedForward,
    encoder: TransformerEncoder,
    decoder: TransformerDecoder,
    prelu: PRelu,
    swiglu: SwiGlu,
}

fn all() -> All {
    let d = &Device::flex().autodiff();
    let cross = CrossAttentionConfig::new(4, 4, 2, 2, 2).with_dropout(0.0);
    All {
        linear: LinearConfig::new(4, 4).init(d),
        embedding: EmbeddingConfig::new(7, 4).init(d),
        conv1d: Conv1dConfig::new(4, 3, 3).with_stride(2).init(d),
        conv2d: Conv2dConfig::new([4, 4], [3, 2]).with_groups(2).init(d),
        conv3d: Conv3dConfig::new([2, 3], [2, 2, 2]).init(d),
        back1d: ConvTranspose1dConfig::new([4, 3], 3).with_stride(2).init(d),
        back2d: ConvTranspose2dConfig::new([4, 2], [3, 3]).with_stride([2, 1]).init(d),
        back3d: ConvTranspose3dConfig::new([2, 2], [2, 2, 2]).init(d),
        deform: DeformConv2dConfig::new([4, 3], [3, 3]).init(d),
        batch: BatchNormConfig::new(4).init(d),
        layer: LayerNormConfig::new(4).init(d),
        group: GroupNormConfig::new(2, 4).init(d),
        instance: InstanceNormConfig::new(4).init(d),
        rms: RmsNormConfig::new(4).init(d),
        rnn: RnnConfig::new(4, 3, true).init(d),
        birnn: BiRnnConfig::new(4, 3, true).init(d),
        gru: GruConfig::new(4, 3, true).init(d),
        bigru: BiGruConfig::new(4, 3, true).init(d),
        lstm: LstmConfig::new(4, 3, true).init(d),
        bilstm: BiLstmConfig::new(4, 3, true).init(d),
        attention: MultiHeadAttentionConfig::new(4, 2).with_dropout(0.0).init(d),
        cross: cross.init(d),
        forward: PositionWiseFeedForwardConfig::new(4, 6).with_dropout(0.0).init(d),
        encoder: TransformerEncoderConfig::new(4, 6, 2, 2).with_dropout(0.0).init(d),
        decoder: TransformerDecoderConfig::new(4, 6, 2, 1).with_dropout(0.0).init(d),
        prelu: PReluConfig::new().init(d),
        swiglu: SwiGluConfig::new(4, 3).init(d),
    }
}

/// A sequence, an image, a volume, offsets, and tokens.
type Inputs = (Tensor<3>, Tensor<4>, Tensor<5>, Tensor<4>, Tensor<2, Int>);
type Case = fn(&All, &Inputs) -> Tensor<1>;

fn squares<const D: usize>(x: Tensor<D>) -> Tensor<1> {
    x.square().mean()
}

#[test]
fn modules_step_alike() {
    let cases: [(&str, Case); 38] = [
        ("linear", |m, x| squares(m.linear.forward(x.0.clone()))),
        ("embedding", |m, x| squares(m.embedding.forward(x.4.clone()))),
        ("conv1d", |m, x| squares(m.conv1d.forward(x.0.clone()))),
        ("conv2d", |m, x| squares(m.conv2d.forward(x.1.clone()))),
        ("conv3d", |m, x| squares(m.conv3d.forward(x.2.clone()))),
        ("conv_transpose1d", |m, x| squares(m.back1d.forward(x.0.clone()))),
        ("conv_transpose2d", |m, x| squares(m.back2d.forward(x.1.clone()))),
        ("conv_transpose3d", |m, x| squares(m.back3d.forward(x.2.clone()))),
        ("deform_conv2d", |m, x| squares(m.deform.forward(x.1.clone(), x.3.clone(), None))),
        ("batch_norm", |m, x| squares(m.batch.forward(x.1.clone()) + 0.5)),
        ("layer_norm", |m, x| squares(m.layer.forward(x.0.clone()) + 0.5)),
        ("group_norm", |m, x| squares(m.group.forward(x.1.clone()) + 0.5)),
        ("instance_norm", |m, x| squares(m.instance.forward(x.1.clone()) + 0.5)),
        ("rms_norm", |m, x| squares(m.rms.forward(x.0.clone()) + 0.5)),
        ("rnn", |m, x| squares(m.rnn.forward(x.0.clone(), None).0)),
        ("bi_rnn", |m, x| squares(m.birnn.forward(x.0.clone(), None).0)),
        ("gru", |m, x| squares(m.gru.forward(x.0.clone(), None))),
        ("bi_gru", |m, x| squares(m.bigru.forward(x.0.clone(), None).0)),
        ("lstm", |m, x| squares(m.lstm.forward(x.0.clone(), None).0)),
        ("bi_lstm", |m, x| squares(m.bilstm.forward(x.0.clone(), None).0)),
        ("attention", |m, x| squares(m.attention.forward(MhaInput::self_attn(x.0.clone())).context)),
        ("cross_attention", |m, x| squares(m.cross.forward(x.0.clone(), x.0.clone().flip([1]), None))),
        ("feed_forward", |m, x| squares(m.forward.forward(x.0.clone()))),
        ("encoder", |m, x| squares(m.encoder.forward(TransformerEncoderInput::new(x.0.clone())) + 0.5)),
        ("decoder", |m, x| {
            let input = TransformerDecoderInput::new(x.0.clone(), x.0.clone().flip([1]));
            squares(m.decoder.forward(input) + 0.5)
        }),
        ("prelu", |m, x| squares(m.prelu.forward(x.0.clone()))),
        ("swiglu", |m, x| squares(m.swiglu.forward(x.0.clone()))),
        // Modules without parameters, behind one that has some.
        ("local_response_norm", |m, x| {
            squares(LocalResponseNormConfig::new(3).init().forward(m.conv2d.forward(x.1.clone())))
        }),
        ("pools of sequences", |m, x| {
            let x = m.linear.forward(x.0.clone());
            let average = AvgPool1dConfig::new(2).init().forward(x.clone());
            let largest = MaxPool1dConfig::new(2).init().forward(x.clone());
            squares(average) + squares(largest) + squares(AdaptiveAvgPool1dConfig::new(3).init().forward(x))
        }),
        ("pools of images", |m, x| {
            let x = m.linear.forward(x.1.clone());
            let average = AvgPool2dConfig::new([2, 2]).init().forward(x.clone());
            let largest = MaxPool2dConfig::new([2, 2]).init().forward(x.clone());
            squares(average)
                + squares(largest)
                + squares(AdaptiveAvgPool2dConfig::new([3, 2]).init().forward(x))
        }),
        ("unfold", |m, x| squares(Unfold4dConfig::new([2, 2]).init().forward(m.linear.forward(x.1.clone())))),
        ("activations", |m, x| {
            let y = m.linear.forward(x.0.clone());
            let all = [
                ActivationConfig::Gelu,
                ActivationConfig::GeluApproximate,
                ActivationConfig::Relu,
                ActivationConfig::LeakyRelu(LeakyReluConfig::new()),
                ActivationConfig::Selu,
                ActivationConfig::Sigmoid,
                ActivationConfig::Tanh,
                ActivationConfig::HardSigmoid(HardSigmoidConfig::new()),
                ActivationConfig::HardSwish,
                ActivationConfig::Softplus(SoftplusConfig::new()),
                ActivationConfig::Softsign,
                ActivationConfig::Elu(EluConfig::new()),
                ActivationConfig::Celu(CeluConfig::new()),
                ActivationConfig::ThresholdedRelu(ThresholdedReluConfig::new()),
                ActivationConfig::HardShrink(HardShrinkConfig::new()),
                ActivationConfig::SoftShrink(SoftShrinkConfig::new()),
                ActivationConfig::Shrink(ShrinkConfig::new()),
            ];
            let each = all.map(|activation| squares(activation.init(&y.device()).forward(y.clone())));
            each.into_iter().reduce(|a, b| a + b).expect("there are activations")
        }),
        ("fold", |m, x| {
            // Four values of a channel for each of the four patches of an image.
            squares(Fold4dConfig::new([3, 3], [2, 2]).init().forward(m.linear.forward(x.0.clone())))
        }),
        ("interpolate", |m, x| {
            let larger =
                Interpolate1dConfig::new().with_output_size(Some(7)).with_mode(InterpolateMode::Linear);
            let nearest = Interpolate2dConfig::new().with_scale_factor(Some([2.0, 2.0]));
            squares(larger.init().forward(m.linear.forward(x.0.clone())))
                + squares(nearest.init().forward(m.linear.forward(x.1.clone())))
        }),
        ("pixel_shuffle", |m, x| {
            let finer = PixelShuffleConfig::new(2).init().forward(m.linear.forward(x.1.clone()));
            squares(PixelUnshuffleConfig::new(2).init().forward(finer.clone() * finer.tanh()))
        }),
        ("distances", |m, x| {
            let rows = m.linear.forward(x.0.clone()).flatten::<2>(0, 1);
            let others = rows.clone().flip([0]) * 0.5;
            CosineSimilarityConfig::new().init().forward(rows.clone(), others.clone()).mean()
                + PairwiseDistanceConfig::new().init().forward(rows, others).mean()
        }),
        ("several", |m, x| {
            let x =
                m.batch.forward(m.conv2d.forward(x.1.clone())).mean_dim(3).squeeze_dim::<3>(3).swap_dims(1, 2);
            squares(m.lstm.forward(m.encoder.forward(TransformerEncoderInput::new(x)), None).0)
        }),
        ("unused", |m, x| squares(m.embedding.forward(x.4.clone())) + squares(m.prelu.forward(x.0.clone()))),
    ];
    let device = Device::flex().autodiff();
    let normal = Distribution::Normal(0.0, 1.0);
    let inputs: Inputs = (
        Tensor::random([3, 4, 4], normal, &device),
        Tensor::random([2, 4, 5, 4], normal, &device),
        Tensor::random([2, 2, 3, 3, 3], normal, &device),
        Tensor::random([2, 18, 3, 2], Distribution::Uniform(-0.4, 0.4), &device),
        Tensor::<1, Int>::arange(0..12, &device).remainder_scalar(7).reshape([3, 4]),
    );
    let model = all();
    for (name, loss) in cases {
        println!("{name}");
        // Copies share running statistics, but for these.
        alike(modes(name), || model.valid().train(), &inputs, loss);
    }
}

/// Outputs are `[5, 4]` numbers of a layer; beside them are targets in numbers and in classes.
type Targets = (Tensor<2>, Tensor<2>, Tensor<1, Int>);
type Loss = fn(Tensor<2>, &Targets) -> Tensor<1>;

#[test]
fn losses_step_alike() {
    const MEAN: Reduction = Reduction::Mean;
    let losses: [(&str, Loss); 19] = [
        ("mse", |y, t| MseLoss::new().forward(y, t.1.clone(), MEAN)),
        ("huber", |y, t| HuberLossConfig::new(0.5).init().forward(y, t.1.clone(), MEAN)),
        ("smooth_l1", |y, t| SmoothL1LossConfig::new().init().forward(y, t.1.clone()).mean()),
        ("lp 1", |y, t| LpLossConfig::l1().forward(y, t.1.clone(), MEAN)),
        ("lp 3", |y, t| LpLossConfig::new(3.0).init().forward(y, t.1.clone(), MEAN)),
        ("cross_entropy", |y, t| CrossEntropyLossConfig::new().init(&y.device()).forward(y, t.2.clone())),
        ("cross_entropy, smoothed", |y, t| {
            let loss = CrossEntropyLossConfig::new().with_smoothing(Some(0.1)).with_pad_tokens(Some(vec![1]));
            loss.init(&y.device()).forward(y, t.2.clone())
        }),
        ("binary_cross_entropy", |y, t| {
            let targets = t.1.clone().greater_elem(0.0).int();
            BinaryCrossEntropyLossConfig::new().with_logits(true).init(&y.device()).forward(y, targets)
        }),
        ("soft_margin", |y, t| SoftMarginLoss::new().forward(y, t.1.clone().sign(), MEAN)),
        ("hinge_embedding", |y, t| HingeEmbeddingLossConfig::new().init().forward(y, t.1.clone().sign(), MEAN)),
        ("multi_margin", |y, t| MultiMarginLossConfig::new().init().forward(y, t.2.clone(), MEAN)),
        ("margin_ranking", |y, t| {
            MarginRankingLossConfig::new().init().forward(y.clone(), y.flip([0]), t.1.clone().sign(), MEAN)
        }),
        ("triplet_margin", |y, t| {
            TripletMarginLossConfig::new().init().forward(y.clone(), t.1.clone(), y.flip([1]), MEAN)
        }),
        ("cosine_embedding", |y, t| {
            let target = t.2.clone().greater_elem(1).int() * 2 - 1;
            CosineEmbeddingLossConfig::new().init().forward(y, t.1.clone(), target)
        }),
        ("poisson", |y, t| PoissonNllLossConfig::new().init().forward(y, t.1.clone().abs(), MEAN)),
        ("gaussian", |y, t| {
            let variance = y.clone().square() + 0.1;
            GaussianNLLLossConfig::new().init().forward(y, t.1.clone(), variance, MEAN)
        }),
        ("kldiv", |y, t| {
            let target = burn::tensor::activation::softmax(t.1.clone(), 1);
            KLDivLossConfig::new().init().forward(log_softmax(y, 1), target, Reduction::BatchMean)
        }),
        ("ctc", |y, t| {
            // Five steps of one sequence over four classes.
            let (steps, device) = (log_softmax(y, 1).reshape([5, 1, 4]), t.2.device());
            let length = |n: i32| Tensor::<1, Int>::from_ints([n], &device);
            let targets = Tensor::<2, Int>::from_ints([[1, 2]], &device);
            CTCLossConfig::new().init().forward(steps, targets, length(5), length(2)).mean()
        }),
        ("rnnt", |y, t| {
            // One sequence of five steps and one target, over two classes.
            let (scores, device) = (y.reshape([1, 5, 2, 2]), t.2.device());
            let length = |n: i32| Tensor::<1, Int>::from_ints([n], &device);
            let targets = Tensor::<2, Int>::from_ints([[1]], &device);
            RNNTLossConfig::new().init().forward(scores, targets, length(5), length(1)).mean()
        }),
    ];
    let device = Device::flex().autodiff();
    let batch: Targets = (
        Tensor::random([5, 3], Distribution::Normal(0.0, 1.0), &device),
        Tensor::random([5, 4], Distribution::Normal(0.0, 1.0), &device),
        Tensor::<1, Int>::from_ints([0, 3, 1, 2, 1], &device),
    );
    let model = LinearConfig::new(3, 4).init(&device);
    for (name, loss) in losses {
        println!("{name}");
        alike(
            modes(name),
            || model.clone(),
            &batch,
            move |m: &Linear, t: &Targets| loss(m.forward(t.0.clone()), t),
        );
    }
}
