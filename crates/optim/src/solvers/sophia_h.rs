use super::sophia::average;
use super::{Diagonal, Listed, Memory, Oracle, Progress, Solver};
use crate::error::Result;

solver! {
    /// Sophia as pytorch_optimizer has it, close to the paper: no bias correction, and the fresh diagonal counts at once.
    ///
    /// ```text
    /// θ ← (1 − η λ) θ
    /// m ← β₁ m + (1 − β₁) g
    /// h ← β₂ h + (1 − β₂) diag H(θ)      every `update_period` steps, from the first on
    /// θ ← θ − η clip(m / max(h, ε), ±p)
    /// ```
    /// The diagonal is taken where the step started.
    ///
    /// H. Liu et al., arXiv:2305.14342 (2023); reference `pytorch_optimizer.SophiaH` 4.1.0. The paper clips `m / max(γ h, ε)`
    /// at one: `p = 1/γ` and `η` smaller by that factor.
    pub struct SophiaH = "sophia_h" {
        /// The learning rate.
        lr: f64 = 6e-2, in NonNegative;
        /// What the average of gradients keeps of its past.
        beta1: f64 = 0.96, in Decay;
        /// What the average of curvatures keeps of its past.
        beta2: f64 = 0.99, in Decay;
        /// What keeps the division from zero.
        eps: f64 = 1e-12, in NonNegative;
        /// The weight decay, decoupled from the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// The largest element of the direction.
        p: f64 = 1e-2, in NonNegative;
        /// The number of steps from one diagonal to the next.
        update_period: usize = 10, in AtLeastOne;
        /// How the diagonal is had.
        diagonal: Diagonal = Diagonal::Gaussian, in Any;
        /// The number of estimates that are averaged.
        samples: usize = 1, in AtLeastOne;
        /// The seed of the random probes.
        seed: usize = 0, in Any;
    }
}

impl Listed for SophiaH {
    const CITATION: &'static str = "\
@misc{liu2023sophia,
  author = {Liu, Hong and Li, Zhiyuan and Hall, David and Liang, Percy and Ma, Tengyu},
  title = {Sophia: A Scalable Stochastic Second-Order Optimizer for Language Model Pre-Training},
  year = {2023},
  eprint = {2305.14342},
  archivePrefix = {arXiv}
}";

    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.SophiaH(params, lr, betas: [beta1, beta2], weight_decay, -weight_decouple=true, -fixed_decay=false, p, update_period, -num_samples=1, -hessian_distribution=gaussian, eps; diagonal=exact)",
    ];
}

impl Solver for SophiaH {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let n = x.len();
        let t = memory.count("t");
        average(memory.zeros("m", n), self.beta1, &gradient);
        if (t as usize - 1).is_multiple_of(self.update_period) {
            let diagonal = self.diagonal.at(oracle, x, self.samples, self.seed as u64, t as u64)?;
            average(memory.zeros("h", n), self.beta2, &diagonal);
        }
        let h = memory.zeros("h", n).clone();
        for ((x, m), h) in x.iter_mut().zip(memory.zeros("m", n)).zip(h) {
            let u = (*m / h.max(self.eps)).clamp(-self.p, self.p);
            *x = *x * (1.0 - lr * self.weight_decay) - lr * u;
        }
        Ok(Progress::on(value, &gradient))
    }

    fn lr(&self) -> f64 {
        self.lr
    }
}
