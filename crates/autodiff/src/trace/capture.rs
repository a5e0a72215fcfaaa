//! Burn's capture device at the level of single tensors: the one place that looks inside `DispatchTensor`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::tensor::{Device, DeviceConfig, DispatchTensor, Shape};
use burn_autodiff::Autodiff;
use burn_backend::{AutodiffBackend, TensorMetadata};
use burn_capture::{CaptureBackend, CaptureChannel, CaptureClient, CaptureDevice};
use burn_dispatch::{BackendTensor, Dispatch, DispatchDevice, DispatchKindConversion, DispatchTensorKind};
use burn_ir::{CustomOpIr, OperationIr, ScalarIr, TensorId, TensorIr, TensorStatus};
use burn_router::{RouterClient, RouterTensor, get_client};
use burn_std::DeviceSettings;

use crate::device::Handle;
use crate::ir::TensorType;
use crate::tree::ty;

pub(crate) type Recorded = RouterTensor<CaptureClient>;
pub(crate) type Tracked = Autodiff<CaptureBackend>;
/// A tensor of burn-autodiff's graph over recorded tensors.
pub(crate) type Node = <Tracked as burn_backend::BackendTypes>::FloatTensorPrimitive;

/// Whether layers see an autodiff device, which is how Burn tells training from inference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mode {
    Inference,
    Training,
}

/// The recorded tensor inside, if the handle is on a capture device.
pub(crate) fn recorded(handle: &Handle) -> Option<Recorded> {
    fn inside(kind: &DispatchTensorKind) -> Option<Recorded> {
        match kind {
            DispatchTensorKind::Capture(
                BackendTensor::Float(t)
                | BackendTensor::Int(t)
                | BackendTensor::Bool(t)
                | BackendTensor::Quantized(t),
            ) => Some(t.clone()),
            DispatchTensorKind::Capture(BackendTensor::Autodiff(t)) => Some(t.primitive().clone()),
            DispatchTensorKind::Autodiff(inner) => inside(inner),
            _ => None,
        }
    }
    inside(&handle.kind)
}

/// The node of burn-autodiff's own graph, if the handle is a float on a capture device in training mode.
pub(crate) fn tracked(handle: &Handle) -> Option<Node> {
    match &handle.kind {
        DispatchTensorKind::Autodiff(inner) => match &**inner {
            DispatchTensorKind::Capture(BackendTensor::Autodiff(t)) => Some(t.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A recorded tensor as the handle that user code holds.
pub(crate) fn handle(t: Recorded, mode: Mode) -> Handle {
    let dtype = t.dtype();
    match mode {
        Mode::Inference => {
            let tensor: BackendTensor<CaptureBackend> = match () {
                () if dtype.is_float() => BackendTensor::Float(t),
                () if dtype.is_bool() => BackendTensor::Bool(t),
                () => BackendTensor::Int(t),
            };
            <DispatchTensor as DispatchKindConversion<CaptureBackend>>::from_backend(tensor)
        }
        Mode::Training => {
            let tensor: BackendTensor<Tracked> = match () {
                () if dtype.is_float() => BackendTensor::Float(Tracked::from_inner(t)),
                () if dtype.is_bool() => BackendTensor::Bool(t),
                () => BackendTensor::Int(t),
            };
            <DispatchTensor as DispatchKindConversion<Tracked>>::from_backend(tensor)
        }
    }
}

/// A float handle in training mode from a node of burn-autodiff's graph.
pub(crate) fn handle_of_node(t: Node) -> Handle {
    <DispatchTensor as DispatchKindConversion<Tracked>>::from_backend(BackendTensor::Float(t))
}

/// The recorded tensor as a handle that burn-autodiff takes for a constant.
pub(crate) fn plain(own: &Handle) -> Handle {
    recorded(own).map_or_else(|| own.clone(), |t| handle(t, Mode::Inference))
}

/// The handle without burn-autodiff around it; on a real device.
pub(crate) fn without_autodiff(handle: Handle) -> Handle {
    if handle.autodiff == Default::default() {
        handle
    } else if handle.dtype().is_float() {
        Dispatch::inner(handle)
    } else if handle.dtype().is_bool() {
        Dispatch::bool_inner(handle)
    } else {
        Dispatch::int_inner(handle)
    }
}

/// The handle as a constant on an autodiff device.
pub(crate) fn with_autodiff(handle: Handle) -> Handle {
    if handle.dtype().is_float() {
        Dispatch::from_inner(handle)
    } else if handle.dtype().is_bool() {
        Dispatch::bool_from_inner(handle)
    } else {
        Dispatch::int_from_inner(handle)
    }
}

pub(crate) fn capture_device(device: &Device) -> Option<CaptureDevice> {
    match device.as_dispatch() {
        DispatchDevice::Capture(c) => Some(*c),
        _ => None,
    }
}

pub(crate) fn client(device: CaptureDevice) -> CaptureClient {
    get_client::<CaptureChannel>(&device)
}

/// A tensor with a new id and no data.
pub(crate) fn placeholder(client: &CaptureClient, ty: &TensorType) -> Recorded {
    let id = client.create_empty_handle();
    RouterTensor::new(id, Shape::from(ty.shape.clone()), ty.dtype, client.clone())
}

pub(crate) fn ir(id: TensorId, ty: &TensorType) -> TensorIr {
    TensorIr { id, shape: Shape::from(ty.shape.clone()), status: TensorStatus::ReadOnly, dtype: ty.dtype }
}

/// Records a custom operation whose inputs come in groups; gives its results in the mode of the first input.
pub(crate) fn record(
    client: &CaptureClient,
    name: &'static str,
    groups: &[&[Handle]],
    out: &[TensorType],
    mode: Mode,
) -> Vec<Handle> {
    let input = |h: &Handle| recorded(h).map(|t| ir(t.id(), &ty(h)));
    let inputs: Vec<TensorIr> = groups.iter().flat_map(|g| g.iter()).filter_map(input).collect();
    let results: Vec<Recorded> = out.iter().map(|ty| placeholder(client, ty)).collect();
    let outputs: Vec<TensorIr> = results
        .iter()
        .zip(out)
        .map(|(t, ty)| TensorIr::uninit(t.id(), Shape::from(ty.shape.clone()), ty.dtype))
        .collect();
    let sizes = groups.iter().map(|g| ScalarIr::Int(g.len() as i64)).collect();
    client.register_op(OperationIr::Custom(CustomOpIr::with_scalars(name, &inputs, &outputs, sizes)));
    results.into_iter().map(|t| handle(t, mode)).collect()
}

static POOL: Mutex<Vec<(DeviceSettings, Device)>> = Mutex::new(vec![]);

/// Capture devices that no trace uses. A panic cannot leave the list half changed.
fn pool() -> MutexGuard<'static, Vec<(DeviceSettings, Device)>> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A capture device lent to one trace; it returns to the pool however the trace ends, since a process has only 65,536
/// of them. All threads share the pool, so that those of a thread that has ended are not lost. Its default element
/// types are those of the user's device.
pub(crate) struct PooledDevice(Option<(DeviceSettings, Device)>);

impl PooledDevice {
    pub fn new(settings: DeviceSettings) -> Self {
        let mut pool = pool();
        let free = pool.iter().rposition(|(own, _)| *own == settings).map(|at| pool.swap_remove(at));
        drop(pool);
        PooledDevice(Some(free.unwrap_or_else(|| (settings, Device::capture()))))
    }

    /// Gives the device its default element types; inside a scope, and before its first tensor, which locks them.
    pub fn configure(&self) {
        let Some((settings, device)) = &self.0 else { return };
        let own = DeviceConfig::default();
        let own =
            own.float_dtype(settings.float_dtype).int_dtype(settings.int_dtype).bool_dtype(settings.bool_dtype);
        // Fails only for a device that has them from an earlier trace.
        let _ = device.clone().configure(own);
    }

    pub fn device(&self) -> &Device {
        match &self.0 {
            Some((_, device)) => device,
            None => unreachable!("emptied only when dropped"),
        }
    }
}

impl Drop for PooledDevice {
    fn drop(&mut self) {
        pool().extend(self.0.take());
    }
}
