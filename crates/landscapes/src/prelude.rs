//! What the files of landscapes use.

pub(crate) use std::f64::consts::{PI, TAU};

pub(crate) use crate::entry::{Dims, Entry, Family, Made};
pub(crate) use crate::error::Error;
pub(crate) use crate::facts::{Facts, Lowest, Site, Smoothness};
pub(crate) use burn::tensor::Tensor;

pub(crate) use crate::parameter::Parameter;
pub(crate) use crate::tensor::*;

/// M. Jamil and X.-S. Yang's survey.
pub(crate) const JAMIL_YANG: &str = "M. Jamil and X.-S. Yang, A literature survey of benchmark functions for global \
    optimization problems, International Journal of Mathematical Modelling and Numerical Optimisation 4 (2013) 150–194";
/// S. Surjanovic and D. Bingham's collection.
pub(crate) const SURJANOVIC_BINGHAM: &str =
    "S. Surjanovic and D. Bingham, Virtual Library of Simulation Experiments, Simon Fraser University (2013)";
/// L. C. W. Dixon and G. P. Szegő's collection.
pub(crate) const DIXON_SZEGO: &str = "L. C. W. Dixon and G. P. Szegő, The global optimization problem: an introduction, in \
    Towards Global Optimisation 2, North-Holland (1978) 1–15";
/// S. K. Mishra's collection.
pub(crate) const MISHRA: &str = "S. K. Mishra, Some new test functions for global optimization and performance of \
    repulsive particle swarm method, MPRA paper 2718, University of Munich (2006)";
/// H.-P. Schwefel's book.
pub(crate) const SCHWEFEL: &str = "H.-P. Schwefel, Numerical Optimization of Computer Models, Wiley (1981)";
/// The collection of Moré, Garbow and Hillstrom.
pub(crate) const MGH: &str = "J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing unconstrained optimization software, \
    ACM Transactions on Mathematical Software 7 (1981) 17–41";
