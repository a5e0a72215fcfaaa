use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "rastrigin",
    family: Family::Multimodal,
    formula: "10n + Σ xᵢ² − 10 cos 2πxᵢ",
    dims: Dims::from(1, 5),
    note: "About 11ⁿ minima on a lattice over a bowl; at the lowest all eigenvalues are 2 + 40π².",
    source: "L. A. Rastrigin, Systems of extremal control, Nauka (1974)",
    make: |n, _| {
        let facts = Facts::in_cube(n, -5.12, 5.12).start(vec![3.5; n]).global(vec![0.0; n], 0.0);
        // 1 − cos 2πx = 2 sin² πx keeps its digits near the minimum.
        Made::new(facts, |x| (x.clone().square() + sin2(x * PI) * 20.0).sum())
    },
    ..Entry::COMMON
};
