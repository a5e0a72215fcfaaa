//! A small network and data for the tests of training.

#![allow(dead_code)] // Each test uses what it needs.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::activation::tanh;
use burn::tensor::{DType, Device, Int, Tensor};
use thalweg_train::data::{self, BatchSampler, Dataset, TensorDataset};
use thalweg_train::{Result, Trainer};

pub type Batch = (Tensor<2>, Tensor<1, Int>);

#[derive(Module, Debug)]
pub struct Net {
    pub first: Linear,
    pub norm: BatchNorm,
    pub dropout: Dropout,
    pub last: Linear,
}

impl Net {
    /// Two numbers to two classes; the same parameters in every call.
    pub fn new(dropout: f64, device: &Device) -> Self {
        let net = Net {
            // Batch norm would take a bias out again, and leave rounding for its gradient.
            first: LinearConfig::new(2, 12).with_bias(false).init(device),
            norm: BatchNormConfig::new(12).init(device),
            dropout: DropoutConfig::new(dropout).init(),
            last: LinearConfig::new(12, 2).init(device),
        };
        net.map(&mut Waves(vec![]))
    }

    pub fn logits(&self, x: Tensor<2>) -> Tensor<2> {
        self.last.forward(self.dropout.forward(tanh(self.norm.forward(self.first.forward(x)))))
    }

    pub fn loss(&self, (x, labels): &Batch) -> Tensor<1> {
        let loss = CrossEntropyLossConfig::new().init(&x.device());
        loss.forward(self.logits(x.clone()), labels.clone())
    }
}

/// Gives the parameters of linear layers fixed values.
struct Waves(Vec<String>);

impl ModuleMapper for Waves {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.0.push(name.into());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.0.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let path = self.0.join(".");
        let start = path.len() as f64;
        param.map(|t| {
            if !path.contains("weight") && !path.contains("bias") {
                return t;
            }
            let n = t.shape().num_elements();
            let values: Vec<f64> = (0..n).map(|k| (start + 1.7 * k as f64).sin()).collect();
            let data = burn::tensor::TensorData::new(values, t.shape()).convert_dtype(t.dtype());
            Tensor::from_data(data, (&t.device(), t.dtype()))
        })
    }
}

pub fn to_f64<M: Module>(model: M) -> M {
    struct Cast;
    impl ModuleMapper for Cast {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let (id, tensor, mapper) = param.consume();
            Param::from_mapped_value(id, tensor.cast(DType::F64), mapper)
        }
    }
    let trained = model.devices()[0].is_autodiff();
    let model = model.valid().map(&mut Cast);
    if trained { model.train() } else { model }
}

/// All floats by path, running statistics included.
pub fn values<M: Module>(model: &M) -> Vec<(String, Vec<f64>)> {
    #[derive(Default)]
    struct Values {
        path: Vec<String>,
        all: Vec<(String, Vec<f64>)>,
    }
    impl ModuleVisitor for Values {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.push(name.into());
        }

        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.pop();
        }

        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.all.push((self.path.join("."), param.val().to_data().iter().collect()));
        }
    }
    let mut values = Values::default();
    model.valid().visit(&mut values);
    values.all
}

/// Two models have the same tensors up to `tolerance`.
#[track_caller]
pub fn close<M: Module>(a: &M, b: &M, tolerance: f64) {
    for ((path, a), (other, b)) in values(a).into_iter().zip(values(b)) {
        assert_eq!((&path, a.len()), (&other, b.len()));
        let gap = a.iter().zip(&b).fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
        assert!(gap <= tolerance, "`{path}` is {gap:e} apart");
    }
}

/// The result is an error with all these texts.
#[track_caller]
pub fn says<T>(result: thalweg_train::Result<T>, parts: &[&str]) {
    let text = result.err().expect("the input is refused").to_string();
    parts.iter().for_each(|part| assert!(text.contains(part), "`{part}` is not in: {text}"));
}

/// Two moons in double precision.
pub fn moons() -> TensorDataset {
    data::two_moons(50, 0.1, 3).expect("the settings are in range").to_f64()
}

/// Trains by batches of 16, whose last one in each epoch has two examples.
pub fn train(trainer: &mut Trainer<Net, Batch>, steps: usize, device: &Device) -> Result<Vec<f64>> {
    let data = moons();
    let mut batches = BatchSampler::new(data.len(), 16, 1)?;
    (0..steps).map(|_| trainer.step(0.1, &data.batch(batches.next_indices(), device))).collect()
}

/// The network in f64, the same parameters in every call.
pub fn net(dropout: f64, device: &Device) -> Net {
    to_f64(Net::new(dropout, device))
}

/// The loss of the network on a batch.
pub fn loss(m: &Net, b: &Batch) -> Tensor<1> {
    m.loss(b)
}
