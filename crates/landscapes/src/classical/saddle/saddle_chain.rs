use crate::prelude::*;

/// The least L / γ for which nothing in the box of ±4.5τ lies below the minimum. Lowest beside it is the point where one
/// coordinate is 2τ and the next 4.5τ, at −(L + γ)·13τ²/6 − γ(4.5τ)²; the last two saddles on the way down are worth −2ν.
/// That the first is not below the second is 6γ·4.5² ≤ 61L + 13γ.
const LEAST_RATIO: f64 = 108.5 / 61.0;

pub(crate) const ENTRY: Entry = Entry {
    name: "saddle_chain",
    family: Family::Saddle,
    formula: "Σ_{j<i} (L (|xⱼ| − 4τ)² − ν) + h(|xᵢ|) + g(|xᵢ|) xᵢ₊₁² + Σ_{j>i+1} L xⱼ², where i is the first coordinate \
              with |xᵢ| < 2τ",
    dims: Dims::from(1, 5),
    parameters: &[
        Parameter::real("l", std::f64::consts::E, [1e-6, 1e6], "L, half the curvature upwards"),
        Parameter::real("gamma", 1.0, [1e-6, 1e6], "γ, half the curvature downwards"),
        Parameter::real(
            "tau",
            std::f64::consts::E,
            [1e-6, 1e6],
            "τ, a quarter of the way from saddle to saddle",
        ),
    ],
    smoothness: Smoothness::Twice(
        "third derivatives jump where |xᵢ| is τ or 2τ; away from the valley, where a coordinate passes 2τ while a later \
         one is not small, the value itself jumps",
    ),
    note: "Saddles of index 1 in a row, (4τ, …, 4τ, 0, …, 0) with values −kν, ν = (37L + 13γ)τ²/6. Gradient descent that \
           starts near the origin passes one after the other and needs a time that grows by the factor (L + γ)/γ from \
           each to the next; perturbed descent does not. For two and more coordinates it has no lower bound far away; in \
           the box of ±4.5τ the last point of the chain is the lowest where L ≥ 1.78 γ.",
    source: "S. S. Du, C. Jin, J. D. Lee, M. I. Jordan, B. Póczos and A. Singh, Gradient descent can take exponential time \
             to escape saddle points, NIPS 30 (2017), section 4; mirrored to all orthants here",
    make: |n, p| {
        let (l, gamma, tau) = (p["l"], p["gamma"], p["tau"]);
        let drop = (37.0 * l + 13.0 * gamma) * tau * tau / 6.0;
        let passed = |k: usize| weights(n, |i| if (i as usize) < k { 4.0 * tau } else { 0.0 });
        let mut facts = Facts::in_cube(n, -4.5 * tau, 4.5 * tau).start(vec![1e-3; n]);
        facts = (0..n).fold(facts, |facts, k| facts.saddle(passed(k), -drop * k as f64, 1, 0));
        facts = facts.minimum(passed(n), -drop * n as f64);
        if l >= LEAST_RATIO * gamma {
            facts = facts.lowest(Lowest::InBox(-drop * n as f64));
        }
        Made::new(facts, move |x| {
            // |x|² would have a kink for a differentiator, so squares are those of x.
            let size = x.clone().abs();
            let is_passed = size.clone().greater_equal_elem(2.0 * tau);
            // One for every coordinate before the first that has not passed, shifted by one: up to it.
            let passed = size.zeros_like().mask_fill(is_passed, 1.0).cumprod(0);
            let before = Tensor::cat(vec![size.ones_like().slice(0..1), head(&passed, 1)], 0);
            let active = before - passed.clone();

            let near = size.clone().lower_equal_elem(tau);
            let (s, t) = (size.clone() - tau, size.clone() / tau - 2.0);
            let s3 = s.clone().square() * s.clone();
            let square = x.square();
            let down = square.clone() * -gamma;
            let slide = s3.clone() * ((10.0 * gamma - 14.0 * l) / (3.0 * tau))
                + s3 * s * ((5.0 * l - 3.0 * gamma) / (2.0 * tau * tau));
            let own = down.clone() + slide.mask_fill(near.clone(), 0.0);
            // The curvature of the next coordinate turns from L to −γ while this one goes from τ to 2τ.
            let t3 = t.clone().square() * t.clone();
            let turn = t3 * (t.clone() * (t * 6.0 + 15.0) + 10.0) * -(l + gamma) - gamma;
            let next = turn.mask_fill(near, l);

            let ahead = active.clone().equal_elem(0.0);
            let next =
                Tensor::cat(vec![size.ones_like().slice(0..1) * l, head(&next.mask_fill(ahead, l), 1)], 0);
            let waiting = square * next;
            let arrived = (size - 4.0 * tau).square() * l - drop;
            waiting.mask_where(active.equal_elem(1.0), own).mask_where(passed.equal_elem(1.0), arrived).sum()
        })
    },
    ..Entry::COMMON
};
