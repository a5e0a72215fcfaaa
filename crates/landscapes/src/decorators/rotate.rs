use super::Decorator;
use crate::entry::Made;
use crate::facts::Lowest;
use crate::parameter::Parameter;
use crate::random::Numbers;
use crate::tensor::{apply, constant};

/// `x ↦ f(c + Q·(x − c))` with the middle `c` of the box and a random rotation or reflection `Q`.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "rotate",
    parameters: &[Parameter::seed("which rotation")],
    about: "turns the landscape about the middle of its box, which stays, by a random orthogonal matrix",
    random: false,
    make: |inner, p| {
        let n = inner.dimension();
        let q = Numbers::new(p.seed("seed"), 0).rotation(n);
        let middle = inner.middle();
        let back = |x: &[f64]| -> Vec<f64> {
            let along = |j: usize| -> f64 { (0..n).map(|i| q[i * n + j] * (x[i] - middle[i])).sum() };
            (0..n).map(|j| middle[j] + along(j)).collect()
        };
        let mut facts = inner.facts().clone().moved(inner.bounds().to_vec(), back);
        // The box that the statement was about has turned, and is a box no longer.
        if let Lowest::InBox(_) = facts.lowest {
            facts.lowest = Lowest::Unknown;
        }
        let (q, middle) = (q.clone(), middle.clone());
        Ok(Made::through(facts, inner, move |x| {
            let middle = constant(middle.clone(), &x);
            apply(&q, x - middle.clone()) + middle
        }))
    },
};
