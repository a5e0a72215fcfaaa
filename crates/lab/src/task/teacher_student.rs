use thalweg_train::data::teacher_student;
use thalweg_train::mlp::{Activation, Mlp, MlpConfig};

use super::{Entry, Task};

pub(super) const ENTRY: Entry = Entry {
    name: "teacher_student",
    about: "A 16-32-4 tanh network that learns what a random 16-8-4 one computes, mean square",
    baseline: "adam",
    lr: 1e-2,
    steps: 300,
    make: |losses| {
        let (train, held_out) = teacher_student(1500, &[16, 8, 4], 0.01, 1)?.split(1000, 1)?;
        let make = |seed, device: &_| {
            let config = MlpConfig { activation: Activation::Tanh, ..MlpConfig::new([16, 32, 4]) };
            Ok(config.init(seed, device)?)
        };
        Ok(Box::new(Task::new("teacher_student", make, Mlp::mse, train, held_out, losses)))
    },
};
