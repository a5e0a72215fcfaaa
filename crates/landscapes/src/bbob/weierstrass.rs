use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_weierstrass",
    family: Family::Bbob,
    number: 16,
    formula: "10 (1/n Σᵢ Σ_{k<12} 2⁻ᵏ (cos 2π3ᵏ(zᵢ + ½) − cos π3ᵏ))³ + 10/n pen(x), z = RΛ^0.01 Q T_osz(R(x − \
              x*))",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once(
        "where T_osz or T_asy has its argument zero, there are no second derivatives; the derivative 0 is \
         taken",
    ),
    note: "Twelve octaves of cosines: rugged, with slopes that grow as 1.5ᵏ, and many equal optima.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(16, n, p);
        let x_opt = own.x_opt();
        let m = own.stretched(0.01);
        let rotation = own.first_rotation();
        let facts = own.facts(&x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let z = t_osz(apply(&rotation, x.clone() - constant(x_opt.clone(), &x)));
            let z = apply(&m, z).reshape([n, 1]);
            let octave = |k: i32| (PI * 3f64.powi(k), 2.0 * 0.5f64.powi(k) / n as f64);
            let (rates, sizes): (Vec<f64>, Vec<f64>) = (0..12).map(octave).unzip();
            let [rates, sizes] = [rates, sizes].map(|values| matrix(&values, 12, &x));
            // cos 2π3ᵏ(z + ½) − cos π3ᵏ = 2 sin² π3ᵏz, since 3ᵏ is odd.
            let sum = ((z * rates).sin().square() * sizes).sum();
            sum.clone() * sum.square() * 10.0 + penalty(x) * (10.0 / n as f64) + f_opt
        })
    },
    ..Entry::COMMON
};
