//! What is done to a landscape gives a landscape, whose known points move along.

use crate::entry::Made;
use crate::error::Result;
use crate::landscape::{Landscape, Origin};
use crate::parameter::{Parameter, Parameters};
use crate::text::{Call, Value};

mod sum;

/// Declares the files of this folder and lists what they declare.
macro_rules! decorators {
    ($($name:ident)*) => {
        $(mod $name;)*

        /// Every decorator.
        pub(crate) const ALL: &[&Decorator] = &[$(&$name::DECORATOR),*];
    };
}

decorators! { shift displace rotate scale condition offset noise finite_sum finite_sum_shared }

/// A change of landscapes.
pub struct Decorator {
    /// The name, as it is written.
    pub name: &'static str,
    /// What can be chosen.
    pub parameters: &'static [Parameter],
    /// What it does.
    pub about: &'static str,
    /// Whether values become random.
    pub random: bool,
    pub(crate) make: fn(&Landscape, &Parameters) -> Result<Made>,
}

/// Every decorator.
pub fn decorators() -> impl Iterator<Item = &'static Decorator> {
    ALL.iter().copied()
}

impl Decorator {
    pub(crate) fn apply(&'static self, inner: Landscape, call: &Call) -> Result<Landscape> {
        let parameters = Parameters::read(self.parameters, call, &[])?;
        let made = (self.make)(&inner, &parameters)?;
        let mut call = call.clone();
        call.arguments.retain(|(name, _)| name.is_some());
        call.arguments.insert(0, (None, Value::Call(inner.call())));
        Ok(Landscape::made(made, Origin::Decorated { decorator: self, call, inner }))
    }
}

impl Landscape {
    fn decorated(&self, decorator: &'static Decorator, arguments: Vec<(&str, Value)>) -> Result<Landscape> {
        decorator.apply(self.clone(), &Call::with(decorator.name, arguments))
    }

    /// Moved: the value at `x` is what it was at `x − by`.
    ///
    /// ```
    /// let landscape = thalweg_landscapes::parse("booth")?.shift(&[1.0, -1.0])?;
    /// assert_eq!(landscape.to_string(), "shift(booth, by=[1, -1])");
    /// assert_eq!(landscape.minima().next().unwrap().x, [2.0, 2.0]);
    /// # Ok::<(), thalweg_landscapes::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) if `by` has not one number for each coordinate.
    pub fn shift(&self, by: &[f64]) -> Result<Landscape> {
        self.decorated(
            &shift::DECORATOR,
            vec![("by", Value::List(by.iter().copied().map(Value::Number).collect()))],
        )
    }

    /// Turned about the middle of its box by a random rotation or reflection.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) if `seed` is above 2⁵³.
    pub fn rotate(&self, seed: u64) -> Result<Landscape> {
        self.decorated(&rotate::DECORATOR, vec![("seed", Value::Number(seed as f64))])
    }

    /// Stretched about the middle of its box, by another factor along each axis, so that the condition grows by up to
    /// `condition`.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) if `condition` is less than one.
    pub fn condition(&self, condition: f64) -> Result<Landscape> {
        self.decorated(&condition::DECORATOR, vec![("condition", Value::Number(condition))])
    }

    /// With Gaussian noise of these deviations added to the value and to each coordinate of the gradient.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) for a negative deviation.
    pub fn noise(&self, value: f64, gradient: f64) -> Result<Landscape> {
        let arguments = vec![("value", Value::Number(value)), ("gradient", Value::Number(gradient))];
        self.decorated(&noise::DECORATOR, arguments)
    }
}
