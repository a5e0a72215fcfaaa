//! Steps that are not loops over lanes: products, copies, indexing, and what Burn's own operations do.

mod convolution;
mod copies;
mod draw;
mod fallback;
mod finish;
mod index;
mod matmul;
mod matrix;
mod narrow;
mod packed;
mod softmax;

use thalweg_autodiff::prim::Prim;
use thalweg_autodiff::{Eqn, Result, Type};

use crate::kernels::{Finish, Kind};
use crate::layout::Layout;
use crate::loops::Memory;
use crate::plan::Slot;
use crate::pool::Team;

/// An operand of a step: where it lies and how.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub slot: Slot,
    pub layout: Layout,
    pub ty: Type,
}

pub(crate) use index::Indices;

/// What a step is made from.
pub(crate) struct Site<'a> {
    pub eqn: &'a Eqn,
    pub inputs: Vec<Input>,
    /// What follows a product element by element, and where the other matrix lies.
    pub finish: Option<(Finish, Slot, Layout)>,
    pub output: Slot,
    pub kind: Option<Kind>,
    pub isa: crate::isa::Isa,
}

/// What a step does, for [`Program::explain`](crate::Program::explain).
pub(crate) struct Account {
    pub name: String,
    /// Floating point operations.
    pub flops: usize,
    /// Bytes read and written.
    pub bytes: usize,
    /// Whether the step allocates memory and runs on Burn's Flex device.
    pub falls_back: bool,
}

/// A step that is ready to run.
pub(crate) trait Step: Send + Sync {
    /// # Safety
    /// The slots are those that the plan has made for this step, valid for the whole call, and nothing else writes to
    /// them.
    unsafe fn run(&self, memory: Memory, team: &Team) -> Result<()>;

    /// Bytes of room that each thread needs.
    fn scratch_bytes(&self) -> usize {
        0
    }

    /// Bytes of room that is common to all threads.
    fn partial_bytes(&self) -> usize {
        0
    }

    /// How many parts of the work threads may share.
    fn parts(&self) -> usize {
        1
    }

    fn account(&self) -> Account;
}

/// The step for an equation that no loop computes.
pub(crate) fn step(site: Site) -> Box<dyn Step> {
    let own = match &site.eqn.prim {
        Prim::Matmul(_) => {
            packed::Packed::new(&site).map(boxed).or_else(|| matmul::Matmul::new(&site).map(boxed))
        }
        Prim::Cat(p) => copies::Copies::cat(&site, p.axis).map(boxed),
        Prim::SliceAssign(p) => copies::Copies::assign(&site, &p.spans).map(boxed),
        Prim::Softmax(p) => softmax::SoftmaxStep::new(&site, p).map(boxed),
        Prim::Gather(p) => index::Gather::new(&site, p.axis).map(boxed),
        Prim::IndexSelect(p) => index::Gather::select(&site, p.axis).map(boxed),
        Prim::Scatter(p) => index::Scatter::new(&site, p.axis, p.update).map(boxed),
        Prim::IndexAdd(p) => index::Scatter::add(&site, p.axis).map(boxed),
        Prim::Random(p) => draw::Draws::new(&site, p).map(boxed),
        Prim::SplitKey(p) => Some(boxed(draw::Split::new(&site, p.lanes))),
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
