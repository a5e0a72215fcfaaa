use burn::tensor::Distribution;
use thalweg_autodiff::stop_gradient;

use super::Decorator;
use crate::entry::Made;
use crate::parameter::Parameter;

/// `f(x) + σ₁ε` with the gradient `∇f(x) + σ₂z` for standard normal `ε` and `z`, drawn anew in every evaluation.
///
/// `σ₂ (⟨z, x⟩ − ⟨z, stop_gradient(x)⟩)` has the value zero and the gradient `σ₂z`.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "noise",
    parameters: &[
        Parameter::real("value", 0.1, [0.0, 1e300], "σ₁, the deviation of the value"),
        Parameter::real("gradient", 0.1, [0.0, 1e300], "σ₂, the deviation of each coordinate of the gradient"),
    ],
    about: "adds Gaussian noise to value and gradient; known points are those of the mean",
    random: true,
    make: |inner, p| {
        let (own, value, gradient) = (inner.clone(), p["value"], p["gradient"]);
        Ok(Made::new(inner.facts().clone(), move |x| {
            let normal = Distribution::Normal(0.0, 1.0);
            let f = own.value(x.clone());
            let noise = f.random_like(normal) * value;
            let direction = x.random_like(normal) * gradient;
            let slope = (direction * (x.clone() - stop_gradient(x))).sum();
            f + noise + slope
        }))
    },
};
