//! Draws of eager training, which come from the generator of the whole process: the only test in it.

mod common;

use burn::tensor::Device;
use common::{Batch, Net, moons, to_f64, values};
use thalweg_optim::recipes::Adam;
use thalweg_train::data::{BatchSampler, Dataset};
use thalweg_train::{ExecutionMode, Result, Trainer, TrainerOptions, checkpoint::Checkpoint};

type Trained = (Vec<f64>, Vec<(String, Vec<f64>)>);

/// Losses and parameters of ten steps, interrupted after `stop`.
fn trained(seed: u64, stop: usize) -> Result<Trained> {
    let device = Device::flex().autodiff();
    let fresh = || {
        let loss = |m: &Net, b: &Batch| m.loss(b);
        let options = TrainerOptions { seed, mode: ExecutionMode::Eager, ..TrainerOptions::default() };
        Trainer::new(to_f64(Net::new(0.5, &device)), Adam::default(), loss)?.with_options(options)
    };
    let data = moons();
    let mut batches = BatchSampler::new(data.len(), 16, 1)?;
    let mut trainer = fresh()?;
    let mut losses = vec![];
    for step in 0..10 {
        if step == stop {
            let checkpoint: Checkpoint = trainer.checkpoint()?;
            trainer = fresh()?;
            trainer.restore(&checkpoint)?;
        }
        losses.push(trainer.step(0.1, &data.batch(batches.next_indices(), &device))?);
    }
    Ok((losses, values(&trainer.into_model()?)))
}

#[test]
fn eager_draws_follow_the_seed() -> Result<()> {
    let whole = trained(1, 0)?;
    assert_eq!(whole, trained(1, 0)?);
    assert_eq!(whole, trained(1, 4)?);
    assert_ne!(whole.0, trained(2, 0)?.0);
    Ok(())
}
