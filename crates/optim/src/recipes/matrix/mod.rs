//! Rules that see matrices and axes where others see elements.

mod factors;

crate::prelude::folder! {
    "matrix"
    adafactor: Adafactor;
    adafactor_paper: AdafactorPaper;
    sm3: Sm3;
    muon: Muon;
}

pub use muon::{MuonNorm, MuonScale};

/// Names of what is remembered of each axis.
const AXES: [&str; 8] = ["axis0", "axis1", "axis2", "axis3", "axis4", "axis5", "axis6", "axis7"];
