//! Names of the custom operations that stand for this crate's operators in a recording.

/// Touches every argument, so that unused ones are accepted.
pub(crate) const BOUNDARY: &str = "thalweg.boundary";
/// Arguments of an operator told apart from what they are.
pub(crate) const ALIAS: &str = "thalweg.alias";
/// Values with derivative zero.
pub(crate) const STOP_GRADIENT: &str = "thalweg.stop_gradient";
/// One element of each batched argument.
pub(crate) const ELEMENT: &str = "thalweg.element";
/// Results, elements and batched arguments to batched results.
pub(crate) const VMAP: &str = "thalweg.vmap";
/// Results, arguments and their tangents to tangents.
pub(crate) const JVP: &str = "thalweg.jvp";
/// Results, arguments and adjoints of the results to adjoints of the arguments.
pub(crate) const VJP: &str = "thalweg.vjp";
