use burn::tensor::DType;

use super::spectral::{along, gram, inverse_root};
use super::{AXES, ROOTS};
use crate::prelude::*;

recipe! {
    /// Shampoo: a gradient multiplied along each axis by a root of the sum of all its products over the others.
    ///
    /// ```text
    /// g ← (1 − μ) g + μ b,  then g ← g + λ θ        b is the last step, g itself in the first
    /// Lₐ ← Lₐ + g gᵀ over all axes but a            from ε I
    /// b = g multiplied by Lₐ^(−1/2k) along each of the k axes
    /// θ ← θ − η b
    /// ```
    /// Roots are computed at every `preconditioning_compute_steps`-th step, on the host, so that the optimizer runs eagerly; before the
    /// first of them the step is zero. An axis of `n` takes a matrix of `n²` numbers. For a parameter in bf16, whose eight binary
    /// digits leave no root of such a matrix, all is computed in f32 and the step is rounded.
    ///
    /// V. Gupta, T. Koren and Y. Singer, Shampoo: preconditioned stochastic tensor optimization, ICML (2018), arXiv:1802.09568. As in
    /// pytorch_optimizer, whose momentum mixes the gradient with the step before.
    pub struct Shampoo = "shampoo" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// How much of the last step is in the gradient, `μ`.
        momentum: f64 = 0.0, in Decay;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Whether the weight decay is that of AdamW.
        decoupled_weight_decay: bool = false, in Any;
        /// Whether a decoupled weight decay is not multiplied by the rate.
        fixed_decay: bool = false, in Any;
        /// How often roots are computed.
        preconditioning_compute_steps: usize = 1, in AtLeastOne;
        /// What the sums of products start from, `ε`.
        matrix_eps: f64 = 1e-6, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Shampoo);

/// The type that sums of products and their roots are kept in.
fn accurate(dtype: DType) -> DType {
    if dtype == DType::BF16 { DType::F32 } else { dtype }
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        let param = param.cast(accurate(param.value.dtype()));
        let axes = param.shape.iter().zip(AXES.iter().zip(ROOTS));
        axes.fold(State::of([("last", param.zeros())]), |state, (n, (sum, root))| {
            let unit: Vec<f64> =
                (0..n * n).map(|k| if k % (n + 1) == 0 { self.0.matrix_eps } else { 0.0 }).collect();
            let unit = like_list(&unit, &param.value);
            state.with(sum, unit.clone()).with(root, unit.zeros_like())
        })
    }

    fn is_traceable(&self) -> bool {
        false
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let dtype = update.dtype();
        let accurate = accurate(dtype);
        if accurate != dtype {
            let (param, step) = (param.cast(accurate), step.cast(accurate));
            return self.update(update.cast(accurate), state, &param, &step).cast(dtype);
        }
        let Shampoo { momentum, weight_decay, decoupled_weight_decay, fixed_decay, .. } = self.0;
        let (coupled, decoupled) = decay(weight_decay, decoupled_weight_decay);
        let count = step.count.clone().into_scalar::<i64>();
        let is_due = count % self.0.preconditioning_compute_steps as i64 == 0;
        let mut gradient = update;
        if momentum > 0.0 {
            let last = either(step.is_first(), gradient.clone(), state.float("last"));
            gradient = gradient.clone() + (last - gradient) * momentum;
        }
        if coupled != 0.0 {
            gradient = gradient + param.value.clone() * coupled;
        }
        let (shape, order) = (&param.shape, 2.0 * param.shape.len() as f64);
        let mut moved = gradient.clone();
        for (axis, (sum, root)) in (0..shape.len()).zip(AXES.iter().zip(ROOTS)) {
            let products = state.float(sum) + gram(gradient.clone(), shape, axis);
            state.set(sum, products.clone());
            if is_due {
                state.set(root, inverse_root(&products, shape[axis], order));
            }
            moved = along(moved, shape, axis, state.float(root), false);
        }
        state.set("last", moved.clone());
        let moved = moved * step.lr.clone();
        match (decoupled, fixed_decay) {
            (0.0, _) => moved,
            (decay, true) => moved + param.value.clone() * decay,
            (decay, false) => moved + param.value.clone() * (step.lr.clone() * decay),
        }
    }
}

impl Recipe for Shampoo {
    const CITATION: &'static str = "\
@inproceedings{gupta2018,
  author = {Gupta, Vineet and Koren, Tomer and Singer, Yoram},
  title = {{Shampoo}: Preconditioned Stochastic Tensor Optimization},
  booktitle = {International Conference on Machine Learning},
  year = {2018}, eprint = {1802.09568}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.Shampoo(params, lr, momentum, weight_decay, weight_decouple: decoupled_weight_decay, fixed_decay, preconditioning_compute_steps, matrix_eps)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule(self.clone())))
    }
}
