use super::stage::{
    FlatFn, adjoints, only_floats, same_nesting, same_types, seed_cotangent, session, tangents,
};
use crate::device::Handle;
use crate::error::Result;
use crate::function::Function;
use crate::trace::run_leaves;
use crate::tree::{Tree, TreeDef, flat, unflat};

/// `f` at the level of tensors.
pub(crate) fn leaves_of<A: Tree, M, F: Function<A, M>>(
    f: &F,
    structure: &TreeDef,
) -> impl Fn(Vec<Handle>) -> Result<(Vec<Handle>, TreeDef)> {
    move |leaves| Ok(flat(&f.call(unflat(structure, leaves)?)?))
}

/// The gradient of a function that returns one number, with respect to its whole argument.
///
/// `grad(f)(&x)` has the nesting, shapes and element types of `x`. Equation: `∂f/∂xᵢ` for every element. Results that
/// do not depend on the argument have gradient zero. Nests: `grad(grad(f))` of a function of one number is `f″`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let rosenbrock = |x: Tensor<1>| {
///     let (a, b): (Tensor<1>, Tensor<1>) = (x.clone().narrow(0, 0, 1), x.narrow(0, 1, 1));
///     (a.clone() - 1.0).powi_scalar(2) + (b - a.powi_scalar(2)).powi_scalar(2) * 100.0
/// };
/// let x = Tensor::<1>::from_floats([-1.0, 2.0], &Device::flex());
/// let g = thalweg_autodiff::grad(rosenbrock)(&x)?;
/// assert_eq!(g.to_data().try_to_vec::<f32>().unwrap(), [396.0, 200.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// [`Error::Output`](crate::Error::Output) if the function does not return one float number,
/// [`Error::Argument`](crate::Error::Argument) for an argument that is not of floats, and what
/// [`trace`](crate::trace) gives.
pub fn grad<A: Tree, M, F: Function<A, M>>(f: F) -> impl Fn(&A) -> Result<A> {
    move |x| {
        let (leaves, structure) = flat(x);
        only_floats(&leaves, "grad")?;
        let (adjoints, ()) = run_leaves(leaves, |xs| {
            let (_, adjoints, _) = adjoints(&leaves_of(&f, &structure), &xs, seed_cotangent)?;
            Ok((adjoints, ()))
        })?;
        unflat(&structure, adjoints)
    }
}

/// The value of a function that returns one number, and its [gradient](grad).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let x = Tensor::<1>::from_floats([3.0, 4.0], &Device::flex());
/// let (y, g) = thalweg_autodiff::value_and_grad(|x: Tensor<1>| x.powi_scalar(2).sum())(&x)?;
/// assert_eq!(y.into_scalar::<f32>(), 25.0);
/// assert_eq!(g.to_data().try_to_vec::<f32>().unwrap(), [6.0, 8.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`grad`].
pub fn value_and_grad<A: Tree, M, F: Function<A, M>>(f: F) -> impl Fn(&A) -> Result<(F::Output, A)> {
    move |x| {
        let (leaves, structure) = flat(x);
        only_floats(&leaves, "value_and_grad")?;
        let (mut all, result) = run_leaves(leaves, |xs| {
            let (mut ys, adjoints, result) = adjoints(&leaves_of(&f, &structure), &xs, seed_cotangent)?;
            ys.extend(adjoints);
            Ok((ys, result))
        })?;
        let adjoints = all.split_off(1);
        Ok((unflat(&result, all)?, unflat(&structure, adjoints)?))
    }
}

/// The value and the Jacobian–vector product: how the result moves when the argument moves along a tangent.
///
/// `jvp(f)(&x, &v)` is `(f(x), J(x)·v)`; the second has the types of `f(x)`, `v` those of `x`. Costs a small multiple
/// of `f`, whatever the sizes.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let x = Tensor::<1>::from_floats([2.0, 5.0], &Device::flex());
/// let v = Tensor::<1>::from_floats([1.0, 0.0], &Device::flex());
/// let (y, t) = thalweg_autodiff::jvp(|x: Tensor<1>| x.clone() * x)(&x, &v)?;
/// assert_eq!(y.to_data().try_to_vec::<f32>().unwrap(), [4.0, 25.0]);
/// assert_eq!(t.to_data().try_to_vec::<f32>().unwrap(), [4.0, 0.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// [`Error::Argument`](crate::Error::Argument) for an argument that is not of floats or a tangent of another shape
/// or element type, and what [`trace`](crate::trace) gives.
pub fn jvp<A: Tree, M, F: Function<A, M>>(f: F) -> impl Fn(&A, &A) -> Result<(F::Output, F::Output)> {
    move |x, v| {
        let ((mut leaves, structure), (vs, nesting)) = (flat(x), flat(v));
        only_floats(&leaves, "jvp")?;
        same_types(&leaves, &vs, "tangent")?;
        same_nesting(&structure, &nesting, "tangent")?;
        let n = leaves.len();
        leaves.extend(vs);
        let (mut all, result) = run_leaves(leaves, |all| {
            let (xs, ts) = all.split_at(n);
            let (mut ys, tangents, result) = tangents(&leaves_of(&f, &structure), xs, ts)?;
            ys.extend(tangents);
            Ok((ys, result))
        })?;
        let tangents = all.split_off(all.len() / 2);
        Ok((unflat(&result, all)?, unflat(&result, tangents)?))
    }
}

/// The value and the vector–Jacobian product: the gradient of `⟨ct, f(x)⟩` for a given adjoint `ct` of the result.
///
/// `vjp(f)(&x, &ct)` is `(f(x), J(x)ᵀ·ct)`; the second has the types of `x`, `ct` those of `f(x)`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let x = Tensor::<1>::from_floats([2.0, 5.0], &Device::flex());
/// let ct = Tensor::<1>::from_floats([1.0, 10.0], &Device::flex());
/// let (_, g) = thalweg_autodiff::vjp(|x: Tensor<1>| x.clone() * x)(&x, &ct)?;
/// assert_eq!(g.to_data().try_to_vec::<f32>().unwrap(), [4.0, 100.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`jvp`], for the adjoint in place of the tangent.
pub fn vjp<A: Tree, M, F: Function<A, M>>(f: F) -> impl Fn(&A, &F::Output) -> Result<(F::Output, A)> {
    move |x, ct| {
        let ((mut leaves, structure), (cts, nesting)) = (flat(x), flat(ct));
        only_floats(&leaves, "vjp")?;
        let n = leaves.len();
        leaves.extend(cts);
        let (mut all, result) = run_leaves(leaves, |all| {
            let (xs, cts) = all.split_at(n);
            let given = |_: &_, ys: &[Handle]| {
                same_types(ys, cts, "adjoint")?;
                let session = session()?;
                Ok(cts.iter().map(|ct| session.capture(ct.clone())).collect())
            };
            let f: FlatFn<TreeDef> = &leaves_of(&f, &structure);
            let (mut ys, adjoints, result) = adjoints(f, xs, given)?;
            same_nesting(&result, &nesting, "adjoint")?;
            ys.extend(adjoints);
            Ok((ys, result))
        })?;
        let adjoints = all.split_off(all.len() - n);
        Ok((unflat(&result, all)?, unflat(&structure, adjoints)?))
    }
}
