use super::linalg::{add, dot, norm, plus, scaled};
use super::{Listed, Memory, Oracle, Outcome, Progress, Solver};
use crate::error::Result;

solver! {
    /// Newton's method in a trust region, the step found by conjugate gradients that stop at negative curvature or at the
    /// region's edge.
    ///
    /// The step `p` reduces the model `m(p) = f + gᵀp + ½ pᵀH p` within `‖p‖ ≤ Δ`, by products `H v` only. With
    /// `ρ = (f(x) − f(x + p)) / (m(0) − m(p))`: below ¼ the radius shrinks to a quarter; above ¾ at the edge it doubles;
    /// above `eta` the step is taken. CG stops at `‖r‖ < min(½, √‖g‖) ‖g‖`, which makes convergence superlinear. Where the
    /// gradient vanishes it cannot tell a saddle from a minimum;
    /// [`SaddleFreeNewton`](super::SaddleFreeNewton) can.
    ///
    /// T. Steihaug, The conjugate gradient method and trust regions in large scale optimization, SIAM J. Numer. Anal. 20
    /// (1983); Nocedal and Wright, Numerical Optimization, algorithms 4.1 and 7.2. Defaults of SciPy's
    /// `minimize(method='trust-ncg')`, but for `gtol`, which bounds the largest element (SciPy: 1e-4 on the norm). Where
    /// rounding hides the change in value, the gradients' change decides (Conn, Gould and Toint, Trust-Region Methods,
    /// section 17.4).
    pub struct NewtonCg = "newton_cg" {
        /// The radius of the trust region at first.
        radius: f64 = 1.0, in Positive;
        /// The largest radius of the trust region.
        max_radius: f64 = 1000.0, in Positive;
        /// The agreement of model and function from which on a step is taken.
        eta: f64 = 0.15, in Decay;
        /// The largest gradient at a minimum.
        gtol: f64 = 1e-8, in NonNegative;
        /// The most products with the Hessian in a step; `2n + 20` if none is given.
        max_cg: Option<usize> = None, in AtLeastOne;
    }
}

/// A step of the inner iteration: what it is, `H p`, and whether it ends at the region's edge.
struct Inner {
    step: Vec<f64>,
    product: Vec<f64>,
    is_at_edge: bool,
}

impl NewtonCg {
    /// Steihaug's iteration. `H p` is carried along, so that the model costs no further product.
    fn inner(&self, oracle: &dyn Oracle, x: &[f64], gradient: &[f64], radius: f64) -> Result<Inner> {
        let size = norm(gradient);
        let tolerance = size.sqrt().min(0.5) * size;
        let (mut p, mut hp) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        let mut r = gradient.to_vec();
        let mut d = scaled(-1.0, &r);
        for _ in 0..self.max_cg.unwrap_or(2 * x.len() + 20) {
            let hd = oracle.hvp(x, &d)?;
            let (curvature, square) = (dot(&d, &hd), dot(&r, &r));
            let alpha = square / curvature;
            // Negated, so that a curvature that is not a number counts as no curvature.
            let is_convex = curvature > 0.0;
            if !is_convex || norm(&plus(&p, alpha, &d)) >= radius {
                let t = to_edge(&p, &d, radius);
                add(&mut p, t, &d);
                add(&mut hp, t, &hd);
                return Ok(Inner { step: p, product: hp, is_at_edge: true });
            }
            add(&mut p, alpha, &d);
            add(&mut hp, alpha, &hd);
            add(&mut r, alpha, &hd);
            if norm(&r) < tolerance {
                break;
            }
            let beta = dot(&r, &r) / square;
            d = plus(&scaled(-1.0, &r), beta, &d);
        }
        Ok(Inner { step: p, product: hp, is_at_edge: false })
    }
}

/// How far to go from `p` along `d` to leave the ball of this radius; ahead, where CG's model decreases.
fn to_edge(p: &[f64], d: &[f64], radius: f64) -> f64 {
    let (a, b, c) = (dot(d, d), dot(p, d), dot(p, p) - radius * radius);
    // The stable one of the two forms of the positive root.
    let root = (b * b - a * c).max(0.0).sqrt();
    if b > 0.0 { -c / (b + root) } else { (root - b) / a }
}

/// How well a model predicts: the decrease had over the decrease predicted; one where both are rounding.
pub(super) fn agreement(oracle: &dyn Oracle, before: f64, after: f64, predicted: f64) -> f64 {
    let noise = 10.0 * oracle.layout().epsilon() * before.abs().max(f64::MIN_POSITIVE);
    let had = before - after;
    if had.abs() <= noise && predicted <= noise { 1.0 } else { had / predicted }
}

impl Listed for NewtonCg {
    const CITATION: &'static str = "\
@article{steihaug1983,
  author = {Steihaug, Trond},
  title = {The Conjugate Gradient Method and Trust Regions in Large Scale Optimization},
  journal = {SIAM Journal on Numerical Analysis},
  volume = {20},
  number = {3},
  pages = {626--637},
  year = {1983}
}";
}

impl Solver for NewtonCg {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, _lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        let beside = "; the curvature was not looked at";
        if let Some(outcome) = Outcome::of_gradient(progress.gradient, self.gtol, beside) {
            return Ok(progress.stop(outcome));
        }
        let mut radius = memory.number("radius").unwrap_or(self.radius);
        let Inner { step, product, is_at_edge } = self.inner(oracle, x, &gradient, radius)?;
        let predicted = -(dot(&gradient, &step) + 0.5 * dot(&step, &product));
        let next = plus(x, 1.0, &step);
        let rho = agreement(oracle, value, oracle.value(&next)?, predicted);
        // A value that is not a number is a bad one.
        if rho.is_nan() || rho < 0.25 {
            radius *= 0.25;
        } else if rho > 0.75 && is_at_edge {
            radius = (2.0 * radius).min(self.max_radius);
        }
        memory.set_number("radius", radius);
        if rho > self.eta {
            *x = next;
        } else if radius <= oracle.layout().epsilon() * norm(x).max(f64::MIN_POSITIVE) {
            let why = format!(
                "the trust region has shrunk to {radius:.1e} at a gradient of {:.2e}; compute in f64, or look for a kink",
                progress.gradient
            );
            return Ok(progress.stop(Outcome::Stalled(why)));
        }
        Ok(progress)
    }
}
