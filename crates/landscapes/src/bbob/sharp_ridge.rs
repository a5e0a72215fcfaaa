use crate::bbob::instance::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_sharp_ridge",
    family: Family::Bbob,
    number: 13,
    formula: "z₁² + 100 √(Σ_{i>1} zᵢ²), z = QΛ¹⁰R(x − x*)",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Kinks("on the ridge, where the derivative 0 of the root is taken"),
    note: "A sharp ridge leads to the optimum: the slope towards it is 100 at every distance.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(13, n, p);
        let x_opt = own.x_opt();
        let m = own.stretched(10.0);
        let facts = own.facts(&x_opt, Site::Kink);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = apply(&m, x.clone() - constant(x_opt.clone(), &x));
            z.clone().slice(0..1).square() + norm(tail(&z, 1)) * 100.0 + f_opt
        })
    },
    ..Entry::COMMON
};
