use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_ellipsoid_separable",
    family: Family::Bbob,
    number: 2,
    formula: "Σ 10^(6rᵢ) zᵢ², z = T_osz(x − x*)",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once(
        "where T_osz or T_asy has its argument zero, there are no second derivatives; the derivative 0 is \
         taken",
    ),
    note: "Separable, of condition about 10⁶, with ripples.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(2, n, p);
        let x_opt = own.x_opt();
        let facts = own.facts(&x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = t_osz(x.clone() - constant(x_opt.clone(), &x));
            (z.square() * powers(1e6, n, &x)).sum() + f_opt
        })
    },
    ..Entry::COMMON
};
