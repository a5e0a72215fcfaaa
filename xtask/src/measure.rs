//! `cargo xtask measure`: the figures of the book's page on performance, of this machine.

use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use burn::module::{Module, Param};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Int, Tensor};
use serde_json::{Value, json};
use thalweg_lab::compare::{Options, compare};
use thalweg_lab::statistics::quantile;
use thalweg_lab::store::Store;
use thalweg_lab::study::shipped;
use thalweg_optim::recipes::Adam;
use thalweg_train::Trainer;
use thalweg_train::mlp::{Mlp, MlpConfig};

/// Where the figures are kept.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data/performance.json");

const MODELS: [(&str, &[usize], usize, usize); 3] = [
    ("2-64-64-2, batch 32", &[2, 64, 64, 2], 32, 2000),
    ("784-256-128-10, batch 64", &[784, 256, 128, 10], 64, 400),
    ("784-1024-1024-10, batch 256", &[784, 1024, 1024, 10], 256, 40),
];

/// Measures and writes.
pub fn write() -> Result<String, String> {
    if cfg!(debug_assertions) {
        return Err("Figures are of a release build: cargo run --release -p xtask -- measure".into());
    }
    let mut figures = vec![];
    for (name, sizes, batch, times) in MODELS {
        let [burn, ours] = steps(sizes, batch, times)?;
        figures.push(json!({"task": format!("step of Adam, {name}"), "burn": burn, "thalweg": ours}));
    }
    for (name, columns, times) in [("1 M", 1000, 60), ("16 M", 16_000, 12)] {
        let [burn, ours] = updates(columns, times)?;
        figures.push(json!({"task": format!("Adam's update of {name} parameters in `ModuleOptimizer`"), "burn": burn, "thalweg": ours}));
    }
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().map_err(|e| format!("{program}: {e}"))?;
        Ok::<String, String>(String::from_utf8_lossy(&output.stdout).trim().to_string())
    };
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let all = json!({
        "date": said("date", &["+%F"])?,
        "processor": processor.map_or("unknown", |(_, name)| name.trim()),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
        "isa": thalweg_cpu::Isa::detect().to_string(),
        "compiler": said("rustc", &["--version"])?,
        "burn": "0.22.1",
        "figures": figures,
        "runs": laboratory()?,
    });
    let text = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())? + "\n";
    let folder = std::path::Path::new(PATH).parent().ok_or("the path has no folder")?;
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(PATH, text))
        .map_err(|e| format!("{PATH}: {e}"))?;
    Ok(format!("wrote {PATH}"))
}

/// The median of so many calls, in seconds, after a few that are not counted.
fn median(times: usize, mut call: impl FnMut() -> Result<(), String>) -> Result<f64, String> {
    for _ in 0..times / 10 + 2 {
        call()?;
    }
    let mut all = vec![];
    for _ in 0..times {
        let began = Instant::now();
        call()?;
        all.push(began.elapsed().as_secs_f64());
    }
    Ok(quantile(&all, 0.5))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A step of Adam by Burn eager and by the trainer.
fn steps(sizes: &[usize], batch: usize, times: usize) -> Result<[f64; 2], String> {
    let device = Device::flex().autodiff();
    let x = Tensor::<2>::random([batch, sizes[0]], Distribution::Normal(0.0, 1.0), &device);
    let classes = sizes[sizes.len() - 1];
    let labels: Vec<i32> = (0..batch).map(|i| (i % classes) as i32).collect();
    let data = (x, Tensor::<1, Int>::from_ints(labels.as_slice(), &device));
    let model = MlpConfig::new(sizes).init(1, &device).map_err(text)?;
    let loss = |model: &Mlp, data: &(Tensor<2>, Tensor<1, Int>)| model.cross_entropy(data).0;
    let (mut own, mut adam) = (Some(model.clone().train()), AdamConfig::new().with_epsilon(1e-8).init());
    let burn = median(times, || {
        let model = own.take().ok_or("the model is put back")?;
        let gradients = GradientsParams::from_grads(loss(&model, &data).backward(), &model);
        own = Some(adam.step(1e-3, model, gradients));
        Ok(())
    })?;
    let mut trainer = Trainer::new(model.train(), Adam::default(), loss).map_err(text)?;
    let ours = median(times, || trainer.step(1e-3, &data).map(|_| ()).map_err(text))?;
    Ok([burn, ours])
}

#[derive(Module, Debug)]
struct Weights {
    value: Param<Tensor<2>>,
}

/// An update of a matrix of 1,000 rows in Burn's `ModuleOptimizer`, by Burn's Adam and by ours.
fn updates(columns: usize, times: usize) -> Result<[f64; 2], String> {
    let device = Device::flex().autodiff();
    let ours: ModuleOptimizer =
        thalweg_optim::parse("adam").and_then(|adam| adam.optimizer()).map_err(text)?.into();
    let all = [AdamConfig::new().init(), ours].map(|mut optimizer| {
        let mut model =
            Some(Weights { value: Param::from_tensor(Tensor::ones([1000, columns], &device) * 0.5) });
        let mut spent = vec![];
        for _ in 0..times + 2 {
            let own = model.take().ok_or("the model is put back")?;
            let mut gradients = GradientsParams::new();
            gradients.register::<2>(own.value.id, own.value.val().inner() * 0.01);
            let began = Instant::now();
            model = Some(optimizer.step(1e-3, own, gradients));
            spent.push(began.elapsed().as_secs_f64());
        }
        Ok::<f64, String>(quantile(&spent[2..], 0.5))
    });
    let [burn, ours] = all;
    Ok([burn?, ours?])
}

/// The shipped study's landscapes of two dimensions by Adam, on all cores.
fn laboratory() -> Result<Value, String> {
    let mut study = shipped().map_err(text)?;
    study.parts.truncate(1);
    study.parts[0].problems =
        ["rosenbrock(n=2)", "himmelblau", "beale", "ackley(n=2)"].map(String::from).to_vec();
    study.parts[0].optimizers.retain(|own| own.label == "Adam");
    let (store, stop) = (Store::in_memory().map_err(text)?, AtomicBool::new(false));
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let effort = compare(&study, &[], &store, &Options { jobs, stop: &stop }, &|_| {}).map_err(text)?.effort;
    Ok(json!({
        "what": "evaluations a second of Adam on landscapes of two dimensions, all cores, records and store included",
        "speed": effort.evaluations as f64 / effort.seconds,
    }))
}
