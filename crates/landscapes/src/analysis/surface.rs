//! A function with its derivatives, each traced once.

use std::cell::OnceCell;

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_autodiff::{Traced, grad, hessian, hvp, trace, value_and_grad, vmap};

use crate::error::{Error, Result};
use crate::landscape::Landscape;

/// How many points are evaluated together.
const LANES: usize = 256;

/// Values, gradients and Hessians of a function of `n` coordinates, at one point or at many together.
///
/// Numbers go in and come out as `f64`; the function runs in the element type and on the device of the surface, `f64` on
/// `flex` unless [`Surface::on`] says otherwise.
pub struct Surface<'f> {
    f: Box<dyn Fn(Tensor<1>) -> Tensor<1> + 'f>,
    n: usize,
    device: Device,
    dtype: DType,
    first: OnceCell<Traced<Tensor<1>, (Tensor<1>, Tensor<1>)>>,
    second: OnceCell<Traced<Tensor<1>, Tensor<2>>>,
    product: OnceCell<Traced<(Tensor<1>, Tensor<1>), (Tensor<1>, Tensor<1>)>>,
    values: OnceCell<Traced<Tensor<2>, Tensor<2>>>,
    firsts: OnceCell<Traced<Tensor<2>, (Tensor<2>, Tensor<2>)>>,
    seconds: OnceCell<Traced<Tensor<2>, (Tensor<2>, Tensor<3>)>>,
}

/// A traced function, traced now if it is not yet.
fn once<T>(cell: &OnceCell<T>, make: impl FnOnce() -> thalweg_autodiff::Result<T>) -> Result<&T> {
    if cell.get().is_none() {
        let made = make()?;
        return Ok(cell.get_or_init(|| made));
    }
    cell.get().ok_or_else(|| Error::Analysis("A surface lost what it had traced.".into()))
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.to_data().iter().collect()
}

impl<'f> Surface<'f> {
    /// The surface of a function that takes a point of shape `[n]` and gives its value in shape `[1]`.
    pub fn new(n: usize, f: impl Fn(Tensor<1>) -> Tensor<1> + 'f) -> Self {
        Surface {
            f: Box::new(f),
            n,
            device: Device::flex(),
            dtype: DType::F64,
            first: OnceCell::new(),
            second: OnceCell::new(),
            product: OnceCell::new(),
            values: OnceCell::new(),
            firsts: OnceCell::new(),
            seconds: OnceCell::new(),
        }
    }

    /// The surface of a landscape.
    pub fn of(landscape: &'f Landscape) -> Self {
        Surface::new(landscape.dimension(), |x| landscape.value(x))
    }

    /// The same function in another element type, on another device.
    pub fn on(self, device: &Device, dtype: DType) -> Self {
        Surface { device: device.clone(), dtype, ..Surface::new(self.n, self.f) }
    }

    /// The number of coordinates.
    pub fn dimension(&self) -> usize {
        self.n
    }

    /// Points as rows of a tensor.
    ///
    /// # Errors
    /// [`Error::Point`] for a point of another length or with a coordinate that is not finite.
    fn tensor(&self, points: &[Vec<f64>], rows: usize) -> Result<Tensor<2>> {
        for point in points {
            if point.len() != self.n || point.iter().any(|x| !x.is_finite()) {
                return Err(Error::Point(format!(
                    "{point:?} is no point of this surface, which takes {} finite coordinates.",
                    self.n
                )));
            }
        }
        // What is missing to full lanes repeats the last point.
        let at = |i: usize| points[i.min(points.len() - 1)].iter().copied();
        let data: Vec<f64> = (0..rows).flat_map(at).collect();
        Ok(Tensor::from_data(TensorData::new(data, [rows, self.n]), (&self.device, self.dtype)))
    }

    fn point(&self, x: &[f64]) -> Result<Tensor<1>> {
        Ok(self.tensor(&[x.to_vec()], 1)?.reshape([self.n]))
    }

    /// Runs a function over many points, some lanes at a time.
    fn lanes<R>(&self, points: &[Vec<f64>], run: impl Fn(Tensor<2>) -> Result<Vec<R>>) -> Result<Vec<R>> {
        let mut all = vec![];
        for points in points.chunks(LANES) {
            all.extend(run(self.tensor(points, LANES)?)?.into_iter().take(points.len()));
        }
        Ok(all)
    }

    /// Value and gradient at a point.
    ///
    /// # Errors
    /// [`Error::Point`] for a point of another length or with a coordinate that is not finite, and what tracing gives.
    pub fn gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>)> {
        let x = self.point(x)?;
        let traced = once(&self.first, || trace(value_and_grad(|x: Tensor<1>| (self.f)(x)), &x))?;
        let (value, gradient) = traced.call(&x)?;
        Ok((numbers(value)[0], numbers(gradient)))
    }

    /// The Hessian at a point, in row-major order.
    ///
    /// # Errors
    /// As [`Surface::gradient`].
    pub fn hessian(&self, x: &[f64]) -> Result<Vec<f64>> {
        let x = self.point(x)?;
        let traced = once(&self.second, || trace(hessian(|x: Tensor<1>| (self.f)(x)), &x))?;
        Ok(numbers(traced.call(&x)?))
    }

    /// The product of the Hessian at a point with a vector.
    ///
    /// # Errors
    /// As [`Surface::gradient`].
    pub fn hvp(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        let args = (self.point(x)?, self.point(v)?);
        let f = |x: Tensor<1>| (self.f)(x);
        let traced = once(&self.product, || trace(|(x, v): (Tensor<1>, Tensor<1>)| hvp(f)(&x, &v), &args))?;
        Ok(numbers(traced.call(&args)?.1))
    }

    /// The values at many points.
    ///
    /// # Errors
    /// As [`Surface::gradient`].
    pub fn values(&self, points: &[Vec<f64>]) -> Result<Vec<f64>> {
        self.lanes(points, |xs| {
            let traced = once(&self.values, || trace(vmap(|x: Tensor<1>| (self.f)(x)), &xs))?;
            Ok(numbers(traced.call(&xs)?))
        })
    }

    /// Values and gradients at many points.
    ///
    /// # Errors
    /// As [`Surface::gradient`].
    pub fn gradients(&self, points: &[Vec<f64>]) -> Result<Vec<(f64, Vec<f64>)>> {
        self.lanes(points, |xs| {
            let traced = once(&self.firsts, || trace(vmap(value_and_grad(|x: Tensor<1>| (self.f)(x))), &xs))?;
            let (values, gradients) = traced.call(&xs)?;
            let gradients = numbers(gradients);
            Ok(numbers(values).into_iter().zip(gradients.chunks(self.n).map(<[f64]>::to_vec)).collect())
        })
    }

    /// Gradients and Hessians at many points.
    ///
    /// # Errors
    /// As [`Surface::gradient`].
    pub fn hessians(&self, points: &[Vec<f64>]) -> Result<Vec<(Vec<f64>, Vec<f64>)>> {
        self.lanes(points, |xs| {
            let traced = once(&self.seconds, || {
                let f = |x: Tensor<1>| (self.f)(x);
                let both = |x: Tensor<1>| -> thalweg_autodiff::Result<(Tensor<1>, Tensor<2>)> {
                    Ok((grad(f)(&x)?, hessian(f)(&x)?))
                };
                trace(vmap(both), &xs)
            })?;
            let (gradients, hessians) = traced.call(&xs)?;
            let (gradients, hessians) = (numbers(gradients), numbers(hessians));
            let rows = |all: &[f64], width: usize| all.chunks(width).map(<[f64]>::to_vec).collect::<Vec<_>>();
            Ok(rows(&gradients, self.n).into_iter().zip(rows(&hessians, self.n * self.n)).collect())
        })
    }
}
