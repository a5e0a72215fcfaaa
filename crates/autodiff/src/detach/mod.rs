//! Finds `detach()`, which leaves no trace on the capture device: it returns the same tensor.
//!
//! Burn's own reverse mode honours it. So a function that operators differentiate is traced again in training mode, with
//! burn-autodiff recording beside them. At its end, the derivatives of all that enters and leaves an operator, by the
//! arguments and results of the operators around it, are recorded twice: by our rules, and by burn-autodiff. If the two
//! are not the same function, something was detached. They are compared once for each graph of the pair, by its
//! [fingerprint](crate::Func::fingerprint), so that what a captured flag decides is seen.
//!
//! A module's gradient in training mode needs no such search: it is burn-autodiff's own (see [`crate::module`]).

mod compare_gradients;
mod floats;
mod shrink_shapes;

use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};

use burn::tensor::DType;
use burn_backend::TensorMetadata;
use burn_backend::ops::FloatTensorOps;
use burn_std::DeviceSettings;
use rustc_hash::FxHashSet;

use crate::device::{B, Handle};
use crate::error::{Error, Result};
use crate::ir::Func;
use crate::operators::stage::{full_like, types};
use crate::trace::capture::{self, Mode};
use crate::trace::quiet;
use crate::trace::{Inputs, Recording, Session, marker, record};
use crate::tree::ty;

#[derive(Default)]
struct Checking {
    /// Arguments and results of operators, as leaves of burn-autodiff's graph.
    leaves: Vec<Handle>,
    /// Sums over what enters and leaves operators.
    sums: Vec<Handle>,
}

thread_local! {
    static CHECKING: RefCell<Option<Checking>> = const { RefCell::new(None) };
    /// How many operators have been recorded on this thread.
    static RECORDED: Cell<usize> = const { Cell::new(0) };
    static PASSED: RefCell<FxHashSet<(u64, u64)>> = RefCell::new(FxHashSet::default());
}

/// How many operators have been recorded on this thread so far.
pub(crate) fn recorded_operators() -> usize {
    RECORDED.get()
}

/// What an operator's function sees: `inner`, as leaves of burn-autodiff's graph while checking; `given` enters the operator.
pub(crate) fn enter(given: &[Handle], inner: Vec<Handle>) -> Vec<Handle> {
    RECORDED.set(RECORDED.get() + 1);
    watch(given);
    leaves(inner)
}

/// Compares what enters or leaves an operator, if it is checked. The sine gives each element a weight of its own in the
/// sum, whatever the shape.
pub(crate) fn watch(values: &[Handle]) {
    CHECKING.with_borrow_mut(|checking| {
        let Some(c) = checking.as_mut().filter(|c| !c.leaves.is_empty()) else { return };
        let sum = |y: &Handle| B::float_cast(B::float_sum(B::float_sin(y.clone())), DType::F32.into());
        c.sums.extend(values.iter().filter(|y| y.dtype().is_float()).map(sum));
    });
}

/// Results of an operator: leaves of their own while checking, since burn-autodiff does not see through it.
pub(crate) fn leave(session: &Session, results: Vec<Handle>) -> Vec<Handle> {
    if CHECKING.with_borrow(Option::is_none) {
        return results;
    }
    leaves(session.mark(marker::ALIAS, &[&results], &types(&results)))
}

fn leaves(handles: Vec<Handle>) -> Vec<Handle> {
    CHECKING.with_borrow_mut(|checking| {
        let Some(c) = checking.as_mut() else { return handles };
        let leaf = |h: Handle| match capture::tracked(&h) {
            Some(node) => capture::handle_of_node(node.require_grad()),
            None => h,
        };
        let all: Vec<Handle> = handles.into_iter().map(leaf).collect();
        c.leaves.extend(all.iter().filter(|h| h.dtype().is_float()).cloned());
        all
    })
}

/// The gradient of all sums by each leaf: ours, and burn-autodiff's beside it.
fn gradients(session: &Session, Checking { leaves, sums, .. }: Checking) -> Vec<Handle> {
    let Some(sum) = sums.into_iter().reduce(B::float_add) else { return vec![] };
    let one = full_like(1.0, &ty(&sum), &sum);
    let ours = session.mark(marker::VJP, &[std::slice::from_ref(&sum), &leaves, &[one]], &types(&leaves));
    let grads = capture::tracked(&sum).filter(|node| node.is_tracked()).map(|node| node.backward());
    let theirs = |leaf: &Handle| {
        let found = grads.as_ref().zip(capture::tracked(leaf)).and_then(|(grads, node)| node.grad(grads));
        found.map_or_else(|| full_like(0.0, &ty(leaf), leaf), |g| capture::handle(g, Mode::Training))
    };
    ours.into_iter().zip(&leaves).flat_map(|(ours, leaf)| [ours, theirs(leaf)]).collect()
}

/// What two graphs are equal in if they are one; a second hash beside the fingerprint keeps chance out.
fn identity(func: &Func) -> (u64, u64) {
    let mut second = DefaultHasher::new();
    func.eqns().hash(&mut second);
    func.outputs().hash(&mut second);
    (func.fingerprint(), second.finish())
}

/// Whether a trace is made to look for `detach()`.
pub(crate) fn is_checking() -> bool {
    CHECKING.with_borrow(Option::is_some)
}

/// Refuses a function in which something is detached; `body` was traced for these inputs.
pub(crate) fn check(
    inputs: &Inputs,
    settings: DeviceSettings,
    body: impl Fn(Vec<Handle>) -> Result<Vec<Handle>>,
) -> Result<()> {
    if is_checking() {
        return Ok(());
    }
    // The function runs in a mode that its user may not have asked for, so that a panic in it is no one's fault.
    let Recording { func, lifted } = match quiet::catch(|| pairs(inputs, settings, &body)) {
        Ok(Ok(recording)) => recording,
        Ok(Err(error)) => return Err(Error::Unchecked(error.to_string())),
        Err(panic) => {
            return Err(Error::Unchecked(format!("in training mode it panics: {}.", panic.message())));
        }
    };
    let graph = identity(&func);
    if func.outputs().chunks(2).all(|pair| pair[0] == pair[1]) || PASSED.with_borrow(|p| p.contains(&graph)) {
        return Ok(());
    }
    let mut handles = inputs.handles.clone();
    handles.extend(lifted);
    match quiet::catch(|| compare_gradients::differ(&func, handles, inputs.handles.len())) {
        Ok(Ok(false)) => {}
        Ok(Ok(true)) => return Err(Error::Detached),
        Ok(Err(error)) => return Err(Error::Unchecked(error.to_string())),
        Err(panic) => {
            return Err(Error::Unchecked(format!("its gradient cannot be run: {}.", panic.message())));
        }
    }
    PASSED.with_borrow_mut(|p| {
        if p.len() >= 4096 {
            p.clear();
        }
        p.insert(graph);
    });
    Ok(())
}

/// The graph of both gradients by each leaf, one after the other.
fn pairs(
    inputs: &Inputs,
    settings: DeviceSettings,
    body: impl Fn(Vec<Handle>) -> Result<Vec<Handle>>,
) -> Result<Recording> {
    struct Off;
    impl Drop for Off {
        fn drop(&mut self) {
            CHECKING.set(None);
        }
    }
    let _off = Off;
    CHECKING.set(Some(Checking::default()));
    let (recording, ()) = record(&inputs.types(), Mode::Training, settings, |leaves| {
        body(leaves)?;
        let session = crate::operators::stage::session()?;
        Ok((gradients(&session, CHECKING.take().unwrap_or_default()), ()))
    })?;
    Ok(recording)
}
