//! Schedules made of schedules.

pub(super) mod around;
pub(super) mod fold;
pub(super) mod sequence;
