use crate::detach;
use crate::device::Handle;
use crate::error::{Error, Result};
use crate::ir::TensorType;
use crate::trace::{Session, marker};
use crate::tree::{TreeDef, ty};

/// A function at the level of tensors; `T` says what its results are parts of.
pub(crate) type FlatFn<'a, T> = &'a dyn Fn(Vec<Handle>) -> Result<(Vec<Handle>, T)>;

/// Results of a function, what an operator adds to them, and the nesting of the results.
pub(crate) type OutputsAndExtra<T> = (Vec<Handle>, Vec<Handle>, T);

pub(crate) fn types(handles: &[Handle]) -> Vec<TensorType> {
    handles.iter().map(ty).collect()
}

pub(crate) fn session() -> Result<Session> {
    let ended =
        "An argument is a tensor of a trace that has ended. Give back as a result what is wanted outside.";
    Session::current().ok_or(Error::Argument(ended.into()))
}

/// Runs `f` on arguments that are told apart from what they are outside of it.
fn stage_body<T>(f: FlatFn<T>, xs: &[Handle]) -> Result<(Session, OutputsAndExtra<T>)> {
    let session = session()?;
    let xs: Vec<Handle> = xs.iter().map(|x| session.capture(x.clone())).collect();
    let inner = detach::enter(&xs, session.mark(marker::ALIAS, &[&xs], &types(&xs)));
    let (ys, extra) = f(inner.clone())?;
    let ys: Vec<Handle> = ys.into_iter().map(|y| session.capture(y)).collect();
    detach::watch(&ys);
    Ok((session, (ys, inner, extra)))
}

/// Results and tangents at `xs` in direction `ts`.
pub(crate) fn tangents<T>(f: FlatFn<T>, xs: &[Handle], ts: &[Handle]) -> Result<OutputsAndExtra<T>> {
    let (session, (ys, inner, extra)) = stage_body(f, xs)?;
    let ts: Vec<Handle> = ts.iter().map(|t| session.capture(t.clone())).collect();
    detach::watch(&ts);
    let out = session.mark(marker::JVP, &[&ys, &inner, &ts], &types(&ys));
    let ys = detach::leave(&session, ys);
    Ok((ys, detach::leave(&session, out), extra))
}

/// Results and adjoints at `xs` for the adjoints that `cts` gives for the results.
pub(crate) fn adjoints<T>(
    f: FlatFn<T>,
    xs: &[Handle],
    cts: impl FnOnce(&Session, &[Handle]) -> Result<Vec<Handle>>,
) -> Result<OutputsAndExtra<T>> {
    let (session, (ys, inner, extra)) = stage_body(f, xs)?;
    let cts = cts(&session, &ys)?;
    detach::watch(&cts);
    let out = session.mark(marker::VJP, &[&ys, &inner, &cts], &types(xs));
    let ys = detach::leave(&session, ys);
    Ok((ys, detach::leave(&session, out), extra))
}

/// The adjoint of a function's only result, which must be one float number.
pub(crate) fn seed_cotangent(_: &Session, ys: &[Handle]) -> Result<Vec<Handle>> {
    let refuse = |what: String| {
        Err(Error::Output(format!(
            "A gradient needs a function that returns one float number, but this one returns {what}. Sum or average \
             the result, or use `jacobian` or `vjp`."
        )))
    };
    match types(ys).as_slice() {
        [ty] if !ty.is_float() => refuse(format!("the tensor {ty}, which is not of floats")),
        [ty] if ty.num_elements() == 1 => Ok(vec![full_like(1.0, ty, &ys[0])]),
        [ty] => refuse(format!("the tensor {ty}")),
        tys => refuse(format!("{} tensors", tys.len())),
    }
}

/// A tensor of one number on the device of `like`.
pub(crate) fn full_like(value: f64, ty: &TensorType, like: &Handle) -> Handle {
    use burn_backend::TensorMetadata;
    use burn_backend::ops::FloatTensorOps;
    let shape = burn::tensor::Shape::from(ty.shape.clone());
    crate::device::B::float_full(shape, value.into(), &like.device(), ty.dtype.into())
}

/// Refuses arguments that cannot carry a derivative.
pub(crate) fn only_floats(xs: &[Handle], operator: &str) -> Result<()> {
    let all = types(xs);
    if !all.iter().any(TensorType::is_float) {
        return Err(Error::Argument(format!(
            "`{operator}` has no float argument to differentiate by; cast an integer tensor with `.float()`."
        )));
    }
    match all.iter().position(|ty| !ty.is_float()) {
        None => Ok(()),
        Some(k) => Err(Error::Argument(format!(
            "`{operator}` cannot differentiate by tensor number {k} of the arguments, {}, which is not of floats. Let \
             the function capture it through `constant(&tensor)`, or cast it with `.float()`.",
            all[k]
        ))),
    }
}

/// Refuses tangents or adjoints `vs` that do not fit `xs`.
pub(crate) fn same_types(xs: &[Handle], vs: &[Handle], what: &str) -> Result<()> {
    let (own, given) = (types(xs), types(vs));
    if own.len() != given.len() {
        let counts = format!("{} tensors where {} are expected", given.len(), own.len());
        return Err(Error::Argument(format!("The {what} has {counts}; give it the nesting of the value.")));
    }
    match own.iter().zip(&given).position(|(a, b)| a != b) {
        None => Ok(()),
        Some(k) => Err(Error::Argument(format!(
            "Tensor number {k} of the {what} is {}, but it must be {} like the value that it belongs to.",
            given[k], own[k]
        ))),
    }
}

/// Refuses a tangent or an adjoint whose tensors are nested otherwise than those of the value.
pub(crate) fn same_nesting(value: &TreeDef, given: &TreeDef, what: &str) -> Result<()> {
    if value == given {
        return Ok(());
    }
    Err(Error::Argument(format!(
        "The {what} is nested otherwise than the value that it belongs to; give the two the same nesting."
    )))
}
