use crate::mgh::{around, least};
use crate::prelude::*;

pub(crate) const ENTRY: Entry = Entry {
    name: "mgh_chebyquad",
    family: Family::Mgh,
    number: 35,
    formula: "mean of Tᵢ(xⱼ) − ∫₀¹ Tᵢ, Tᵢ the Chebyshev polynomials of [0, 1]",
    dims: Dims::from(1, 8),
    parameters: &[Parameter::whole(
        "m",
        0.0,
        [0.0, 1e3],
        "the number of residuals; zero for as many as coordinates",
    )],
    note: "Zero at n = 1, …, 7 and 9; 0.00351687 at n = 8 and 0.00650395 at n = 10.",
    source: MGH,
    make: |n, p| {
        let m = if p.whole("m") == 0 { n } else { p.whole("m") };
        let facts = least(
            around(weights(n, |i| (i + 1.0) / (n as f64 + 1.0))),
            n == 8 && m == 8,
            [
                0.043152760330724425,
                0.19309084054887699,
                0.26632870687280624,
                0.5000000008641804,
                0.49999999913581966,
                0.7336712931271938,
                0.8069091594511231,
                0.9568472396692755,
            ],
            0.0035168737256779234,
        );
        Made::squares(facts, move |x| {
            let u = x * 2.0 - 1.0;
            let mut polynomials = vec![u.ones_like(), u.clone()];
            (2..=m).for_each(|i| {
                let next = u.clone() * polynomials[i - 1].clone() * 2.0 - polynomials[i - 2].clone();
                polynomials.push(next);
            });
            let integral = |i: usize| if i.is_multiple_of(2) { -1.0 / ((i * i) as f64 - 1.0) } else { 0.0 };
            Tensor::cat((1..=m).map(|i| polynomials[i].clone().mean() - integral(i)).collect(), 0)
        })
    },
    ..Entry::COMMON
};
