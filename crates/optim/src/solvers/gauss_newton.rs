use super::linalg::{add, dot, eigen, norm, plus, scaled};
use super::line_search::{Armijo, Line};
use super::{Listed, Memory, Oracle, Outcome, Progress, Residuals, Solver};
use crate::error::{Error, Result};

solver! {
    /// The Gauss–Newton method for least squares, with backtracking: the Hessian of `½ ‖r‖²` is taken as `JᵀJ`.
    ///
    /// The step is the shortest minimizer of `‖J p + r‖`: up to `dense` parameters from the eigen-decomposition of `JᵀJ`,
    /// where eigenvalues below `rank` times the largest count as zero, beyond by conjugate gradients (CGLS). Converges
    /// quadratically where residuals vanish at the solution, linearly or not at all where they are large; then
    /// [`LevenbergMarquardt`](super::LevenbergMarquardt) is safer.
    ///
    /// C. F. Gauss (1809); Nocedal and Wright, Numerical Optimization, section 10.3. Needs an oracle that declares
    /// residuals, [`least_squares`](super::least_squares).
    pub struct GaussNewton = "gauss_newton" {
        /// The largest gradient at a minimum.
        gtol: f64 = 1e-8, in NonNegative;
        /// Eigenvalues below this part of the largest count as zero.
        rank: f64 = 1e-14, in NonNegative;
        /// The most parameters for which a whole matrix is decomposed.
        dense: usize = 512, in Any;
    }
}

/// The residuals of an oracle that must declare some.
pub(super) fn declared<'a>(oracle: &'a dyn Oracle, solver: &str) -> Result<&'a dyn Residuals> {
    oracle.residuals().ok_or_else(|| {
        Error::Driver(format!(
            "`{solver}` minimizes sums of squares, but this function declares no residuals; build its oracle by \
             `least_squares`, or take `newton_cg`."
        ))
    })
}

/// `JᵀJ` of a row-major `[m, n]` matrix.
pub(super) fn gram(jacobian: &[f64], n: usize) -> Vec<f64> {
    let mut all = vec![0.0; n * n];
    for row in jacobian.chunks(n.max(1)) {
        for (i, x) in row.iter().enumerate() {
            add(&mut all[i * n..(i + 1) * n], *x, row);
        }
    }
    all
}

/// CG on `(JᵀJ + μI) p = −g`, by products with `J` and its transpose.
pub(super) fn least_norm(residuals: &dyn Residuals, x: &[f64], gradient: &[f64], mu: f64) -> Result<Vec<f64>> {
    let mut p = vec![0.0; x.len()];
    let mut r = scaled(-1.0, gradient);
    let mut d = r.clone();
    let first = norm(&r);
    for _ in 0..2 * x.len() {
        let jd = residuals.jvp(x, &d)?;
        let square = dot(&r, &r);
        let curvature = dot(&jd, &jd) + mu * dot(&d, &d);
        if curvature <= 0.0 || square.sqrt() <= 1e-10 * first {
            break;
        }
        let alpha = square / curvature;
        add(&mut p, alpha, &d);
        let product = plus(&residuals.vjp(x, &jd)?, mu, &d);
        add(&mut r, -alpha, &product);
        d = plus(&r, dot(&r, &r) / square, &d);
    }
    Ok(p)
}

impl Listed for GaussNewton {
    const CITATION: &'static str = "\
@book{nocedal2006,
  author = {Nocedal, Jorge and Wright, Stephen J.},
  title = {Numerical Optimization},
  publisher = {Springer},
  edition = {2},
  year = {2006}
}";
}

impl Solver for GaussNewton {
    fn needs_residuals(&self) -> bool {
        true
    }

    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, _memory: &mut Memory, _lr: f64) -> Result<Progress> {
        let residuals = declared(oracle, "gauss_newton")?;
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        if let Some(outcome) = Outcome::of_gradient(progress.gradient, self.gtol, "") {
            return Ok(progress.stop(outcome));
        }
        let direction = if x.len() <= self.dense {
            let spectrum = eigen(&gram(&residuals.jacobian(x)?, x.len()), x.len());
            let least = self.rank * spectrum.values.last().copied().unwrap_or(0.0);
            let pairs = spectrum.values.iter().zip(&spectrum.vectors).filter(|(value, _)| **value > least);
            pairs.fold(vec![0.0; x.len()], |p, (value, v)| plus(&p, -dot(&gradient, v) / value, v))
        } else {
            least_norm(residuals, x, &gradient, 0.0)?
        };
        let found = {
            let line = Line { oracle, x, direction: &direction };
            let start = line.trial(0.0, value, gradient);
            Armijo::default().search(&line, &start, 1.0)?
        };
        Ok(match found {
            Some((t, _)) => {
                add(x, t, &direction);
                progress
            }
            None => progress.stop(Outcome::Stalled(
                "no part of the step decreases the sum of squares; take `levenberg_marquardt`, or compute in f64"
                    .into(),
            )),
        })
    }
}
