//! Your own model in the laboratory: which optimizer, at which learning rate, and from which first values?
//!
//! A task is a model, a loss and data; it gets the tuning, the statistics and the report of any landscape.
//!
//! Run it with `cargo run --release --example compare_my_model [FOLDER]`.

use std::sync::atomic::AtomicBool;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor, activation::sigmoid};
use thalweg::lab::compare::{Options, compare};
use thalweg::lab::store::Store;
use thalweg::lab::study::Study;
use thalweg::lab::summary::{summarize, table};
use thalweg::lab::task::Task;
use thalweg::lab::{Result, report};
use thalweg::train::data::two_moons;

/// Two layers that tell one moon from the other.
#[derive(Module, Debug)]
struct Moons {
    hidden: Linear,
    output: Linear,
}

impl Moons {
    fn new(device: &Device) -> Self {
        Moons { hidden: LinearConfig::new(2, 16).init(device), output: LinearConfig::new(16, 1).init(device) }
    }

    /// The mean square of the distances to the labels.
    fn loss(&self, (x, labels): &(Tensor<2>, Tensor<1, Int>)) -> Tensor<1> {
        let out = sigmoid(self.output.forward(self.hidden.forward(x.clone()).tanh()));
        (out - labels.clone().float().reshape([-1, 1])).square().mean()
    }
}

const STUDY: &str = r#"
name = "Two moons"
description = "A model of one's own: 49 parameters, mean square."

[[part]]
title = "Optimizers and initializers"
problems = ["moons"]
optimizers = ["sgd", "momentum", "adam", "lion"]
initializers = ["xavier_normal", "normal(std=0.01)", "zeros"]
tuning = { strategy = "grid", trials = 7, lr = [1e-3, 1e3] }
tuning_instances = 2
instances = 5
budget = 150
precision = "f32"
"#;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).unwrap_or("moons-report".into());
    let (train, held_out) = two_moons(600, 0.15, 1)?.split(400, 1)?;
    // From the loss of a coin to a good one.
    let task =
        Task::new("moons", |_, device| Ok(Moons::new(device)), Moons::loss, train, held_out, [0.25, 0.02]);

    let study = Study::from_toml(STUDY)?;
    let store = Store::open(std::path::Path::new(&folder).join("runs.sqlite").as_path())?;
    let options = Options { jobs: 2, compute_missing: true, stop: &AtomicBool::new(false) };
    let compared = compare(&study, &[&task], &store, &options, &|_| {})?;
    let summary = summarize(&study, &[&task], &compared.parts)?;
    print!("{}", table(&summary, 120));
    report::write(&summary, folder.as_ref())?;
    println!("The report is {folder}/index.html.");
    Ok(())
}
