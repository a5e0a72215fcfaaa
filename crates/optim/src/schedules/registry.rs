use super::{AnySchedule, Reference, Schedule, composed, function};
use crate::error::{Result, unknown};
use crate::named::{Named, SettingInfo};
use crate::text::Call;

/// A schedule with a name and settings.
pub trait Listed: Named + Schedule + Clone {
    /// The schedules of other libraries that it equals.
    const REFERENCES: &'static [Reference];
}

/// A schedule that can be had by name.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// What it does: its documentation, of which the first line is a summary.
    pub doc: &'static str,
    /// Its settings.
    pub settings: &'static [SettingInfo],
    /// The schedules of other libraries that it equals.
    pub references: &'static [Reference],
    /// Builds it from its name and settings.
    pub build: fn(&Call) -> Result<AnySchedule>,
}

const fn of<T: Listed>() -> Entry {
    Entry {
        name: T::NAME,
        doc: T::DOC,
        settings: T::SETTINGS,
        references: T::REFERENCES,
        build: |call| T::from_call(call).map(AnySchedule::new),
    }
}

/// All schedules.
pub static SCHEDULES: &[Entry] = &[
    of::<super::constant::Constant>(),
    of::<super::constant_factor::ConstantFactor>(),
    of::<super::linear::Linear>(),
    of::<super::polynomial::Polynomial>(),
    of::<super::exponential::Exponential>(),
    of::<super::step::Step>(),
    of::<super::multistep::Multistep>(),
    of::<super::piecewise::Piecewise>(),
    of::<super::cosine::Cosine>(),
    of::<super::cosine_annealing::CosineAnnealing>(),
    of::<super::cosine_restarts::CosineRestarts>(),
    of::<super::cyclic::Cyclic>(),
    of::<super::onecycle::OneCycle>(),
    of::<super::noam::Noam>(),
    of::<super::inverse_time::InverseTime>(),
    of::<super::rex::Rex>(),
    of::<super::wsd::Wsd>(),
    of::<super::chebyshev::Chebyshev>(),
    of::<super::swa::Swa>(),
    of::<super::power_growth::PowerGrowth>(),
    of::<super::reduce_on_plateau::ReduceOnPlateau>(),
    of::<composed::sequence::Sequence>(),
    of::<composed::fold::Product>(),
    of::<composed::fold::Sum>(),
    of::<composed::fold::Mean>(),
    of::<composed::around::Warmup>(),
    of::<composed::around::Shifted>(),
    of::<composed::around::Restart>(),
    of::<composed::around::Scaled>(),
    of::<composed::around::Bounded>(),
    of::<composed::around::Proportion>(),
    of::<function::Lambda>(),
];

/// The schedule of this name.
///
/// # Errors
/// [`Error::Unknown`](crate::Error::Unknown) with the name that was probably meant.
pub fn entry(name: &str) -> Result<&'static Entry> {
    let names = || SCHEDULES.iter().map(|e| e.name);
    let list = format!("the schedules are {}", names().collect::<Vec<_>>().join(", "));
    SCHEDULES.iter().find(|e| e.name == name).ok_or_else(|| unknown("schedule", name, names(), &list))
}
