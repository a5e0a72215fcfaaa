//! A linear layer from 5 to 3 under each of the usual schemes, its weights printed.
//!
//! `cargo run --release --example initializers`

use burn::nn::{Linear, LinearConfig};
use burn::tensor::Device;
use thalweg::init::schemes::{Constant, Kaiming, Normal, Ones, Uniform, Xavier, Zeros};
use thalweg::init::{AnyScheme, Plan, Result};

const SEED: u64 = 42;

fn layer(scheme: impl Into<AnyScheme>) -> Result<Linear> {
    Plan::all(scheme).apply(&LinearConfig::new(5, 3).init(&Device::flex()), SEED)
}

/// The weights, a row for each output as they are usually written; Burn keeps `[in, out]`.
fn print(title: &str, layer: &Linear) {
    println!("{title}");
    let weights: Vec<f32> = layer.weight.val().transpose().into_data().iter().collect();
    for row in weights.chunks(5) {
        println!("  {}", row.iter().map(|w| format!("{w:8.4}")).collect::<String>());
    }
}

fn uniform() -> Result<()> {
    print("1. Uniform on [0, 1)", &layer(Uniform::default())?);
    Ok(())
}

fn constant() -> Result<()> {
    print("2. A constant, 5", &layer(Constant { value: 5.0 })?);
    Ok(())
}

fn zeros() -> Result<()> {
    print("3. All zeros", &layer(Zeros)?);
    Ok(())
}

fn ones() -> Result<()> {
    print("4. All ones", &layer(Ones)?);
    Ok(())
}

fn normal() -> Result<()> {
    print("5. Normal, mean 0, standard deviation 1", &layer(Normal::default())?);
    Ok(())
}

fn kaiming() -> Result<()> {
    print("6. Kaiming normal", &layer(Kaiming::normal())?);
    print("   Kaiming uniform", &layer(Kaiming::uniform())?);
    Ok(())
}

fn xavier() -> Result<()> {
    print("7. Xavier normal", &layer(Xavier::normal())?);
    print("   Xavier uniform", &layer(Xavier::uniform())?);
    Ok(())
}

fn main() -> Result<()> {
    for show in [uniform, constant, zeros, ones, normal, kaiming, xavier] {
        show()?;
    }
    let bias = layer(Kaiming::normal())?.bias.map(|bias| bias.val().into_data());
    let biases: Vec<f32> = bias.iter().flat_map(|data| data.iter()).collect();
    println!("Biases are zero under each: {biases:?}");
    Ok(())
}
