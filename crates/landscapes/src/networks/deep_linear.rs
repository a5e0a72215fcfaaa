use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "deep_linear",
    family: Family::Network,
    formula: "½ ‖W_L ⋯ W₂W₁ − M‖²_F, M = diag(d, …, 2, 1), each W of d × d in row-major order",
    dims: Dims::Of(|p| p.whole("depth") * p.whole("width").pow(2)),
    parameters: &[
        Parameter::whole("depth", 3.0, [2.0, 100.0], "L, the number of layers"),
        Parameter::whole("width", 2.0, [1.0, 100.0], "d, the width of all layers"),
    ],
    note: "Singular values are learned one after the other, each behind a plateau. All minima are global. The origin is a \
           strict saddle for two layers; for more its Hessian is zero.",
    source: "A. M. Saxe, J. L. McClelland and S. Ganguli, Exact solutions to the nonlinear dynamics of learning in deep \
             linear neural networks, ICLR (2014); K. Kawaguchi, Deep learning without poor local minima, NIPS 29 (2016)",
    make: |n, p| {
        let (depth, width) = (p.whole("depth"), p.whole("width"));
        let strength = move |k: usize| (width - k) as f64;
        let balanced = weights(n, |at| {
            let (row, column) = (at as usize / width % width, at as usize % width);
            if row == column { strength(row).powf(1.0 / depth as f64) } else { 0.0 }
        });
        let at_zero = (0..width).map(|k| strength(k).powi(2)).sum::<f64>() / 2.0;
        let (index, nullity) = if depth == 2 { (width * width, 0) } else { (0, n) };
        let start = weights(n, |at| 0.3 * (1.7 * (at + 1.0)).sin());
        let facts = Facts::in_cube(n, -2.0, 2.0)
            .start(start)
            .flat_minimum(balanced, 0.0, n - width * width)
            .saddle(vec![0.0; n], at_zero, index, nullity)
            .lowest(Lowest::Everywhere(0.0));
        Made::squares(facts, move |x| {
            let layer = |k: usize| {
                let size = width * width;
                x.clone().slice(k * size..(k + 1) * size).reshape([width, width])
            };
            let product = (1..depth).fold(layer(0), |product, k| layer(k).matmul(product));
            let target: Vec<f64> = (0..width * width)
                .map(|at| if at / width == at % width { strength(at % width) } else { 0.0 })
                .collect();
            (product - matrix(&target, width, &x)).reshape([width * width]) * 0.5f64.sqrt()
        })
    },
    ..Entry::COMMON
};
