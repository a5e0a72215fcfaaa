use burn_backend::ops::ModuleOps;
use burn_dispatch::DispatchDevice;

use super::shapes::{batched_shape, list};
use crate::device::{self, B, Handle};
use crate::from_burn::{Windows, average_pool, average_pool_adjoint};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Adjoints, Prim, Rule, RuleArgs};

/// Which elements one result averages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PoolWindow {
    /// A window that moves by a stride.
    Sliding {
        /// Its length per space axis.
        kernel: Vec<usize>,
        /// Its step per space axis.
        stride: Vec<usize>,
        /// Zeros on both sides per space axis.
        padding: Vec<usize>,
        /// Whether those zeros count in the average.
        count_include_pad: bool,
        /// Whether a last window may reach over the end.
        ceil_mode: bool,
    },
    /// Windows chosen so that the result has a given size.
    Adaptive,
}

/// Which way a linear primitive is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// As it is.
    Forward,
    /// Its adjoint.
    Adjoint,
}

/// Average pooling of `[n, c, space…]` over one or two space axes, adaptively over three as well, or its adjoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AveragePool {
    /// What one result averages.
    pub window: PoolWindow,
    /// Forward or adjoint.
    pub direction: Direction,
    /// Shape of the pooled tensor.
    pub x: Vec<usize>,
    /// Shape of the averages.
    pub y: Vec<usize>,
}

impl AveragePool {
    fn shapes(&self) -> (&[usize], &[usize]) {
        match self.direction {
            Direction::Forward => (&self.x, &self.y),
            Direction::Adjoint => (&self.y, &self.x),
        }
    }
}

fn pair<T: Copy>(v: &[T]) -> [T; 2] {
    [v[0], v[1]]
}

impl Rule for AveragePool {
    fn name(&self) -> String {
        match self.direction {
            Direction::Forward => "average_pool".into(),
            Direction::Adjoint => "average_pool_adjoint".into(),
        }
    }

    fn attributes(&self) -> String {
        match &self.window {
            PoolWindow::Adaptive => "adaptive".into(),
            PoolWindow::Sliding { kernel, stride, padding, count_include_pad, ceil_mode } => {
                let counted = if *count_include_pad { ",count_include_pad" } else { "" };
                let ceil = if *ceil_mode { ",ceil_mode" } else { "" };
                format!(
                    "kernel={},stride={},padding={}{counted}{ceil}",
                    list(kernel),
                    list(stride),
                    list(padding)
                )
            }
        }
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        let direction = match call.name {
            "average_pool" => Direction::Forward,
            "average_pool_adjoint" => Direction::Adjoint,
            _ => return None,
        };
        let pool = || {
            let (from, to) = (call.operand(0)?.shape.clone(), call.out.shape.clone());
            let (x, y) = if direction == Direction::Forward { (from, to) } else { (to, from) };
            let sliding = || -> Result<PoolWindow, String> {
                Ok(PoolWindow::Sliding {
                    kernel: call.numbers("kernel")?,
                    stride: call.numbers("stride")?,
                    padding: call.numbers("padding")?,
                    count_include_pad: call.has("count_include_pad"),
                    ceil_mode: call.has("ceil_mode"),
                })
            };
            let window = if call.has("adaptive") { PoolWindow::Adaptive } else { sliding()? };
            Ok(AveragePool { window, direction, x, y })
        };
        Some(pool())
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let (from, to) = self.shapes();
        if args[0].shape != from {
            return Err(format!("{} where {from:?} is meant", args[0]));
        }
        Ok(args[0].with_shape(to))
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, _x: &[Expr<'b>], _linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let direction = match self.direction {
            Direction::Forward => Direction::Adjoint,
            Direction::Adjoint => Direction::Forward,
        };
        Some(vec![Some(ct.b.push(Prim::AveragePool(AveragePool { direction, ..self.clone() }), &[ct]))])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        let (from, to) = self.shapes();
        let mut pool = self.clone();
        pool.x[0] *= batch_size;
        pool.y[0] *= batch_size;
        let mut folded = from.to_vec();
        folded[0] *= batch_size;
        x[0].b.push(Prim::AveragePool(pool), &[x[0].reshape(folded)]).reshape(batched_shape(batch_size, to))
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, device: &DispatchDevice) -> Handle {
        let v = args.swap_remove(0);
        // Burn's adjoints take the pooled tensor for its shape alone.
        let x = || device::empty(&out.with_shape(self.x.clone()), device);
        let space = self.x.len() - 2;
        match (&self.window, self.direction, space) {
            (PoolWindow::Adaptive, Direction::Forward, 1) => B::adaptive_avg_pool1d(v, self.y[2]),
            (PoolWindow::Adaptive, Direction::Forward, 2) => B::adaptive_avg_pool2d(v, pair(&self.y[2..])),
            (PoolWindow::Adaptive, Direction::Forward, _) => {
                B::adaptive_avg_pool3d(v, [self.y[2], self.y[3], self.y[4]])
            }
            (PoolWindow::Adaptive, Direction::Adjoint, 1) => B::adaptive_avg_pool1d_backward(x(), v),
            (PoolWindow::Adaptive, Direction::Adjoint, 2) => B::adaptive_avg_pool2d_backward(x(), v),
            (PoolWindow::Adaptive, Direction::Adjoint, _) => B::adaptive_avg_pool3d_backward(x(), v),
            (PoolWindow::Sliding { kernel, stride, padding, count_include_pad, ceil_mode }, direction, _) => {
                let (count_include_pad, ceil_mode) = (*count_include_pad, *ceil_mode);
                let windows = Windows { kernel, stride, padding, count_include_pad, ceil_mode };
                match direction {
                    Direction::Forward => average_pool(v, &windows),
                    Direction::Adjoint => average_pool_adjoint(x(), v, &windows),
                }
            }
        }
    }
}
