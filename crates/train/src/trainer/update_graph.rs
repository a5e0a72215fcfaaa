//! What happens between the gradient and the new parameters, on flat tensors: the same code runs eagerly and traced.

use burn::tensor::{Bool, DispatchTensor, Int, Tensor};
use thalweg_autodiff::executor::{reshape, type_of};
use thalweg_optim::transforms::{ClipGradNorm, WeightEma};
use thalweg_optim::{Chain, Parameter, State, Step, Transform, update_nonempty, widened};

/// What a step moves, in the order of the trainable parameters.
pub(crate) struct Variables {
    pub params: Vec<Parameter>,
    pub states: Vec<State>,
    /// Moving averages of the parameters; none where they are not kept.
    pub averages: Vec<Tensor<1>>,
}

/// The tensor with all axes in one.
pub(crate) fn flat(tensor: DispatchTensor) -> Tensor<1> {
    let n = type_of(&tensor).num_elements();
    Tensor::from_dispatch(reshape(tensor, &[n]))
}

/// Means of sums over `n` batches: of the gradients and of the loss.
pub(crate) fn mean(gradients: Vec<Tensor<1>>, loss: Tensor<1>, n: usize) -> (Vec<Tensor<1>>, Tensor<1>) {
    let share = 1.0 / n as f64;
    (gradients.into_iter().map(|g| g * share).collect(), loss * share)
}

/// For each gradient, zero if it is finite and NaN else.
pub(crate) fn flags(gradients: &[Tensor<1>]) -> Vec<Tensor<1>> {
    gradients.iter().map(|g| (g.clone() * 0.0).sum()).collect()
}

/// Zero if the loss and all gradients are finite, and NaN else.
pub(crate) fn trouble(flags: &[Tensor<1>], loss: &Tensor<1>) -> Tensor<1> {
    flags.iter().fold(loss.clone() * 0.0, |sum, flag| sum + flag.clone())
}

/// The new tensor, or the old one where there was trouble; of any shape, floats or whole numbers.
pub(crate) fn keep_if_non_finite(
    trouble: &Tensor<1>,
    new: DispatchTensor,
    old: DispatchTensor,
) -> DispatchTensor {
    let ty = type_of(&new);
    let n = ty.num_elements();
    let mask: Tensor<1, Bool> = trouble.clone().not_equal_elem(0.0).expand([n]);
    let (new, old) = (reshape(new, &[n]), reshape(old, &[n]));
    let kept = if ty.is_float() {
        Tensor::<1>::from_dispatch(new).mask_where(mask, Tensor::from_dispatch(old)).into_dispatch()
    } else {
        Tensor::<1, Int>::from_dispatch(new).mask_where(mask, Tensor::from_dispatch(old)).into_dispatch()
    };
    reshape(kept, &ty.shape)
}

/// Gradients scaled down to the norm `most` of all together, and the norm that they had.
pub(crate) fn clip(
    gradients: Vec<Tensor<1>>,
    most: f64,
    own: &Variables,
    step: &Step,
) -> (Vec<Tensor<1>>, Tensor<1>) {
    // Squares of f16 overflow from 256 on.
    let squares = gradients.iter().map(|g| widened(g).square().sum()).reduce(|a, b| a + b);
    let norm = squares.map_or_else(|| step.lr.zeros_like(), |squares| squares.sqrt().cast(step.lr.dtype()));
    let clip = Chain::new(ClipGradNorm { max_norm: most, ..ClipGradNorm::default() });
    let mut none: Vec<State> = own.params.iter().map(|p| clip.init(p)).collect();
    (update_nonempty(&clip, gradients, &mut none, &own.params, step), norm)
}

/// Moves parameters and states by one step of the transform.
pub(crate) fn descend(transform: &dyn Transform, gradients: Vec<Tensor<1>>, own: &mut Variables, step: &Step) {
    let updates = update_nonempty(transform, gradients, &mut own.states, &own.params, step);
    own.params.iter_mut().zip(updates).for_each(|(p, update)| p.value = p.value.clone() - update);
}

/// Moves the averages towards the parameters, which have moved already.
pub(crate) fn average(own: &mut Variables, decay: f64, step: &Step) {
    let rule = WeightEma { decay };
    for (average, param) in own.averages.iter_mut().zip(&own.params) {
        let mut state = State::of([("average", average.clone())]);
        rule.update(param.value.zeros_like(), &mut state, param, step);
        *average = state.float("average");
    }
}
