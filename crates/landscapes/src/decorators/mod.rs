//! What is done to a landscape gives a landscape, whose known points move along.

use crate::entry::Parameter;
use crate::entry::{Made, Parameters};
use crate::error::Result;
use crate::landscape::{Landscape, Origin};
use crate::text::Call;

mod rotate;

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
pub(crate) const ALL: &[&Decorator] = &[&rotate::DECORATOR];

/// Every decorator.
pub fn decorators() -> impl Iterator<Item = &'static Decorator> {
    ALL.iter().copied()
}

impl Decorator {
    pub(crate) fn apply(&'static self, inner: Landscape, call: &Call) -> Result<Landscape> {
        let parameters = Parameters::read(self.parameters, call, &[])?;
        let made = (self.make)(&inner, &parameters)?;
        let call = Call { inner: Some(Box::new(inner.call())), ..call.clone() };
        Ok(Landscape::made(made, Origin::Decorated { decorator: self, call, inner }))
    }
}
