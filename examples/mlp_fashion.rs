//! A perceptron learns to tell pieces of clothing apart, from five seeds: the first 4,000 training images of Fashion-MNIST,
//! and the first 1,000 test images to show what it has learned.
//!
//! The moving average of the weights is what is evaluated, and large gradients are clipped. A checkpoint is kept after every
//! epoch, and a second run goes on from it. With the path of a folder that holds the four files of the full set, it
//! trains on that: `cargo run --release --example mlp_fashion -- FOLDER`.
//! Run it with `cargo run --release --example mlp_fashion`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::tensor::Device;
use thalweg::optim::recipes::AdamW;
use thalweg::optim::schedules::{Cosine, Schedule};
use thalweg::train::data::{self, Dataset, TensorDataset};
use thalweg::train::metrics::ConfusionMatrix;
use thalweg::train::mlp::{Mlp, MlpConfig};
use thalweg::train::{Fit, Result, Trainer, TrainerOptions};

const SEEDS: u64 = 5;
const EPOCHS: u64 = 15;
const BATCH: usize = 64;

/// The accuracy on the test images after training by a seed.
fn run(
    seed: u64,
    train: &TensorDataset,
    test: &TensorDataset,
    device: &Device,
) -> Result<(f64, ConfusionMatrix)> {
    let config = MlpConfig { dropout: 0.2, ..MlpConfig::new([784, 256, 128, 10]) };
    let options =
        TrainerOptions { seed, clip_norm: Some(5.0), ema_decay: Some(0.98), ..TrainerOptions::default() };
    let optimizer = AdamW { weight_decay: 0.01, ..AdamW::default() };
    let mut trainer =
        Trainer::new(config.init(seed, device)?, optimizer, Mlp::cross_entropy)?.with_options(options)?;

    let steps = EPOCHS as usize * train.len().div_ceil(BATCH);
    let schedule = Cosine { lr: 2e-3, steps, end: 0.0, power: 1.0 };
    let name = format!("mlp_fashion-{}-{seed}.safetensors", train.len());
    let start = Instant::now();
    let history = Fit::new(train)
        .epochs(EPOCHS)
        .batch_size(BATCH)
        .seed(seed)
        .lr_schedule(|step| schedule.rate(step))
        .validation(test)
        .checkpoint(folder().join(name))
        .run(&mut trainer)?;
    let seconds = start.elapsed().as_secs_f64();

    let rows: Vec<usize> = (0..test.len()).collect();
    let (images, _) = test.batch(&rows, device);
    let matrix = ConfusionMatrix::of_logits(test.targets(), &trainer.eval_model()?.forward(images))?;
    let accuracy = matrix.accuracy();
    let from = history.resumed_at_step.map_or(String::new(), |step| format!(", resumed after step {step}"));
    println!("seed {seed}: {:.2} % of the test images in {seconds:.2} s{from}", 100.0 * accuracy);
    Ok((accuracy, matrix))
}

/// Where checkpoints are kept.
fn folder() -> PathBuf {
    PathBuf::from("target/checkpoints")
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let (train, test) = match std::env::args().nth(1) {
        Some(path) => data::mnist_from_dir(Path::new(&path))?,
        None => data::fashion(),
    };
    std::fs::create_dir_all(folder())?;
    let device = Device::flex();
    let runs = (1..=SEEDS).map(|seed| run(seed, &train, &test, &device));
    let mut runs = runs.collect::<Result<Vec<_>>>()?;
    runs.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (median, matrix) = &runs[runs.len() / 2];
    println!("\nmedian of {SEEDS} seeds: {:.2} %\n\n{matrix}", 100.0 * median);
    assert!(*median >= 0.83, "the median accuracy is {median}, below 83 %");
    Ok(())
}
