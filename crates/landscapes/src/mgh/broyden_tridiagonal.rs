use crate::mgh::{around, least};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_broyden_tridiagonal",
    family: Family::Mgh,
    number: 30,
    formula: "(3 − 2xᵢ) xᵢ − xᵢ₋₁ − 2xᵢ₊₁ + 1",
    dims: Dims::from(1, 10),
    source: MGH,
    make: |n, _| {
        let facts = least(
            around(vec![-1.0; n]),
            n == 10,
            [
                -0.5707221320112248,
                -0.681806949984275,
                -0.7022100760176601,
                -0.7055106298950803,
                -0.7049061557287437,
                -0.7014966070298512,
                -0.6918893223547983,
                -0.6657965144058537,
                -0.5960351090263657,
                -0.4164122575286934,
            ],
            0.0,
        );
        Made::squares(facts, |x| {
            let edge = x.zeros_like().slice(0..1);
            let before = Tensor::cat(vec![edge.clone(), head(&x, 1)], 0);
            let after = Tensor::cat(vec![tail(&x, 1), edge], 0);
            (x.clone() * -2.0 + 3.0) * x - before - after * 2.0 + 1.0
        })
    },
    ..Entry::COMMON
};
