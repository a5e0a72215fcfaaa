use super::Decorator;
use crate::entry::Made;
use crate::landscape::Landscape;
use crate::parameter::Parameter;
use crate::tensor::constant;

/// `x ↦ f(c + (x − c)/s)` with the middle `c` of the box.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "scale",
    parameters: &[Parameter::list("by", 1.0, "the factor, for all axes or for each")],
    about: "stretches the landscape, its box and its known points about the middle of the box",
    random: false,
    make: |inner, p| {
        let by = p.each("by", inner.dimension())?;
        match by.iter().find(|by| **by <= 0.0) {
            Some(by) => Err(crate::Error::Parameter(format!(
                "`by` of `scale` is {by}, but a landscape can only be stretched by positive factors."
            ))),
            None => Ok(scaled(inner, by)),
        }
    },
};

pub(super) fn scaled(inner: &Landscape, by: Vec<f64>) -> Made {
    let middle = inner.middle();
    let stretch = |i: usize, x: f64| middle[i] + (x - middle[i]) * by[i];
    let to = |x: &[f64]| x.iter().enumerate().map(|(i, x)| stretch(i, *x)).collect();
    let bounds =
        inner.bounds().iter().enumerate().map(|(i, [low, high])| [stretch(i, *low), stretch(i, *high)]);
    let facts = inner.facts().clone().moved(bounds.collect(), to);
    Made::through(facts, inner, move |x| {
        let (middle, by) = (constant(middle.clone(), &x), constant(by.clone(), &x));
        (x - middle.clone()) / by + middle
    })
}
