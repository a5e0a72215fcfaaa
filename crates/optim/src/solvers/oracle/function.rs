use std::cell::OnceCell;
use std::marker::PhantomData;

use burn::tensor::Tensor;
use thalweg_autodiff::{Function, Traced, Tree, hessian, hvp, trace, value_and_grad, with_rng_key};

use super::layout::{elements_of, number_of};
use super::{Layout, Oracle};
use crate::error::Result;

/// A traced function that gives the function's own result and a tree like its argument.
type WithTree<A, X, M, F> = Traced<X, (<F as Function<A, M>>::Output, A)>;

/// A Burn function of one number, traced once for each kind of derivative that a solver asks for; see [`oracle`].
pub struct FunctionOracle<A, M, F: Function<A, M>> {
    f: F,
    layout: Layout,
    key: u64,
    gradient: WithTree<A, A, M, F>,
    value: OnceCell<Traced<A, F::Output>>,
    hvp: OnceCell<WithTree<A, (A, A), M, F>>,
    hessian: OnceCell<Traced<A, Tensor<2>>>,
    form: PhantomData<fn(M)>,
}

/// An oracle of a Burn function that returns one number, for arguments like `x`, whose values do not matter.
///
/// What the function captures is fixed when it is traced. Random draws in it are made with one key,
/// [`FunctionOracle::key`].
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_optim::solvers::{Oracle, oracle};
///
/// let x = Tensor::<1>::from_floats([3.0, -1.0], &Device::flex());
/// let f = oracle(|x: Tensor<1>| x.powi_scalar(4).sum(), &x)?;
/// let at = f.point(&x)?;
/// assert_eq!(f.gradient(&at)?, (82.0, vec![108.0, -4.0]));
/// assert_eq!(f.hvp(&at, &[1.0, 1.0])?, vec![108.0, 12.0]);
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
///
/// # Errors
/// [`Error::Driver`](crate::Error::Driver) if an argument is not of floats; else what tracing gives.
pub fn oracle<A: Tree, M, F: Function<A, M>>(f: F, x: &A) -> Result<FunctionOracle<A, M, F>> {
    let layout = Layout::of(x)?;
    let gradient = trace(value_and_grad(|x: A| f.call(x)), x)?;
    Ok(FunctionOracle {
        f,
        layout,
        key: 0,
        gradient,
        value: OnceCell::new(),
        hvp: OnceCell::new(),
        hessian: OnceCell::new(),
        form: PhantomData,
    })
}

/// What is traced on first use.
pub(super) fn once<T>(cell: &OnceCell<T>, make: impl FnOnce() -> thalweg_autodiff::Result<T>) -> Result<&T> {
    Ok(match cell.get() {
        Some(traced) => traced,
        None => {
            let traced = make()?;
            cell.get_or_init(|| traced)
        }
    })
}

impl<A: Tree, M, F: Function<A, M>> FunctionOracle<A, M, F> {
    /// The vector that stands for arguments.
    ///
    /// # Errors
    /// As [`Layout::read`].
    pub fn point(&self, x: &A) -> Result<Vec<f64>> {
        self.layout.read(x)
    }

    /// The same function with other random draws; the key is 0 at first.
    pub fn key(mut self, key: u64) -> Self {
        self.key = key;
        self
    }
}

impl<A: Tree, M, F: Function<A, M>> Oracle for FunctionOracle<A, M, F> {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>)> {
        let x: A = self.layout.write(x)?;
        let (value, gradient) = with_rng_key(self.key, || self.gradient.call(&x))?;
        Ok((number_of(&value)?, elements_of(&gradient)?))
    }

    fn value(&self, x: &[f64]) -> Result<f64> {
        let x: A = self.layout.write(x)?;
        let traced = once(&self.value, || trace(|x: A| self.f.call(x), &x))?;
        number_of(&with_rng_key(self.key, || traced.call(&x))?)
    }

    fn hvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        let point: (A, A) = (self.layout.write(x)?, self.layout.write(v)?);
        let product = |(x, v): (A, A)| hvp(|x: A| self.f.call(x))(&x, &v);
        let traced = once(&self.hvp, || trace(product, &point))?;
        elements_of(&with_rng_key(self.key, || traced.call(&point))?.1)
    }

    fn hessian(&self, x: &[f64]) -> Result<Vec<f64>> {
        let x: A = self.layout.write(x)?;
        let traced = once(&self.hessian, || trace(hessian(|x: A| self.f.call(x)), &x))?;
        elements_of(&with_rng_key(self.key, || traced.call(&x))?)
    }
}
