use super::first_order::leaves_of;
use super::stage::{FlatFn, adjoints, only_floats, same_nesting, same_types, seed_cotangent, tangents};
use crate::device::Handle;
use crate::error::Result;
use crate::function::Function;
use crate::trace::run_leaves;
use crate::tree::{Tree, TreeDef, flat, unflat};

/// The gradient of `f` with its value in front.
pub(crate) fn gradient_of(f: FlatFn<TreeDef>) -> impl Fn(Vec<Handle>) -> Result<(Vec<Handle>, ())> {
    move |xs| {
        let (mut ys, adjoints, _) = adjoints(f, &xs, seed_cotangent)?;
        ys.extend(adjoints);
        Ok((ys, ()))
    }
}

/// The gradient of a function that returns one number, and the product of its Hessian with a vector, without ever
/// forming the Hessian: forward over reverse, `H(x)·v = d/dε ∇f(x + ε·v)`.
///
/// `hvp(f)(&x, &v)` is `(f(x), H(x)·v)`; the second has the types of `x`, and so has `v`. Costs two to three gradients.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// let x = Tensor::<1>::from_floats([2.0, 5.0], &Device::flex());
/// let v = Tensor::<1>::from_floats([1.0, 1.0], &Device::flex());
/// let (_, hv) = thalweg_autodiff::hvp(|x: Tensor<1>| x.powi_scalar(3).sum())(&x, &v)?;
/// assert_eq!(hv.to_data().try_to_vec::<f32>().unwrap(), [12.0, 30.0]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// As [`grad`](crate::grad) and [`jvp`](crate::jvp).
pub fn hvp<A: Tree, M, F: Function<A, M>>(f: F) -> impl Fn(&A, &A) -> Result<(F::Output, A)> {
    move |x, v| {
        let ((mut leaves, structure), (vs, nesting)) = (flat(x), flat(v));
        only_floats(&leaves, "hvp")?;
        same_types(&leaves, &vs, "tangent")?;
        same_nesting(&structure, &nesting, "tangent")?;
        let n = leaves.len();
        leaves.extend(vs);
        let (mut all, result) = run_leaves(leaves, |all| {
            let (xs, ts) = all.split_at(n);
            let nesting = std::cell::RefCell::new(TreeDef::Leaf);
            let f = leaves_of(&f, &structure);
            let keep = |xs| {
                let (ys, result) = f(xs)?;
                nesting.replace(result.clone());
                Ok((ys, result))
            };
            let (ys, tangents, ()) = tangents(&gradient_of(&keep), xs, ts)?;
            let out = ys.into_iter().take(1).chain(tangents.into_iter().skip(1)).collect();
            Ok((out, nesting.into_inner()))
        })?;
        let product = all.split_off(1);
        Ok((unflat(&result, all)?, unflat(&structure, product)?))
    }
}
