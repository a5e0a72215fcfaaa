use burn_backend::ops::ModuleOps;
use burn_dispatch::DispatchDevice;

use super::shapes::{batched_shape, list};
use crate::device::{B, Handle};
use crate::ir::{Call, Defaults, Expr, TensorType};
use crate::primitives::{Prim, Rule, RuleArgs};

/// For each window of max pooling, the index of its largest element among the space elements of its channel, counted
/// row by row. Has no derivative: pooled values are gathered by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MaxPoolIndices {
    /// Length of the window per space axis.
    pub kernel: Vec<usize>,
    /// Its step per space axis.
    pub stride: Vec<usize>,
    /// Elements before and after the input that never win, per space axis.
    pub padding: Vec<usize>,
    /// Distance between elements of a window, per space axis.
    pub dilation: Vec<usize>,
    /// Whether a last window may reach over the end.
    pub ceil_mode: bool,
    /// Shape of the result.
    pub y: Vec<usize>,
}

impl Rule for MaxPoolIndices {
    fn name(&self) -> String {
        "max_pool_indices".into()
    }

    fn attributes(&self) -> String {
        let (kernel, stride, padding) = (list(&self.kernel), list(&self.stride), list(&self.padding));
        let ceil = if self.ceil_mode { ",ceil_mode" } else { "" };
        format!("kernel={kernel},stride={stride},padding={padding},dilation={}{ceil}", list(&self.dilation))
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("max_pool_indices").then(|| {
            Ok(MaxPoolIndices {
                kernel: call.numbers("kernel")?,
                stride: call.numbers("stride")?,
                padding: call.numbers("padding")?,
                dilation: call.numbers("dilation")?,
                ceil_mode: call.has("ceil_mode"),
                y: call.out.shape.clone(),
            })
        })
    }

    fn infer(&self, args: &[&TensorType], defaults: &Defaults) -> Result<TensorType, String> {
        if args[0].rank() != self.y.len() || args[0].shape[..2] != self.y[..2] {
            return Err(format!("{} to {:?}", args[0], self.y));
        }
        Ok(TensorType::new(self.y.clone(), defaults.int))
    }

    fn linearize<'b>(&self, _at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        let mut pool = self.clone();
        pool.y[0] *= batch_size;
        let mut folded = x[0].shape();
        let n = folded.remove(0);
        folded[0] *= n;
        x[0].b
            .push(Prim::MaxPoolIndices(pool), &[x[0].reshape(folded)])
            .reshape(batched_shape(batch_size, &self.y))
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        let (x, int) = (args.swap_remove(0), out.dtype.into());
        let (k, s, p, d) = (&self.kernel, &self.stride, &self.padding, &self.dilation);
        if k.len() == 1 {
            return B::max_pool1d_with_indices(x, k[0], s[0], p[0], d[0], self.ceil_mode, int).indices;
        }
        let two = |v: &[usize]| [v[0], v[1]];
        B::max_pool2d_with_indices(x, two(k), two(s), two(p), two(d), self.ceil_mode, int).indices
    }
}
