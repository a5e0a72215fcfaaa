use burn_ir::{BatchNormOpIr, LayerNormOpIr, ScalarIr};

use super::Importer;
use crate::error::Result;
use crate::primitives::elementwise::Elementwise;

impl Importer<'_, '_> {
    pub(super) fn batch_norm(&mut self, d: &BatchNormOpIr) -> Result<()> {
        let x = self.get(&d.x)?;
        let mut per_channel = vec![1; x.rank()];
        per_channel[1] = x.shape()[1];
        let [gamma, beta, mean, variance] = [&d.gamma, &d.beta, &d.mean, &d.variance]
            .map(|t| self.get(t).map(|v| v.reshape(per_channel.clone())));
        let std = (variance? + d.epsilon.elem::<f64>()).unary(Elementwise::Sqrt);
        let wide = |v: crate::ir::Expr<'_>| self.b.expr(v.var).broadcast(x.shape());
        let y = (x - wide(mean?)) / wide(std) * wide(gamma?) + wide(beta?);
        self.set(&d.out, y)
    }

    /// Over the last axis.
    pub(super) fn layer_norm(&mut self, d: &LayerNormOpIr) -> Result<()> {
        let x = self.get(&d.input)?;
        let (last, shape) = (x.rank() - 1, x.shape());
        let n = shape[last] as f64;
        let centered = x - (x.sum([last]) / n).broadcast(shape.clone());
        let variance = centered.square().sum([last]) / n;
        let epsilon: ScalarIr = d.epsilon;
        let std = (variance + epsilon.elem::<f64>()).unary(Elementwise::Sqrt);
        let mut line = vec![1; shape.len()];
        line[last] = shape[last];
        let gamma = self.get(&d.gamma)?.reshape(line.clone()).broadcast(shape.clone());
        let mut y = centered / std.broadcast(shape.clone()) * gamma;
        if let Some(beta) = &d.beta {
            y = y + self.get(beta)?.reshape(line).broadcast(shape);
        }
        self.set(&d.out, y)
    }
}
