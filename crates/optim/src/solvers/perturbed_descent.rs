use super::diagonal::Probe;
use super::linalg::{add, norm};
use super::{Listed, Memory, Oracle, Outcome, Progress, Solver};
use crate::error::Result;

solver! {
    /// Gradient descent that shakes itself loose where the gradient is small.
    ///
    /// `θ ← θ − η g`. Where `‖g‖ ≤ gradient` and more than `interval` steps have passed since the last shake, `θ` is first
    /// moved to a point drawn uniformly from the ball of this `radius` around it. If the value has then not fallen by
    /// `decrease` after `interval` steps, the point before the shake is taken for a second-order minimum and given back.
    ///
    /// C. Jin, R. Ge, P. Netrapalli, S. M. Kakade and M. I. Jordan, How to escape saddle points efficiently, ICML (2017),
    /// algorithm 1 (`η`, `g_thres`, `r`, `f_thres`, `t_thres`). The paper derives the five from the constants of the
    /// function, which are seldom known; here they are settings.
    pub struct PerturbedDescent = "perturbed_descent" {
        /// The learning rate.
        lr: f64 = 1e-2, in NonNegative;
        /// The length of a gradient that is small.
        gradient: f64 = 1e-3, in NonNegative;
        /// The radius of a shake.
        radius: f64 = 1e-3, in Positive;
        /// The least number of steps between two shakes.
        interval: usize = 100, in AtLeastOne;
        /// The decrease after a shake that shows a saddle.
        decrease: f64 = 1e-8, in NonNegative;
        /// The seed of the random probes.
        seed: usize = 0, in Any;
    }
}

impl Listed for PerturbedDescent {
    const CITATION: &'static str = "\
@inproceedings{jin2017,
  author = {Jin, Chi and Ge, Rong and Netrapalli, Praneeth and Kakade, Sham M. and Jordan, Michael I.},
  title = {How to Escape Saddle Points Efficiently},
  booktitle = {International Conference on Machine Learning},
  year = {2017}
}";
}

impl Solver for PerturbedDescent {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, mut gradient) = oracle.gradient(x)?;
        let progress = Progress::on(value, &gradient);
        let t = memory.count("t");
        let since = memory.number("shaken").map(|shaken| t - shaken);
        if since == Some(self.interval as f64) {
            let before = memory.number("value").unwrap_or(f64::INFINITY);
            if value > before - self.decrease {
                x.clone_from(memory.zeros("x", x.len()));
                let why = format!(
                    "{} steps after a shake of radius {:e} the value had not fallen by {:e}; the point before it is \
                     taken for a minimum",
                    self.interval, self.radius, self.decrease
                );
                return Ok(progress.stop(Outcome::Converged(why)));
            }
        }
        if norm(&gradient) <= self.gradient && since.is_none_or(|since| since > self.interval as f64) {
            memory.set_number("shaken", t);
            memory.set_number("value", value);
            memory.set("x", x.clone());
            let shake = Probe::new(self.seed as u64, t as u64, 0).ball(x.len(), self.radius);
            add(x, 1.0, &shake);
            gradient = oracle.gradient(x)?.1;
        }
        add(x, -lr, &gradient);
        Ok(progress)
    }

    fn lr(&self) -> f64 {
        self.lr
    }
}
