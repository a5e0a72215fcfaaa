use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_rosenbrock",
    family: Family::Bbob,
    number: 8,
    formula: "Rosenbrock of z = max(1, √n/8) (x − x*) + 1",
    dims: DIMS,
    parameters: INSTANCE,
    note: "A curved valley; from four coordinates on a second minimum.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(8, n, p);
        let x_opt: Vec<f64> = own.x_opt().iter().map(|x| 0.75 * x).collect();
        let facts = own.facts(&x_opt, Site::Smooth);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = (x.clone() - constant(x_opt.clone(), &x)) * widening(n) + 1.0;
            rosenbrock(z).sum() + f_opt
        })
    },
    ..Entry::COMMON
};
