use super::Decorator;
use super::scale::scaled;
use crate::parameter::Parameter;
use crate::tensor::ramp;

/// `x ↦ f(c + D·(x − c))` with the middle `c` of the box and `D` from `κ^(−1/4)` to `κ^(1/4)` along the axes.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "condition",
    parameters: &[Parameter::real(
        "condition",
        1e3,
        [1.0, 1e12],
        "κ, by which the condition of a sphere would grow",
    )],
    about: "stretches the landscape, its box and its known points about the middle of the box, by factors that are \
            evenly spread on a logarithmic scale and of mean one",
    random: false,
    make: |inner, p| {
        let by = ramp(inner.dimension()).into_iter().map(|r| p["condition"].powf(0.25 - 0.5 * r));
        Ok(scaled(inner, by.collect()))
    },
};
