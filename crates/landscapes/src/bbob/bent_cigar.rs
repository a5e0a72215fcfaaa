use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_bent_cigar",
    family: Family::Bbob,
    number: 12,
    formula: "z₁² + 10⁶ Σ_{i>1} zᵢ², z = R T_asy^0.5(R(x − x*))",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once(
        "where T_osz or T_asy has its argument zero, there are no second derivatives; the derivative 0 is \
         taken",
    ),
    note: "A ridge that is a million times flatter than its sides, and bent.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(12, n, p);
        let (x_opt, rotation) = (own.x_opt_at(1_000_000), own.first_rotation());
        let facts = own.facts(&x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let bent = t_asy(apply(&rotation, x.clone() - constant(x_opt.clone(), &x)), 0.5);
            (apply(&rotation, bent).square() * first_times(1e-6, n, &x)).sum() * 1e6 + f_opt
        })
    },
    ..Entry::COMMON
};
