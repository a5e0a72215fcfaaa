use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mf_rank1",
    family: Family::Saddle,
    formula: "¼ ‖xx' − M‖²_F, M = diag(n, …, 2, 1)",
    dims: Dims::dense(2, 4),
    note: "The best approximation of a matrix by one of rank one. The eigenvectors √λᵢ eᵢ are critical with \
           index i − 1, the origin with index n; the condition is 2n at the minima.",
    source: "R. Ge, J. D. Lee and T. Ma, Matrix completion has no spurious local minimum, NIPS 29 (2016); X. \
             Li et al., Symmetry, saddle points, and global optimization landscape of nonconvex matrix \
             factorization, IEEE Transactions on Information Theory 65 (2019) 3489–3514",
    make: |n, _| {
        let eigenvalue = |i: usize| (n - i) as f64;
        let all: f64 = (0..n).map(|i| eigenvalue(i).powi(2)).sum();
        let value = |i: usize| (all - eigenvalue(i).powi(2)) / 4.0;
        let vector = |i: usize, sign: f64| {
            weights(n, |j| if j as usize == i { sign * eigenvalue(i).sqrt() } else { 0.0 })
        };
        let mut facts = Facts::in_cube(n, -2.5, 2.5)
            .start(vec![0.01; n])
            .global(vector(0, 1.0), value(0))
            .minimum(vector(0, -1.0), value(0))
            .saddle(vec![0.0; n], all / 4.0, n, 0);
        facts = (1..n).fold(facts, |facts, i| facts.saddle(vector(i, 1.0), value(i), i, 0));
        // ‖xx' − M‖² = ‖x‖⁴ − 2 x'Mx + ‖M‖².
        Made::new(facts, move |x| {
            let diagonal = constant(weights(n, |i| n as f64 - i), &x);
            let squares = x.square();
            (squares.clone().sum().square() - (squares * diagonal).sum() * 2.0 + all) * 0.25
        })
    },
    ..Entry::COMMON
};
