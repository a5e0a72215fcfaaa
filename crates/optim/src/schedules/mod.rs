//! Learning-rate schedules: functions of the step that compose, are read from text, and run as Burn's `LrScheduler`.
//!
//! ```
//! use burn::optim::lr_scheduler::LrScheduler;
//! use thalweg_optim::schedules::{AnySchedule, Scheduler};
//!
//! // Warm-up, then cosine decay in cycles, halved whenever the loss on the validation set stops falling.
//! let text = "reduce_on_plateau(warmup(cosine_restarts(lr=0.1, steps=50, mult=2), steps=10), factor=0.5)";
//! let schedule: AnySchedule = text.parse()?;
//! let mut scheduler = Scheduler::new(schedule);
//! let rate = scheduler.step();
//! scheduler.observe(2.3);
//! # let _ = rate;
//! # Ok::<(), thalweg_optim::Error>(())
//! ```

/// Declares a schedule: first, in brackets, the schedules of other libraries that it equals, by signature, and how it is
/// made from their arguments; then its name and settings, see [`named!`](crate::named::named).
macro_rules! schedule {
    (
        [$($signature:literal => |$given:ident| $build:expr;)*]
        $(#[doc = $text:expr])*
        pub struct $Type:ident $($rest:tt)*
    ) => {
        $crate::named::named! {
            [$crate::schedules::AnySchedule]
            $(#[doc = $text])*
            pub struct $Type $($rest)*
        }

        impl $crate::schedules::Listed for $Type {
            const REFERENCES: &'static [$crate::schedules::Reference] = &[$(
                $crate::schedules::Reference {
                    signature: $signature,
                    build: |$given| Ok($crate::schedules::AnySchedule::from($build)),
                },
            )*];
        }
    };
}

mod chebyshev;
mod composed;
mod constant;
mod constant_factor;
mod cosine;
mod cosine_annealing;
mod cosine_restarts;
mod cyclic;
mod exponential;
mod finder;
mod function;
mod inverse_time;
mod linear;
mod multistep;
mod noam;
mod onecycle;
mod piecewise;
mod polynomial;
mod power_growth;
mod prelude;
mod reduce_on_plateau;
mod reference;
mod registry;
mod rex;
mod schedule;
mod scheduler;
mod step;
mod swa;
mod wsd;

pub use chebyshev::Chebyshev;
pub use composed::around::{Bounded, Proportion, Restart, Scaled, Shifted, Warmup};
pub use composed::fold::{Mean, Product, Sum};
pub use composed::sequence::Sequence;
pub use constant::Constant;
pub use constant_factor::ConstantFactor;
pub use cosine::Cosine;
pub use cosine_annealing::CosineAnnealing;
pub use cosine_restarts::CosineRestarts;
pub use cyclic::{Cyclic, CyclicMode};
pub use exponential::Exponential;
pub use finder::{Finder, Found, Point};
pub use function::Lambda;
pub use inverse_time::InverseTime;
pub use linear::Linear;
pub use multistep::Multistep;
pub use noam::Noam;
pub use onecycle::{Anneal, OneCycle};
pub use piecewise::{Between, Piecewise};
pub use polynomial::Polynomial;
pub use power_growth::PowerGrowth;
pub use reduce_on_plateau::{Better, ReduceOnPlateau};
pub use reference::{Reference, from_reference};
pub use registry::{Entry, Listed, SCHEDULES, entry};
pub use rex::Rex;
pub use schedule::{AnySchedule, Schedule};
pub use scheduler::Scheduler;
pub use step::Step;
pub use swa::Swa;
pub use wsd::{Cooldown, Wsd};
