//! `cargo xtask builds`: how long the first build takes, of the program and of a new user's program with Burn alone and with
//! Thalweg, and how long the shipped comparison runs.

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
    let (value, gradients): (_, module::Params) = module::value_and_grad(loss)(&mlp, &x)?;
    println!("{value}\n{gradients:?}");
    Ok(())
}
"#;

/// Seconds of a build from nothing, of what is downloaded already.
fn build(folder: &Path, target: &Path) -> Result<f64, String> {
    if target.exists() {
        std::fs::remove_dir_all(target).map_err(|e| format!("{}: {e}", target.display()))?;
    }
    let mut fetch = Command::new("cargo");
    seconds(fetch.arg("fetch").current_dir(folder))?;
    let mut build = Command::new("cargo");
    seconds(build.args(["build", "--release"]).current_dir(folder).env("CARGO_TARGET_DIR", target))
}

/// Seconds that a command takes, which must succeed.
fn seconds(command: &mut Command) -> Result<f64, String> {
    let start = Instant::now();
    let status = command.status().map_err(|e| format!("{command:?} does not start: {e}"))?;
    if status.success() { Ok(start.elapsed().as_secs_f64()) } else { Err(format!("{command:?} failed")) }
}

/// A new user's program in a folder of its own.
fn program(folder: &Path, name: &str, more: &str, code: &str) -> Result<(), String> {
    let burn = crate::burn_version()?;
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         burn = {{ version = \"{burn}\", features = [\"flex\", \"autodiff\"] }}\n{more}"
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

/// What can be measured alone.
const PARTS: [&str; 3] = ["burn", "thalweg", "program"];

/// Builds the named parts from nothing, or all of them, runs the comparison with the program, and writes the figures; twenty
/// minutes on two cores. Figures of parts that are not named stay.
pub fn write(named: &[&str]) -> Result<String, String> {
    if let Some(unknown) = named.iter().find(|name| !PARTS.contains(name)) {
        return Err(format!("there is no part {unknown}; there are {}", PARTS.join(", ")));
    }
    let scratch = root().join("target/builds");
    let gone = |folder: &Path| match folder.exists() {
        true => std::fs::remove_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display())),
        false => Ok(()),
    };
    gone(&scratch)?;
    let target = scratch.join("target");
    let mut all = if named.is_empty() { json!({}) } else { read()? };
    all["date"] = crate::measure::said("date", &["+%F"])?.into();
    all["cores"] = std::thread::available_parallelism().map_or(1, usize::from).into();
    all["compiler"] = crate::measure::said("rustc", &["--version"])?.into();
    for part in PARTS.iter().filter(|part| named.is_empty() || named.contains(part)) {
        let folder = scratch.join(part);
        match *part {
            "burn" => program(&folder, "with-burn", "", BURN)?,
            "thalweg" => {
                let path = format!("thalweg = {{ path = {:?} }}\n", root().join("crates/thalweg"));
                program(&folder, "with-thalweg", &path, THALWEG)?;
            }
            _ => {
                all["program"] = build(&root(), &target)?.round().into();
                let mut compare = Command::new(target.join("release/thalweg"));
                all["compare"] =
                    seconds(compare.arg("compare").arg("--out").arg(scratch.join("report")))?.round().into();
                continue;
            }
        }
        all[*part] = build(&folder, &target)?.round().into();
    }
    gone(&scratch)?;
    let text = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())? + "\n";
    std::fs::write(PATH, text).map_err(|e| format!("{PATH} cannot be written: {e}"))?;
    Ok(format!("wrote {PATH}\ncargo xtask docs --generate puts it into the README and the book"))
}

/// Minutes and seconds.
fn time(seconds: f64) -> String {
    match (seconds / 60.0).floor() {
        0.0 => format!("{seconds:.0} s"),
        minutes => format!("{minutes} min {:02.0} s", seconds % 60.0),
    }
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
        "The first build compiles Burn and takes {} on {} cores, the comparison itself then {} (measured by `cargo xtask \
         builds`).",
        time(figure(&all, "program")?),
        all["cores"],
        time(figure(&all, "compare")?)
    ))
}

/// What the book says of the build of a user's program.
pub fn beside() -> Result<String, String> {
    let all = read()?;
    let (alone, with) = (figure(&all, "burn")?, figure(&all, "thalweg")?);
    Ok(format!(
        "A program that takes the gradient of a perceptron builds in {} with Thalweg without features, and in {} with Burn alone: \
         {:.0} % more. Both in release mode, from nothing, with Burn's default features, on {} cores.",
        time(with),
        time(alone),
        (with / alone - 1.0) * 100.0,
        all["cores"]
    ))
}
