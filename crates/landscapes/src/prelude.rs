//! What the files of landscapes use.

pub(crate) use std::f64::consts::{PI, TAU};

pub(crate) use crate::entry::{Dims, Entry, Family, Made, Parameter};
pub(crate) use crate::error::Error;
pub(crate) use crate::facts::{Facts, Lowest, Smoothness};
pub(crate) use burn::tensor::Tensor;

pub(crate) use crate::tensor::*;
