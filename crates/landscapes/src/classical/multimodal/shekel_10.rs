use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "shekel_10",
    family: Family::Multimodal,
    formula: "−Σ_{k=1..10} 1/(‖x − cₖ‖² + bₖ)",
    dims: Dims::Fixed(4),
    note: "Ten wells, flat in between.",
    source: DIXON_SZEGO,
    make: |n, _| {
        let facts = Facts::in_cube(n, 0.0, 10.0)
            .start([5.0; 4])
            .minimum(
                [4.000746531592046, 4.000592934138532, 3.9996633980403224, 3.9995098005868077],
                -10.536409816692043,
            )
            .lowest(Lowest::InBox(-10.536409816692043));
        Made::new(facts, move |x| {
            let (centres, widths) = (matrix(CENTRES.as_flattened(), 4, &x), constant(WIDTHS, &x));
            let distances = (x.reshape([1, 4]) - centres).square().sum_dim(1).reshape([10]);
            (distances + widths).recip().sum().neg()
        })
    },
    ..Entry::COMMON
};

const CENTRES: [[f64; 4]; 10] = [
    [4.0; 4],
    [1.0; 4],
    [8.0; 4],
    [6.0; 4],
    [3.0, 7.0, 3.0, 7.0],
    [2.0, 9.0, 2.0, 9.0],
    [5.0, 5.0, 3.0, 3.0],
    [8.0, 1.0, 8.0, 1.0],
    [6.0, 2.0, 6.0, 2.0],
    [7.0, 3.6, 7.0, 3.6],
];
const WIDTHS: [f64; 10] = [0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5];
