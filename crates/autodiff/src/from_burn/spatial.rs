use burn_ir::{ModuleOperationIr as Op, TensorIr};

use super::convolution::{Geometry, both_sides};
use super::{Importer, unknown, unsupported};
use crate::error::Result;
use crate::ir::{Expr, Literal};
use crate::primitives::{
    AveragePool, ConvKind, Direction, IndexAdd, IndexSelect, MaxPoolIndices, PoolWindow, Prim,
};

/// `Geometry` of any of Burn's option structs; `$sides` makes pairs of its padding.
macro_rules! geometry {
    ($options:expr, $sides:expr) => {{
        let o = &$options;
        Geometry { stride: &o.stride, padding: $sides(&o.padding), dilation: &o.dilation, groups: o.groups }
    }};
}

fn sliding(kernel: &[usize], stride: &[usize], padding: &[usize], count_pad: bool, ceil: bool) -> PoolWindow {
    PoolWindow::Sliding {
        kernel: kernel.to_vec(),
        stride: stride.to_vec(),
        padding: padding.to_vec(),
        count_include_pad: count_pad,
        ceil_mode: ceil,
    }
}

impl<'b> Importer<'_, 'b> {
    pub(super) fn module(&mut self, op: &Op) -> Result<()> {
        let pairs = <[(usize, usize)]>::to_vec;
        match op {
            Op::BatchNorm(d) => self.batch_norm(d),
            Op::LayerNorm(d) => self.layer_norm(d),
            Op::Attention(d) => self.attention(d),
            Op::Embedding(d) => {
                let rows = self.index_select(self.get(&d.weights)?, self.flat_indices(&d.indices)?);
                self.set(&d.out, rows.reshape(d.out.shape.to_vec()))
            }
            Op::EmbeddingBackward(d) => {
                let (w, i) = (self.get(&d.weights)?, self.flat_indices(&d.indices)?);
                let rows = self.get(&d.out_grad)?.reshape([i.shape()[0], w.shape()[1]]);
                let y = self.b.push(Prim::IndexAdd(IndexAdd { axis: 0 }), &[w.zeros(), i, rows]);
                self.set(&d.out, y)
            }
            Op::Linear(d) => {
                let product = self.rows(&d.x)?.matmul(self.get(&d.weight)?).reshape(d.out.shape.to_vec());
                let y = match &d.bias {
                    None => product,
                    Some(bias) => {
                        let mut line = vec![1; product.rank()];
                        line[product.rank() - 1] = bias.shape[0];
                        product + self.get(bias)?.reshape(line).broadcast(product.shape())
                    }
                };
                self.set(&d.out, y)
            }
            Op::LinearXBackward(d) => {
                let y = self.rows(&d.output_grad)?.matmul(self.get(&d.weight)?.t());
                self.set(&d.out, y.reshape(d.out.shape.to_vec()))
            }
            Op::LinearWeightBackward(d) => {
                let y = self.rows(&d.x)?.t().matmul(self.rows(&d.output_grad)?);
                self.set(&d.out, y.reshape(d.out.shape.to_vec()))
            }
            Op::LinearBiasBackward(d) => {
                let y = self.rows(&d.output_grad)?.sum([0]);
                self.set(&d.out, y.reshape(d.out.shape.to_vec()))
            }
            Op::Conv1d(d) => self.convolution(&geometry!(d.options, pairs), [&d.x, &d.weight, &d.out], &d.bias),
            Op::Conv2d(d) => self.convolution(&geometry!(d.options, pairs), [&d.x, &d.weight, &d.out], &d.bias),
            Op::Conv3d(d) => {
                self.convolution(&geometry!(d.options, both_sides), [&d.x, &d.weight, &d.out], &d.bias)
            }
            Op::ConvTranspose1d(d) => self.transposed_convolution(
                &geometry!(d.options, both_sides),
                &d.options.padding_out,
                [&d.x, &d.weight, &d.out],
                &d.bias,
            ),
            Op::ConvTranspose2d(d) => self.transposed_convolution(
                &geometry!(d.options, both_sides),
                &d.options.padding_out,
                [&d.x, &d.weight, &d.out],
                &d.bias,
            ),
            Op::ConvTranspose3d(d) => self.transposed_convolution(
                &geometry!(d.options, both_sides),
                &d.options.padding_out,
                [&d.x, &d.weight, &d.out],
                &d.bias,
            ),
            Op::Conv1dXBackward(d) => self.conv_adjoint(
                ConvKind::BackwardInput,
                &geometry!(d.options, pairs),
                [&d.x, &d.weight],
                &d.output_grad,
                &d.out,
            ),
            Op::Conv2dXBackward(d) => self.conv_adjoint(
                ConvKind::BackwardInput,
                &geometry!(d.options, pairs),
                [&d.x, &d.weight],
                &d.output_grad,
                &d.out,
            ),
            Op::Conv3dXBackward(d) => {
                let geometry = geometry!(d.options, both_sides);
                self.conv_adjoint(ConvKind::BackwardInput, &geometry, [&d.x, &d.weight], &d.output_grad, &d.out)
            }
            Op::Conv1dWeightBackward(d) => self.conv_adjoint(
                ConvKind::BackwardWeight,
                &geometry!(d.options, pairs),
                [&d.x, &d.weight],
                &d.output_grad,
                &d.out,
            ),
            Op::Conv2dWeightBackward(d) => self.conv_adjoint(
                ConvKind::BackwardWeight,
                &geometry!(d.options, pairs),
                [&d.x, &d.weight],
                &d.output_grad,
                &d.out,
            ),
            Op::Conv3dWeightBackward(d) => {
                let geometry = geometry!(d.options, both_sides);
                self.conv_adjoint(
                    ConvKind::BackwardWeight,
                    &geometry,
                    [&d.x, &d.weight],
                    &d.output_grad,
                    &d.out,
                )
            }
            Op::Conv1dBiasBackward(d) => self.bias_adjoint(&d.output_grad, &d.out),
            Op::Conv2dBiasBackward(d) => self.bias_adjoint(&d.output_grad, &d.out),
            Op::Conv3dBiasBackward(d) => self.bias_adjoint(&d.output_grad, &d.out),
            Op::ConvTranspose1dBiasBackward(d) => self.bias_adjoint(&d.output_grad, &d.out),
            Op::ConvTranspose2dBiasBackward(d) => self.bias_adjoint(&d.output_grad, &d.out),
            Op::ConvTranspose3dBiasBackward(d) => self.bias_adjoint(&d.output_grad, &d.out),
            Op::AvgPool1d(d) => {
                let window =
                    sliding(&[d.kernel_size], &[d.stride], &[d.padding], d.count_include_pad, d.ceil_mode);
                self.average(window, Direction::Forward, &d.x, &d.out)
            }
            Op::AvgPool2d(d) => {
                let window = sliding(&d.kernel_size, &d.stride, &d.padding, d.count_include_pad, d.ceil_mode);
                self.average(window, Direction::Forward, &d.x, &d.out)
            }
            Op::AvgPool1dBackward(d) => {
                let window =
                    sliding(&[d.kernel_size], &[d.stride], &[d.padding], d.count_include_pad, d.ceil_mode);
                self.average(window, Direction::Adjoint, &d.grad, &d.out)
            }
            Op::AvgPool2dBackward(d) => {
                let window = sliding(&d.kernel_size, &d.stride, &d.padding, d.count_include_pad, d.ceil_mode);
                self.average(window, Direction::Adjoint, &d.grad, &d.out)
            }
            Op::AdaptiveAvgPool1d(d) => self.average(PoolWindow::Adaptive, Direction::Forward, &d.x, &d.out),
            Op::AdaptiveAvgPool2d(d) => self.average(PoolWindow::Adaptive, Direction::Forward, &d.x, &d.out),
            Op::AdaptiveAvgPool3d(d) => self.average(PoolWindow::Adaptive, Direction::Forward, &d.x, &d.out),
            Op::AdaptiveAvgPool3dBackward(d) => {
                self.average(PoolWindow::Adaptive, Direction::Adjoint, &d.grad, &d.out)
            }
            Op::AdaptiveAvgPool1dBackward(d) => {
                self.average(PoolWindow::Adaptive, Direction::Adjoint, &d.grad, &d.out)
            }
            Op::AdaptiveAvgPool2dBackward(d) => {
                self.average(PoolWindow::Adaptive, Direction::Adjoint, &d.grad, &d.out)
            }
            Op::MaxPool1d(d) => {
                let window = [&[d.kernel_size][..], &[d.stride], &[d.padding], &[d.dilation]];
                self.max_pool(window, d.ceil_mode, &d.x, &d.out, None)
            }
            Op::MaxPool2d(d) => {
                let window = [&d.kernel_size[..], &d.stride, &d.padding, &d.dilation];
                self.max_pool(window, d.ceil_mode, &d.x, &d.out, None)
            }
            Op::MaxPool1dWithIndices(d) => {
                let window = [&[d.kernel_size][..], &[d.stride], &[d.padding], &[d.dilation]];
                self.max_pool(window, d.ceil_mode, &d.x, &d.out, Some(&d.out_indices))
            }
            Op::MaxPool2dWithIndices(d) => {
                let window = [&d.kernel_size[..], &d.stride, &d.padding, &d.dilation];
                self.max_pool(window, d.ceil_mode, &d.x, &d.out, Some(&d.out_indices))
            }
            Op::MaxPool1dWithIndicesBackward(d) => self.max_pool_adjoint(&d.grad, &d.indices, &d.out),
            Op::MaxPool2dWithIndicesBackward(d) => self.max_pool_adjoint(&d.grad, &d.indices, &d.out),
            Op::Unfold4d(d) => {
                let o = &d.options;
                let y = self.unfold4d(self.get(&d.x)?, d.kernel_size, o.stride, o.padding, o.dilation);
                self.set(&d.out, y)
            }
            Op::DeformableConv2d(_) | Op::DeformableConv2dBackward(_) => Err(unsupported(
                op,
                "it has no lowering yet; use `backward()` for a model with deformable convolution",
            )),
            Op::Interpolate(_) | Op::InterpolateBackward(_) => {
                Err(unsupported(op, "it has no lowering yet; use a transposed convolution or `repeat_dim`"))
            }
            Op::CtcLoss(_) | Op::CtcLossBackward(_) => {
                Err(unsupported(op, "it has no lowering yet; use `backward()` for this loss"))
            }
            Op::ConvTranspose1dWeightBackward(d) => self.transposed_weight_adjoint(
                &geometry!(d.options, both_sides),
                &d.options.padding_out,
                [&d.x, &d.weight, &d.output_grad],
                &d.out,
            ),
            Op::ConvTranspose2dWeightBackward(d) => self.transposed_weight_adjoint(
                &geometry!(d.options, both_sides),
                &d.options.padding_out,
                [&d.x, &d.weight, &d.output_grad],
                &d.out,
            ),
            Op::ConvTranspose3dWeightBackward(d) => self.transposed_weight_adjoint(
                &geometry!(d.options, both_sides),
                &d.options.padding_out,
                [&d.x, &d.weight, &d.output_grad],
                &d.out,
            ),
            #[allow(unreachable_patterns)] // A later version of Burn may have more of them.
            op => Err(unknown(op)),
        }
    }

    /// All but the last axis as one.
    fn rows(&self, t: &TensorIr) -> Result<Expr<'b>> {
        let x = self.get(t)?;
        let width = t.shape[t.shape.len() - 1];
        let rows: usize = t.shape[..t.shape.len() - 1].iter().product();
        Ok(x.reshape([rows, width]))
    }

    fn flat_indices(&self, t: &TensorIr) -> Result<Expr<'b>> {
        let i = self.get(t)?;
        Ok(i.reshape([i.ty().num_elements()]))
    }

    fn index_select(&self, x: Expr<'b>, indices: Expr<'b>) -> Expr<'b> {
        self.b.push(Prim::IndexSelect(IndexSelect { axis: 0 }), &[x, indices])
    }

    fn conv_adjoint(
        &mut self,
        role: ConvKind,
        geometry: &Geometry<'_>,
        [x, w]: [&TensorIr; 2],
        ct: &TensorIr,
        out: &TensorIr,
    ) -> Result<()> {
        let other = self.get(if role == ConvKind::BackwardInput { w } else { x })?;
        let y = self.conv(role, geometry, &x.shape, &w.shape, [other, self.get(ct)?]);
        self.set(out, y)
    }

    fn average(
        &mut self,
        window: PoolWindow,
        direction: Direction,
        v: &TensorIr,
        out: &TensorIr,
    ) -> Result<()> {
        let (x, y) = if direction == Direction::Forward { (v, out) } else { (out, v) };
        let pool = AveragePool { window, direction, x: x.shape.to_vec(), y: y.shape.to_vec() };
        let value = self.b.push(Prim::AveragePool(pool), &[self.get(v)?]);
        self.set(out, value)
    }

    /// Space axes as one.
    fn planes(x: Expr<'b>) -> Expr<'b> {
        let shape = x.shape();
        x.reshape([shape[0], shape[1], shape[2..].iter().product()])
    }

    fn max_pool(
        &mut self,
        [kernel, stride, padding, dilation]: [&[usize]; 4],
        ceil_mode: bool,
        x: &TensorIr,
        out: &TensorIr,
        indices: Option<&TensorIr>,
    ) -> Result<()> {
        let x = self.get(x)?;
        let pool = MaxPoolIndices {
            kernel: kernel.to_vec(),
            stride: stride.to_vec(),
            padding: padding.to_vec(),
            dilation: dilation.to_vec(),
            ceil_mode,
            y: out.shape.to_vec(),
        };
        let winner = self.b.push(Prim::MaxPoolIndices(pool), &[x]);
        let y = Self::planes(x).gather(2, Self::planes(winner)).reshape(out.shape.to_vec());
        self.set(out, y)?;
        indices.map_or(Ok(()), |t| self.set(t, winner.convert(t.dtype)))
    }

    fn max_pool_adjoint(&mut self, ct: &TensorIr, indices: &TensorIr, out: &TensorIr) -> Result<()> {
        let (ct, indices) = (Self::planes(self.get(ct)?), Self::planes(self.get(indices)?));
        let space: usize = out.shape[2..].iter().product();
        let zeros = self.b.full(0.0, &ct.ty().with_shape([out.shape[0], out.shape[1], space]));
        let add = crate::primitives::Scatter { axis: 2, update: crate::primitives::ScatterOp::Add };
        let y = self.b.push(Prim::Scatter(add), &[zeros, indices, ct]);
        self.set(out, y.reshape(out.shape.to_vec()))
    }

    /// Windows of an image as columns: `[n, c·kh·kw, positions]`.
    fn unfold4d(
        &self,
        x: Expr<'b>,
        kernel: [usize; 2],
        stride: [usize; 2],
        pad: [usize; 2],
        gap: [usize; 2],
    ) -> Expr<'b> {
        let zero = Literal::rounded_to(0.0, x.dtype());
        let x = self.padded(x, &[(0, 0), (0, 0), (pad[0], pad[0]), (pad[1], pad[1])], zero);
        let [n, c, h, w] = x.shape()[..] else { return x };
        let count =
            |i: usize, len: usize| (len + stride[i]).saturating_sub(gap[i] * (kernel[i] - 1) + 1) / stride[i];
        let (rows, columns) = (count(0, h), count(1, w));
        let pick = |x: Expr<'b>, i: usize, count: usize| {
            let elements = (0..count).flat_map(|p| (0..kernel[i]).map(move |k| p * stride[i] + k * gap[i]));
            let indices = self.indices(elements, vec![count * kernel[i]]);
            self.b.push(Prim::IndexSelect(IndexSelect { axis: i + 2 }), &[x, indices])
        };
        // Images and channels as one axis keep the rank low enough to be batched.
        let picked = pick(pick(x, 0, rows), 1, columns);
        picked.reshape([n * c, rows, kernel[0], columns, kernel[1]]).permute([0, 2, 4, 1, 3]).reshape([
            n,
            c * kernel[0] * kernel[1],
            rows * columns,
        ])
    }
}
