//! What a landscape's file declares.

use std::fmt;
use std::sync::Arc;

use burn::tensor::Tensor;

use crate::error::{Error, Result, unknown};
use crate::facts::{Facts, Smoothness};
use crate::landscape::{Landscape, Origin};
use crate::parameter::{Parameter, Parameters};
use crate::text::{Call, Value, number};

/// A function of one point: `[n]` to `[1]`, or to the residuals.
pub type Formula = dyn Fn(Tensor<1>) -> Tensor<1> + Send + Sync;

/// What a landscape teaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Critical points that are no minima.
    Saddle,
    /// Long valleys and bad conditioning.
    Ravine,
    /// Regions where the gradient nearly vanishes.
    Plateau,
    /// Many minima.
    Multimodal,
    /// The least-squares problems of Moré, Garbow and Hillstrom.
    Mgh,
    /// The noiseless functions of the black-box optimization benchmark.
    Bbob,
    /// Losses of small networks and of problems of the same kind.
    Network,
}

impl Family {
    /// All families.
    pub const ALL: [Family; 7] = [
        Family::Saddle,
        Family::Ravine,
        Family::Plateau,
        Family::Multimodal,
        Family::Mgh,
        Family::Bbob,
        Family::Network,
    ];

    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Family::Saddle => "saddle",
            Family::Ravine => "ravine",
            Family::Plateau => "plateau",
            Family::Multimodal => "multimodal",
            Family::Mgh => "mgh",
            Family::Bbob => "bbob",
            Family::Network => "network",
        }
    }

    /// The name of the parameter that numbers the family's landscapes, for families that are written
    /// `family(number=…)`.
    pub(crate) fn number(self) -> Option<&'static str> {
        match self {
            Family::Mgh => Some("problem"),
            Family::Bbob => Some("f"),
            _ => None,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Family {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let all = Family::ALL.map(Family::name);
        let list = format!("the families are {}", all.join(", "));
        let found = Family::ALL.into_iter().find(|f| f.name() == text);
        found.ok_or_else(|| unknown("family of landscapes", text, all, &list))
    }
}

/// Which numbers of coordinates a landscape can have.
#[derive(Clone, Copy, Debug)]
pub enum Dims {
    /// Only this one.
    Fixed(usize),
    /// A range, of which multiples of `step`.
    Free {
        /// The smallest.
        least: usize,
        /// The largest.
        most: usize,
        /// What all are multiples of.
        step: usize,
        /// What is taken where none is asked for.
        default: usize,
    },
    /// What follows from the parameters.
    Of(fn(&Parameters) -> usize),
}

impl Dims {
    /// Any number from `least` on, up to a million: more would not be an example any more, but fill the memory.
    pub const fn from(least: usize, default: usize) -> Self {
        Dims::Free { least, most: 1_000_000, step: 1, default }
    }

    /// Any number from `least` to a thousand, for what keeps a matrix of as many rows and columns.
    pub const fn dense(least: usize, default: usize) -> Self {
        Dims::Free { least, most: 1000, step: 1, default }
    }

    /// Whether a landscape can have `n` coordinates, whatever its parameters.
    pub fn allows(&self, n: usize) -> bool {
        match *self {
            Dims::Fixed(only) => n == only,
            Dims::Free { least, most, step, .. } => (least..=most).contains(&n) && n.is_multiple_of(step),
            Dims::Of(_) => false,
        }
    }
}

impl fmt::Display for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Dims::Fixed(n) => write!(f, "exactly {n}"),
            Dims::Of(_) => f.write_str("the number that follows from its parameters"),
            Dims::Free { least, most, step, .. } => {
                match step {
                    1 => write!(f, "at least {least}")?,
                    step => write!(f, "a multiple of {step}, at least {least}")?,
                }
                if most < usize::MAX { write!(f, " and at most {most}") } else { Ok(()) }
            }
        }
    }
}

/// A landscape of given dimension and parameters.
pub struct Made {
    pub(crate) value: Box<Formula>,
    pub(crate) residuals: Option<Arc<Formula>>,
    pub(crate) facts: Facts,
}

impl Made {
    /// From the formula, which takes a point of shape `[n]` and gives its value in shape `[1]`.
    pub fn new(facts: Facts, value: impl Fn(Tensor<1>) -> Tensor<1> + Send + Sync + 'static) -> Self {
        Made { value: Box::new(value), residuals: None, facts }
    }

    /// From residuals of shape `[m]`, whose squares add up to the value.
    pub fn squares(
        facts: Facts,
        residuals: impl Fn(Tensor<1>) -> Tensor<1> + Clone + Send + Sync + 'static,
    ) -> Self {
        let own = residuals.clone();
        Made { value: Box::new(move |x| own(x).square().sum()), residuals: Some(Arc::new(residuals)), facts }
    }

    /// Another landscape at the point to which a map takes `x`.
    pub(crate) fn through(
        facts: Facts,
        inner: &Landscape,
        map: impl Fn(Tensor<1>) -> Tensor<1> + Clone + Send + Sync + 'static,
    ) -> Self {
        let (own, to) = (inner.clone(), map.clone());
        let made = Made::new(facts, move |x| own.value(to(x)));
        let residuals =
            inner.residuals().cloned().map(|own| -> Arc<Formula> { Arc::new(move |x| own(map(x))) });
        Made { residuals, ..made }
    }
}

/// What one file declares: a landscape for every dimension and parameter that it has.
pub struct Entry {
    /// The name in the registry.
    pub name: &'static str,
    /// Where it belongs.
    pub family: Family,
    /// The number of this landscape in a [family](Family) that numbers them.
    pub number: usize,
    /// The formula, for readers.
    pub formula: &'static str,
    /// The numbers of coordinates that it can have.
    pub dims: Dims,
    /// What else can be chosen.
    pub parameters: &'static [Parameter],
    /// How smooth it is in its box.
    pub smoothness: Smoothness,
    /// What makes it worth having, and what `f32` does to it.
    pub note: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Other names, each with the arguments that it stands for.
    pub aliases: &'static [(&'static str, &'static [(&'static str, f64)])],
    /// What the parameters and the dimension must satisfy together.
    pub check: fn(usize, &Parameters) -> Result<()>,
    /// Builds it.
    pub make: fn(usize, &Parameters) -> Made,
}

impl Entry {
    /// What a file need not say. Name, formula, source and `make` it always says; a test makes sure.
    pub(crate) const COMMON: Entry = Entry {
        name: "",
        family: Family::Saddle,
        number: 0,
        formula: "",
        dims: Dims::Fixed(2),
        parameters: &[],
        smoothness: Smoothness::Smooth,
        note: "",
        source: "",
        aliases: &[],
        check: |_, _| Ok(()),
        make: |n, _| Made::new(Facts::in_cube(n, -1.0, 1.0), |x| x.sum()),
    };

    /// The name of the dimension among the arguments.
    pub(crate) fn dimension_name(&self) -> &'static str {
        if self.family == Family::Bbob { "dim" } else { "n" }
    }

    /// The landscape with these arguments, as `parse` would read them; what is not given has its default.
    ///
    /// ```
    /// let rosenbrock = thalweg_landscapes::entry("rosenbrock")?;
    /// let landscape = rosenbrock.landscape(&[("n", 10.0)])?;
    /// assert_eq!(landscape.dimension(), 10);
    /// # Ok::<(), thalweg_landscapes::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unknown`] for an argument that it does not have, [`Error::Dimension`] and [`Error::Parameter`] for one
    /// that is out of range.
    pub fn landscape(&'static self, arguments: &[(&str, f64)]) -> Result<Landscape> {
        let arguments = arguments.iter().map(|(name, value)| (*name, Value::Number(*value)));
        self.build(&Call::with(self.name, arguments))
    }

    /// The landscape that a call describes, whose name is this entry's.
    pub(crate) fn build(&'static self, call: &Call) -> Result<Landscape> {
        // Both names of the dimension are understood everywhere.
        let mut taken = vec!["n", "dim"];
        taken.extend(self.family.number());
        let parameters = Parameters::read(self.parameters, call, &taken)?;
        let asked = number(call, "n").or(number(call, "dim"));
        let n = self.dimension(asked, &parameters)?;
        (self.check)(n, &parameters)?;
        Ok(Landscape::made((self.make)(n, &parameters), Origin::Entry { entry: self, n, parameters }))
    }

    fn dimension(&self, asked: Option<f64>, parameters: &Parameters) -> Result<usize> {
        let n = match (self.dims, asked) {
            (Dims::Fixed(n), None) => return Ok(n),
            (Dims::Free { default, .. }, None) => return Ok(default),
            (Dims::Of(n), None) => return Ok(n(parameters)),
            (Dims::Of(n), Some(asked)) if n(parameters) as f64 == asked => return Ok(n(parameters)),
            (_, Some(asked)) => asked,
        };
        if n.fract() == 0.0 && n >= 0.0 && self.dims.allows(n as usize) {
            return Ok(n as usize);
        }
        if let Dims::Of(number) = self.dims {
            return Err(Error::Dimension(format!(
                "`{}` with these parameters has {} coordinates, not {n}; leave their number out, or change the parameters.",
                self.name,
                number(parameters)
            )));
        }
        Err(Error::Dimension(format!(
            "`{}` has no landscape of {n} coordinates; their number must be {}{}.",
            self.name,
            if n.fract() == 0.0 { "" } else { "whole, and " },
            self.dims
        )))
    }

    /// The arguments that tell this landscape from others of the same entry.
    pub(crate) fn call(&self, n: usize, parameters: &Parameters) -> Call {
        let mut arguments: Vec<(&str, f64)> = vec![];
        let name = match self.family.number() {
            Some(number) => {
                arguments.push((number, self.number as f64));
                self.family.name()
            }
            None => self.name,
        };
        if let Dims::Free { .. } = self.dims {
            arguments.push((self.dimension_name(), n as f64));
        }
        let given = self.parameters.iter().filter(|p| p.default != parameters[p.name]);
        arguments.extend(given.map(|p| (p.name, parameters[p.name])));
        Call::with(name, arguments.into_iter().map(|(name, value)| (name, Value::Number(value))))
    }
}
