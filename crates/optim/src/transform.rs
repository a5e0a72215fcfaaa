//! The algebra: a [`Transform`] maps the update of one tensor to another update; transforms are chained.

use std::fmt::Debug;

use burn::tensor::{Bool, DType, Int, Tensor};

use crate::state::State;
use crate::tensors::{ones, scalar};
use crate::transforms::AddDecayedWeights;

/// A tensor that is optimized, as transforms see it: flat, whatever its rank, with its shape beside it.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The elements in row-major order.
    pub value: Tensor<1>,
    /// The lengths of the axes, outermost first; a scalar has one axis of length one.
    pub shape: Vec<usize>,
}

impl Parameter {
    /// A parameter from a tensor of any rank.
    pub fn new<const D: usize>(tensor: Tensor<D>) -> Self {
        let n = tensor.dims().iter().product::<usize>();
        let shape = if D == 0 { vec![1] } else { tensor.dims().to_vec() };
        Parameter { value: tensor.reshape([n]), shape }
    }

    /// Zeros of the parameter's length.
    pub fn zeros(&self) -> Tensor<1> {
        self.value.zeros_like()
    }

    /// A whole number of shape `[1]`.
    pub fn count(&self, value: i64) -> Tensor<1, Int> {
        Tensor::full([1], value, &self.value.device())
    }

    /// A number of shape `[1]`, in the parameter's element type.
    pub fn scalar(&self, value: f64) -> Tensor<1> {
        scalar(value, &self.value.device(), self.value.dtype())
    }
}

/// What is common to all tensors in one step of optimization; every number is a tensor of shape `[1]`, so that a step
/// can be traced and compiled.
#[derive(Clone, Debug)]
pub struct Step {
    /// The learning rate, in the element type of the parameters.
    pub lr: Tensor<1>,
    /// The number of this step, from one.
    pub count: Tensor<1, Int>,
    /// The value of the loss at the parameters, where the driver knows it.
    pub loss: Option<Tensor<1>>,
    /// The sums over all tensors of what the transform [measures](Transform::measure), in its order.
    pub measures: Vec<Tensor<1>>,
}

impl Step {
    /// Whether this is the first step.
    pub fn is_first(&self) -> Tensor<1, Bool> {
        self.count.clone().equal_elem(1)
    }

    /// The sum of the `k`-th measure over all tensors.
    pub fn measure(&self, k: usize) -> Tensor<1> {
        self.measures[k].clone()
    }

    /// The value of the loss, which drivers give to transforms that [need](Transform::needs_loss) it.
    ///
    /// # Panics
    /// In a transform that does not say so, which is a defect of the transform.
    pub fn loss(&self) -> Tensor<1> {
        match &self.loss {
            Some(loss) => loss.clone(),
            None => panic!("a transform that asks for the loss must say so by `needs_loss`"),
        }
    }

    /// The corrected first moment `m / (1 − βᵗ)`, where the average `m` is remembered by that name; with `nesterov` it is
    /// `β m / (1 − βᵗ⁺¹) + (1 − β) u / (1 − βᵗ)`.
    pub(crate) fn first_moment(&self, state: &mut State, beta: f64, nesterov: bool, u: Tensor<1>) -> Tensor<1> {
        // One quotient for all elements, which then are multiplied: divisions are slow.
        let correction = self.bias_correction(beta, &u).recip();
        let m = state.average("m", beta, u.clone());
        match nesterov {
            false => m * correction,
            true => {
                m * (self.next().bias_correction(beta, &u).recip() * beta) + u * (correction * (1.0 - beta))
            }
        }
    }

    /// The number of this step in the element type of `like`.
    pub fn count_like(&self, like: &Tensor<1>) -> Tensor<1> {
        self.count.clone().float().cast(like.dtype())
    }

    /// The step after this one.
    pub fn next(&self) -> Step {
        Step { count: self.count.clone() + 1, ..self.clone() }
    }

    /// The step before this one.
    pub fn previous(&self) -> Step {
        Step { count: self.count.clone() - 1, ..self.clone() }
    }

    /// `1 − βᵗ` for this step `t`, exact for `β` near one also in `f32`.
    ///
    /// It is `−expm1(t·ln β)`, and `expm1 x = 2·tanh(x/2) / (1 − tanh(x/2))`.
    pub fn bias_correction(&self, beta: f64, like: &Tensor<1>) -> Tensor<1> {
        if beta == 0.0 {
            return ones(like);
        }
        let half = (self.count_like(like) * (0.5 * beta.ln())).tanh();
        half.clone() * -2.0 / (half.neg() + 1.0)
    }
}

/// One link of an optimizer: a map from a tensor's update to another, with a state per tensor.
///
/// The first link of a chain receives the gradient; what the last one returns is subtracted from the parameter.
/// Rules only use tensor operations, so the same code runs eagerly, traced and compiled.
pub trait Transform: Debug + Send + Sync {
    /// The state before the first step.
    fn init(&self, param: &Parameter) -> State {
        let _ = param;
        State::default()
    }

    /// How many numbers [`Transform::measure`] gives; zero for a transform that looks at each tensor by itself.
    fn num_measures(&self) -> usize {
        0
    }

    /// Numbers of this tensor whose sums over all tensors [`Transform::update`] finds in [`Step::measures`].
    fn measure(&self, update: &Tensor<1>, state: &State, param: &Parameter, step: &Step) -> Vec<Tensor<1>> {
        let _ = (update, state, param, step);
        vec![]
    }

    /// The new update from `update`; moves the state by one step.
    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1>;

    /// The updates of all tensors of a model in one step; tree-wide measures are summed before.
    fn update_all(
        &self,
        updates: Vec<Tensor<1>>,
        states: &mut [State],
        params: &[Parameter],
        step: &Step,
    ) -> Vec<Tensor<1>> {
        let mut step = step.clone();
        if self.num_measures() > 0 {
            let each = updates.iter().zip(states.iter()).zip(params);
            let all = each.map(|((u, s), p)| self.measure(u, s, p, &step));
            step.measures =
                all.reduce(|a, b| a.into_iter().zip(b).map(|(a, b)| a + b).collect()).unwrap_or_default();
        }
        let each = updates.into_iter().zip(states).zip(params);
        each.map(|((u, s), p)| self.update(u, s, p, &step)).collect()
    }

    /// Whether [`Step::loss`] must be given.
    fn needs_loss(&self) -> bool {
        false
    }

    /// Whether the transform is made of tensor operations only. One that computes on the host, for instance an
    /// eigendecomposition, runs eagerly; a driver must not trace it.
    fn is_traceable(&self) -> bool {
        true
    }

    /// The parameter to evaluate where it is another than the one that the next gradient is taken at: an average or slow
    /// weights.
    fn eval_param(&self, state: &State, param: &Parameter) -> Option<Tensor<1>> {
        let _ = (state, param);
        None
    }

    /// Whether a tensor's update depends on other tensors, so that only a driver that sees all of them can run it.
    fn is_tree_wide(&self) -> bool {
        self.num_measures() > 0
    }
}

/// What [`Transform::update_all`] makes of the updates, where tensors may be without elements: these have nothing to move, so
/// the transform does not see them.
pub fn update_nonempty(
    transform: &dyn Transform,
    updates: Vec<Tensor<1>>,
    states: &mut [State],
    params: &[Parameter],
    step: &Step,
) -> Vec<Tensor<1>> {
    let is_filled: Vec<bool> = params.iter().map(|p| p.value.dims()[0] > 0).collect();
    if is_filled.iter().all(|filled| *filled) {
        return transform.update_all(updates, states, params, step);
    }
    let filled: Vec<usize> = (0..params.len()).filter(|k| is_filled[*k]).collect();
    let mut all = updates;
    let some = filled.iter().map(|k| all[*k].clone()).collect();
    let own: Vec<Parameter> = filled.iter().map(|k| params[*k].clone()).collect();
    let mut kept: Vec<State> = filled.iter().map(|k| std::mem::take(&mut states[*k])).collect();
    let moved = if own.is_empty() { vec![] } else { transform.update_all(some, &mut kept, &own, step) };
    for ((k, update), state) in filled.into_iter().zip(moved).zip(kept) {
        all[k] = update;
        states[k] = state;
    }
    all
}

/// Transforms applied one after the other; by default none, which leaves the update as it is.
///
/// Tensors in f16 are computed with in f32, the state included, and the update is rounded at the end: in f16 the usual
/// `eps = 1e-8` is zero, and squares overflow from 256 on.
#[derive(Debug, Default)]
pub struct Chain {
    links: Vec<Box<dyn Transform>>,
}

impl Chain {
    /// A chain of one link.
    pub fn new(first: impl Transform + 'static) -> Self {
        Chain { links: vec![Box::new(first)] }
    }

    /// This chain and then `next`.
    pub fn then(mut self, next: impl Transform + 'static) -> Self {
        self.links.push(Box::new(next));
        self
    }

    /// This chain, and then weight decay, unless that is zero.
    pub fn decayed(self, weight_decay: f64) -> Self {
        self.then_if(weight_decay != 0.0, AddDecayedWeights { weight_decay })
    }

    /// This chain, and then `next` if `wanted`.
    pub fn then_if(self, wanted: bool, next: impl Transform + 'static) -> Self {
        if wanted { self.then(next) } else { self }
    }
}

/// The type in which a tensor of this type is computed with.
fn computed_in(dtype: DType) -> DType {
    if dtype == DType::F16 { DType::F32 } else { dtype }
}

/// A tensor in the type in which it is computed with: f32 for f16, else its own.
pub fn widened(x: &Tensor<1>) -> Tensor<1> {
    let dtype = computed_in(x.dtype());
    if dtype == x.dtype() { x.clone() } else { x.clone().cast(dtype) }
}

impl Parameter {
    /// With its numbers in another type.
    pub(crate) fn cast(&self, dtype: DType) -> Parameter {
        Parameter { value: self.value.clone().cast(dtype), shape: self.shape.clone() }
    }

    fn widened(&self) -> Parameter {
        self.cast(computed_in(self.value.dtype()))
    }
}

impl Step {
    /// With its numbers in another type.
    pub(crate) fn cast(&self, dtype: DType) -> Step {
        let cast = |x: &Tensor<1>| x.clone().cast(dtype);
        Step {
            lr: cast(&self.lr),
            count: self.count.clone(),
            loss: self.loss.as_ref().map(cast),
            measures: self.measures.iter().map(cast).collect(),
        }
    }

    fn widened(&self) -> Step {
        self.cast(computed_in(self.lr.dtype()))
    }
}

impl Transform for Chain {
    fn init(&self, param: &Parameter) -> State {
        let param = param.widened();
        State::of_parts(self.links.iter().map(|link| link.init(&param)).collect())
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let dtype = update.dtype();
        if computed_in(dtype) != dtype {
            return self.update(widened(&update), state, &param.widened(), &step.widened()).cast(dtype);
        }
        let links = self.links.iter().zip(state.parts_mut());
        links.fold(update, |update, (link, state)| link.update(update, state, param, step))
    }

    fn update_all(
        &self,
        updates: Vec<Tensor<1>>,
        states: &mut [State],
        params: &[Parameter],
        step: &Step,
    ) -> Vec<Tensor<1>> {
        if let Some(dtype) = updates.iter().map(|u| u.dtype()).find(|dtype| computed_in(*dtype) != *dtype) {
            let params: Vec<Parameter> = params.iter().map(Parameter::widened).collect();
            let wide = updates.iter().map(widened).collect();
            let moved = self.update_all(wide, states, &params, &step.widened());
            return moved.into_iter().map(|update| update.cast(dtype)).collect();
        }
        let mut updates = updates;
        for (k, link) in self.links.iter().enumerate() {
            let mut own = State::take_parts(states, k);
            updates = link.update_all(updates, &mut own, params, step);
            State::put_parts(states, k, own);
        }
        updates
    }

    fn is_tree_wide(&self) -> bool {
        self.links.iter().any(|link| link.is_tree_wide())
    }

    fn needs_loss(&self) -> bool {
        self.links.iter().any(|link| link.needs_loss())
    }

    fn is_traceable(&self) -> bool {
        self.links.iter().all(|link| link.is_traceable())
    }

    fn eval_param(&self, state: &State, param: &Parameter) -> Option<Tensor<1>> {
        let dtype = param.value.dtype();
        let param = param.widened();
        let links = self.links.iter().zip(state.parts());
        links.rev().find_map(|(link, state)| link.eval_param(state, &param)).map(|average| average.cast(dtype))
    }
}
