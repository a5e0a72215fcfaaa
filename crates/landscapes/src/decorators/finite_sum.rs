use super::Decorator;
use super::sum::{PARAMETERS, centred, drawn};
use crate::entry::Made;
use crate::tensor::{constant, matrix};

/// `fᵢ(x) = f(x) + s ⟨bᵢ, x − c⟩` with the middle `c` of the box and slopes `bᵢ` of mean zero: the mean of all is `f`, but
/// each has its optimum elsewhere, so that the noise of the gradient does not vanish at that of `f`.
pub(super) const DECORATOR: Decorator = Decorator {
    name: "finite_sum",
    parameters: PARAMETERS,
    about: "makes the landscape the mean of functions with different optima, of which an evaluation sees a batch; known \
            points are those of the mean",
    random: true,
    make: |inner, p| {
        let n = inner.dimension();
        let (batch, components, spread) = (p.whole("batch"), p.whole("components"), p["spread"]);
        let (own, slopes, middle) = (inner.clone(), centred(p, n), inner.middle());
        Ok(Made::new(inner.facts().clone(), move |x| {
            let slopes = matrix(&slopes, n, &x).select(0, drawn(batch, components, &x));
            let slope = slopes.mean_dim(0).reshape([n]) * spread;
            let away = x.clone() - constant(middle.clone(), &x);
            own.value(x) + (slope * away).sum()
        }))
    },
};
