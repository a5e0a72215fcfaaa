//! Operators that were called while tracing: they are recorded as custom operations and expanded here, so that any
//! of them may stand inside any other, closures over outer arguments included.

use burn_ir::{CustomOpIr, TensorIr};

use super::Importer;
use crate::error::{Error, Result};
use crate::ir::Expr;
use crate::primitives::{Alias, Prim, StopGradient};
use crate::trace::marker;
use crate::transform::vmap::vmap;
use crate::transform::{jvp, vjp};

impl<'b> Importer<'_, 'b> {
    fn all(&self, ts: &[TensorIr]) -> Result<Vec<Expr<'b>>> {
        ts.iter().map(|t| self.get(t)).collect()
    }

    /// The inputs of a marker in its groups; the first scalars of the marker are their sizes.
    fn groups<const N: usize>(&self, op: &CustomOpIr) -> Result<[Vec<Expr<'b>>; N]> {
        let mut inputs = self.all(&op.inputs)?;
        let mut groups = Vec::with_capacity(N);
        for size in op.scalars.iter().take(N) {
            let rest = inputs.split_off(inputs.len().min(size.elem::<i64>() as usize));
            groups.push(std::mem::replace(&mut inputs, rest));
        }
        groups.try_into().map_err(|_| Error::Internal(format!("the marker {} is malformed", op.id)))
    }

    pub(super) fn marker(&mut self, op: &CustomOpIr) -> Result<()> {
        let results: Vec<Expr> = match op.id.as_str() {
            marker::BOUNDARY => return Ok(()),
            marker::ALIAS => {
                let alias = |x: Expr<'b>| {
                    let tag = self.b.fresh_tag();
                    self.b.push(Prim::Alias(Alias { tag }), &[x])
                };
                self.all(&op.inputs)?.into_iter().map(alias).collect()
            }
            marker::STOP_GRADIENT => {
                let stop = |x: Expr<'b>| self.b.push(Prim::StopGradient(StopGradient), &[x]);
                self.all(&op.inputs)?.into_iter().map(stop).collect()
            }
            marker::ELEMENT => {
                // The element is the first of the batch, which only the search for `detach` computes with: `vmap` puts
                // the whole batch in its place.
                let all = self.all(&op.inputs)?;
                let first =
                    all.iter().zip(&op.outputs).map(|(x, out)| x.narrow(0, 0, 1).reshape(out.shape.to_vec()));
                let first: Vec<Expr> = first.collect();
                let start = self.b.len();
                let element = |x: Expr<'b>| {
                    let tag = self.b.fresh_tag();
                    self.b.push(Prim::Alias(Alias { tag }), &[x])
                };
                let elements = first.into_iter().map(element).collect();
                self.regions.extend(op.outputs.first().map(|t| (t.id, start)));
                elements
            }
            marker::VMAP => {
                let [ys, xs, batches] = self.groups(op)?;
                let first = op.inputs.get(ys.len()).and_then(|t| self.regions.get(&t.id));
                let start = *first.ok_or(Error::Internal("a batch without elements".into()))?;
                let batch_size = batches[0].shape()[0];
                vmap(self.b, start, batch_size, &xs, &batches, &ys)
            }
            marker::JVP => {
                let [ys, xs, ts] = self.groups(op)?;
                let ts: Vec<Option<Expr>> = ts.into_iter().map(Some).collect();
                let tangents = jvp(self.b, &xs, &ts, &ys);
                ys.iter().zip(tangents).map(|(y, t)| t.unwrap_or_else(|| y.zeros())).collect()
            }
            marker::VJP => {
                let [ys, xs, cts] = self.groups(op)?;
                let adjoints = vjp(self.b, &xs, &ys, &cts);
                xs.iter().zip(adjoints).map(|(x, ct)| ct.unwrap_or_else(|| x.zeros())).collect()
            }
            other => {
                return Err(Error::Unsupported {
                    op: other.into(),
                    hint: "custom operations have no derivative rule; write it with Burn's tensor operations"
                        .into(),
                });
            }
        };
        op.outputs.iter().zip(results).try_for_each(|(out, value)| self.set(out, value))
    }
}
