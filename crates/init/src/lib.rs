//! Initializers for any Burn module.
