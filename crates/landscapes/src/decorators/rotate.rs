use super::Decorator;
use crate::entry::{Made, Parameter};
use crate::random::Numbers;
use crate::tensor::{apply, constant};

/// `x ↦ f(c + Q·(x − c))` with the middle `c` of the box and a random rotation or reflection `Q`.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "rotate",
    parameters: &[Parameter::seed("which rotation")],
    about: "turns the landscape about the middle of its box by a random orthogonal matrix",
    random: false,
    make: |inner, p| {
        let n = inner.dimension();
        let q = Numbers::new(p["seed"] as u64, 0).rotation(n);
        let middle: Vec<f64> = inner.bounds().iter().map(|[low, high]| (low + high) / 2.0).collect();
        let back = |x: &[f64]| -> Vec<f64> {
            let along = |j: usize| -> f64 { (0..n).map(|i| q[i * n + j] * (x[i] - middle[i])).sum() };
            (0..n).map(|j| middle[j] + along(j)).collect()
        };
        let facts = inner.facts().clone().moved(inner.bounds().to_vec(), back);
        let (own, q, c) = (inner.clone(), q.clone(), middle.clone());
        Ok(Made::new(facts, move |x| {
            let c = constant(c.clone(), &x);
            own.value(apply(&q, x - c.clone()) + c)
        }))
    },
};
