use thalweg_train::data::teacher_student;
use thalweg_train::mlp::{Activation, Mlp, MlpConfig};

use super::{Entry, Task};

pub(super) const ENTRY: Entry = Entry {
    name: "deep_linear",
    about: "Eight linear layers of width 16 that learn a linear map, mean square: saddles in a row from small weights",
    baseline: "adam",
    lr: 3e-3,
    steps: 300,
    make: |losses| {
        let (train, held_out) = teacher_student(1500, &[16, 4], 0.01, 2)?.split(1000, 2)?;
        let make = |seed, device: &_| {
            let sizes = [vec![16; 8], vec![4]].concat();
            let config = MlpConfig { activation: Activation::Identity, ..MlpConfig::new(sizes) };
            Ok(config.init(seed, device)?)
        };
        Ok(Box::new(Task::new("deep_linear", make, Mlp::mse, train, held_out, losses)))
    },
};
