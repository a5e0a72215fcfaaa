use super::Decorator;
use crate::entry::Made;
use crate::landscape::Landscape;
use crate::parameter::Parameter;
use crate::tensor::constant;

/// `x ↦ f(x − s)`.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "shift",
    parameters: &[Parameter::list("by", 0.0, "how far, along all axes or along each")],
    about: "moves the landscape with its box and its known points",
    random: false,
    make: |inner, p| Ok(shifted(inner, p.each("by", inner.dimension())?)),
};

pub(super) fn shifted(inner: &Landscape, by: Vec<f64>) -> Made {
    let to = |x: &[f64]| x.iter().zip(&by).map(|(x, by)| x + by).collect();
    let bounds = inner.bounds().iter().zip(&by).map(|([low, high], by)| [low + by, high + by]);
    let facts = inner.facts().clone().moved(bounds.collect(), to);
    Made::through(facts, inner, move |x| {
        let by = constant(by.clone(), &x);
        x - by
    })
}
