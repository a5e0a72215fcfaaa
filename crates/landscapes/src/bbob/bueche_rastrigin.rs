use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_bueche_rastrigin",
    family: Family::Bbob,
    number: 4,
    formula: "10 (n − Σ cos 2πzᵢ) + ‖z‖² + 100 pen(x), zᵢ = sᵢ T_osz(x − x*)ᵢ, sᵢ = 10^(rᵢ/2), ten times that \
              for odd i and positive zᵢ",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once(
        "where T_osz or T_asy has its argument zero, there are no second derivatives; the derivative 0 is \
         taken",
    ),
    note: "Skewed against separable methods: steep on one side of the optimum.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(4, n, p);
        let mut x_opt = own.x_opt();
        x_opt.iter_mut().step_by(2).for_each(|x| *x = x.abs());
        let facts = own.facts(&x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = t_osz(x.clone() - constant(x_opt.clone(), &x));
            let odd = constant(weights(n, |i| if i % 2.0 == 0.0 { 10.0 } else { 1.0 }), &x);
            let steep = z.ones_like().mask_where(z.clone().greater_elem(0.0), odd);
            rastrigin(z * steep * powers(10f64.sqrt(), n, &x)) + penalty(x) * 100.0 + f_opt
        })
    },
    ..Entry::COMMON
};
