use std::ops::RangeInclusive;

use burn::tensor::Shape;
use burn::tensor::ops::ConvOptions;
use burn_backend::ops::{FloatTensorOps, ModuleOps};
use burn_dispatch::DispatchDevice;

use super::shapes::{batched_shape, broadcast_to_batch, list};
use crate::device::{self, B, Handle};
use crate::ir::{Call, Defaults, Expr, TensorType, elements, number};
use crate::primitives::{Adjoints, Prim, Rule, RuleArgs};

/// Which of the three tensors of a convolution is computed from the other two.
///
/// Convolution is the trilinear form `T(x, w, y) = ⟨conv(x, w), y⟩`; each of its three partial derivatives is linear
/// in both of its operands, and their adjoints are the other two. So one primitive is closed under differentiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConvKind {
    /// The convolution of an input by a weight.
    Forward,
    /// The input's adjoint from the weight and the output's: transposed convolution.
    BackwardInput,
    /// The weight's adjoint from the input and the output's.
    BackwardWeight,
}

/// Convolution over one to three space axes, or one of its adjoints.
///
/// Shapes are `x: [n, c_in, space…]`, `w: [c_out, c_in / groups, kernel…]`, `y: [n, c_out, space…]`. Operands are the
/// two that `role` does not name, in the order x, w, y.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Conv {
    /// What is computed.
    pub role: ConvKind,
    /// Distance between kernel positions, per space axis.
    pub stride: Vec<usize>,
    /// Zeros before and after the input, per space axis.
    pub padding: Vec<(usize, usize)>,
    /// Distance between kernel elements, per space axis.
    pub dilation: Vec<usize>,
    /// Number of groups that the channels fall into.
    pub groups: usize,
    /// Shape of the input.
    pub x: Vec<usize>,
    /// Shape of the weight.
    pub w: Vec<usize>,
}

impl Conv {
    /// Shape of the output.
    pub fn y(&self) -> Vec<usize> {
        let mut y = vec![self.x[0], self.w[0]];
        for i in 0..self.stride.len() {
            let reach = self.dilation[i] * (self.w[i + 2] - 1) + 1;
            let padded = self.x[i + 2] + self.padding[i].0 + self.padding[i].1;
            y.push((padded + self.stride[i]).saturating_sub(reach) / self.stride[i]);
        }
        y
    }

    fn shapes(&self) -> [Vec<usize>; 3] {
        [self.x.clone(), self.w.clone(), self.y()]
    }

    /// Which two of x, w, y are the operands, and which is the result.
    fn places(&self) -> ([usize; 2], usize) {
        match self.role {
            ConvKind::Forward => ([0, 1], 2),
            ConvKind::BackwardInput => ([1, 2], 0),
            ConvKind::BackwardWeight => ([0, 2], 1),
        }
    }

    fn push<'b>(&self, role: ConvKind, a: Expr<'b>, b: Expr<'b>) -> Expr<'b> {
        a.b.push(Prim::Conv(Conv { role, ..self.clone() }), &[a, b])
    }

    fn options<const N: usize>(&self) -> ConvOptions<N> {
        ConvOptions {
            stride: std::array::from_fn(|i| self.stride[i]),
            padding: std::array::from_fn(|i| self.padding[i]),
            dilation: std::array::from_fn(|i| self.dilation[i]),
            groups: self.groups,
        }
    }
}

/// A batch of x or y, `[batch, n, c, …]`, as channels: `[n, batch·c, …]`.
fn lanes_to_channels(v: Expr<'_>) -> Expr<'_> {
    let shape = v.shape();
    let mut folded = vec![shape[1], shape[0] * shape[2]];
    folded.extend(&shape[3..]);
    v.swap(0, 1).reshape(folded)
}

fn channels_to_batch<'b>(v: Expr<'b>, batch_size: usize) -> Expr<'b> {
    let shape = v.shape();
    let mut split = vec![shape[0], batch_size, shape[1] / batch_size];
    split.extend(&shape[2..]);
    v.reshape(split).swap(0, 1)
}

/// The batch axis joined with the axis behind it.
fn fold(v: Expr<'_>) -> Expr<'_> {
    let shape = v.shape();
    let mut folded = vec![shape[0] * shape[1]];
    folded.extend(&shape[2..]);
    v.reshape(folded)
}

impl Rule for Conv {
    fn name(&self) -> String {
        match self.role {
            ConvKind::Forward => "conv".into(),
            ConvKind::BackwardInput => "conv_input".into(),
            ConvKind::BackwardWeight => "conv_weight".into(),
        }
    }

    fn attributes(&self) -> String {
        let padding: Vec<String> = self.padding.iter().map(|(a, b)| format!("{a}+{b}")).collect();
        format!(
            "stride={},padding=[{}],dilation={},groups={}",
            list(&self.stride),
            padding.join(","),
            list(&self.dilation),
            self.groups
        )
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        let role = match call.name {
            "conv" => ConvKind::Forward,
            "conv_input" => ConvKind::BackwardInput,
            "conv_weight" => ConvKind::BackwardWeight,
            _ => return None,
        };
        let conv = || {
            let (first, second) = (call.operand(0)?.shape.clone(), call.operand(1)?.shape.clone());
            // Operands are the two that the role does not name, in the order x, w, y.
            let (x, w) = match role {
                ConvKind::Forward => (first, second),
                ConvKind::BackwardInput => (call.out.shape.clone(), first),
                ConvKind::BackwardWeight => (first, call.out.shape.clone()),
            };
            let side = |pair: &str| {
                let (a, b) =
                    pair.split_once('+').ok_or(format!("the padding `{pair}` is not of the form 1+1"))?;
                Ok::<_, String>((number(a)?, number(b)?))
            };
            let padding = elements(call.value("padding")?)?.into_iter().map(side).collect::<Result<_, _>>()?;
            let (stride, dilation) = (call.numbers("stride")?, call.numbers("dilation")?);
            Ok(Conv { role, stride, padding, dilation, groups: call.number("groups")?, x, w })
        };
        Some(conv())
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=2
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let (shapes, (operands, result)) = (self.shapes(), self.places());
        for (arg, place) in args.iter().zip(operands) {
            if arg.shape != shapes[place] {
                return Err(format!("{arg} where {:?} is meant", shapes[place]));
            }
        }
        Ok(args[0].with_shape(shapes[result].clone()))
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        at.multilinear()
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let [a, b] = [x[0], x[1]];
        let (to_a, to_b) = match self.role {
            ConvKind::Forward => ((ConvKind::BackwardInput, b, ct), (ConvKind::BackwardWeight, a, ct)),
            ConvKind::BackwardInput => ((ConvKind::BackwardWeight, ct, b), (ConvKind::Forward, ct, a)),
            ConvKind::BackwardWeight => ((ConvKind::BackwardInput, ct, b), (ConvKind::Forward, a, ct)),
        };
        let adjoint = |linear: bool, (role, l, r)| linear.then(|| self.push(role, l, r));
        Some(vec![adjoint(linear[0], to_a), adjoint(linear[1], to_b)])
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        let ([a, b], result) = self.places();
        let mut conv = self.clone();
        // The weight is common to the whole batch: its elements are more examples.
        let weight = [a, b].iter().position(|place| *place == 1);
        if let Some(weight) = weight.filter(|w| !batched[*w]) {
            conv.x[0] *= batch_size;
            let mut args = [x[0], x[1]];
            args[1 - weight] = fold(args[1 - weight]);
            let folded = x[0].b.push(Prim::Conv(conv), &args);
            let shape = batched_shape(batch_size, &self.shapes()[result]);
            return folded.reshape(shape);
        }
        // Else they are more groups.
        conv.groups *= batch_size;
        conv.x[1] *= batch_size;
        conv.w[0] *= batch_size;
        let arg = |k: usize, place: usize| {
            let v = broadcast_to_batch(x[k], batched[k], batch_size);
            if place == 1 { fold(v) } else { lanes_to_channels(v) }
        };
        let folded = x[0].b.push(Prim::Conv(conv), &[arg(0, a), arg(1, b)]);
        match result {
            1 => folded.reshape(batched_shape(batch_size, &self.w)),
            _ => channels_to_batch(folded, batch_size),
        }
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, device: &DispatchDevice) -> Handle {
        let [a, b] = <[Handle; 2]>::try_from(args).expect("two operands, by the shape rule");
        // Burn's adjoints take the tensor that they are the derivative of, for its shape alone.
        let shaped = |shape: &[usize]| device::empty(&out.with_shape(shape), device);
        match (self.role, self.stride.len()) {
            (ConvKind::Forward, 1) => B::conv1d(a, b, None, self.options()),
            (ConvKind::Forward, 2) => B::conv2d(a, b, None, self.options()),
            (ConvKind::Forward, _) => B::conv3d(a, b, None, self.options()),
            (ConvKind::BackwardInput, 1) => B::conv1d_x_backward(shaped(&self.x), a, b, self.options()),
            (ConvKind::BackwardInput, 2) => B::conv2d_x_backward(shaped(&self.x), a, b, self.options()),
            (ConvKind::BackwardInput, _) => B::conv3d_x_backward(shaped(&self.x), a, b, self.options()),
            (ConvKind::BackwardWeight, 1) => {
                // Over one axis, Burn gives a kernel too long where a stride leaves elements over; over two it does not.
                let flat = |v: Handle, shape: &[usize]| {
                    B::float_reshape(v, Shape::from(vec![shape[0], shape[1], 1, shape[2]]))
                };
                let w = device::empty(&out.with_shape([self.w[0], self.w[1], 1, self.w[2]]), device);
                let options = ConvOptions {
                    stride: [1, self.stride[0]],
                    padding: [(0, 0), self.padding[0]],
                    dilation: [1, self.dilation[0]],
                    groups: self.groups,
                };
                let adjoint = B::conv2d_weight_backward(flat(a, &self.x), w, flat(b, &self.y()), options);
                B::float_reshape(adjoint, Shape::from(self.w.clone()))
            }
            (ConvKind::BackwardWeight, 2) => B::conv2d_weight_backward(a, shaped(&self.w), b, self.options()),
            (ConvKind::BackwardWeight, _) => B::conv3d_weight_backward(a, shaped(&self.w), b, self.options()),
        }
    }
}
