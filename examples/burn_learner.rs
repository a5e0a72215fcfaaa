//! An optimizer and a learning-rate schedule of ours in Burn's own `Learner`, with its data loaders, metrics and loop:
//! handwritten digits. It needs parts of Burn that nothing else here does: `cargo run --release --example burn_learner --features
//! thalweg-examples/learner`.

use std::error::Error;

use burn::data::dataloader::{DataLoaderBuilder, batcher::Batcher};
use burn::data::dataset::InMemDataset;
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor, TensorData, activation::relu};
use burn_train::metric::{AccuracyMetric, LossMetric};
use burn_train::{ClassificationOutput, InferenceStep, Learner, SupervisedTraining, TrainOutput, TrainStep};
use thalweg::init::{plan, schemes::Kaiming};
use thalweg::optim::parse;
use thalweg::optim::schedules::{AnySchedule, Scheduler};
use thalweg::train::data::{TensorDataset, digits};

#[derive(Module, Debug)]
struct Network {
    hidden: Linear,
    output: Linear,
}

/// An image and its digit.
type Example = (Vec<f32>, i32);
type Examples = (Tensor<2>, Tensor<1, Int>);

struct Batches;

impl Batcher<Example, Examples> for Batches {
    fn batch(&self, items: Vec<Example>, device: &Device) -> Examples {
        let n = items.len();
        let (images, digits): (Vec<Vec<f32>>, Vec<i32>) = items.into_iter().unzip();
        let images = TensorData::new(images.concat(), [n, 64]);
        (Tensor::from_data(images, device), Tensor::from_ints(digits.as_slice(), device))
    }
}

impl Network {
    fn classify(&self, (images, digits): Examples) -> ClassificationOutput {
        let logits = self.output.forward(relu(self.hidden.forward(images)));
        let loss = CrossEntropyLossConfig::new().init(&logits.device()).forward(logits.clone(), digits.clone());
        ClassificationOutput::new(loss, logits, digits)
    }
}

impl TrainStep for Network {
    type Input = Examples;
    type Output = ClassificationOutput;

    fn step(&self, examples: Examples) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(examples);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Network {
    type Input = Examples;
    type Output = ClassificationOutput;

    fn step(&self, examples: Examples) -> ClassificationOutput {
        self.classify(examples)
    }
}

fn items(data: &TensorDataset) -> InMemDataset<Example> {
    let image = |k| data.features().row(k).into_iter().map(|x| x as f32).collect();
    let digit = |k: usize| data.targets().values()[k] as i32;
    InMemDataset::new((0..data.len()).map(|k| (image(k), digit(k))).collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let device = Device::flex().autodiff();
    let model = Network {
        hidden: LinearConfig::new(64, 64).init(&device),
        output: LinearConfig::new(64, 10).init(&device),
    };
    let model = plan! { _ => Kaiming::normal().relu() }.apply(&model, 1)?;

    let (train, held_out) = digits().split(1437, 0)?;
    let loader =
        |data: &TensorDataset| DataLoaderBuilder::new(Batches).batch_size(64).shuffle(1).build(items(data));
    let folder = std::env::temp_dir().join(format!("thalweg-burn-learner-{}", std::process::id()));
    let training = SupervisedTraining::new(&folder, loader(&train), loader(&held_out))
        .metrics((AccuracyMetric::new(), LossMetric::new()))
        .num_epochs(15)
        .with_application_logger(None)
        .summary();

    let optimizer = parse("adamw(weight_decay=0.01)")?.optimizer()?;
    let schedule: AnySchedule = "cosine(lr=3e-3, steps=345)".parse()?;
    let trained = training.launch(Learner::new(model, optimizer.into(), Scheduler::new(schedule))).model;

    let rows: Vec<f32> =
        (0..held_out.len()).flat_map(|k| held_out.features().row(k)).map(|x| x as f32).collect();
    let images = Tensor::<2>::from_data(TensorData::new(rows, [held_out.len(), 64]), &Device::flex());
    let logits = trained.output.forward(relu(trained.hidden.forward(images)));
    let guesses: Vec<i64> = logits.argmax(1).into_data().iter().collect();
    let right = guesses.iter().zip(held_out.targets().values()).filter(|(a, b)| **a == i64::from(**b)).count();
    println!("{right} of {} held-out digits are right.", held_out.len());
    assert!(right * 100 >= 95 * held_out.len());
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
