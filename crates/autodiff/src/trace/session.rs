use std::cell::RefCell;

use burn::tensor::Device;
use burn_capture::{CaptureClient, CaptureError, CapturedGraph};
use burn_dispatch::DispatchDevice;
use burn_ir::{OperationIr, TensorId};
use burn_router::RouterClient;
use burn_std::DeviceSettings;

use super::capture::{self, Mode, PooledDevice};
use super::marker;
use super::quiet::{self, Caught};
use crate::device::Handle;
use crate::error::{Error, Result};
use crate::from_burn::Importer;
use crate::ir::{Builder, Defaults, Func, TensorType};
use crate::keys::KEY;
use crate::tree::ty;

/// A trace under way on this thread.
#[derive(Clone)]
pub(crate) struct Session {
    pub client: CaptureClient,
    pub mode: Mode,
}

thread_local! {
    static SESSIONS: RefCell<Vec<Session>> = const { RefCell::new(vec![]) };
    /// Tensors of real devices that the trace under way has taken in, with their placeholders.
    static LIFTED: RefCell<Vec<(TensorId, Handle)>> = const { RefCell::new(vec![]) };
}

impl Session {
    /// The innermost trace under way on this thread.
    pub fn current() -> Option<Session> {
        SESSIONS.with_borrow(|s| s.last().cloned())
    }

    /// The capture device, without burn-autodiff.
    pub fn device(&self) -> Device {
        Device::new(DispatchDevice::Capture(self.client.device()))
    }

    /// Records a marker operation.
    pub fn mark(&self, name: &'static str, groups: &[&[Handle]], out: &[TensorType]) -> Vec<Handle> {
        capture::record(&self.client, name, groups, out, self.mode)
    }

    /// The handle in this trace: itself, or a further input of the graph for a tensor of a real device.
    pub fn capture(&self, handle: Handle) -> Handle {
        if capture::recorded(&handle).is_some() {
            return handle;
        }
        let own = capture::placeholder(&self.client, &ty(&handle));
        LIFTED.with_borrow_mut(|l| l.push((own.id(), capture::without_autodiff(handle))));
        capture::handle(own, self.mode)
    }
}

/// Takes the session off the stack however the traced code ends, and what it has lifted with it.
struct Open {
    lifted_before: usize,
}

impl Open {
    fn new(session: Session) -> Self {
        SESSIONS.with_borrow_mut(|s| s.push(session));
        Open { lifted_before: LIFTED.with_borrow(Vec::len) }
    }

    fn close(self) -> Vec<(TensorId, Handle)> {
        LIFTED.with_borrow_mut(|l| l.split_off(self.lifted_before))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        SESSIONS.with_borrow_mut(Vec::pop);
        LIFTED.with_borrow_mut(|l| l.truncate(self.lifted_before));
    }
}

/// What a trace gives: the graph, and the tensors that stand for its inputs behind the arguments.
pub(crate) struct Recording {
    pub func: Func,
    pub lifted: Vec<Handle>,
}

/// Runs `body` on placeholders of the types `args` and imports what it recorded.
pub(crate) fn record<T>(
    args: &[TensorType],
    mode: Mode,
    settings: DeviceSettings,
    body: impl FnOnce(Vec<Handle>) -> Result<(Vec<Handle>, T)>,
) -> Result<(Recording, T)> {
    let lent = PooledDevice::new(settings);
    let mut outcome = None;
    let mut ids = vec![];
    let mut lifted = vec![];
    let captured = lent.device().capture_scope(|scope| {
        lent.configure();
        let device = capture::capture_device(lent.device()).unwrap_or_default();
        let client = capture::client(device);
        let placeholders: Vec<capture::Recorded> =
            args.iter().map(|ty| capture::placeholder(&client, ty)).collect();
        ids = placeholders.iter().map(|p| p.id()).collect();
        let session = Session { client: client.clone(), mode };
        let open = Open::new(session.clone());
        let handles = placeholders.into_iter().map(|p| capture::handle(p, mode)).collect();
        let result = quiet::catch(|| {
            let (outputs, extra) = body(handles)?;
            // A result of another device is a constant of the graph.
            let outputs: Vec<Handle> = outputs.into_iter().map(|o| session.capture(o)).collect();
            Ok((outputs, extra))
        });
        lifted = open.close();
        let boundary: Vec<_> = (ids.iter().zip(args).map(|(id, ty)| capture::ir(*id, ty)))
            .chain(lifted.iter().map(|(id, h)| capture::ir(*id, &ty(h))))
            .collect();
        client.register_op(OperationIr::Custom(burn_ir::CustomOpIr::new(marker::BOUNDARY, &boundary, &[])));
        let out =
            |outputs: &Vec<Handle>| outputs.iter().filter_map(capture::recorded).map(|t| t.id()).collect();
        outcome = Some(match result {
            Ok(Ok((outputs, extra))) => Ok(Ok((out(&outputs), extra))),
            Ok(Err(error)) => Ok(Err(error)),
            Err(panic) => Err(panic),
        });
        scope.complete(boundary.iter().map(|t| t.id), [])
    });
    drop(lent);
    let (outputs, extra): (Vec<TensorId>, T) = match outcome {
        Some(Ok(result)) => result?,
        Some(Err(panic)) => return Err(classify_panic(panic)),
        None => return Err(Error::Internal("the capture scope did not run".into())),
    };
    let graph = captured.map_err(capture_error)?;
    let defaults = Defaults { int: settings.int_dtype.into(), bool: settings.bool_dtype.into() };
    let func = import(&graph, args, &ids, &lifted, &outputs, defaults)?;
    Ok((Recording { func, lifted: lifted.into_iter().map(|(_, h)| h).collect() }, extra))
}

fn import(
    graph: &CapturedGraph,
    args: &[TensorType],
    ids: &[TensorId],
    lifted: &[(TensorId, Handle)],
    outputs: &[TensorId],
    defaults: Defaults,
) -> Result<Func> {
    use burn_ir::{FloatOperationIr, NumericOperationIr};
    let b = Builder::new(defaults);
    let vars = {
        let mut importer = Importer::new(&b, &graph.graph.operations, &graph.values);
        for (id, ty) in ids.iter().zip(args) {
            importer.bind(*id, b.input(ty.clone()));
        }
        for (id, handle) in lifted {
            importer.bind(*id, b.input(ty(handle)));
        }
        let draws = |op: &OperationIr| {
            matches!(
                op,
                OperationIr::Float(_, FloatOperationIr::Random(_))
                    | OperationIr::NumericInt(_, NumericOperationIr::IntRandom(_))
            )
        };
        if graph.graph.operations.iter().any(draws) {
            importer = importer.with_key(b.input(TensorType::new([1], KEY)));
        }
        importer.run()?;
        outputs.iter().map(|id| importer.value(*id).map(|v| v.var)).collect::<Result<Vec<_>>>()?
    };
    let func = b.finish(&vars)?;
    // A draw that no result depends on is gone, and so is its key.
    let is_keyed = func.inputs().len() > ids.len() + lifted.len();
    Ok(if is_keyed && !func.uses_rng() { func.without_last_input() } else { func })
}

fn capture_error(error: CaptureError) -> Error {
    match error {
        CaptureError::UndeclaredInput { .. } => Error::DeviceMismatch,
        other => Error::Internal(other.to_string()),
    }
}

/// Burn panics where a trace cannot go on; those become errors. Any other panic is the user's and goes on.
fn classify_panic(panic: Caught) -> Error {
    let text = panic.message();
    let says = |parts: &[&str]| parts.iter().any(|p| text.contains(p));
    if says(&[
        "has no concrete value",
        "has no initialized value",
        "seeding is not supported during graph capture",
    ]) {
        return Error::ConcreteValueRequired;
    }
    if says(&["Cannot move", "moved to a capture device"]) {
        return Error::Moved;
    }
    if says(&["do not support autodiff"]) {
        return Error::BurnAutodiff;
    }
    if says(&["wrong backend", "wrong device", "capture tensor operations must run inside", "same device"]) {
        return Error::DeviceMismatch;
    }
    panic.resume()
}
