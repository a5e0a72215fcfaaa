use thalweg_train::mlp::{Activation, Mlp, MlpConfig};

use super::{Entry, Task, digits};

pub(super) const ENTRY: Entry = Entry {
    name: "deep_tanh",
    about: "Twenty tanh layers of width 32 on the digits, cross-entropy: what initialization decides",
    baseline: "adam",
    lr: 1e-3,
    steps: 300,
    make: |losses| {
        let (train, held_out) = digits::data()?;
        let make = |seed, device: &_| {
            let sizes = [vec![64], vec![32; 20], vec![10]].concat();
            let config = MlpConfig { activation: Activation::Tanh, ..MlpConfig::new(sizes) };
            Ok(config.init(seed, device)?)
        };
        Ok(Box::new(Task::new("deep_tanh", make, Mlp::cross_entropy, train, held_out, losses)))
    },
};
