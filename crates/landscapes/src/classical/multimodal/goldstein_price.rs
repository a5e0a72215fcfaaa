use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "goldstein_price",
    family: Family::Multimodal,
    formula: "(1 + (x + y + 1)² (19 − 14x + 3x² − 14y + 6xy + 3y²)) · (30 + (2x − 3y)² (18 − 32x + 12x² + 48y \
              − 36xy + 27y²))",
    dims: Dims::Fixed(2),
    note: "Values from 3 to 10⁶ in the box; four minima, four saddles and a maximum.",
    source: "A. A. Goldstein and J. F. Price, On descent from local minima, Mathematics of Computation 25 \
             (1971) 569–574",
    make: |n, _| Made::new(facts(n), value),
    ..Entry::COMMON
};

pub(crate) fn facts(n: usize) -> Facts {
    Facts::in_cube(n, -2.0, 2.0)
        .start([0.0, 0.0])
        .global([0.0, -1.0], 3.0)
        .minimum([-0.6, -0.4], 30.0)
        .minimum([1.8, 0.2], 84.0)
        .minimum([1.2, 0.8], 840.0)
        .saddle([-0.4, -0.6], 35.0, 1, 0)
        .saddle([1.2, -0.2], 99.0, 1, 0)
        .saddle([1.4, 0.6], 980.0, 1, 0)
        .saddle([0.6, 0.4], 990.0, 1, 0)
        .saddle([0.8, 0.2], 1155.0, 2, 0)
}

pub(crate) fn value(x: Tensor<1>) -> Tensor<1> {
    let [x, y] = coordinates(x);
    // Both quadratic forms are functions of one combination each.
    let (s, d) = (x.clone() + y.clone(), x * 2.0 - y * 3.0);
    let first = s.clone() * (s.clone() * 3.0 - 14.0) + 19.0;
    let second = d.clone() * (d.clone() * 3.0 - 16.0) + 18.0;
    ((s + 1.0).square() * first + 1.0) * (d.square() * second + 30.0)
}
