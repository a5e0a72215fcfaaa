use burn::tensor::{Int, TensorData};

use super::factors::rms;
use super::spectral::{along, descending, eigenvectors, gram, orthonormal};
use super::{AXES, ROOTS};
use crate::prelude::*;

recipe! {
    /// SOAP: Adam in the basis of Shampoo's preconditioners, which turns slowly.
    ///
    /// ```text
    /// Gₐ ← β Gₐ + (1 − β) g gᵀ over all axes but a            Qₐ its eigenvectors, by descending eigenvalue
    /// m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g'²         g' = g turned by Qₐᵀ along each axis
    /// u = m' / (√v + ε) turned back;   with normalize_gradient u ← u / (RMS(u) + ε)
    /// θ ← (1 − η λ) (θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) u)
    /// every precondition_frequency steps: Qₐ ← the first factor of QR of Gₐ Qₐ, with columns and v in the order of Qₐᵀ Gₐ Qₐ
    /// ```
    /// The first step only takes note of the gradient. Tensors of one axis stay in their own basis unless `precondition_1d`, and axes
    /// longer than `max_precondition_dim` always. Bases are computed on the host, so that the optimizer runs eagerly.
    ///
    /// N. Vyas, D. Morwani, R. Zhao, I. Shapira, D. Brandfonbrener, L. Janson and S. Kakade, SOAP: improving and stabilizing Shampoo
    /// using Adam, ICLR (2025), arXiv:2409.11321. As in pytorch_optimizer, in the tensor's element type.
    pub struct Soap = "soap" {
        /// Learning rate `η`.
        lr: f64 = 3e-3, in NonNegative;
        /// Decay `β₁` of the average of gradients.
        beta1: f64 = 0.95, in Decay;
        /// Decay `β₂` of the average of their squares.
        beta2: f64 = 0.95, in Decay;
        /// Decay `β` of the products; `β₂` where there is none.
        shampoo_beta: Option<f64> = None, in Decay;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 1e-2, in NonNegative;
        /// How often bases turn.
        precondition_frequency: usize = 10, in AtLeastOne;
        /// The longest axis that has a basis.
        max_precondition_dim: usize = 10000, in AtLeastOne;
        /// Whether axes are merged up to that length first.
        merge_dims: bool = false, in Any;
        /// Whether tensors of one axis have a basis.
        precondition_1d: bool = false, in Any;
        /// Whether averages are corrected for their start.
        correct_bias: bool = true, in Any;
        /// Whether steps are scaled to a root mean square of one.
        normalize_gradient: bool = false, in Any;
        /// `ε`, outside of the root.
        eps: f64 = 1e-8, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Soap);

impl Rule {
    /// The shape that is preconditioned.
    fn shape(&self, param: &Parameter) -> Vec<usize> {
        if !self.0.merge_dims || param.shape.len() < 2 {
            return param.shape.clone();
        }
        let mut merged = vec![];
        let mut product = 1;
        for n in &param.shape {
            product *= n;
            if product > self.0.max_precondition_dim {
                merged.push(product / n);
                product = *n;
            }
        }
        merged.push(product);
        merged.retain(|n| *n > 0);
        merged
    }

    /// Which axes have a basis, and the names of what is remembered of them.
    fn axes(&self, shape: &[usize]) -> Vec<(usize, &'static str, &'static str)> {
        let wanted = shape.len() > 1 || self.0.precondition_1d;
        let all = (0..shape.len()).zip(AXES.iter().zip(ROOTS));
        let each = all.filter(|(axis, _)| wanted && shape[*axis] <= self.0.max_precondition_dim);
        each.map(|(axis, (sum, basis))| (axis, *sum, basis)).collect()
    }

    /// A tensor turned into the bases, or back.
    fn turned(&self, x: Tensor<1>, shape: &[usize], state: &State, back: bool) -> Tensor<1> {
        let each = self.axes(shape).into_iter();
        each.fold(x, |x, (axis, _, basis)| along(x, shape, axis, state.float(basis), !back))
    }

    /// Moves the products of gradients.
    fn gather(&self, gradient: &Tensor<1>, shape: &[usize], state: &mut State) {
        for (axis, sum, _) in self.axes(shape) {
            let beta = self.0.shampoo_beta.unwrap_or(self.0.beta2);
            state.average(sum, beta, gram(gradient.clone(), shape, axis));
        }
    }

    /// Turns the bases towards the eigenvectors by one step of the power method.
    fn turn(&self, shape: &[usize], state: &mut State) {
        for (axis, sum, basis) in self.axes(shape) {
            let n = shape[axis];
            let q = state.float(basis).reshape([n, n]);
            let product = state.float(sum).reshape([n, n]).matmul(q.clone());
            let order = descending(&(q * product.clone()).sum_dim(0).reshape([n]));
            let order: Vec<i64> = order.into_iter().map(|k| k as i64).collect();
            let order = Tensor::<1, Int>::from_data(TensorData::from(&order[..]), &product.device());
            let v = cube(state.float("v"), shape, axis..axis + 1).select(1, order.clone());
            let total = v.dims().iter().product::<usize>();
            state.set("v", v.reshape([total]));
            state.set(basis, orthonormal(&product.select(1, order).reshape([n * n]), n));
        }
    }
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        let shape = self.shape(param);
        let state = State::of([("m", param.zeros()), ("v", param.zeros())]);
        self.axes(&shape).into_iter().fold(state, |state, (axis, sum, basis)| {
            let zeros = like_list(&vec![0.0; shape[axis] * shape[axis]], &param.value);
            state.with(sum, zeros.clone()).with(basis, zeros)
        })
    }

    fn is_traceable(&self) -> bool {
        false
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Soap { beta1, beta2, weight_decay, precondition_frequency, correct_bias, eps, .. } = self.0;
        let shape = self.shape(param);
        let count = step.count.clone().into_scalar::<i64>();
        if count == 1 {
            self.gather(&update, &shape, state);
            for (axis, sum, basis) in self.axes(&shape) {
                state.set(basis, eigenvectors(&state.float(sum), shape[axis]));
            }
            return param.zeros();
        }
        let turned = self.turned(update.clone(), &shape, state, false);
        let m = state.average("m", beta1, update.clone());
        let v = state.average("v", beta2, turned.square());
        let scaled = self.turned(m, &shape, state, false) / (v.sqrt() + eps);
        let mut moved = self.turned(scaled, &shape, state, true);
        if self.0.normalize_gradient {
            moved = moved.clone() / (rms(&moved) + eps);
        }
        let mut rate = step.lr.clone();
        if correct_bias {
            let taken = step.previous();
            let (first, second) =
                (taken.bias_correction(beta1, &update), taken.bias_correction(beta2, &update));
            rate = rate * second.sqrt() / first;
        }
        let moved = moved * rate;
        let decay = step.lr.clone() * weight_decay;
        let moved = moved.clone() + (param.value.clone() - moved) * decay;
        self.gather(&update, &shape, state);
        if (count - 1) % precondition_frequency as i64 == 0 {
            self.turn(&shape, state);
        }
        moved
    }
}

impl Recipe for Soap {
    const CITATION: &'static str = "\
@inproceedings{vyas2025,
  author = {Vyas, Nikhil and Morwani, Depen and Zhao, Rosie and Shapira, Itai and Brandfonbrener, David
    and Janson, Lucas and Kakade, Sham},
  title = {{SOAP}: Improving and Stabilizing {Shampoo} Using {Adam}},
  booktitle = {International Conference on Learning Representations},
  year = {2025}, eprint = {2409.11321}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "pytorch_optimizer.SOAP(params, lr, betas: [beta1, beta2], shampoo_beta, weight_decay, precondition_frequency, max_precondition_dim, merge_dims, precondition_1d, correct_bias, normalize_gradient, -data_format, eps)",
    ];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Rule(self.clone())))
    }
}
