use super::diagonal::Probe;
use super::linalg::{Eigen, add, dot, eigen, lanczos, plus};
use super::{Listed, Memory, Oracle, Outcome, Progress, Solver};
use crate::error::Result;

solver! {
    /// Newton's method that is repelled by saddles: every curvature counts by its magnitude.
    ///
    /// With `H = Σ λᵢ vᵢ vᵢᵀ`, the step is `−Σ vᵢ (vᵢᵀg) / (|λᵢ| + μ)`. The damping `μ` falls to a third after a step that
    /// decreases the function as predicted, and grows fourfold until one does. Up to `dense` parameters the Hessian is
    /// decomposed whole; beyond, its part in the Krylov space of the gradient, of dimension `krylov` (Lanczos).
    ///
    /// Where the gradient is within `gtol` but the lowest curvature is below `−curvature`, the point is a strict saddle:
    /// the step then goes along that direction, to whichever side is lower, up to `escape` far. Convergence is thus to a
    /// point of small gradient *and* no negative curvature; on degenerate saddles, without one, it stops as others do.
    ///
    /// Y. N. Dauphin, R. Pascanu, C. Gulcehre, K. Cho, S. Ganguli and Y. Bengio, Identifying and attacking the saddle point
    /// problem in high-dimensional non-convex optimization, NIPS 27 (2014). Departs from it in choosing `μ` from step to
    /// step, where the paper tries powers of ten, and in the step along a negative curvature where the gradient vanishes.
    pub struct SaddleFreeNewton = "saddle_free_newton" {
        /// What is taken of each step.
        lr: f64 = 1.0, in NonNegative;
        /// The damping at first.
        damping: f64 = 1e-3, in Positive;
        /// The largest gradient at a minimum.
        gtol: f64 = 1e-8, in NonNegative;
        /// A curvature below minus this is negative.
        curvature: f64 = 1e-8, in NonNegative;
        /// The longest step along a direction of negative curvature.
        escape: f64 = 1.0, in Positive;
        /// The most parameters for which a whole matrix is decomposed.
        dense: usize = 256, in Any;
        /// The dimension of the Krylov space beyond.
        krylov: usize = 50, in AtLeastOne;
        /// The seed of the random probes.
        seed: usize = 0, in Any;
    }
}

/// The most dampings or lengths tried in one step.
const TRIES: usize = 60;

impl SaddleFreeNewton {
    /// What is known of the Hessian's spectrum: all of it, or what it does near the start of a Krylov space.
    fn spectrum(&self, oracle: &dyn Oracle, x: &[f64], start: &[f64]) -> Result<Eigen> {
        if x.len() <= self.dense {
            return Ok(eigen(&oracle.hessian(x)?, x.len()));
        }
        Ok(lanczos(|v| oracle.hvp(x, v), start, self.krylov)?.ritz)
    }

    /// A point below `value` along the curve of dampings, and the damping that led there.
    fn descend(
        &self,
        oracle: &dyn Oracle,
        x: &[f64],
        at: (f64, &[f64]),
        spectrum: &Eigen,
        lr: f64,
        mut damping: f64,
    ) -> Result<Option<(Vec<f64>, f64)>> {
        let (value, gradient) = at;
        for _ in 0..TRIES {
            let (mut step, mut predicted) = (vec![0.0; x.len()], 0.0);
            for (curvature, v) in spectrum.values.iter().zip(&spectrum.vectors) {
                let (along, size) = (dot(gradient, v), curvature.abs() + damping);
                let part = -lr * along / size;
                add(&mut step, part, v);
                predicted -= part * along + 0.5 * part * part * curvature.abs();
            }
            let next = plus(x, 1.0, &step);
            if super::newton_cg::agreement(oracle, value, oracle.value(&next)?, predicted) > 1e-4 {
                return Ok(Some((next, damping / 3.0)));
            }
            damping = (4.0 * damping).max(1e-12);
        }
        Ok(None)
    }

    /// A point below `value` along a direction of negative curvature.
    fn leave(
        &self,
        oracle: &dyn Oracle,
        x: &[f64],
        value: f64,
        curvature: f64,
        v: &[f64],
    ) -> Result<Option<Vec<f64>>> {
        let mut length = self.escape;
        for _ in 0..TRIES {
            let ends = [plus(x, length, v), plus(x, -length, v)];
            let values = [oracle.value(&ends[0])?, oracle.value(&ends[1])?];
            let lower = usize::from(values[0].is_nan() || values[0] > values[1]);
            if values[lower] < value - 1e-4 * 0.5 * curvature.abs() * length * length {
                let [first, second] = ends;
                return Ok(Some(if lower == 0 { first } else { second }));
            }
            length *= 0.5;
        }
        Ok(None)
    }
}

impl Listed for SaddleFreeNewton {
    const CITATION: &'static str = "\
@inproceedings{dauphin2014,
  author = {Dauphin, Yann N. and Pascanu, Razvan and Gulcehre, Caglar and Cho, Kyunghyun and Ganguli, Surya and Bengio, Yoshua},
  title = {Identifying and Attacking the Saddle Point Problem in High-Dimensional Non-Convex Optimization},
  booktitle = {Advances in Neural Information Processing Systems 27},
  year = {2014}
}";
}

impl Solver for SaddleFreeNewton {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        if progress.gradient > self.gtol {
            let spectrum = self.spectrum(oracle, x, &gradient)?;
            let damping = memory.number("damping").unwrap_or(self.damping);
            return Ok(match self.descend(oracle, x, (value, &gradient), &spectrum, lr, damping)? {
                Some((next, damping)) => {
                    *x = next;
                    memory.set_number("damping", damping);
                    progress
                }
                None => {
                    let why = format!(
                        "no damping decreases the function at a gradient of {:.2e}; compute in f64, or look for a kink",
                        progress.gradient
                    );
                    progress.stop(Outcome::Stalled(why))
                }
            });
        }
        let draw = memory.count("saddles");
        let start = Probe::new(self.seed as u64, draw as u64, 0).gaussian(x.len());
        let spectrum = self.spectrum(oracle, x, &start)?;
        let lowest = spectrum.values.first().copied().unwrap_or(f64::NAN);
        if lowest < -self.curvature {
            return Ok(match self.leave(oracle, x, value, lowest, &spectrum.vectors[0])? {
                Some(next) => {
                    *x = next;
                    progress
                }
                None => progress.stop(Outcome::Stalled(format!(
                    "the lowest curvature is {lowest:.2e}, but no step along its direction decreases the function; \
                     compute in f64, or look for a kink"
                ))),
            });
        }
        let beside = format!(" and the lowest curvature is {lowest:.2e}");
        let outcome = Outcome::of_gradient(progress.gradient, self.gtol, &beside);
        Ok(Progress { outcome, ..progress })
    }

    fn lr(&self) -> f64 {
        self.lr
    }
}
