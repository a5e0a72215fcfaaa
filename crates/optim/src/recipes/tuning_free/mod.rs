//! Rates that are found while training: from distances, bets, or the value of the loss.

crate::prelude::folder! {
    "tuning_free"
    dog: Dog;
    dowg: Dowg;
    prodigy: Prodigy;
    dadapt_adamw: DadaptAdamW;
    cocob: Cocob;
    polyak_sgd: PolyakSgd;
    momo: Momo;
    momo_adam: MomoAdam;
}

pub use dog::FirstStep;
pub use polyak_sgd::PolyakVariant;
