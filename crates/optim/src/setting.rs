//! The types that a recipe's settings can have, and the ranges that their numbers must lie in.

use std::ops::Range;

pub use thalweg_text::{Domain, Setting};
pub(crate) use thalweg_text::{Word, words};

words! {
    /// Which axis of a weight counts the outputs of its layer.
    pub enum Layout {
        /// Burn's: the last of two axes, since a linear layer's weight is `[in, out]`; the first of more, since a
        /// convolution's is `[out, in, …]`.
        Burn = "burn",
        /// PyTorch's: the first, `[out, in, …]`.
        Torch = "torch",
        /// Flax's and so optax's: the last, `[…, in, out]`.
        Flax = "flax",
    }
}

impl Layout {
    /// The axis of outputs, for a tensor of two axes or more.
    pub fn outputs(self, shape: &[usize]) -> usize {
        match self {
            Layout::Burn if shape.len() == 2 => 1,
            Layout::Burn | Layout::Torch => 0,
            Layout::Flax => shape.len() - 1,
        }
    }

    /// The axes that an output sums over, as optax and pytorch_optimizer clip; none for a tensor of fewer than two axes
    /// longer than one.
    pub fn inputs(self, shape: &[usize]) -> Option<Range<usize>> {
        if shape.iter().filter(|n| **n != 1).count() < 2 {
            return None;
        }
        Some(match (self, shape.len()) {
            (Layout::Burn, 2) | (Layout::Flax, 2 | 3) => 0..1,
            (Layout::Torch, 2 | 3) => 1..2,
            (Layout::Burn | Layout::Torch, axes) => 1..axes,
            (Layout::Flax, axes) => 0..axes - 1,
        })
    }
}
