use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_rastrigin_separable",
    family: Family::Bbob,
    number: 3,
    formula: "10 (n − Σ cos 2πzᵢ) + ‖z‖², z = Λ¹⁰ T_asy^0.2(T_osz(x − x*))",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once(
        "where T_osz or T_asy has its argument zero, there are no second derivatives; the derivative 0 is \
         taken",
    ),
    note: "About 10ⁿ minima; separable.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(3, n, p);
        let x_opt = own.x_opt();
        let facts = own.facts(&x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = t_osz(x.clone() - constant(x_opt.clone(), &x));
            rastrigin(t_asy(z, 0.2) * powers(10f64.sqrt(), n, &x)) + f_opt
        })
    },
    ..Entry::COMMON
};
