use burn_ir::AttentionOpIr;

use super::Importer;
use crate::error::Result;
use crate::ir::Expr;
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Reduction, SoftmaxKind};

impl<'b> Importer<'_, 'b> {
    /// `softmax(QKᵀ · scale) V` with soft cap, masks and bias in Burn's order. A row that is masked entirely
    /// attends to nothing.
    pub(super) fn attention(&mut self, d: &AttentionOpIr) -> Result<()> {
        let [q, k, v] = [self.get(&d.query)?, self.get(&d.key)?, self.get(&d.value)?];
        let options = &d.options;
        let scale = options.scale.map_or(1.0 / (q.shape()[3] as f64).sqrt(), |s| s.elem());
        let mut scores = q.matmul(k.t()) * scale;
        if let Some(cap) = options.softcap {
            let cap: f64 = cap.elem();
            scores = (scores / cap).unary(Elementwise::Tanh) * cap;
        }
        let shape = scores.shape();
        let mut hidden = None;
        let mut hide = |mask: Expr<'b>, scores: Expr<'b>| {
            hidden = Some(hidden.map_or(mask, |h: Expr<'b>| h.binary(Elementwise::Or, mask)));
            mask.select(scores.lit(f64::NEG_INFINITY), scores)
        };
        if let Some(mask) = &d.mask {
            scores = hide(self.broadcast_operand(mask, &shape)?, scores);
        }
        if options.is_causal {
            let (rows, columns) = (shape[2], shape[3]);
            let row = self.indices(0..rows, vec![1, 1, rows, 1]).broadcast(shape.clone());
            let column = self.indices(0..columns, vec![1, 1, 1, columns]).broadcast(shape.clone());
            // The last row sees every column, also where there are more columns than rows.
            let future = (row + (columns as f64 - rows as f64)).binary(Elementwise::Lt, column);
            scores = hide(future, scores);
        }
        if let Some(bias) = &d.attn_bias {
            scores = scores + self.broadcast_operand(bias, &shape)?;
        }
        let mut weights = self.softmax(SoftmaxKind::Plain, scores, 3);
        if let Some(hidden) = hidden {
            let nothing = hidden.reduce(Reduction::All, [3]).broadcast(shape);
            // Zero scores in such a row keep NaN out of the values and the derivatives alike.
            let safe = nothing.select(scores.zeros(), scores);
            weights = self.softmax(SoftmaxKind::Plain, safe, 3);
            weights = nothing.select(weights.zeros(), weights);
        }
        self.set(&d.out, weights.matmul(v))
    }
}
