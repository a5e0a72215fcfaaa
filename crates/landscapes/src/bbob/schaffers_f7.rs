use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_schaffers_f7",
    family: Family::Bbob,
    number: 17,
    formula: "(1/(n−1) Σ √sᵢ (1 + sin² 50 sᵢ^0.2))² + 10 pen(x), sᵢ = √(zᵢ² + zᵢ₊₁²), z = Λ¹⁰ Q T_asy^0.5(R(x \
              − x*))",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Kinks(
        "where two neighbouring zᵢ are zero, with infinite slope; the derivative 0 of that term is taken",
    ),
    note: "Rings whose frequency and slope grow without bound towards the optimum.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(17, n, p);
        let x_opt = own.x_opt();
        let (first, second) = (own.first_rotation(), own.second_rotation());
        let facts = own.facts(&x_opt, Site::Kink);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = t_asy(apply(&first, x.clone() - constant(x_opt.clone(), &x)), 0.5);
            let z = (apply(&second, z) * powers(10.0f64.sqrt(), n, &x)).square();
            let s = head(&z, 1) + tail(&z, 1);
            let rings = sin2(power(s.clone(), 0.1) * 50.0) + 1.0;
            (power(s, 0.25) * rings).mean().square() + penalty(x) * 10.0 + f_opt
        })
    },
    ..Entry::COMMON
};
