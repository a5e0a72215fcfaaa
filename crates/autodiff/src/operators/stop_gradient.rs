use super::stage::types;
use crate::device::Handle;
use crate::trace::{Session, capture, marker};
use crate::tree::{Tree, flat, unflat};

fn mapped<T: Tree>(tree: T, f: impl FnOnce(Vec<Handle>) -> Vec<Handle>) -> T {
    let (leaves, structure) = flat(&tree);
    // The nesting, ranks and kinds are the tree's own.
    unflat(&structure, f(leaves)).unwrap_or(tree)
}

/// The value itself, with derivative zero: what `detach()` means, in a form that tracing sees.
///
/// Works as well outside of a trace, where it detaches from burn-autodiff's graph.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::{grad, stop_gradient};
/// let x = Tensor::<1>::from_floats([3.0], &Device::flex());
/// let g = grad(|x: Tensor<1>| stop_gradient(x.clone()) * x)(&x)?;
/// assert_eq!(g.into_scalar::<f32>(), 3.0);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
pub fn stop_gradient<T: Tree>(tree: T) -> T {
    mapped(tree, |leaves| match Session::current() {
        Some(session) if leaves.iter().all(|h| capture::recorded(h).is_some()) => {
            session.mark(marker::STOP_GRADIENT, &[&leaves], &types(&leaves))
        }
        _ => leaves.into_iter().map(cut).collect(),
    })
}

fn cut(handle: Handle) -> Handle {
    match handle.autodiff == Default::default() || capture::recorded(&handle).is_some() {
        true => handle,
        false => capture::with_autodiff(capture::without_autodiff(handle)),
    }
}

/// Takes tensors that a traced function has captured from outside into the trace, as constants. Nothing is copied,
/// and outside of a trace they are given back as they are.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::{grad, constant};
/// let device = Device::flex();
/// let data = Tensor::<1>::from_floats([10.0, 20.0], &device);
/// let x = Tensor::<1>::from_floats([1.0, 2.0], &device);
/// let g = grad(|x: Tensor<1>| (x * constant(&data)).sum())(&x)?;
/// assert_eq!(g.to_data(), data.to_data());
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
pub fn constant<T: Tree + Clone>(tree: &T) -> T {
    mapped(tree.clone(), |leaves| match Session::current() {
        Some(session) => leaves.into_iter().map(|h| session.capture(h)).collect(),
        None => leaves,
    })
}
