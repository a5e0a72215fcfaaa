mod finite;
pub use finite::{NonFinite, Policy};
