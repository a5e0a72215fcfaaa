use burn::tensor::{DType, TensorData};
use burn_backend::TensorMetadata;
use burn_backend::ops::FloatTensorOps;

use super::first_order::leaves_of;
use super::stage::{FlatFn, adjoints, only_floats, tangents, types};
use crate::device::{B, Handle};
use crate::error::{Error, Result};
use crate::function::Function;
use crate::keys::Philox;
use crate::trace::capture::without_autodiff;
use crate::trace::{is_traced, run_leaves};
use crate::tree::{Tree, TreeDef, flat};

/// A fixed direction in the space of tensors like `like`.
fn direction(like: &[Handle], draw: u32) -> Vec<Handle> {
    let mut stream = Philox::new(1, draw);
    let tensor = |h: &Handle| {
        let values: Vec<f64> = (0..h.shape().num_elements()).map(|_| stream.normal()).collect();
        let data = TensorData::new(values, h.shape()).convert_dtype(h.dtype());
        B::float_from_data(data, &h.device())
    };
    like.iter().map(tensor).collect()
}

fn moved(xs: &[Handle], vs: &[Handle], by: f64) -> Vec<Handle> {
    let step = |(x, v): (&Handle, &Handle)| B::float_add(x.clone(), B::float_mul_scalar(v.clone(), by.into()));
    xs.iter().zip(vs).map(step).collect()
}

fn numbers(handles: &[Handle]) -> Vec<f64> {
    let read = |h: &Handle| burn_backend::read_sync(B::float_into_data(h.clone())).ok();
    handles.iter().filter_map(read).flat_map(|d| d.iter::<f64>().collect::<Vec<_>>()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// Whether a gap is small; NaN is not.
fn within(gap: f64, bound: f64) -> bool {
    gap.partial_cmp(&bound).is_some_and(|o| o.is_le())
}

/// How central differences are taken in a float type, and how far they are believed.
struct Differences {
    /// The step.
    step: f64,
    /// The relative error that is let pass.
    tolerance: f64,
    /// The distance of 1 to the next number.
    epsilon: f64,
}

impl Differences {
    /// Of the coarsest type among the arguments: a step of about the cube root of the type's precision, where truncation
    /// and cancellation cost alike.
    fn of(xs: &[Handle]) -> Self {
        if types(xs).iter().all(|ty| ty.dtype == DType::F64) {
            Self { step: 1e-5, tolerance: 1e-6, epsilon: f64::EPSILON }
        } else {
            Self { step: 1e-2, tolerance: 2e-2, epsilon: f64::from(f32::EPSILON) }
        }
    }

    /// What rounding makes of a difference of two values of this size, each off by a few units in its last place. Values
    /// below one count as one, since they may be what cancellation left of such.
    fn noise(&self, size: f64) -> f64 {
        16.0 * self.epsilon * (1.0 + size) / self.step
    }
}

/// Checks the derivatives of a function at `x`, forward and reverse, to the given order.
///
/// At each order, along one fixed random direction `v`: the tangent `J·v` against the central difference
/// `D(h) = (f(x + h·v) − f(x − h·v)) / 2h`, and the adjoint against the tangent by `⟨ct, J·v⟩ = ⟨Jᵀ·ct, v⟩`. Then the same
/// for `x ↦ J(x)·v`. In f64 `h` is 1e-5 and the tolerance 1e-6, in f32 1e-2 and 2e-2.
///
/// A tangent may differ from `D(h)`, in the Euclidean norm, by the tolerance times `|D(h)|`, plus the truncation error as
/// `|D(2h) − D(h)|` tells it, plus the rounding noise `16ε·(1 + |f(x + h·v)|) / h`. The noise is the least derivative that is
/// seen: 2e-4 in f32 and 4e-10 in f64, of a function of values below one. Multiply a smaller function by a factor that
/// brings it to about one, and prefer f64.
///
/// ```
/// use burn::tensor::{DType, Device, Tensor};
/// let x = Tensor::<1>::from_floats([0.3, 1.7], &Device::flex()).cast(DType::F64);
/// thalweg_autodiff::check_grads(|x: Tensor<1>| (x.clone().sin() * x.exp()).sum(), &x, 3)?;
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// [`Error::Check`] with the figures if a derivative is wrong, [`Error::Argument`] for an argument that is not of
/// floats, and what [`trace`](crate::trace) gives.
pub fn check_grads<A: Tree, M, F: Function<A, M>>(f: F, x: &A, order: usize) -> Result<()> {
    let (leaves, structure) = flat(x);
    only_floats(&leaves, "check_grads")?;
    if is_traced(&leaves) {
        return Err(Error::ConcreteValueRequired);
    }
    let xs: Vec<Handle> = leaves.into_iter().map(without_autodiff).collect();
    check(&leaves_of(&f, &structure), &xs, 1, order)
}

fn floats_only(ys: Vec<Handle>) -> Vec<Handle> {
    ys.into_iter().filter(|y| y.dtype().is_float()).collect()
}

fn check(f: FlatFn<TreeDef>, xs: &[Handle], at: usize, order: usize) -> Result<()> {
    if at > order {
        return Ok(());
    }
    let differences = Differences::of(xs);
    let h = differences.step;
    let n = xs.len();
    let plain = |xs: Vec<Handle>| Ok((floats_only(f(xs)?.0), ()));
    let forward = |all: Vec<Handle>| {
        let (xs, ts) = all.split_at(n);
        Ok((tangents(&plain, xs, ts)?.1, TreeDef::Leaf))
    };
    let with = |vs: &[Handle]| [xs, vs].concat();
    let value = |xs: Vec<Handle>| Ok::<_, Error>(numbers(&run_leaves(xs, plain)?.0));
    let vs = direction(xs, at as u32);
    let analytic = run_leaves(with(&vs), forward)?.0;
    let difference = |h: f64| {
        let (plus, minus) = (value(moved(xs, &vs, h))?, value(moved(xs, &vs, -h))?);
        let slope = plus.iter().zip(&minus).map(|(p, m)| (p - m) / (2.0 * h)).collect::<Vec<f64>>();
        Ok::<_, Error>((slope, norm(&plus)))
    };
    let ((numeric, size), (wider, _)) = (difference(h)?, difference(2.0 * h)?);
    let tangent = numbers(&analytic);
    let apart = |a: &[f64], b: &[f64]| norm(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>());
    let gap = apart(&tangent, &numeric);
    let bound = differences.tolerance * norm(&numeric) + apart(&wider, &numeric) + differences.noise(size);
    if !within(gap, bound) {
        return Err(Error::Check(format!(
            "The derivative of order {at} is wrong or the function is not smooth there: along a fixed direction it is \
             {:e} in norm, while central differences with step {h:e} give {:e}, {gap:e} apart where {bound:e} is let pass. \
             If the function has a kink near this point, check at another one.",
            norm(&tangent),
            norm(&numeric)
        )));
    }
    let cts = direction(&analytic, 1000 + at as u32);
    let backward = |all: Vec<Handle>| {
        let (xs, cts) = all.split_at(n);
        Ok((adjoints(&plain, xs, |_, _| Ok(cts.to_vec()))?.1, ()))
    };
    let back = numbers(&run_leaves(with(&cts), backward)?.0);
    let (cts, vs_numbers) = (numbers(&cts), numbers(&vs));
    let (one, other) = (dot(&cts, &tangent), dot(&back, &vs_numbers));
    let products = norm(&cts) * norm(&tangent) + norm(&back) * norm(&vs_numbers);
    let bound = differences.tolerance * products + differences.noise(size) * norm(&cts);
    if !within((one - other).abs(), bound) {
        return Err(Error::Check(format!(
            "Forward and reverse mode disagree at order {at}: ⟨ct, J·v⟩ = {one:e}, but ⟨Jᵀ·ct, v⟩ = {other:e}. Please \
             report the function, since the two share their rules."
        )));
    }
    // The direction joins the arguments, so that the next order moves it as well.
    check(&forward, &with(&vs), at + 1, order)
}
