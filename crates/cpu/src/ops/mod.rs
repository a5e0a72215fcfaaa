//! Steps that are not loops over lanes: products, copies, indexing, and what Burn's own operations do.

mod convolution;
mod copies;
mod fallback;
mod index;
mod rng;
mod softmax;

use thalweg_autodiff::prim::Prim;

use crate::buffer::Slot;
use crate::gemm::{Matmul, Packed};
use crate::op::{Input, Site, Step};

/// The step for an equation that no loop computes.
pub(crate) fn step(site: Site) -> Box<dyn Step> {
    let own = match &site.eqn.prim {
        Prim::Matmul(_) => Packed::new(&site).map(boxed).or_else(|| Matmul::new(&site).map(boxed)),
        Prim::Cat(p) => copies::Copies::cat(&site, p.axis).map(boxed),
        Prim::SliceAssign(p) => copies::Copies::assign(&site, &p.spans).map(boxed),
        Prim::Softmax(p) => softmax::SoftmaxStep::new(&site, p).map(boxed),
        Prim::Gather(p) => index::Gather::new(&site, p.axis).map(boxed),
        Prim::IndexSelect(p) => index::Gather::select(&site, p.axis).map(boxed),
        Prim::Scatter(p) => index::Scatter::new(&site, p.axis, p.update).map(boxed),
        Prim::IndexAdd(p) => index::Scatter::add(&site, p.axis).map(boxed),
        Prim::Random(p) => rng::Draws::new(&site, p).map(boxed),
        Prim::SplitKey(p) => Some(boxed(rng::Split::new(&site, p.lanes))),
        Prim::Conv(p) => convolution::Convolution::new(&site, p).map(boxed),
        _ => None,
    };
    own.unwrap_or_else(|| boxed(fallback::Fallback::new(&site)))
}

/// The step that copies a value to where a result is expected.
pub(crate) fn copy(from: Input, to: Slot) -> Box<dyn Step> {
    boxed(copies::Copies::plain(from, to))
}

fn boxed(step: impl Step + 'static) -> Box<dyn Step> {
    Box::new(step)
}
