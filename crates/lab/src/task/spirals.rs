use thalweg_train::data::spirals;
use thalweg_train::mlp::{Activation, Mlp, MlpConfig};

use super::{Entry, Task};

pub(super) const ENTRY: Entry = Entry {
    name: "spirals",
    about: "A 2-32-32-2 tanh network on two intertwined spirals, cross-entropy: a long plateau before it falls",
    baseline: "adam",
    lr: 3e-2,
    steps: 300,
    make: |losses| {
        let (train, held_out) = spirals(1200, 2, 1.5, 0.02, 1)?.split(800, 1)?;
        let make = |seed, device: &_| {
            let config = MlpConfig { activation: Activation::Tanh, ..MlpConfig::new([2, 32, 32, 2]) };
            Ok(config.init(seed, device)?)
        };
        Ok(Box::new(Task::new("spirals", make, Mlp::cross_entropy, train, held_out, losses)))
    },
};
