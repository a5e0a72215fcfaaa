use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mccormick",
    family: Family::Multimodal,
    formula: "sin(x + y) + (x − y)² − 1.5x + 2.5y + 1",
    dims: Dims::Fixed(2),
    note: "Waves on a slope: outside of the box there are lower values.",
    source: JAMIL_YANG,
    make: |_, _| {
        let (a, b) = (0.5 - PI / 3.0, 0.5 + 2.0 * PI / 3.0);
        let facts = Facts::in_box(vec![[-1.5, 4.0], [-3.0, 4.0]])
            .start([0.0, 0.0])
            .minimum([a, a - 1.0], -1.9132229549810362)
            .minimum([b, b - 1.0], 1.2283696986087564)
            .saddle([0.5 + PI / 3.0, PI / 3.0 - 0.5], 1.9132229549810362, 1, 0)
            .lowest(Lowest::InBox(-1.9132229549810362));
        Made::new(facts, |x| {
            let [x, y] = coordinates(x);
            let sum = (x.clone() + y.clone()).sin();
            sum + (x.clone() - y.clone()).square() - x * 1.5 + y * 2.5 + 1.0
        })
    },
    ..Entry::COMMON
};
