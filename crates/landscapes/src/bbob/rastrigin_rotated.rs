use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_rastrigin_rotated",
    family: Family::Bbob,
    number: 15,
    formula: "10 (n − Σ cos 2πzᵢ) + ‖z‖², z = RΛ¹⁰Q T_asy^0.2(T_osz(R(x − x*)))",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once(
        "where T_osz or T_asy has its argument zero, there are no second derivatives; the derivative 0 is \
         taken",
    ),
    note: "As f3, rotated and less regular.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(15, n, p);
        let x_opt = own.x_opt();
        let m = own.stretched(10.0);
        let rotation = own.first_rotation();
        let facts = own.facts(&x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = t_osz(apply(&rotation, x.clone() - constant(x_opt.clone(), &x)));
            rastrigin(apply(&m, t_asy(z, 0.2))) + f_opt
        })
    },
    ..Entry::COMMON
};
