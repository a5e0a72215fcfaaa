use std::cell::OnceCell;

use burn::tensor::Tensor;
use thalweg_autodiff::{Function, Traced, Tree, jacobian, jvp, trace, vjp};

use super::function::{FunctionOracle, once, oracle};
use super::layout::elements_of;
use super::{Layout, Oracle, Residuals};
use crate::error::Result;

type Half<A> = Box<dyn Fn(A) -> thalweg_autodiff::Result<Tensor<1>>>;
type ByBox = (thalweg_autodiff::ByValue, thalweg_autodiff::Result<Tensor<1>>);

/// Half a sum of squares with its residuals; see [`least_squares`].
pub struct LeastSquares<A: Tree + 'static> {
    r: std::rc::Rc<dyn Fn(A) -> thalweg_autodiff::Result<Tensor<1>>>,
    half: FunctionOracle<A, ByBox, Half<A>>,
    at: OnceCell<Traced<A, Tensor<1>>>,
    jvp: OnceCell<Traced<(A, A), Tensor<1>>>,
    vjp: OnceCell<Traced<(A, Tensor<1>), A>>,
    jacobian: OnceCell<Traced<A, Tensor<2>>>,
}

/// An oracle of `f(x) = ½ ‖r(x)‖²` for Burn code that returns the residuals, `[m]`, of arguments like `x`, whose values
/// do not matter. Gauss–Newton and Levenberg–Marquardt need one.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_optim::solvers::{LevenbergMarquardt, Solver, least_squares, minimize_oracle};
///
/// // A decay fitted to three measurements.
/// let device = Device::flex();
/// let times = Tensor::<1>::from_floats([0.0, 1.0, 2.0], &device);
/// let seen = Tensor::<1>::from_floats([3.0, 1.5, 0.75], &device);
/// let residuals = move |x: Tensor<1>| {
///     let (size, rate) = (x.clone().slice(0..1), x.slice(1..2));
///     size * (rate * thalweg_autodiff::constant(&times)).exp() - thalweg_autodiff::constant(&seen)
/// };
/// let start = Tensor::<1>::from_floats([1.0, 0.0], &device);
/// let f = least_squares(residuals, &start)?;
/// let fit = minimize_oracle(&f, f.point(&start)?, &LevenbergMarquardt::default(), 50)?;
/// assert!((fit.x[0] - 3.0).abs() < 1e-5 && (fit.x[1] + 2f64.ln()).abs() < 1e-5);
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
///
/// # Errors
/// As [`oracle`].
pub fn least_squares<A, M, F>(residuals: F, x: &A) -> Result<LeastSquares<A>>
where
    A: Tree + 'static,
    F: Function<A, M, Output = Tensor<1>> + 'static,
    M: 'static,
{
    let r: std::rc::Rc<dyn Fn(A) -> thalweg_autodiff::Result<Tensor<1>>> =
        std::rc::Rc::new(move |x| residuals.call(x));
    let own = r.clone();
    let half: Half<A> = Box::new(move |x| Ok(own(x)?.square().sum() * 0.5));
    Ok(LeastSquares {
        r,
        half: oracle(half, x)?,
        at: OnceCell::new(),
        jvp: OnceCell::new(),
        vjp: OnceCell::new(),
        jacobian: OnceCell::new(),
    })
}

impl<A: Tree> LeastSquares<A> {
    /// The vector that stands for arguments.
    ///
    /// # Errors
    /// As [`Layout::read`].
    pub fn point(&self, x: &A) -> Result<Vec<f64>> {
        self.layout().read(x)
    }
}

impl<A: Tree> Oracle for LeastSquares<A> {
    fn layout(&self) -> &Layout {
        self.half.layout()
    }

    fn gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>)> {
        self.half.gradient(x)
    }

    fn value(&self, x: &[f64]) -> Result<f64> {
        self.half.value(x)
    }

    fn hvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        self.half.hvp(x, v)
    }

    fn hessian(&self, x: &[f64]) -> Result<Vec<f64>> {
        self.half.hessian(x)
    }

    fn residuals(&self) -> Option<&dyn Residuals> {
        Some(self)
    }
}

impl<A: Tree> LeastSquares<A> {
    fn traced(&self) -> Result<&Traced<A, Tensor<1>>> {
        let like: A = self.layout().write(&vec![0.0; self.layout().num_elements()])?;
        once(&self.at, || trace(|x: A| (self.r)(x), &like))
    }
}

impl<A: Tree> Residuals for LeastSquares<A> {
    fn at(&self, x: &[f64]) -> Result<Vec<f64>> {
        elements_of(&self.traced()?.call(&self.layout().write(x)?)?)
    }

    fn jvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        let point: (A, A) = (self.layout().write(x)?, self.layout().write(v)?);
        let along = |(x, v): (A, A)| Ok::<_, thalweg_autodiff::Error>(jvp(|x: A| (self.r)(x))(&x, &v)?.1);
        let traced = once(&self.jvp, || trace(along, &point))?;
        elements_of(&traced.call(&point)?)
    }

    fn vjp(&self, x: &[f64], u: &[f64]) -> Result<Vec<f64>> {
        let x: A = self.layout().write(x)?;
        // The residuals tell type and device of what belongs to them.
        let weights = Layout::of(&self.traced()?.call(&x)?)?;
        let point: (A, Tensor<1>) = (x, weights.write(u)?);
        let across =
            |(x, u): (A, Tensor<1>)| Ok::<_, thalweg_autodiff::Error>(vjp(|x: A| (self.r)(x))(&x, &u)?.1);
        let traced = once(&self.vjp, || trace(across, &point))?;
        elements_of(&traced.call(&point)?)
    }

    fn jacobian(&self, x: &[f64]) -> Result<Vec<f64>> {
        let x: A = self.layout().write(x)?;
        let traced = once(&self.jacobian, || trace(jacobian(|x: A| (self.r)(x)), &x))?;
        elements_of(&traced.call(&x)?)
    }
}
