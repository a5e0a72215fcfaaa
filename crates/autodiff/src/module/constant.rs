use burn::module::Module;

use super::parts::ModuleLayout;
use crate::trace::{Session, capture};

/// Takes a module that a traced function has captured into the trace: all of its tensors become constants. Outside of
/// a trace it is a copy. The module is in training mode where the trace is.
///
/// This is how a model is differentiated by its input:
///
/// ```
/// use burn::nn::LinearConfig;
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::{grad, module};
///
/// let device = Device::flex();
/// let model = LinearConfig::new(3, 1).with_bias(false).init(&device);
/// let x = Tensor::<2>::ones([1, 3], &device);
/// let saliency = grad(|x: Tensor<2>| module::constant(&model).forward(x).sum())(&x)?;
/// assert_eq!(saliency.to_data(), model.weight.val().transpose().to_data());
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// Running statistics that its layers update in the trace are lost.
pub fn constant<M: Module>(model: &M) -> M {
    let Some(session) = Session::current() else { return model.clone() };
    let layout = ModuleLayout::of(model);
    // The layout is this module's own.
    let mut all = layout.tensors(model).unwrap_or_default();
    all.iter_mut().for_each(|h| *h = session.capture(h.clone()));
    // Burn moves statistics to the input's device, which on a capture device works for plain tensors only.
    layout.non_trainable_floats().for_each(|k| all[k] = capture::plain(&all[k]));
    layout.rebuild_traced(model, &all, &session)
}
