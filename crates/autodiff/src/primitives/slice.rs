use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_dispatch::DispatchDevice;

use super::shapes::with_batch_axis;
use crate::device::{B, Handle, by_kind};
use crate::ir::{Builder, Call, Defaults, Expr, TensorType, elements, number};
use crate::primitives::{Adjoints, Full, Prim, Rule, RuleArgs};

/// Elements `start, start + step, …` below `stop` of one axis; the step is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SliceRange {
    /// First element.
    pub start: usize,
    /// One past the last element considered.
    pub stop: usize,
    /// Distance between elements, at least one.
    pub step: usize,
}

impl SliceRange {
    /// All of an axis of length `n`.
    pub fn full(n: usize) -> Self {
        SliceRange { start: 0, stop: n, step: 1 }
    }

    /// How many elements are taken.
    pub fn num_elements(self) -> usize {
        self.stop.saturating_sub(self.start).div_ceil(self.step.max(1))
    }

    pub(crate) fn burn(self) -> burn::tensor::Slice {
        burn::tensor::Slice::new(self.start as isize, Some(self.stop as isize), self.step as isize)
    }
}

/// The shape that `spans` take out of `x`; refuses spans that reach outside.
pub(crate) fn taken(spans: &[SliceRange], x: &TensorType) -> Result<Vec<usize>, String> {
    let inside = |(s, n): (&SliceRange, &usize)| s.step > 0 && s.start <= s.stop && s.stop <= *n;
    if spans.len() != x.rank() || !spans.iter().zip(&x.shape).all(inside) {
        return Err(format!("{} of {x}", text(spans)));
    }
    Ok(spans.iter().map(|s| s.num_elements()).collect())
}

pub(crate) fn text(spans: &[SliceRange]) -> String {
    let span = |s: &SliceRange| match s.step {
        1 => format!("{}..{}", s.start, s.stop),
        step => format!("{}..{};{step}", s.start, s.stop),
    };
    format!("[{}]", spans.iter().map(span).collect::<Vec<_>>().join(","))
}

/// The spans that [`text`] prints.
pub(crate) fn parse(text: &str) -> Result<Vec<SliceRange>, String> {
    let span = |text: &str| {
        let bad = || format!("`{text}` is not of the form 0..4 or 0..4;2");
        let (start, rest) = text.split_once("..").ok_or_else(bad)?;
        let (stop, step) = rest.split_once(';').unwrap_or((rest, "1"));
        let step = number(step)?;
        if step == 0 {
            return Err(format!("`{text}` has a step of zero"));
        }
        Ok(SliceRange { start: number(start)?, stop: number(stop)?, step })
    };
    elements(text)?.into_iter().map(span).collect()
}

/// `spans` with the whole batch axis in front.
pub(crate) fn with_batch(batch_size: usize, spans: &[SliceRange]) -> Vec<SliceRange> {
    std::iter::once(SliceRange::full(batch_size)).chain(spans.iter().copied()).collect()
}

/// Takes a regular part of the operand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    /// What is taken along each axis.
    pub ranges: Vec<SliceRange>,
}

impl Rule for Slice {
    fn name(&self) -> String {
        "slice".into()
    }

    fn attributes(&self) -> String {
        text(&self.ranges)
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("slice").then(|| Ok(Slice { ranges: parse(call.value("")?)? }))
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        Ok(args[0].with_shape(taken(&self.ranges, args[0])?))
    }

    fn simplify<'b>(&self, b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        let x = args[0];
        if self.ranges.iter().zip(x.shape()).all(|(s, n)| *s == SliceRange::full(n)) {
            return Some(x);
        }
        match x.prim() {
            Prim::Full(Full { value, ty }) => Some(b.literal(
                value,
                ty.with_shape(self.ranges.iter().map(|s| s.num_elements()).collect::<Vec<_>>()),
            )),
            _ => None,
        }
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        Some(vec![Some(ct.pad_into(x[0].shape(), self.ranges.clone()))])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        with_batch_axis(x[0], batched[0]).slice(with_batch(batch_size, &self.ranges))
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let x = args.swap_remove(0);
        let slices: Vec<_> = self.ranges.iter().map(|s| s.burn()).collect();
        by_kind!(out.dtype,
            float => B::float_slice(x, &slices),
            int => B::int_slice(x, &slices),
            bool => B::bool_slice(x, &slices))
    }
}
