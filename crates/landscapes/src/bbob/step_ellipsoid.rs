use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_step_ellipsoid",
    family: Family::Bbob,
    number: 7,
    formula: "0.1 max(|ẑ₁|/10⁴, Σ 10^(2rᵢ) zᵢ²) + pen(x), ẑ = Λ¹⁰R(x − x*), z = Q round(ẑ) in steps of 1, and \
              of 0.1 for |ẑᵢ| ≤ ½",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Jumps(
        "between the plateaus; on them the gradient is zero, save for that of |ẑ₁| on the central one",
    ),
    note: "Plateaus of many sizes: apart from the central one, the gradient is zero inside of the box.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(7, n, p);
        let x_opt = own.x_opt();
        let (first, second) = (own.first_rotation(), own.second_rotation());
        let facts = own.facts(&x_opt, Site::Kink);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let hat = apply(&second, x.clone() - constant(x_opt.clone(), &x)) * powers(10f64.sqrt(), n, &x);
            let fine = ((hat.clone() * 10.0) + 0.5).floor() * 0.1;
            let steps = fine.mask_where(hat.clone().abs().greater_elem(0.5), (hat.clone() + 0.5).floor());
            let ellipsoid = (apply(&first, steps).square() * powers(100.0, n, &x)).sum();
            ellipsoid.max_pair(hat.slice(0..1).abs() * 1e-4) * 0.1 + penalty(x) + f_opt
        })
    },
    ..Entry::COMMON
};
