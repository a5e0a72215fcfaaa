use crate::bbob::gallagher::Peaks;
use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_gallagher_101",
    family: Family::Bbob,
    number: 21,
    formula: "T_osz(10 − maxₖ wₖ exp(−q/2n))² + pen(x), q = (x − yₖ)'R'CₖR(x − yₖ), over 101 peaks",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Kinks(
        "on the borders between the peaks, where the gradient of one of them is taken",
    ),
    note: "101 peaks of random place, height and shape; their conditions reach 1000. Far away it is flat.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(21, n, p);
        let peaks = Peaks::new(&own, 101, 1000f64.sqrt());
        let facts = own.facts(&peaks.x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| t_osz(peaks.below(x.clone())).square() + penalty(x) + f_opt)
    },
    ..Entry::COMMON
};
