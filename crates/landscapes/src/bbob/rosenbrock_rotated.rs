use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_rosenbrock_rotated",
    family: Family::Bbob,
    number: 9,
    formula: "Rosenbrock of z = max(1, √n/8) Rx + ½",
    dims: DIMS,
    parameters: INSTANCE,
    note: "As f8, rotated.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(9, n, p);
        let rotation = own.second_rotation();
        let x_opt = own.half_over(&rotation);
        let facts = own.facts(&x_opt, Site::Smooth);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| rosenbrock(apply(&rotation, x) * widening(n) + 0.5).sum() + f_opt)
    },
    ..Entry::COMMON
};
