use super::gauss_newton::{declared, gram, least_norm};
use super::linalg::{Cholesky, dot, plus, scaled};
use super::{Listed, Memory, Oracle, Outcome, Progress, Solver};
use crate::error::Result;

solver! {
    /// The Levenberg–Marquardt method for least squares: Gauss–Newton, damped as the model deserves.
    ///
    /// The step solves `(JᵀJ + μ D) p = −Jᵀr`; `D` holds the largest diagonal of `JᵀJ` seen so far, which makes the method
    /// blind to the scales of the parameters (Moré), and `μ` starts at `damping`. With `ρ` the decrease had over the
    /// decrease predicted, `μ` is multiplied by `max(⅓, 1 − (2ρ − 1)³)` after a step that decreases the sum; a step that
    /// does not is taken back and `μ` grows by 2, 4, 8, … (Nielsen). Beyond `dense` parameters `D = I` and the system is
    /// solved by conjugate gradients.
    ///
    /// K. Levenberg (1944); D. W. Marquardt (1963); J. J. Moré, The Levenberg–Marquardt algorithm: implementation and
    /// theory (1978); K. Madsen, H. B. Nielsen and O. Tingleff, Methods for non-linear least squares problems (2004),
    /// algorithm 3.16. Needs an oracle that declares residuals, [`least_squares`](super::least_squares).
    pub struct LevenbergMarquardt = "levenberg_marquardt" {
        /// The damping at first, in units of the scales.
        damping: f64 = 1e-3, in Positive;
        /// The largest gradient at a minimum.
        gtol: f64 = 1e-8, in NonNegative;
        /// A step that is shorter than this part of the parameters, both in the scales `√D`, ends the search, as in MINPACK.
        xtol: f64 = 1e-15, in NonNegative;
        /// The most parameters for which a whole matrix is decomposed.
        dense: usize = 512, in Any;
    }
}

/// The most dampings tried in one step: `2^(1 + 2 + … + 40)` is beyond any need.
const TRIES: usize = 40;

impl Listed for LevenbergMarquardt {
    const CITATION: &'static str = "\
@techreport{madsen2004,
  author = {Madsen, Kaj and Nielsen, Hans Bruun and Tingleff, Ole},
  title = {Methods for Non-Linear Least Squares Problems},
  institution = {Technical University of Denmark},
  edition = {2},
  year = {2004}
}";
}

impl Solver for LevenbergMarquardt {
    fn needs_residuals(&self) -> bool {
        true
    }

    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, _lr: f64) -> Result<Progress> {
        let residuals = declared(oracle, "levenberg_marquardt")?;
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        if let Some(outcome) = Outcome::of_gradient(progress.gradient, self.gtol, "") {
            return Ok(progress.stop(outcome));
        }
        let n = x.len();
        let gram = if n <= self.dense { Some(gram(&residuals.jacobian(x)?, n)) } else { None };
        let scale = memory.zeros("scale", n);
        match &gram {
            Some(gram) => scale.iter_mut().enumerate().for_each(|(i, s)| *s = s.max(gram[i * n + i])),
            None => scale.fill(1.0),
        }
        // A parameter that no residual has felt yet must not make the system singular.
        let scale: Vec<f64> = scale.iter().map(|s| if *s > 0.0 { *s } else { 1.0 }).collect();
        let mut mu = memory.number("mu").unwrap_or(self.damping);
        let mut growth = 2.0;
        for _ in 0..TRIES {
            let solved = match &gram {
                Some(gram) => {
                    let mut damped = gram.clone();
                    (0..n).for_each(|i| damped[i * n + i] += mu * scale[i]);
                    Cholesky::of(&damped, n).map(|factor| factor.solve(&scaled(-1.0, &gradient)))
                }
                None => Some(least_norm(residuals, x, &gradient, mu)?),
            };
            if let Some(step) = solved {
                let size = |v: &[f64]| v.iter().zip(&scale).map(|(v, d)| d * v * v).sum::<f64>().sqrt();
                // Scales of the way here may be so much larger than those of this place that damping alone makes the step
                // small: that is no minimum, and the damping falls if the step is a good one.
                let is_held = growth == 2.0
                    && gram.as_ref().is_some_and(|g| (0..n).any(|i| mu * scale[i] > g[i * n + i]));
                if size(&step) <= self.xtol * (size(x) + self.xtol) && !is_held {
                    let why =
                        format!("the scaled step, {:.1e} long, is within xtol={:e}", size(&step), self.xtol);
                    return Ok(progress.stop(Outcome::if_small(x, value, &gradient, why)));
                }
                let next = plus(x, 1.0, &step);
                let weighted: f64 = step.iter().zip(&scale).map(|(p, d)| mu * d * p * p).sum();
                let predicted = 0.5 * (weighted - dot(&step, &gradient));
                let rho = super::newton_cg::agreement(oracle, value, oracle.value(&next)?, predicted);
                if rho > 0.0 {
                    *x = next;
                    memory.set_number("mu", mu * (1.0 - (2.0 * rho - 1.0).powi(3)).max(1.0 / 3.0));
                    return Ok(progress);
                }
            }
            mu *= growth;
            growth *= 2.0;
        }
        let why = "no damping decreases the sum of squares; compute in f64, or look for a kink";
        Ok(progress.stop(Outcome::Stalled(why.into())))
    }
}
