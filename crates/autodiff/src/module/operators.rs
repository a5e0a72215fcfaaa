use std::borrow::Cow;

use burn::module::Module;

use super::gradient::{FromParamGrads, ParamGrad};
use super::parts::{ModuleLayout, ParamLayout};
use super::states::tensors_after;
use crate::detach;
use crate::device::Handle;
use crate::error::{Error, Result};
use crate::function::IntoResult;
use crate::operators::stage::{adjoints, full_like, same_types, seed_cotangent, session, tangents, types};
use crate::trace::capture::{self, Mode};
use crate::trace::{Session, marker, run_leaves};
use crate::tree::{Tree, TreeDef, flat, unflat};

/// A module and data as tensors, and how to call a function of them.
pub(super) struct Call<'a, M, B, F> {
    pub f: &'a F,
    pub model: &'a M,
    pub layout: Cow<'a, ModuleLayout>,
    pub data: TreeDef,
    pub data_type: std::marker::PhantomData<B>,
}

/// What a traced call gives beside tensors.
#[derive(Clone)]
pub(super) struct Called {
    /// The nesting of the function's result.
    pub nesting: TreeDef,
    /// Whether the function's value depends on each trainable parameter.
    pub reached: Vec<bool>,
}

/// Tensors, and how to read them.
pub(super) type Results = (Vec<Handle>, Called);

/// Results, how they are nested, and what floats that are not trainable hold afterwards.
type Forward = (Vec<Handle>, (TreeDef, Vec<Handle>));

impl<'a, M: Module, B: Tree, R: IntoResult, F: Fn(&M, &B) -> R> Call<'a, M, B, F> {
    /// The call, and all its tensors: the module's, then the data's.
    pub fn new(f: &'a F, model: &'a M, data: &B) -> Result<(Self, Vec<Handle>)> {
        let layout = ModuleLayout::of(model);
        if layout.trainable().next().is_none() {
            return Err(Error::Argument(
                "The module has no trainable parameter: it has no float parameter at all, or all are frozen."
                    .into(),
            ));
        }
        Self::with_layout(f, model, Cow::Owned(layout), data)
    }

    /// As [`Call::new`], for a module whose layout is known.
    pub fn with_layout(
        f: &'a F,
        model: &'a M,
        layout: Cow<'a, ModuleLayout>,
        data: &B,
    ) -> Result<(Self, Vec<Handle>)> {
        let mut leaves = layout.tensors(model)?;
        let data = data.flatten(&mut leaves);
        Ok((Call { f, model, layout, data, data_type: std::marker::PhantomData }, leaves))
    }

    /// `leaves` with a direction's parameters behind.
    pub fn directed(&self, mut leaves: Vec<Handle>, direction: &M) -> Result<Vec<Handle>> {
        let all = self.layout.tensors(direction)?;
        let vs: Vec<Handle> = self.layout.trainable().map(|k| all[k].clone()).collect();
        same_types(&self.trainable(&leaves), &vs, "direction")?;
        leaves.extend(vs);
        Ok(leaves)
    }

    pub fn trainable(&self, leaves: &[Handle]) -> Vec<Handle> {
        self.layout.trainable().map(|k| leaves[k].clone()).collect()
    }

    /// The function's results where `xs` stand for the trainable parameters and `leaves` for all else, and what the
    /// module's other floats hold behind it.
    fn call(&self, leaves: &[Handle], xs: Vec<Handle>) -> Result<Forward> {
        let session = session()?;
        let mut all: Vec<Handle> = leaves.iter().map(|h| session.capture(h.clone())).collect();
        // Burn moves statistics to the input's device, which on a capture device works for plain tensors only.
        self.layout.non_trainable_floats().for_each(|k| all[k] = capture::plain(&all[k]));
        self.layout.trainable().zip(xs).for_each(|(k, x)| all[k] = x);
        let data = all.split_off(self.layout.slots.len());
        let model = self.layout.rebuild_traced(self.model, &all, &session);
        let (ys, nesting) = flat(&(self.f)(&model, &unflat(&self.data, data)?).into_result()?);
        let mut after = tensors_after(&model, &self.layout)?;
        let states = self
            .layout
            .non_trainable_floats()
            .map(|k| std::mem::replace(&mut after[k], all[k].clone()))
            .collect();
        Ok((ys, (nesting, states)))
    }

    /// The value in front of the gradient, and the running statistics behind it.
    ///
    /// In training mode the gradient is the one that burn-autodiff records, which honours `detach()` and whatever else is
    /// Burn's own. burn-autodiff cannot follow our operators; where the function calls some, the gradient is ours,
    /// as it is in inference mode.
    pub fn value_and_grad(&self, leaves: Vec<Handle>) -> Result<Results> {
        let session = session()?;
        let leaves: Vec<Handle> = leaves.into_iter().map(|h| session.capture(h)).collect();
        let parameters = self.trainable(&leaves);
        if session.mode == Mode::Training && !detach::is_checking() {
            let before = detach::recorded_operators();
            let results = self.by_burn(&session, &leaves, &parameters)?;
            if detach::recorded_operators() == before {
                return Ok(results);
            }
        }
        let f = |xs| self.call(&leaves, xs);
        let (mut all, adjoints, (nesting, states)) = adjoints(&f, &parameters, seed_cotangent)?;
        let reached = vec![true; parameters.len()];
        all.extend(adjoints);
        all.extend(states);
        Ok((all, Called { nesting, reached }))
    }

    fn by_burn(&self, session: &Session, leaves: &[Handle], parameters: &[Handle]) -> Result<Results> {
        // Told apart from what they are outside, so that only their use as parameters counts.
        let own = session.mark(marker::ALIAS, &[parameters], &types(parameters));
        let leaf = |h: Handle| match capture::tracked(&h) {
            Some(node) => capture::handle_of_node(node.require_grad()),
            None => h,
        };
        let own: Vec<Handle> = own.into_iter().map(leaf).collect();
        let (ys, (nesting, states)) = self.call(leaves, own.clone())?;
        let mut all: Vec<Handle> = ys.into_iter().map(|y| session.capture(y)).collect();
        seed_cotangent(session, &all)?;
        let value = capture::tracked(&all[0]).filter(|node| node.is_tracked());
        let grads = value.map(|node| node.backward());
        let gradient =
            |x: &Handle| grads.as_ref().zip(capture::tracked(x)).and_then(|(grads, x)| x.grad(grads));
        let gradients: Vec<_> = own.iter().map(gradient).collect();
        let reached = gradients.iter().map(Option::is_some).collect();
        let handle = |(g, x): (Option<capture::Recorded>, &Handle)| match g {
            Some(g) => capture::handle(g, Mode::Training),
            None => full_like(0.0, &crate::tree::ty(x), x),
        };
        all.extend(gradients.into_iter().zip(&own).map(handle));
        all.extend(states);
        Ok((all, Called { nesting, reached }))
    }

    /// The value, and the product of the Hessian with the direction, whose tensors stand behind all others.
    pub fn hvp(&self, mut leaves: Vec<Handle>) -> Result<Results> {
        let vs = leaves.split_off(leaves.len() - self.layout.trainable().count());
        let nesting = std::cell::RefCell::new(TreeDef::Leaf);
        let gradient = |xs: Vec<Handle>| {
            let f = |xs| self.call(&leaves, xs);
            let (mut ys, adjoints, (result, _)) = adjoints(&f, &xs, seed_cotangent)?;
            nesting.replace(result);
            ys.extend(adjoints);
            Ok((ys, ()))
        };
        let (ys, tangents, ()) = tangents(&gradient, &self.trainable(&leaves), &vs)?;
        let all = ys.into_iter().take(1).chain(tangents.into_iter().skip(1)).collect();
        let reached = vec![true; vs.len()];
        Ok((all, Called { nesting: nesting.into_inner(), reached }))
    }

    /// Derivatives in the form that the caller asks for.
    pub fn gather<G: FromParamGrads<M>>(&self, derivatives: Vec<Handle>, called: &Called) -> Result<G> {
        let entry = |((k, value), reached): ((usize, Handle), &bool)| {
            let slot = &self.layout.slots[k];
            ParamGrad { id: slot.id, path: &slot.path, value: super::traced::inner(value), reached: *reached }
        };
        let all = self.layout.trainable().zip(derivatives).zip(&called.reached);
        G::gather(self.model, all.map(entry).collect())
    }

    /// Value and product.
    pub fn split_product<G: FromParamGrads<M>>(
        &self,
        mut all: Vec<Handle>,
        called: &Called,
    ) -> Result<(R::Value, G)> {
        let product = all.split_off(1);
        Ok((unflat(&called.nesting, all)?, self.gather(product, called)?))
    }

    /// Value, gradient and the model with the statistics that its layers have updated.
    pub fn split<G: FromParamGrads<M>>(
        &self,
        mut all: Vec<Handle>,
        called: &Called,
    ) -> Result<(R::Value, G, M)> {
        let mut gradient = all.split_off(1);
        let statistics = gradient.split_off(self.layout.trainable().count());
        let model = match statistics.is_empty() {
            true => self.model.clone(),
            false => {
                let mut handles = self.layout.tensors(self.model)?;
                self.layout.non_trainable_floats().zip(statistics).for_each(|(k, s)| handles[k] = s);
                self.layout.replace(self.model, handles)
            }
        };
        Ok((unflat(&called.nesting, all)?, self.gather(gradient, called)?, model))
    }
}

/// The value of a function of a module and data that returns one number, and its gradient by the module's parameters;
/// in place of `loss.backward()`.
///
/// The gradient's form follows from its use: see [`FromParamGrads`]. For `ModuleOptimizer::step` it is Burn's own
/// `GradientsParams`, on the inner device. Running statistics that layers update are not given back; use
/// [`value_and_grad_with_state`] to train a model that has some. The page of this module has an example.
///
/// # Errors
/// [`Error::Output`] if the function does not return one float number, [`Error::Argument`] if no parameter is
/// trainable or the form does not fit the module's device, and what [`trace`](crate::trace()) gives.
pub fn value_and_grad<M: Module, B: Tree, R: IntoResult, G: FromParamGrads<M>>(
    f: impl Fn(&M, &B) -> R,
) -> impl Fn(&M, &B) -> Result<(R::Value, G)> {
    let f = value_and_grad_with_state(f);
    move |model, data| f(model, data).map(|(value, gradient, _)| (value, gradient))
}

/// As [`value_and_grad`], and the model with the running statistics that its layers have updated in this call: batch
/// norm's in training mode. The given model keeps its own.
///
/// ```
/// use burn::module::Module;
/// use burn::nn::{BatchNorm, BatchNormConfig};
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::module;
///
/// let device = Device::flex().autodiff();
/// let model = BatchNormConfig::new(1).with_momentum(0.5).init(&device);
/// let x = Tensor::<2>::from_floats([[2.0], [6.0]], &device);
/// let loss = |m: &BatchNorm, x: &Tensor<2>| m.forward(x.clone()).powi_scalar(2).sum();
/// let (_, _, updated): (_, module::ParamGrads, _) = module::value_and_grad_with_state(loss)(&model, &x)?;
/// assert_eq!(updated.running_mean.value().into_scalar::<f32>(), 2.0);
/// assert_eq!(model.running_mean.value().into_scalar::<f32>(), 0.0);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`value_and_grad`].
pub fn value_and_grad_with_state<M: Module, B: Tree, R: IntoResult, G: FromParamGrads<M>>(
    f: impl Fn(&M, &B) -> R,
) -> impl Fn(&M, &B) -> Result<(R::Value, G, M)> {
    move |model, data| {
        let (call, leaves) = Call::new(&f, model, data)?;
        let (all, called) = run_leaves(leaves, |leaves| call.value_and_grad(leaves))?;
        call.split(all, &called)
    }
}

/// The gradient of a function of a module and data that returns one number; see [`value_and_grad`].
///
/// # Errors
/// As [`value_and_grad`].
pub fn grad<M: Module, B: Tree, R: IntoResult, G: FromParamGrads<M>>(
    f: impl Fn(&M, &B) -> R,
) -> impl Fn(&M, &B) -> Result<G> {
    let f = value_and_grad(f);
    move |model, data| f(model, data).map(|(_, gradient)| gradient)
}

/// The value of a function of a module and data, and the product of its Hessian by the module's parameters with a
/// direction, given as a module of the same type.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::module::{self, AsModule};
///
/// let device = Device::flex();
/// let model = LinearConfig::new(2, 1).with_bias(false).init(&device);
/// let x = Tensor::<2>::from_floats([[1.0, 2.0]], &device);
/// // Half the square of w·x has the Hessian x·xᵀ by w.
/// let f = |m: &Linear, x: &Tensor<2>| m.forward(x.clone()).powi_scalar(2).sum() / 2.0;
/// let (_, AsModule(g)) = module::value_and_grad(f)(&model, &x)?;
/// let (_, hg): (_, module::ParamGrads) = module::hvp(f)(&model, &x, &g)?;
/// let along = g.weight.val().to_data().try_to_vec::<f32>().unwrap();
/// let product = hg.get::<2, burn::tensor::Float>("weight")?.to_data().try_to_vec::<f32>().unwrap();
/// let dot = along[0] + 2.0 * along[1];
/// assert!((product[0] - dot).abs() < 1e-5 && (product[1] - 2.0 * dot).abs() < 1e-5);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`value_and_grad`], and [`Error::Argument`] if the direction's parameters have other shapes or element types.
pub fn hvp<M: Module, B: Tree, R: IntoResult, G: FromParamGrads<M>>(
    f: impl Fn(&M, &B) -> R,
) -> impl Fn(&M, &B, &M) -> Result<(R::Value, G)> {
    move |model, data, direction| {
        let (call, leaves) = Call::new(&f, model, data)?;
        let leaves = call.directed(leaves, direction)?;
        let (all, called) = run_leaves(leaves, |leaves| call.hvp(leaves))?;
        call.split_product(all, &called)
    }
}

/// What [`value_and_grad_flat`] gives, as tensors.
pub struct ValueAndGrads<R> {
    /// The function's value.
    pub value: R,
    /// The gradient by each trainable parameter, in the order of [`ParamLayout::trainable`](super::ParamLayout::trainable); `None` where the value does not depend
    /// on it.
    pub gradients: Vec<Option<Handle>>,
    /// The updated running statistics, in the order of [`ParamLayout::non_trainable_floats`](super::ParamLayout::non_trainable_floats).
    pub buffers: Vec<Handle>,
}

/// [`value_and_grad_with_state`] at the level of tensors: `tensors` stand for those of `model`, which lends its
/// structure only. Inside a trace it becomes a part of the trace; so a whole training step can be one graph.
///
/// # Errors
/// As [`value_and_grad`].
pub fn value_and_grad_flat<M: Module, B: Tree, R: IntoResult>(
    f: impl Fn(&M, &B) -> R,
    model: &M,
    parts: &ParamLayout,
    tensors: Vec<Handle>,
    data: &B,
) -> Result<ValueAndGrads<R::Value>> {
    let mut leaves = tensors;
    let data = data.flatten(&mut leaves);
    let layout = Cow::Borrowed(&parts.layout);
    let call = Call { f: &f, model, layout, data, data_type: std::marker::PhantomData::<B> };
    let (mut all, called) = run_leaves(leaves, |leaves| call.value_and_grad(leaves))?;
    let mut gradients = all.split_off(1);
    let statistics = gradients.split_off(parts.trainable().count());
    let gradients =
        gradients.into_iter().zip(called.reached).map(|(g, reached)| reached.then_some(g)).collect();
    Ok(ValueAndGrads { value: unflat(&called.nesting, all)?, gradients, buffers: statistics })
}
