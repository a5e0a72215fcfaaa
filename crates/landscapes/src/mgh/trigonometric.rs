use crate::mgh::{around, least, numbers};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_trigonometric",
    family: Family::Mgh,
    number: 26,
    formula: "n − Σ cos xⱼ + i (1 − cos xᵢ) − sin xᵢ",
    dims: Dims::from(1, 10),
    note: "From the standard start methods often end in a minimum of value 2.79506·10⁻⁵ (n = 10).",
    source: MGH,
    make: |n, _| {
        let facts = least(
            around(vec![1.0 / n as f64; n]),
            n == 10,
            [
                0.04791194730372768,
                0.049184518166637936,
                0.05060870289457114,
                0.052223049389788855,
                0.05408309229485907,
                0.05627330346630139,
                0.05893213853534149,
                0.18639700138447524,
                0.1543419604011391,
                0.12462537696306983,
            ],
            0.0,
        )
        .flat_minimum(vec![0.0; n], 0.0, 0);
        Made::squares(facts, move |x| {
            // 1 − cos t = 2 sin² (t/2).
            let falls = sin2(x.clone() * 0.5) * 2.0;
            falls.clone() * constant(numbers(n), &falls) + falls.sum() - x.sin()
        })
    },
    ..Entry::COMMON
};
