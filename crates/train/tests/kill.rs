//! Training that is killed at random moments loses nothing but the steps since its last checkpoint. It is a program of its own
//! since it measures how long training takes, to kill it on the way.

#![cfg(unix)] // `Child::kill` sends SIGKILL there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use thalweg_optim::recipes::Adam;
use thalweg_train::checkpoint::Checkpoint;
use thalweg_train::mlp::{Mlp, MlpConfig};
use thalweg_train::{Fit, Result, Trainer, data};

/// Tells the process that it is the one to be killed, and where it keeps its checkpoint.
const VICTIM: &str = "THALWEG_TRAIN_VICTIM";
const KILLS: usize = 20;
const EPOCHS: u64 = 160;

/// Trains to the end, from the checkpoint if there is one.
fn train(path: &Path) -> Result<()> {
    let moons = data::two_moons(300, 0.2, 1)?.to_f64();
    let config = MlpConfig { dropout: 0.1, ..MlpConfig::new([2, 64, 64, 2]) };
    let config = MlpConfig { precision: thalweg_train::mlp::Precision::F64, ..config };
    let model = config.init(3, &Device::flex().autodiff())?;
    let mut trainer = Trainer::new(model, Adam::default(), Mlp::cross_entropy)?;
    Fit::new(&moons)
        .epochs(EPOCHS)
        .batch_size(32)
        .seed(4)
        .checkpoint(path)
        .checkpoint_every_steps(3)
        .run(&mut trainer)?;
    Ok(())
}

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("kill");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

#[test]
fn killed_training_loses_only_steps_since_its_checkpoint() -> Result<()> {
    if let Ok(path) = std::env::var(VICTIM) {
        return train(Path::new(&path));
    }
    let (whole, killed) = (path("whole.safetensors"), path("killed.safetensors"));
    for file in [&whole, &killed] {
        let _ = std::fs::remove_file(file);
    }
    let start = Instant::now();
    train(&whole)?;
    let duration = start.elapsed();

    let victim = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("killed_training_loses_only_steps_since_its_checkpoint").env(VICTIM, &killed);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    // Moments spread by a linear congruential generator over a part of the training each, so that it is not over before
    // the last one; every process starts with tracing, which is killed as well.
    let (mut random, mut steps, mut advances) = (1u64, 0, 0);
    for _ in 0..KILLS {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let part = (random >> 40) as f64 / (1u64 << 24) as f64;
        let mut child = victim();
        std::thread::sleep(Duration::from_millis(30) + duration.mul_f64(0.12 * part));
        child.kill().unwrap();
        child.wait().unwrap();
        if !killed.exists() {
            continue;
        }
        let now = Checkpoint::read(&killed)?.steps();
        assert!(now >= steps, "{now} steps after {steps}");
        advances += usize::from(now > steps);
        steps = now;
    }
    assert!(advances >= 3, "the checkpoint moved {advances} times in {KILLS} runs of at most {duration:?}");
    assert!(victim().wait().unwrap().success());
    println!("{duration:?} whole, {advances} advances, {:?} in all", start.elapsed());
    let (a, b) = (Checkpoint::read(&whole)?, Checkpoint::read(&killed)?);
    assert_eq!((a.steps(), a.sampler_state()), (b.steps(), b.sampler_state()));
    for (name, data) in a.tensors() {
        assert_eq!(data.as_bytes(), b.tensors()[name].as_bytes(), "{name}");
    }
    Ok(())
}
