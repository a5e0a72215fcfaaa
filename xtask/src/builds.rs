//! `cargo xtask builds`: how long the first build takes, of the program and of a new user's program with Burn alone and with
//! Thalweg.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};

use crate::docs::root;

/// Where the figures are kept.
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data/builds.json");

/// The gradient of a perceptron by Burn alone.
const BURN: &str = r#"use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Tensor};

#[derive(Module, Debug)]
struct Mlp {
    first: Linear,
    second: Linear,
}

fn main() {
    let device = Device::flex().autodiff();
    let mlp = Mlp { first: LinearConfig::new(4, 8).init(&device), second: LinearConfig::new(8, 1).init(&device) };
    let x = Tensor::<2>::random([16, 4], Distribution::Default, &device);
    let loss = mlp.second.forward(relu(mlp.first.forward(x))).square().mean();
    let gradients = loss.backward();
    println!("{}", mlp.first.weight.val().grad(&gradients).unwrap());
}
"#;

/// The same by Thalweg.
const THALWEG: &str = r#"use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Tensor};
use thalweg::prelude::*;

#[derive(Module, Debug)]
struct Mlp {
    first: Linear,
    second: Linear,
}

fn main() -> Result<(), thalweg::autodiff::Error> {
    let device = Device::flex().autodiff();
    let mlp = Mlp { first: LinearConfig::new(4, 8).init(&device), second: LinearConfig::new(8, 1).init(&device) };
    let x = Tensor::<2>::random([16, 4], Distribution::Default, &device);
    let loss = |mlp: &Mlp, x: &Tensor<2>| mlp.second.forward(relu(mlp.first.forward(x.clone()))).square().mean();
    let (value, _gradients) = module::value_and_grad(loss)(&mlp, &x)?;
    println!("{value}");
    Ok(())
}
"#;

/// Seconds of a build from nothing, of what is downloaded already.
fn seconds(folder: &Path, target: &Path) -> Result<f64, String> {
    if target.exists() {
        std::fs::remove_dir_all(target).map_err(|e| format!("{}: {e}", target.display()))?;
    }
    let mut fetch = Command::new("cargo");
    succeeds(fetch.arg("fetch").current_dir(folder))?;
    let start = Instant::now();
    let mut build = Command::new("cargo");
    succeeds(build.args(["build", "--release"]).current_dir(folder).env("CARGO_TARGET_DIR", target))?;
    let seconds = start.elapsed().as_secs_f64();
    std::fs::remove_dir_all(target).map_err(|e| format!("{}: {e}", target.display()))?;
    Ok(seconds)
}

fn succeeds(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| format!("cargo does not start: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed")) }
}

/// A new user's program in a folder of its own.
fn program(folder: &Path, name: &str, more: &str, code: &str) -> Result<(), String> {
    let burn = crate::burn_version()?;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         burn = {{ version = \"{burn}\", default-features = false, features = [\"std\", \"flex\", \"autodiff\"] }}\n{more}"
    );
    let write = || {
        std::fs::create_dir_all(folder.join("src"))?;
        std::fs::write(folder.join("Cargo.toml"), manifest)?;
        // The same versions of everything as the workspace has.
        std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        std::fs::write(folder.join("src/main.rs"), code)
    };
    write().map_err(|e: std::io::Error| format!("{}: {e}", folder.display()))
}

/// Builds all three from nothing and writes the figures; half an hour on two cores.
pub fn write() -> Result<String, String> {
    let scratch = root().join("target/builds");
    let target = scratch.join("target");
    let (burn, thalweg) = (scratch.join("burn"), scratch.join("thalweg"));
    program(&burn, "with-burn", "", BURN)?;
    let path = format!("thalweg = {{ path = {:?} }}\n", root().join("crates/thalweg"));
    program(&thalweg, "with-thalweg", &path, THALWEG)?;
    let [alone, with, all] =
        [burn.as_path(), thalweg.as_path(), &root()].map(|folder| seconds(folder, &target));
    let all = json!({
        "date": crate::measure::said("date", &["+%F"])?,
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
        "compiler": crate::measure::said("rustc", &["--version"])?,
        "program": all?.round(),
        "burn_alone": alone?.round(),
        "with_thalweg": with?.round(),
    });
    let text = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())? + "\n";
    std::fs::write(PATH, text).map_err(|e| format!("{PATH} cannot be written: {e}"))?;
    Ok(format!("wrote {PATH}\ncargo xtask docs --generate puts it into the README and the book"))
}

/// Minutes and seconds.
fn time(seconds: f64) -> String {
    format!("{} min {:02} s", (seconds / 60.0).floor(), (seconds % 60.0).round())
}

fn read() -> Result<Value, String> {
    let text = std::fs::read_to_string(PATH).map_err(|e| format!("{PATH}: {e}; run `cargo xtask builds`"))?;
    serde_json::from_str(&text).map_err(|e| format!("{PATH}: {e}; run `cargo xtask builds`"))
}

fn figure(all: &Value, name: &str) -> Result<f64, String> {
    all[name].as_f64().ok_or(format!("{PATH} has no {name}; run `cargo xtask builds`"))
}

/// What the README says of the first build.
pub fn first() -> Result<String, String> {
    let all = read()?;
    Ok(format!(
        "The first build compiles Burn: {} on {} cores (measured by `cargo xtask builds`).",
        time(figure(&all, "program")?),
        all["cores"]
    ))
}

/// What the book says of the build of a user's program.
pub fn beside() -> Result<String, String> {
    let all = read()?;
    let (alone, with) = (figure(&all, "burn_alone")?, figure(&all, "with_thalweg")?);
    Ok(format!(
        "A program that takes the gradient of a perceptron builds in {} with Thalweg and in {} with Burn alone, {:.0} % more, in \
         release mode from nothing, on {} cores.",
        time(with),
        time(alone),
        (with / alone - 1.0) * 100.0,
        all["cores"]
    ))
}
