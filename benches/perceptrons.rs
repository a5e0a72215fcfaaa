//! The perceptrons whose training the benches measure.

use burn::tensor::{Device, Distribution, Int, Tensor};
use thalweg::train::mlp::{Activation, Mlp, MlpConfig};

/// Examples and their classes.
pub type Batch = (Tensor<2>, Tensor<1, Int>);

/// Name, widths of the layers, and examples in a batch.
pub const MODELS: [(&str, &[usize], usize); 3] = [
    ("2-64-64-2 b32", &[2, 64, 64, 2], 32),
    ("784-256-128-10 b64", &[784, 256, 128, 10], 64),
    ("784-1024-1024-10 b256", &[784, 1024, 1024, 10], 256),
];

/// A network and a batch, in f32 on flex.
pub fn setting(sizes: &[usize], batch: usize, activation: Activation) -> (Mlp, Batch) {
    let device = Device::flex().autodiff();
    device.seed(1);
    let x = Tensor::random([batch, sizes[0]], Distribution::Normal(0.0, 1.0), &device);
    let classes = sizes[sizes.len() - 1];
    let labels: Vec<i32> = (0..batch).map(|i| (i % classes) as i32).collect();
    let config = MlpConfig { activation, ..MlpConfig::new(sizes) };
    let model = config.init(1, &device).expect("the sizes make a network");
    (model, (x, Tensor::from_ints(labels.as_slice(), &device)))
}

/// The cross entropy alone, without metrics.
pub fn loss(model: &Mlp, batch: &Batch) -> Tensor<1> {
    model.cross_entropy(batch).0
}
