use std::sync::OnceLock;

use thalweg_train::data::{self, TensorDataset};
use thalweg_train::mlp::{Mlp, MlpConfig};

use super::{Entry, Task};

/// The shipped digits, divided into 1,437 to train on and 360 held out.
pub(super) fn data() -> crate::Result<(TensorDataset, TensorDataset)> {
    static DATA: OnceLock<TensorDataset> = OnceLock::new();
    Ok(DATA.get_or_init(data::digits).split(1437, 0)?)
}

pub(super) const ENTRY: Entry = Entry {
    name: "digits",
    about: "A 64-64-64-10 relu network on 1,797 handwritten digits, cross-entropy",
    baseline: "adam",
    lr: 3e-3,
    steps: 200,
    make: |losses| {
        let (train, held_out) = data()?;
        let make = |seed, device: &_| Ok(MlpConfig::new([64, 64, 64, 10]).init(seed, device)?);
        Ok(Box::new(Task::new("digits", make, Mlp::cross_entropy, train, held_out, losses)))
    },
};
