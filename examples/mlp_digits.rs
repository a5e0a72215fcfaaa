//! A perceptron learns to read handwritten digits, from five seeds; more than 97 % of those it has not seen.
//!
//! Each seed splits the 1,797 digits anew into 1,437 for training and 360 held out. A checkpoint is kept after every
//! epoch, and a second run goes on from it: with `-- 60` for more epochs, or else to show what has been learned.
//! Run it with `cargo run --release --example mlp_digits`.

use std::path::PathBuf;
use std::time::Instant;

use burn::tensor::Device;
use thalweg::optim::recipes::AdamW;
use thalweg::optim::schedules::{Cosine, Schedule};
use thalweg::train::data::{self, Dataset};
use thalweg::train::metrics::ConfusionMatrix;
use thalweg::train::mlp::{Mlp, MlpConfig};
use thalweg::train::{Fit, Result, Trainer};

const SEEDS: u64 = 5;
const BATCH: usize = 32;

/// The accuracy on held-out digits after training by a seed.
fn run(seed: u64, epochs: u64, device: &Device) -> Result<(f64, ConfusionMatrix)> {
    let (train, held_out) = data::digits().split(1437, seed)?;
    let config = MlpConfig { dropout: 0.1, ..MlpConfig::new([64, 128, 64, 10]) };
    let model = config.init(seed, device)?;
    let mut trainer =
        Trainer::new(model, AdamW { weight_decay: 0.01, ..AdamW::default() }, Mlp::cross_entropy)?;

    let steps = epochs as usize * train.len().div_ceil(BATCH);
    let schedule = Cosine { lr: 3e-3, steps, end: 0.0, power: 1.0 };
    let start = Instant::now();
    let history = Fit::new(&train)
        .epochs(epochs)
        .batch_size(BATCH)
        .seed(seed)
        .lr_schedule(|step| schedule.rate(step))
        .validation(&held_out)
        .checkpoint(folder().join(format!("mlp_digits-{seed}.safetensors")))
        .run(&mut trainer)?;
    let seconds = start.elapsed().as_secs_f64();

    let rows: Vec<usize> = (0..held_out.len()).collect();
    let (images, _) = held_out.batch(&rows, device);
    let matrix = ConfusionMatrix::of_logits(held_out.targets(), &trainer.into_model()?.forward(images))?;
    let accuracy = matrix.accuracy();
    let from = history.resumed_at_step.map_or(String::new(), |step| format!(", resumed after step {step}"));
    println!("seed {seed}: {:.2} % of held-out digits in {seconds:.2} s{from}", 100.0 * accuracy);
    Ok((accuracy, matrix))
}

/// Where checkpoints are kept.
fn folder() -> PathBuf {
    PathBuf::from("target/checkpoints")
}

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let epochs = std::env::args().nth(1).map_or(Ok(40), |text| text.parse())?;
    std::fs::create_dir_all(folder())?;
    let device = Device::flex();
    let mut runs = (1..=SEEDS).map(|seed| run(seed, epochs, &device)).collect::<Result<Vec<_>>>()?;
    runs.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (median, matrix) = &runs[runs.len() / 2];
    println!("\nmedian of {SEEDS} seeds: {:.2} %\n\n{matrix}", 100.0 * median);
    assert!(*median >= 0.97, "the median accuracy is {median}, below 97 %");
    Ok(())
}
