//! Operators for Burn modules.
