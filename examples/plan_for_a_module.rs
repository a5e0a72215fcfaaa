//! Which scheme for which parameter of a small transformer, as GPT-2 has it, told before it is done.
//!
//! `cargo run --release --example plan_for_a_module`

use burn::module::Module;
use burn::nn::transformer::{TransformerEncoder, TransformerEncoderConfig};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig};
use burn::tensor::Device;
use thalweg::init::schemes::{Gpt2Residual, Normal, Ones};
use thalweg::init::{Kind, Plan, Result, plan};

const BLOCKS: usize = 2;

#[derive(Module, Debug)]
struct Model {
    tokens: Embedding,
    encoder: TransformerEncoder,
    head: Linear,
}

fn main() -> Result<()> {
    let device = Device::flex();
    let model = Model {
        tokens: EmbeddingConfig::new(100, 32).init(&device),
        encoder: TransformerEncoderConfig::new(32, 64, 4, BLOCKS).init(&device),
        head: LinearConfig::new(32, 100).with_bias(false).init(&device),
    };
    let residual = Gpt2Residual { blocks: BLOCKS, std: 0.02 };
    let plan = plan! {
        "*.mha.output.weight" => residual.clone(),
        "*.pwff.linear_outer.weight" => residual,
        Kind::NormScale => Ones,
        _ => Normal { mean: 0.0, std: 0.02 },
    };
    println!("{}\n", plan.explain(&model)?);

    // The same plan as text, for the configuration of a study.
    println!("{plan}");
    assert_eq!(plan.to_string().parse::<Plan>()?, plan);

    let model = plan.apply(&model, 42)?;
    println!(
        "\nStandard deviation of the embedding: {:.4}",
        model.tokens.weight.val().var(0).mean().sqrt().into_scalar::<f32>()
    );

    // A path that does not exist is an error that says what may have been meant.
    if let Err(error) = (plan! { "heat.weight" => Ones }).apply(&model, 42) {
        println!("{error}");
    }
    Ok(())
}
