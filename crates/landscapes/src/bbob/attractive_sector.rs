use crate::bbob::instance::*;
use crate::bbob::transformations::*;
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "bbob_attractive_sector",
    family: Family::Bbob,
    number: 6,
    formula: "T_osz(Σ (sᵢzᵢ)²)^0.9, z = QΛ¹⁰R(x − x*), sᵢ = 100 where zᵢ has the sign of x*ᵢ",
    dims: DIMS,
    parameters: INSTANCE,
    smoothness: Smoothness::Once(
        "where a zᵢ is zero the curvature jumps by 10⁴; at the optimum, where the value is as |z|^1.8, there \
         is none",
    ),
    note: "Only a sector of the space has low values.",
    source: BBOB,
    make: |n, p| {
        let own = Instance::new(6, n, p);
        let x_opt = own.x_opt();
        let m = own.stretched(10.0);
        let facts = own.facts(&x_opt, Site::Rough);
        let f_opt = own.f_opt;
        Made::new(facts, move |x| {
            let sides = constant(x_opt.clone(), &x);
            let z = apply(&m, x - sides.clone());
            let steep = z.ones_like().mask_fill((z.clone() * sides).greater_elem(0.0), 1e4);
            power(t_osz((z.square() * steep).sum()), 0.9) + f_opt
        })
    },
    ..Entry::COMMON
};
