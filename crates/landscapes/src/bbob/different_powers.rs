use crate::bbob::instance::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_different_powers",
    family: Family::Bbob,
    number: 14,
    formula: "√(Σ |zᵢ|^(2 + 4rᵢ)), z = R(x − x*)",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Kinks("the tip at the optimum, where the gradient 0 is taken"),
    note: "Towards the optimum the sensitivities drift apart.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(14, n, p);
        let x_opt = own.x_opt();
        let rotation = own.first_rotation();
        let facts = own.facts(&x_opt, Site::Kink);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = apply(&rotation, x.clone() - constant(x_opt.clone(), &x));
            let exponents = constant(ramp(n).into_iter().map(|r| 2.0 + 4.0 * r).collect::<Vec<_>>(), &x);
            root(z.abs().powf(exponents).sum()) + f_opt
        })
    },
    ..Entry::COMMON
};
