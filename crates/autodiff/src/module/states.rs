//! What a module's floats hold after it has run: the running statistics that its layers have updated.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Bool, Int, Tensor};

use super::parts::ModuleLayout;
use crate::device::Handle;
use crate::error::Result;
use crate::trace::capture::plain;
use crate::trace::quiet;

/// Takes burn-autodiff off every tensor; for traced ones.
struct Plain;

impl ModuleMapper for Plain {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(id, Tensor::from_dispatch(plain(&tensor.into_dispatch())), mapper)
    }

    fn map_int<const D: usize>(&mut self, param: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(id, Tensor::from_dispatch(plain(&tensor.into_dispatch())), mapper)
    }

    fn map_bool<const D: usize>(&mut self, param: Param<Tensor<D, Bool>>) -> Param<Tensor<D, Bool>> {
        let (id, tensor, mapper) = param.consume();
        Param::from_mapped_value(id, Tensor::from_dispatch(plain(&tensor.into_dispatch())), mapper)
    }
}

/// The tensors of a traced module after its forward pass, in the order of `layout`.
///
/// Burn keeps an update of a running statistic aside until the statistic is next used; a copy for inference brings
/// it in. On a capture device making that copy panics behind each statistic that was brought in, since Burn cannot take
/// burn-autodiff off a traced tensor. It is taken off here, and the copy made again, until all are in.
pub(super) fn tensors_after<M: Module>(model: &M, layout: &ModuleLayout) -> Result<Vec<Handle>> {
    for _ in 0..=layout.non_trainable_floats().count() {
        // A copy shares the cells of its running statistics with the model.
        let copy = model.clone().map(&mut Plain);
        if quiet::catch(|| copy.valid()).is_ok() {
            break;
        }
    }
    layout.tensors(model)
}
