//! Networks of other layers than linear ones: compiled training is burn-autodiff's.

use burn::module::Module;
use burn::nn::attention::{MhaInput, MultiHeadAttention, MultiHeadAttentionConfig};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::lstm::{Lstm, LstmConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, Embedding, EmbeddingConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig,
};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor};
use thalweg_optim::recipes::Sgd;
use thalweg_train::data::{self, Dataset};
use thalweg_train::{ExecutionMode, Result, Trainer, TrainerOptions};

use crate::common::{close, to_f64};

fn cross_entropy(logits: Tensor<2>, labels: &Tensor<1, Int>) -> Tensor<1> {
    CrossEntropyLossConfig::new().init(&logits.device()).forward(logits, labels.clone())
}

/// Trains a model compiled and by burn-autodiff; the two end at the same parameters.
fn agrees<M: Module + 'static, B: thalweg_autodiff::Tree + 'static>(
    model: M,
    batches: &[B],
    loss: fn(&M, &B) -> Tensor<1>,
    tolerance: f64,
) -> Result<()> {
    let train = |mode: ExecutionMode| -> Result<(M, Vec<f64>)> {
        let options = TrainerOptions { mode, ..TrainerOptions::default() };
        let copy = model.valid().train();
        let sgd = Sgd { momentum: 0.9, ..Sgd::default() };
        let mut trainer = Trainer::new(copy, sgd, move |m: &M, b: &B| loss(m, b))?.with_options(options)?;
        let losses = (0..4).flat_map(|_| batches).map(|b| trainer.step(0.05, b)).collect::<Result<_>>()?;
        Ok((trainer.into_model()?, losses))
    };
    let ((compiled, losses), (eager, _)) = (train(ExecutionMode::Compiled)?, train(ExecutionMode::Eager)?);
    close(&compiled, &eager, tolerance);
    let epoch = |k: usize| losses[k * batches.len()..(k + 1) * batches.len()].iter().sum::<f64>();
    assert!(epoch(3) < epoch(0), "{losses:?}");
    Ok(())
}

#[derive(Module, Debug)]
struct Cnn {
    conv: Conv2d,
    norm: BatchNorm,
    pool: MaxPool2d,
    last: Linear,
}

#[test]
fn convolutions() -> Result<()> {
    let device = Device::flex().autodiff();
    let model = Cnn {
        conv: Conv2dConfig::new([1, 4], [3, 3]).init(&device),
        norm: BatchNormConfig::new(4).init(&device),
        pool: MaxPool2dConfig::new([2, 2]).init(),
        last: LinearConfig::new(4 * 3 * 3, 10).init(&device),
    };
    let digits = data::digits().to_f64();
    let batches = [(0..12).collect::<Vec<_>>(), (12..24).collect(), (24..29).collect()];
    let batches = batches.map(|rows| digits.batch(&rows, &device));
    let loss = |m: &Cnn, (x, labels): &(Tensor<2>, Tensor<1, Int>)| {
        let images = x.clone().reshape([-1, 1, 8, 8]);
        let h = m.pool.forward(relu(m.norm.forward(m.conv.forward(images))));
        cross_entropy(m.last.forward(h.flatten::<2>(1, 3)), labels)
    };
    agrees(to_f64(model), &batches, loss, 1e-9)
}

#[derive(Module, Debug)]
struct Reader {
    embedding: Embedding,
    lstm: Lstm,
    attention: MultiHeadAttention,
    norm: LayerNorm,
    last: Linear,
}

#[test]
fn embeddings_recurrence_and_attention() -> Result<()> {
    let device = Device::flex().autodiff();
    let model = Reader {
        embedding: EmbeddingConfig::new(7, 6).init(&device),
        lstm: LstmConfig::new(6, 6, true).init(&device),
        attention: MultiHeadAttentionConfig::new(6, 2).with_dropout(0.0).init(&device),
        norm: LayerNormConfig::new(6).init(&device),
        last: LinearConfig::new(6, 3).init(&device),
    };
    let batch = |start: i32| {
        let tokens: Vec<i32> = (0..5 * 4).map(|k| (start + 3 * k + k * k / 5) % 7).collect();
        let tokens = Tensor::<1, Int>::from_ints(tokens.as_slice(), &device).reshape([5, 4]);
        (tokens, Tensor::<1, Int>::from_ints([0, 2, 1, 0, 1], &device))
    };
    let loss = |m: &Reader, (tokens, labels): &(Tensor<2, Int>, Tensor<1, Int>)| {
        let (h, _) = m.lstm.forward(m.embedding.forward(tokens.clone()), None);
        let h = m.norm.forward(h.clone() + m.attention.forward(MhaInput::self_attn(h)).context);
        cross_entropy(m.last.forward(h.mean_dim(1).flatten::<2>(1, 2)), labels)
    };
    // Burn's LSTM starts from a state in f32, so that it has no f64.
    agrees(model, &[batch(1), batch(4)], loss, 1e-4)
}
