//! Rules that see matrices and axes where others see elements.

mod factors;
mod spectral;

crate::prelude::folder! {
    "matrix"
    adafactor: Adafactor;
    adafactor_paper: AdafactorPaper;
    sm3: Sm3;
    muon: Muon;
    shampoo: Shampoo;
    soap: Soap;
    galore: Galore;
}

pub use muon::{MuonNorm, MuonScale};

/// Names of what is remembered of each axis.
const AXES: [&str; 8] = ["axis0", "axis1", "axis2", "axis3", "axis4", "axis5", "axis6", "axis7"];

/// Names of what is derived from it.
const ROOTS: [&str; 8] = ["root0", "root1", "root2", "root3", "root4", "root5", "root6", "root7"];
