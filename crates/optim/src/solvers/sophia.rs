use super::{Diagonal, Listed, Memory, Oracle, Progress, Solver};
use crate::error::Result;

solver! {
    /// Sophia as optax has it: momentum over a clipped estimate of the Hessian's diagonal.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g
    /// u = clip(m / (1 − β₁ᵗ) / max(γ h, ε), ±clip_threshold)
    /// θ ← θ − η (u + λ θ)
    /// h ← β₂ h + (1 − β₂) diag H(θ)      every `update_interval` steps, from the first on
    /// ```
    /// The diagonal is that of the point where the step started, and counts from the next step on; it comes from exact
    /// Hessian-vector products, `diagonal` of them as [`Diagonal`] says.
    ///
    /// H. Liu, Z. Li, D. Hall, P. Liang and T. Ma, Sophia: a scalable stochastic second-order optimizer for language model
    /// pre-training, arXiv:2305.14342 (2023); reference `optax.contrib.sophia` 0.2.8. The paper does not correct the bias of
    /// `m`; [`SophiaH`](super::SophiaH) has its other form.
    pub struct Sophia = "sophia" {
        /// The learning rate.
        lr: f64 = 1e-3, in NonNegative;
        /// What the average of gradients keeps of its past.
        beta1: f64 = 0.965, in Decay;
        /// What the average of curvatures keeps of its past.
        beta2: f64 = 0.99, in Decay;
        /// What keeps the division from zero.
        eps: f64 = 1e-8, in NonNegative;
        /// The weight decay, decoupled from the gradient.
        weight_decay: f64 = 1e-4, in NonNegative;
        /// What the curvature is multiplied by.
        gamma: f64 = 0.01, in Positive;
        /// The largest element of the direction.
        clip_threshold: Option<f64> = Some(1.0), in Positive;
        /// The number of steps from one diagonal to the next.
        update_interval: usize = 10, in AtLeastOne;
        /// How the diagonal is had.
        diagonal: Diagonal = Diagonal::Rademacher, in Any;
        /// The number of estimates that are averaged.
        samples: usize = 1, in AtLeastOne;
        /// The seed of the random probes.
        seed: usize = 0, in Any;
    }
}

/// `a ← β a + (1 − β) b`.
pub(super) fn average(a: &mut [f64], beta: f64, b: &[f64]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a = beta * *a + (1.0 - beta) * b);
}

/// `1 − βᵗ`.
pub(super) fn bias_correction(beta: f64, t: f64) -> f64 {
    if beta == 0.0 { 1.0 } else { -(t * beta.ln()).exp_m1() }
}

impl Listed for Sophia {
    const CITATION: &'static str = "\
@misc{liu2023sophia,
  author = {Liu, Hong and Li, Zhiyuan and Hall, David and Liang, Percy and Ma, Tengyu},
  title = {Sophia: A Scalable Stochastic Second-Order Optimizer for Language Model Pre-Training},
  year = {2023},
  eprint = {2305.14342},
  archivePrefix = {arXiv}
}";

    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.sophia(learning_rate: lr, b1: beta1, b2: beta2, eps, weight_decay, -weight_decay_mask, gamma, clip_threshold, update_interval, -hessian_diagonal_fn=exact_hessian_diag; diagonal=exact)",
    ];
}

impl Solver for Sophia {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let n = x.len();
        let t = memory.count("t");
        average(memory.zeros("m", n), self.beta1, &gradient);
        let mut h = std::mem::take(memory.zeros("h", n));
        let before = h.clone();
        if (t as usize - 1).is_multiple_of(self.update_interval) {
            let diagonal = self.diagonal.at(oracle, x, self.samples, self.seed as u64, t as u64)?;
            average(&mut h, self.beta2, &diagonal);
        }
        memory.set("h", h);
        let correction = bias_correction(self.beta1, t);
        let limit = self.clip_threshold.unwrap_or(f64::INFINITY);
        for ((x, m), h) in x.iter_mut().zip(memory.zeros("m", n)).zip(before) {
            let u = *m / correction / (self.gamma * h).max(self.eps);
            *x -= lr * (u.clamp(-limit, limit) + self.weight_decay * *x);
        }
        Ok(Progress::on(value, &gradient))
    }

    fn lr(&self) -> f64 {
        self.lr
    }
}
