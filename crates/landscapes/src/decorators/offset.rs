use super::Decorator;
use crate::entry::Made;
use crate::parameter::Parameter;

/// `x ↦ f(x) + c`.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "offset",
    parameters: &[Parameter::real("by", 0.0, [f64::MIN, f64::MAX], "what is added")],
    about: "adds a number to all values",
    random: false,
    make: |inner, p| {
        let (own, by) = (inner.clone(), p["by"]);
        let facts = inner.facts().clone().revalued(|value| value + by);
        Ok(Made::new(facts, move |x| own.value(x) + by))
    },
};
