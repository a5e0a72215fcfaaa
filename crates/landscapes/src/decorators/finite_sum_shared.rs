use super::Decorator;
use super::sum::{PARAMETERS, centred, drawn};
use crate::entry::Made;
use crate::tensor::constant;

/// `fᵢ(x) = f* + (1 + s aᵢ)(f(x) − f*)` with the best known value `f*` and factors `aᵢ` of mean zero: the mean of all is
/// `f`, and each has the same critical points, so that the noise of the gradient vanishes there.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "finite_sum_shared",
    parameters: PARAMETERS,
    about: "makes the landscape the mean of functions with the same optimum, of which an evaluation sees a batch; known \
            points are those of all",
    random: true,
    make: |inner, p| {
        let (batch, components, spread) = (p.whole("batch"), p.whole("components"), p["spread"]);
        let (own, factors) = (inner.clone(), centred(p, 1));
        let best = inner.facts().best_known().unwrap_or(0.0);
        Ok(Made::new(inner.facts().clone(), move |x| {
            let factors = constant(factors.clone(), &x).select(0, drawn(batch, components, &x));
            let factor = factors.mean() * spread + 1.0;
            (own.value(x) - best) * factor + best
        }))
    },
};
