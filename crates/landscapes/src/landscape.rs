//! A landscape, whatever it was made from.

use std::fmt;
use std::sync::Arc;

use burn::tensor::{DType, Device, Tensor, TensorData};

use crate::decorators::Decorator;
use crate::entry::{Entry, Family, Formula, Made};
use crate::error::{Error, Result};
use crate::facts::{CriticalPoint, Facts, Lowest, Smoothness};
use crate::parameter::Parameters;
use crate::random::Numbers;
use crate::text::Call;

/// A function of a point with what is known about it: one of the [registry](crate::entries), decorated or not, or your
/// own ([`Landscape::custom`]). Cheap to clone.
///
/// [`Landscape::value`] is ordinary Burn code, to be differentiated, batched and compiled by the operators of
/// `thalweg-autodiff`:
///
/// ```
/// use burn::tensor::{DType, Device, Tensor};
/// use thalweg_autodiff::{vmap, grad};
/// use thalweg_landscapes::Landscape;
///
/// let landscape: Landscape = "rosenbrock(n=4)".parse()?;
/// let xs = landscape.starts(1000, 7, &Device::flex(), DType::F64);
/// let gradients: Tensor<2> = vmap(grad(|x: Tensor<1>| landscape.value(x)))(&xs)?;
/// assert_eq!(gradients.dims(), [1000, 4]);
/// assert_eq!(landscape.minima().next().map(|m| m.value), Some(0.0));
/// # Ok::<(), thalweg_landscapes::Error>(())
/// ```
#[derive(Clone)]
pub struct Landscape(Arc<Inner>);

struct Inner {
    made: Made,
    origin: Origin,
}

/// What a landscape was made from.
#[derive(Clone)]
pub(crate) enum Origin {
    Entry { entry: &'static Entry, n: usize, parameters: Parameters },
    Decorated { decorator: &'static Decorator, call: Call, inner: Landscape },
    Custom { name: String },
}

impl Landscape {
    pub(crate) fn made(made: Made, origin: Origin) -> Self {
        Landscape(Arc::new(Inner { made, origin }))
    }

    /// A landscape of your own, with as many coordinates as its box has intervals.
    ///
    /// ```
    /// use burn::tensor::Tensor;
    /// use thalweg_landscapes::{Facts, Landscape};
    ///
    /// let bowl = |x: Tensor<1>| x.square().sum();
    /// let landscape = Landscape::custom("bowl", Facts::in_cube(3, -1.0, 1.0).global([0.0; 3], 0.0), bowl);
    /// assert_eq!(landscape.evaluate(&[1.0, 2.0, 2.0])?, 9.0);
    /// # Ok::<(), thalweg_landscapes::Error>(())
    /// ```
    pub fn custom(
        name: &str,
        facts: Facts,
        value: impl Fn(Tensor<1>) -> Tensor<1> + Send + Sync + 'static,
    ) -> Self {
        Self::made(Made::new(facts, value), Origin::Custom { name: name.into() })
    }

    /// The value at a point of shape `[n]`, in shape `[1]`: Burn code that can be traced, differentiated, batched and
    /// compiled, in the element type and on the device of `x`.
    ///
    /// # Panics
    /// If `x` has another number of coordinates than the landscape. See [`Landscape::evaluate`] for points that may be
    /// wrong.
    pub fn value(&self, x: Tensor<1>) -> Tensor<1> {
        let (n, given) = (self.dimension(), x.dims()[0]);
        assert_eq!(given, n, "`{self}` takes a point of {n} coordinates, not of {given}");
        (self.0.made.value)(x)
    }

    /// The residuals of a landscape that is declared as least squares: a function of a point of shape `[n]`, whose squares
    /// add up to the value. What Gauss–Newton methods need.
    pub fn residuals(&self) -> Option<&Arc<Formula>> {
        self.0.made.residuals.as_ref()
    }

    /// The value at a point, in `f64` on the `flex` device.
    ///
    /// # Errors
    /// [`Error::Point`] for a point of another length, or with a coordinate that is not finite.
    pub fn evaluate(&self, x: &[f64]) -> Result<f64> {
        let x = self.point(x, &Device::flex(), DType::F64)?;
        Ok(thalweg_autodiff::trace(|x: Tensor<1>| self.value(x), &x)?.call(&x)?.into_scalar())
    }

    /// A point as a tensor of shape `[n]`.
    ///
    /// # Errors
    /// As [`Landscape::evaluate`].
    pub fn point(&self, x: &[f64], device: &Device, dtype: DType) -> Result<Tensor<1>> {
        let n = self.dimension();
        if x.len() != n {
            return Err(Error::Point(format!(
                "`{self}` takes a point of {n} coordinates, not of {}; give as many, or build the landscape for that \
                 dimension if it has one.",
                x.len()
            )));
        }
        if let Some(i) = x.iter().position(|x| !x.is_finite()) {
            return Err(Error::Point(format!(
                "Coordinate {i} of the point is {}; a landscape has values at finite points only.",
                x[i]
            )));
        }
        Ok(Tensor::from_data(TensorData::new(x.to_vec(), [n]), (device, dtype)))
    }

    /// `count` points drawn uniformly from the box, in shape `[count, n]`. Point number `i` depends on the seed and `i`
    /// alone.
    pub fn starts(&self, count: usize, seed: u64, device: &Device, dtype: DType) -> Tensor<2> {
        let points = (0..count as u64).flat_map(|i| self.uniform(i, seed));
        Tensor::from_data(TensorData::new(points.collect(), [count, self.dimension()]), (device, dtype))
    }

    /// Point number `index`, counted from zero, of the points that [`Landscape::starts`] draws, without those before it.
    pub fn uniform(&self, index: u64, seed: u64) -> Vec<f64> {
        let mut numbers = Numbers::new(seed, index);
        self.bounds().iter().map(|[low, high]| numbers.uniform(*low, *high)).collect()
    }

    /// The number of coordinates.
    pub fn dimension(&self) -> usize {
        self.facts().bounds.len()
    }

    /// The box, the start, the critical points and the lowest value.
    pub fn facts(&self) -> &Facts {
        &self.0.made.facts
    }

    /// For each coordinate, the interval in which the landscape is usually searched.
    pub fn bounds(&self) -> &[[f64; 2]] {
        &self.facts().bounds
    }

    /// The middle of the box.
    pub(crate) fn middle(&self) -> Vec<f64> {
        self.bounds().iter().map(|[low, high]| (low + high) / 2.0).collect()
    }

    /// The standard start, if there is one.
    pub fn start(&self) -> Option<&[f64]> {
        self.facts().start.as_deref()
    }

    /// The known minima.
    pub fn minima(&self) -> impl Iterator<Item = &CriticalPoint> {
        self.facts().critical_points.iter().filter(|p| p.minimum)
    }

    /// The known critical points that are no minima.
    pub fn saddles(&self) -> impl Iterator<Item = &CriticalPoint> {
        self.facts().critical_points.iter().filter(|p| !p.minimum)
    }

    /// The lowest value.
    pub fn lowest(&self) -> Lowest {
        self.facts().lowest
    }

    /// The entry of the registry that this landscape is, under its decorations; none for one of your own.
    pub fn entry(&self) -> Option<&'static Entry> {
        match &self.0.origin {
            Origin::Entry { entry, .. } => Some(entry),
            Origin::Decorated { inner, .. } => inner.entry(),
            Origin::Custom { .. } => None,
        }
    }

    /// The parameters of the entry that this landscape is, under its decorations.
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        match &self.0.origin {
            Origin::Entry { parameters, .. } => parameters.iter().collect(),
            Origin::Decorated { inner, .. } => inner.parameters(),
            Origin::Custom { .. } => vec![],
        }
    }

    /// The family, of a landscape from the registry.
    pub fn family(&self) -> Option<Family> {
        self.entry().map(|entry| entry.family)
    }

    /// How smooth it is in its box; your own landscapes are taken to be smooth.
    pub fn smoothness(&self) -> Smoothness {
        self.entry().map_or(Smoothness::Smooth, |entry| entry.smoothness)
    }

    /// Whether its values are random, so that every evaluation draws anew.
    pub fn is_random(&self) -> bool {
        match &self.0.origin {
            Origin::Decorated { decorator, inner, .. } => decorator.random || inner.is_random(),
            Origin::Entry { .. } | Origin::Custom { .. } => false,
        }
    }

    /// The landscape that this one decorates.
    pub fn inner(&self) -> Option<&Landscape> {
        match &self.0.origin {
            Origin::Decorated { inner, .. } => Some(inner),
            Origin::Entry { .. } | Origin::Custom { .. } => None,
        }
    }

    /// How it is written.
    pub(crate) fn call(&self) -> Call {
        match &self.0.origin {
            Origin::Entry { entry, n, parameters } => entry.call(*n, parameters),
            Origin::Decorated { call, .. } => call.clone(),
            Origin::Custom { name } => Call::word(name),
        }
    }
}

/// The text that [parses](crate::parse) to the same landscape; of your own ones, the name.
impl fmt::Display for Landscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call().fmt(f)
    }
}

impl fmt::Debug for Landscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Landscape({self})")
    }
}

impl std::str::FromStr for Landscape {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        crate::registry::parse(text)
    }
}
