use crate::bbob::instance::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_sphere",
    family: Family::Bbob,
    number: 1,
    formula: "‖x − x*‖²",
    dims: DIMS,
    parameters: INSTANCE,
    note: "The easiest: convex, isotropic, with the Hessian 2I.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(1, n, p);
        let x_opt = own.x_opt();
        let facts = own.facts(&x_opt, Site::Smooth);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| (x.clone() - constant(x_opt.clone(), &x)).square().sum() + f_opt)
    },
    ..Entry::COMMON
};
