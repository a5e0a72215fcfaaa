use std::sync::OnceLock;

use thalweg_train::data::{self, TensorDataset};
use thalweg_train::mlp::{Mlp, MlpConfig};

use super::{Entry, Task};

fn data() -> (TensorDataset, TensorDataset) {
    static DATA: OnceLock<(TensorDataset, TensorDataset)> = OnceLock::new();
    DATA.get_or_init(data::fashion).clone()
}

pub(super) const ENTRY: Entry = Entry {
    name: "fashion",
    about: "A 784-64-10 relu network on 4,000 images of Fashion-MNIST and 1,000 held out, cross-entropy",
    baseline: "adam",
    lr: 3e-3,
    steps: 300,
    make: |losses| {
        let (train, held_out) = data();
        let make = |seed, device: &_| Ok(MlpConfig::new([784, 64, 10]).init(seed, device)?);
        Ok(Box::new(Task::new("fashion", make, Mlp::cross_entropy, train, held_out, losses)))
    },
};
