use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mf_rank2",
    family: Family::Saddle,
    formula: "¼ ‖XX' − M‖²_F, M = diag(n/2, …, 2, 1), X of n/2 rows and two columns in row-major order",
    dims: Dims::Free { least: 4, most: usize::MAX, step: 2, default: 8 },
    note: "The minima form an orbit under rotations of the two columns, so that one eigenvalue is zero there.",
    source: "R. Ge, J. D. Lee and T. Ma, Matrix completion has no spurious local minimum, NIPS 29 (2016); X. \
             Li et al., Symmetry, saddle points, and global optimization landscape of nonconvex matrix \
             factorization, IEEE Transactions on Information Theory 65 (2019) 3489–3514",
    make: |n, _| {
        let m = n / 2;
        let square = |i: usize| ((m - i) as f64).powi(2);
        let all: f64 = (0..m).map(square).sum();
        let root = |i: usize| ((m - i) as f64).sqrt();
        let at = |first: f64, second: f64| {
            weights(n, |i| {
                if i == 0.0 {
                    first
                } else if i == 3.0 {
                    second
                } else {
                    0.0
                }
            })
        };
        let facts = Facts::in_cube(n, -2.0, 2.0)
            .start(weights(n, |i| if i % 2.0 == 0.0 { 0.01 } else { -0.01 }))
            .flat_minimum(at(root(0), root(1)), (all - square(0) - square(1)) / 4.0, 1)
            .saddle(at(root(0), 0.0), (all - square(0)) / 4.0, m - 1, 1)
            .saddle(vec![0.0; n], all / 4.0, n, 0);
        let lowest = Lowest::Everywhere(facts.critical_points[0].value);
        // ‖XX' − M‖² = ‖X'X‖² − 2 tr X'MX + ‖M‖².
        Made::new(facts.lowest(lowest), move |x| {
            let diagonal = constant(weights(n, |i| m as f64 - (i / 2.0).floor()), &x);
            let trace = (x.clone().square() * diagonal).sum();
            let columns = x.reshape([m, 2]);
            let inner = columns.clone().transpose().matmul(columns);
            (inner.square().sum() - trace * 2.0 + all) * 0.25
        })
    },
    ..Entry::COMMON
};
