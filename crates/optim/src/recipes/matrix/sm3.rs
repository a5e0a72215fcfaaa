use super::AXES;
use crate::prelude::*;

recipe! {
    /// SM3: AdaGrad whose accumulators are one number for each index of each axis.
    ///
    /// ```text
    /// ν = min over axes of their accumulators + g²     a vector keeps all of ν
    /// u = g / √(ν + ε), 0 where ν is 0
    /// accumulator of an index ← the largest ν of that index
    /// m ← μ m + (1 − μ) u
    /// θ ← θ − η m
    /// ```
    /// R. Anil, V. Gupta, T. Koren and Y. Singer, Memory-efficient adaptive optimization, NeurIPS (2019), arXiv:1901.11150. As in optax,
    /// with ε = 1e-8 and the momentum as an average.
    pub struct Sm3 = "sm3" {
        /// Learning rate `η`.
        lr: f64 = 0.1, in NonNegative;
        /// Decay `μ` of the average of steps.
        momentum: f64 = 0.9, in Decay;
    }
}

const EPS: f64 = 1e-8;

#[derive(Debug)]
struct Rule;

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        let axes = param.shape.iter().zip(AXES);
        axes.fold(State::default(), |state, (n, name)| state.with(name, param.scalar(0.0).repeat_dim(0, *n)))
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        let (shape, n) = (&param.shape, update.dims()[0]);
        let axes = || (0..shape.len()).zip(AXES);
        let known = axes().map(|(axis, name)| {
            let [before, length, after] = cube(update.clone(), shape, axis..axis + 1).dims();
            let each = state.float(name).reshape([1, length, 1]);
            each.expand([before, length, after]).reshape([n])
        });
        let known = known.reduce(Tensor::min_pair).unwrap_or_else(|| param.zeros());
        let sum = known + update.clone().square();
        for (axis, name) in axes() {
            let most = cube(sum.clone(), shape, axis..axis + 1).max_dim(0).max_dim(2);
            state.set(name, most.reshape([shape[axis]]));
        }
        let scaled = update / (sum.clone() + EPS).sqrt();
        either(sum.greater_elem(0.0), scaled, param.zeros())
    }
}

impl Recipe for Sm3 {
    const CITATION: &'static str = "\
@inproceedings{anil2019,
  author = {Anil, Rohan and Gupta, Vineet and Koren, Tomer and Singer, Yoram},
  title = {Memory-Efficient Adaptive Optimization},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2019}, eprint = {1901.11150}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &["optax.sm3(learning_rate: lr, momentum)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule).then(Ema { decay: self.momentum, debias: false }).then(ScaleByLr))
    }
}
