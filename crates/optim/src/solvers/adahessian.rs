use super::sophia::{average, bias_correction};
use super::{Diagonal, Listed, Memory, Oracle, Progress, Solver};
use crate::error::Result;

solver! {
    /// Adam with the Hessian's diagonal in the place of the gradient in the second moment.
    ///
    /// ```text
    /// θ ← (1 − η λ) θ
    /// m ← β₁ m + (1 − β₁) g
    /// v ← β₂ v + (1 − β₂) (diag H(θ))²      every `update_period` steps, from the first on
    /// θ ← θ − η / (1 − β₁ᵗ) · m / ((v / (1 − β₂ᵗ))^(power/2) + ε)
    /// ```
    /// The diagonal is taken where the step started, from exact Hessian-vector products.
    ///
    /// Z. Yao, A. Gholami, S. Shen, M. Mustafa, K. Keutzer and M. W. Mahoney, ADAHESSIAN: an adaptive second order optimizer
    /// for machine learning, AAAI 35 (2021), arXiv:2006.00719; reference `pytorch_optimizer.AdaHessian` 4.1.0. As there, and
    /// unlike in the paper, the diagonal is not averaged over the elements of a convolution's kernel.
    pub struct AdaHessian = "adahessian" {
        /// The learning rate.
        lr: f64 = 0.1, in NonNegative;
        /// What the average of gradients keeps of its past.
        beta1: f64 = 0.9, in Decay;
        /// What the average of curvatures keeps of its past.
        beta2: f64 = 0.999, in Decay;
        /// What keeps the division from zero.
        eps: f64 = 1e-16, in NonNegative;
        /// The weight decay, decoupled from the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// The exponent on the curvature: 1 for Newton, ½ milder.
        power: f64 = 1.0, in Unit;
        /// The number of steps from one diagonal to the next.
        update_period: usize = 1, in AtLeastOne;
        /// How the diagonal is had.
        diagonal: Diagonal = Diagonal::Rademacher, in Any;
        /// The number of estimates that are averaged.
        samples: usize = 1, in AtLeastOne;
        /// The seed of the random probes.
        seed: usize = 0, in Any;
    }
}

impl Listed for AdaHessian {
    const CITATION: &'static str = "\
@inproceedings{yao2021,
  author = {Yao, Zhewei and Gholami, Amir and Shen, Sheng and Mustafa, Mustafa and Keutzer, Kurt and Mahoney, Michael W.},
  title = {ADAHESSIAN: An Adaptive Second Order Optimizer for Machine Learning},
  booktitle = {AAAI Conference on Artificial Intelligence},
  year = {2021},
  eprint = {2006.00719},
  archivePrefix = {arXiv}
}";

    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.AdaHessian(params, lr, betas: [beta1, beta2], weight_decay, -weight_decouple=true, -fixed_decay=false, hessian_power: power, update_period, -num_samples=1, -hessian_distribution=rademacher, -adam_debias=false, eps; diagonal=exact)",
    ];
}

impl Solver for AdaHessian {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        let n = x.len();
        let t = memory.count("t");
        average(memory.zeros("m", n), self.beta1, &gradient);
        if (t as usize - 1).is_multiple_of(self.update_period) {
            let diagonal = self.diagonal.at(oracle, x, self.samples, self.seed as u64, t as u64)?;
            let squares: Vec<f64> = diagonal.iter().map(|h| h * h).collect();
            average(memory.zeros("v", n), self.beta2, &squares);
        }
        let v = memory.zeros("v", n).clone();
        let (first, second) = (bias_correction(self.beta1, t), bias_correction(self.beta2, t));
        for ((x, m), v) in x.iter_mut().zip(memory.zeros("m", n)).zip(v) {
            let size = (v / second).powf(self.power / 2.0) + self.eps;
            *x = *x * (1.0 - lr * self.weight_decay) - lr / first * *m / size;
        }
        Ok(Progress::on(value, &gradient))
    }

    fn lr(&self) -> f64 {
        self.lr
    }
}
