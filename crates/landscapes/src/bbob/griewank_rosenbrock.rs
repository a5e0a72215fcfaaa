use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_griewank_rosenbrock",
    family: Family::Bbob,
    number: 19,
    formula: "10/(n−1) Σ (sᵢ/4000 − cos sᵢ) + 10, sᵢ = 100 (zᵢ² − zᵢ₊₁)² + (zᵢ − 1)², z = max(1, √n/8) Rx + ½",
    dims: DIMS,
    parameters: INSTANCE,
    note: "Cosines of values up to 10⁵: very rugged away from the valley. In f32 their argument is known to \
           about 0.01 there.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(19, n, p);
        let rotation = own.second_rotation();
        let x_opt = own.half_over(&rotation);
        let facts = own.facts(&x_opt, Site::Smooth);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let s = rosenbrock(apply(&rotation, x) * widening(n) + 0.5);
            // 1 − cos s = 2 sin² s/2.
            (s.clone() / 4000.0 + sin2(s * 0.5) * 2.0).mean() * 10.0 + f_opt
        })
    },
    ..Entry::COMMON
};
