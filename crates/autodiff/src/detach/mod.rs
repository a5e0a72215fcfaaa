//! Finds `detach()`, which leaves no trace on the capture device: it returns the same tensor.
//!
//! Burn's own reverse mode honours it. So, once for each function and each new graph of it, the function is traced again in training mode;
//! at each place where an operator differentiates, burn-autodiff's gradient is recorded beside ours, and both are computed
//! near the arguments at hand, with short axes where that can be. If they differ, something was detached.
//!
//! Results of operators inside are constants for both sides, and the gradients are taken with respect to the
//! arguments of every operator around, so that what an inner function captures is covered as well. One place is
//! checked per trace, since burn-autodiff consumes its graph. Where burn-autodiff cannot follow, nothing is claimed.

mod compare;
mod shorten;

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::TensorData;
use burn_backend::TensorMetadata;
use burn_backend::ops::FloatTensorOps;
use burn_std::DeviceSettings;
use rustc_hash::{FxHashSet, FxHasher};

use crate::error::{Error, Result};
use crate::ir::Func;
use crate::keys::Philox;
use crate::operators::record::{filled, types};
use crate::prim::Prim;
use crate::run::{B, Handle};
use crate::trace::capture::{self, Mode};
use crate::trace::{Inputs, Session, marker, record};
use crate::tree::ty;

#[derive(Default)]
struct Checking {
    /// Which place is checked in this trace, and how many there have been.
    target: usize,
    seen: usize,
    /// Float arguments of the operators around.
    leaves: Vec<Handle>,
    /// Our gradients and burn-autodiff's.
    pairs: Vec<[Handle; 2]>,
}

thread_local! {
    static CHECKING: RefCell<Option<Checking>> = const { RefCell::new(None) };
    static PASSED: RefCell<FxHashSet<(u64, usize)>> = RefCell::new(FxHashSet::default());
}

/// The arguments of one operator, watched while its function runs.
pub(crate) struct Watch {
    arguments: Vec<Handle>,
    leaves_before: Option<usize>,
    place: usize,
}

impl Watch {
    pub fn begin(arguments: Vec<Handle>) -> Self {
        CHECKING.with_borrow_mut(|checking| match checking {
            None => Watch { arguments, leaves_before: None, place: 0 },
            Some(c) => {
                let leaf = |h: Handle| match capture::tracked(&h) {
                    Some(node) => capture::handle_of_node(node.require_grad()),
                    None => h,
                };
                let arguments: Vec<Handle> = arguments.into_iter().map(leaf).collect();
                let before = c.leaves.len();
                c.leaves.extend(arguments.iter().filter(|h| h.dtype().is_float()).cloned());
                c.seen += 1;
                Watch { arguments, leaves_before: Some(before), place: c.seen - 1 }
            }
        })
    }

    pub fn arguments(&self) -> Vec<Handle> {
        self.arguments.clone()
    }

    /// The arguments, after comparing the gradients of `ys` if this is the place to check.
    pub fn end(self, session: &Session, ys: &[Handle]) -> Result<Vec<Handle>> {
        if let Some(before) = self.leaves_before {
            let checking = CHECKING.with_borrow_mut(|c| {
                let c = c.as_mut()?;
                let leaves = (c.target == self.place).then(|| c.leaves.clone());
                c.leaves.truncate(before);
                leaves
            });
            if let Some(leaves) = checking {
                let pairs = gradients(session, ys, &leaves);
                CHECKING.with_borrow_mut(|c| c.iter_mut().for_each(|c| c.pairs = pairs.clone()));
            }
        }
        Ok(self.arguments)
    }
}

/// Results of an operator, as constants while checking.
pub(crate) fn opaque(session: &Session, results: Vec<Handle>) -> Vec<Handle> {
    if CHECKING.with_borrow(Option::is_none) {
        return results;
    }
    session.mark(marker::STOP_GRADIENT, &[&results], &types(&results))
}

/// Our gradient of a fixed weighted sum of `ys` with respect to `leaves`, and burn-autodiff's.
fn gradients(session: &Session, ys: &[Handle], leaves: &[Handle]) -> Vec<[Handle; 2]> {
    let mut weights = Philox::new(0, 0);
    let mut weighted = |y: &Handle| {
        let values: Vec<f64> = (0..y.shape().num_elements()).map(|_| 0.5 + weights.uniform()).collect();
        let data = TensorData::new(values, y.shape()).convert_dtype(y.dtype());
        B::float_sum(B::float_mul(y.clone(), B::float_from_data(data, &y.device())))
    };
    let floats = ys.iter().filter(|y| y.dtype().is_float());
    let same = ys.iter().find(|y| y.dtype().is_float()).map(|y| y.dtype());
    let sums: Vec<Handle> = floats.filter(|y| Some(y.dtype()) == same).map(&mut weighted).collect();
    let Some(sum) = sums.into_iter().reduce(B::float_add) else { return vec![] };
    let one = filled(1.0, &ty(&sum), &sum);
    let ours = session.mark(marker::VJP, &[std::slice::from_ref(&sum), leaves, &[one]], &types(leaves));
    let grads = capture::tracked(&sum).filter(|node| node.is_tracked()).map(|node| node.backward());
    let theirs = |leaf: &Handle| {
        let found = grads.as_ref().zip(capture::tracked(leaf)).and_then(|(grads, node)| node.grad(grads));
        found.map_or_else(|| filled(0.0, &ty(leaf), leaf), |g| capture::handle(g, Mode::Training))
    };
    ours.into_iter().zip(leaves).map(|(ours, leaf)| [ours, theirs(leaf)]).collect()
}

/// What the graph is, but for the data of its constants: a function that captures other data is not checked again.
fn shape_of(func: &Func) -> u64 {
    let mut h = FxHasher::default();
    for eqn in func.eqns() {
        match &eqn.prim {
            Prim::Constant(_) => eqn.ty.hash(&mut h),
            prim => prim.hash(&mut h),
        }
        eqn.args.hash(&mut h);
    }
    func.outputs().hash(&mut h);
    h.finish()
}

/// Tells functions apart that record the same graph, of which one may detach: each closure has code of its own.
fn code_of<B: Fn(Vec<Handle>) -> Result<Vec<Handle>>>(_: &B) -> usize {
    let call: fn(&B, Vec<Handle>) -> Result<Vec<Handle>> = |body, leaves| body(leaves);
    call as usize
}

/// Refuses a function in which something is detached; `body` is what was traced to `func`.
pub(crate) fn check<B: Fn(Vec<Handle>) -> Result<Vec<Handle>>>(
    func: &Func,
    inputs: &Inputs,
    settings: DeviceSettings,
    body: B,
) -> Result<()> {
    let graph = (shape_of(func), code_of(&body));
    if CHECKING.with_borrow(Option::is_some) || PASSED.with_borrow(|p| p.contains(&graph)) {
        return Ok(());
    }
    let mut target = 0;
    loop {
        let place = || compared(target, inputs, settings, &body);
        // A panic here is burn-autodiff's or the function's in a mode that the user has not asked for.
        let (places, same) =
            catch_unwind(AssertUnwindSafe(place)).unwrap_or(Ok((0, true))).unwrap_or((0, true));
        if !same {
            return Err(Error::Detached);
        }
        target += 1;
        if target >= places {
            break;
        }
    }
    PASSED.with_borrow_mut(|p| {
        if p.len() > 4096 {
            p.clear();
        }
        p.insert(graph);
    });
    Ok(())
}

/// How many places there are, and whether the gradients at place `target` agree.
fn compared(
    target: usize,
    inputs: &Inputs,
    settings: DeviceSettings,
    body: impl Fn(Vec<Handle>) -> Result<Vec<Handle>>,
) -> Result<(usize, bool)> {
    struct Off;
    impl Drop for Off {
        fn drop(&mut self) {
            CHECKING.set(None);
        }
    }
    let _off = Off;
    CHECKING.set(Some(Checking { target, ..Checking::default() }));
    let (recording, places) = record(&inputs.types(), Mode::Training, settings, |leaves| {
        body(leaves)?;
        let checking = CHECKING.take().unwrap_or_default();
        Ok((checking.pairs.into_iter().flatten().collect(), checking.seen))
    })?;
    let mut handles = inputs.handles.clone();
    handles.extend(recording.lifted);
    let differ = compare::differ(&recording.func, handles, inputs.handles.len(), &inputs.device)?;
    Ok((places, !differ))
}
