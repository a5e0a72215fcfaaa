//! The perceptron: its configuration, its parameters, and that every kind of it trains.

use burn::module::Module;
use burn::tensor::{DType, Device, Tensor};
use thalweg_autodiff::compiled_devices;
use thalweg_init::plan;
use thalweg_init::schemes::{Xavier, Zeros};
use thalweg_optim::recipes::Adam;
use thalweg_train::data::{self, Dataset, TensorDataset};
use thalweg_train::metrics::{ConfusionMatrix, accuracy, top_k_accuracy};
use thalweg_train::mlp::{Activation, Mlp, MlpConfig, Norm, Precision};
use thalweg_train::{Fit, Result, Trainer};

use crate::common::{moons, says, values};

const ACTIVATIONS: [Activation; 7] = [
    Activation::Relu,
    Activation::LeakyRelu,
    Activation::Gelu,
    Activation::Silu,
    Activation::Tanh,
    Activation::Sigmoid,
    Activation::Identity,
];

#[test]
fn configurations_are_read_and_checked() -> Result<()> {
    let config = MlpConfig {
        activation: Activation::LeakyRelu,
        norm: Norm::Layer,
        dropout: 0.25,
        precision: Precision::F64,
        initialization: Some(plan! { "layers.1.weight" => Zeros, _ => Xavier::uniform() }),
        ..MlpConfig::new([3, 4, 2])
    };
    let model = config.init(1, &Device::flex())?;
    let size = |k: usize| model.layers[k].weight.val().abs().max().into_scalar::<f64>();
    // Xavier's bound is √(6 / (3 + 4)).
    assert!(size(0) > 0.5 && size(0) <= (6.0f64 / 7.0).sqrt() && size(1) == 0.0);
    let text = serde_json::to_string(&config).unwrap();
    assert!(text.contains("\"leakyrelu\"") && text.contains("\"layer\"") && text.contains("\"f64\""), "{text}");
    assert_eq!(serde_json::from_str::<MlpConfig>(&text).unwrap(), config);
    assert_eq!(serde_json::from_str::<MlpConfig>(r#"{"layer_sizes":[3,2]}"#).unwrap(), MlpConfig::new([3, 2]));
    assert!(serde_json::from_str::<MlpConfig>(r#"{"layer_sizes":[3,2],"droput":0.1}"#).is_err());
    says(MlpConfig::new([3]).init(0, &Device::flex()), &["the sizes [3]", "`layer_sizes`"]);
    says(MlpConfig::new([3, 0, 2]).init(0, &Device::flex()), &["[3, 0, 2]", "above 0"]);
    let unknown = Some(plan! { "layer.0.weight" => Zeros });
    says(
        MlpConfig { initialization: unknown, ..config.clone() }.init(0, &Device::flex()),
        &["did you mean `layers.0.weight`"],
    );
    says(MlpConfig { dropout: 1.0, ..config }.init(0, &Device::flex()), &["A share of 1", "`dropout`"]);
    Ok(())
}

#[test]
fn seeds_give_the_same_parameters_on_every_device() -> Result<()> {
    let devices = compiled_devices().into_iter().chain([Device::flex().autodiff()]);
    let config = MlpConfig { norm: Norm::Batch, ..MlpConfig::new([5, 7, 3]) };
    let first = values(&config.init(4, &Device::flex())?);
    for device in devices {
        assert_eq!(first, values(&config.init(4, &device)?));
    }
    assert_ne!(first, values(&config.init(5, &Device::flex())?));
    let double = MlpConfig { precision: Precision::F64, ..config.clone() }.init(4, &Device::flex())?;
    assert!(
        double.layers[0].weight.val().dtype() == DType::F64
            && double.batch_norms[0].gamma.val().dtype() == DType::F64
    );
    for ((path, a), (_, b)) in values(&double).iter().zip(values(&config.init(4, &Device::flex())?)) {
        assert!(a.iter().zip(&b).all(|(a, b)| *a as f32 == *b as f32), "{path}");
    }
    assert!(double.layers[0].bias.is_none() && double.layers[1].bias.is_some());
    Ok(())
}

#[test]
fn activations_are_their_formulas() {
    let xs = [-3.0f64, -0.4, 0.0, 0.7, 2.5];
    let x = Tensor::<1>::from_data(burn::tensor::TensorData::from(xs), (&Device::flex(), DType::F64));
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    for activation in ACTIVATIONS {
        let y: Vec<f64> = activation.forward(x.clone()).to_data().try_to_vec().unwrap();
        let formula = |x: f64| match activation {
            Activation::Relu => x.max(0.0),
            Activation::LeakyRelu => {
                if x > 0.0 {
                    x
                } else {
                    0.01 * x
                }
            }
            Activation::Gelu => 0.5 * x * (1.0 + libm::erf(x / 2f64.sqrt())),
            Activation::Silu => x * sigmoid(x),
            Activation::Tanh => x.tanh(),
            Activation::Sigmoid => sigmoid(x),
            Activation::Identity => x,
        };
        assert!(xs.iter().zip(&y).all(|(x, y)| (formula(*x) - y).abs() < 1e-12), "{activation:?}: {y:?}");
    }
}

#[test]
fn every_kind_trains() -> Result<()> {
    let moons = moons();
    for activation in ACTIVATIONS {
        for norm in [Norm::None, Norm::Batch, Norm::Layer] {
            let config = MlpConfig { activation, norm, dropout: 0.1, ..MlpConfig::new([2, 16, 16, 2]) };
            let config = MlpConfig { precision: Precision::F64, ..config };
            let mut trainer =
                Trainer::new(config.init(1, &Device::flex())?, Adam::default(), Mlp::cross_entropy)?;
            let before = trainer.evaluate(&moons, 50)?;
            Fit::new(&moons).epochs(60).batch_size(16).lr_schedule(|_| 0.01).run(&mut trainer)?;
            let after = trainer.evaluate(&moons, 50)?;
            assert!(
                after.loss < 0.7 * before.loss && after.metric("accuracy") >= Some(0.8),
                "{config:?}: {after:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn a_student_learns_its_teacher() -> Result<()> {
    let (train, test) = data::teacher_student(400, &[3, 5, 2], 0.0, 1)?.to_f64().split(300, 1)?;
    let config =
        MlpConfig { activation: Activation::Tanh, precision: Precision::F64, ..MlpConfig::new([3, 20, 2]) };
    let mut trainer = Trainer::new(config.init(2, &Device::flex())?, Adam::default(), Mlp::mse)?;
    let before = trainer.evaluate(&test, 100)?.loss;
    Fit::new(&train)
        .epochs(100)
        .batch_size(30)
        .lr_schedule(|step| if step < 700 { 0.02 } else { 0.002 })
        .run(&mut trainer)?;
    let after = trainer.evaluate(&test, 100)?.loss;
    assert!(after < 0.01 * before, "{before} {after}");
    Ok(())
}

#[test]
fn dropout_is_for_training() -> Result<()> {
    let model = MlpConfig { dropout: 0.9, ..MlpConfig::new([2, 64, 2]) }.init(1, &Device::flex())?;
    let x = Tensor::<2>::ones([1, 2], &Device::flex());
    let numbers = |t: Tensor<2>| t.to_data().try_to_vec::<f32>().unwrap();
    assert_eq!(numbers(model.forward(x.clone())), numbers(model.forward(x.clone())));
    let trained = model.train();
    assert_ne!(numbers(trained.forward(Tensor::from_inner(x.clone()))), numbers(trained.valid().forward(x)));
    Ok(())
}

#[test]
fn accuracies_count_the_largest_logits() {
    let device = Device::flex();
    let logits =
        Tensor::<2>::from_floats([[3.0, 1.0, 2.0], [0.0, 5.0, 1.0], [1.0, 2.0, 3.0], [2.0, 2.0, 0.0]], &device);
    let labels = Tensor::from_ints([0, 2, 0, 0], &device);
    let number = |t: Tensor<1>| t.into_scalar::<f32>();
    assert_eq!(number(accuracy(&logits, &labels)), 0.5);
    assert_eq!(number(top_k_accuracy(&logits, &labels, 1)), 0.5);
    assert_eq!(number(top_k_accuracy(&logits, &labels, 2)), 0.75);
    assert_eq!(number(top_k_accuracy(&logits, &labels, 3)), 1.0);
}

#[test]
fn confusion_matrices_count_and_print() -> Result<()> {
    let labels = data::Labels::named(vec![0, 0, 0, 1, 2], ["cat", "dog", "bird"].map(String::from).to_vec())?;
    let matrix = ConfusionMatrix::new(&labels, &[0, 0, 1, 1, 1])?;
    assert_eq!((matrix.count(0, 0), matrix.count(0, 1), matrix.count(2, 1), matrix.count(2, 2)), (2, 1, 1, 0));
    assert_eq!(
        (matrix.recall(0), matrix.recall(2), matrix.precision(1), matrix.precision(2)),
        (Some(2.0 / 3.0), Some(0.0), Some(1.0 / 3.0), None)
    );
    assert_eq!(matrix.accuracy(), 0.6);
    let lines = [
        "           cat  dog bird  recall",
        "cat          2    1    ·     67%",
        "dog          ·    1    ·    100%",
        "bird         ·    1    ·      0%",
        "precision 100%  33%    –   60.0%",
    ];
    assert_eq!(matrix.to_string(), lines.join("\n"));
    let long = data::Labels::named(vec![0, 1], ["T-shirt", "Bag"].map(String::from).to_vec())?;
    let lines = [
        "             0    1  recall",
        "0 T-shirt    1    ·    100%",
        "1 Bag        ·    1    100%",
        "precision 100% 100%  100.0%",
    ];
    assert_eq!(ConfusionMatrix::new(&long, &[0, 1])?.to_string(), lines.join("\n"));
    let logits = Tensor::from_floats(
        [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]],
        &Device::flex(),
    );
    assert_eq!(ConfusionMatrix::of_logits(&labels, &logits)?, matrix);
    says(ConfusionMatrix::new(&labels, &[0]), &["5 labels but 1 predictions"]);
    says(ConfusionMatrix::new(&labels, &[0, 0, 1, 1, 3]), &["The prediction 3 is no class: there are 3"]);
    Ok(())
}

#[test]
fn digits_are_learned() -> Result<()> {
    let (train, test): (TensorDataset, TensorDataset) = data::digits().split(1437, 1)?;
    let mut trainer = Trainer::new(
        MlpConfig::new([64, 32, 10]).init(1, &Device::flex())?,
        Adam::default(),
        Mlp::cross_entropy,
    )?;
    Fit::new(&train).epochs(10).batch_size(32).lr_schedule(|_| 4e-3).run(&mut trainer)?;
    let accuracy = trainer.evaluate(&test, 360)?.metric("accuracy").unwrap();
    assert!(accuracy > 0.93, "{accuracy}");
    let (x, _) = test.batch(&(0..360).collect::<Vec<_>>(), &Device::flex());
    let matrix = ConfusionMatrix::of_logits(test.targets(), &trainer.model()?.forward(x))?;
    assert!((matrix.accuracy() - accuracy).abs() < 1e-6);
    Ok(())
}
