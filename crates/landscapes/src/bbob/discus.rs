use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_discus",
    family: Family::Bbob,
    number: 11,
    formula: "10⁶ z₁² + Σ_{i>1} zᵢ², z = T_osz(R(x − x*))",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once(
        "where T_osz or T_asy has its argument zero, there are no second derivatives; the derivative 0 is \
         taken",
    ),
    note: "One direction is a million times steeper than all others.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(11, n, p);
        let x_opt = own.x_opt();
        let rotation = own.first_rotation();
        let facts = own.facts(&x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = t_osz(apply(&rotation, x.clone() - constant(x_opt.clone(), &x)));
            (z.square() * first_times(1e6, n, &x)).sum() + f_opt
        })
    },
    ..Entry::COMMON
};
