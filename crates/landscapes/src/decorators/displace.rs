use super::Decorator;
use super::shift::shifted;
use crate::parameter::Parameter;
use crate::random::Numbers;

/// `x ↦ f(x − s)` with a random `s`.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "displace",
    parameters: &[
        Parameter::seed("which shift"),
        Parameter::real("reach", 0.1, [0.0, 1e6], "how far at most, in lengths of the box along each axis"),
    ],
    about: "moves the landscape with its box and its known points by a random vector",
    random: false,
    make: |inner, p| {
        let mut numbers = Numbers::new(p.seed("seed"), 1);
        let reach = p["reach"];
        let by = |[low, high]: &[f64; 2]| numbers.uniform(-reach, reach) * (high - low);
        let by = inner.bounds().iter().map(by).collect();
        Ok(shifted(inner, by))
    },
};
