use std::fmt;

/// What can go wrong when tracing, transforming or running. Each prints as a sentence with a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// An operation of Burn that cannot be traced yet.
    Unsupported {
        /// Burn's name of the operation.
        op: String,
        /// What to do instead.
        hint: String,
    },
    /// The traced code asked for the value of a tensor.
    ConcreteValueRequired,
    /// The traced code used a tensor of another device.
    DeviceMismatch,
    /// The traced code moved a tensor in training mode, which Burn's capture device cannot do.
    Moved,
    /// The traced code used burn-autodiff itself: `backward()`, `inner()`, `from_inner()` or `valid()`.
    BurnAutodiff,
    /// The traced code called `detach()`, which leaves no trace.
    Detached,
    /// Whether the traced code calls `detach()` could not be found out; the text says why.
    Unchecked(String),
    /// The arguments do not fit the operator; the text says how.
    Argument(String),
    /// The function's result does not fit the operator; the text says how.
    Output(String),
    /// The executor cannot run the graph on this device; the text says why.
    Device(String),
    /// A derivative check failed; the text gives the figures.
    Check(String),
    /// A defect of this crate.
    Internal(String),
    /// An error that the traced code returned; the text is its message.
    User(String),
}

/// The result of an operator.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unsupported { op, hint } => write!(f, "Burn's operation `{op}` cannot be traced: {hint}."),
            Error::ConcreteValueRequired => write!(
                f,
                "The function reads a tensor's value while it is traced (`into_scalar`, `to_data`, `one_hot`, `argwhere`, \
                 `Device::seed` …), but a traced tensor has no value yet. Keep the computation in tensors (`mask_where` in \
                 place of `if`), compute the value before tracing, or use `backward()` for this function."
            ),
            Error::DeviceMismatch => write!(
                f,
                "The function combines a traced tensor with one that lives on another device. Take a tensor from \
                 outside in by `constant(&tensor)`, a module by `module::constant(&model)`, or pass it as an argument; create new ones \
                 on `x.device()`."
            ),
            Error::Moved => write!(
                f,
                "The function moves a tensor by `to_device` while it is traced in training mode, which Burn's capture device \
                 cannot do, not even to the device where the tensor is; a batch norm that is used twice does so as well. Leave \
                 the move out, or use Burn's own `backward()` for this function (a `Trainer` does so by itself)."
            ),
            Error::BurnAutodiff => write!(
                f,
                "The function calls `backward()`, `inner()`, `from_inner()`, `valid()` or `train()` while it is traced, but a \
                 traced tensor is on no real device. Differentiate by `thalweg_autodiff::grad` inside, and take values out of \
                 a graph by `stop_gradient`."
            ),
            Error::Detached => write!(
                f,
                "The function calls `detach()` (or `no_grad()`), which is invisible to tracing, so the gradient would \
                 silently flow through it. Write `thalweg_autodiff::stop_gradient(x)` in its place."
            ),
            Error::Unchecked(why) => write!(
                f,
                "Whether the function calls `detach()`, which is invisible to tracing, could not be found out: {why} Write \
                 what cannot be followed in another way, or use Burn's own `backward()` for this function."
            ),
            Error::Argument(why)
            | Error::Output(why)
            | Error::Device(why)
            | Error::Check(why)
            | Error::User(why) => f.write_str(why),
            Error::Internal(why) => write!(
                f,
                "This is a defect of thalweg-autodiff, please report it with the function that you traced: {why}."
            ),
        }
    }
}

impl std::error::Error for Error {}
