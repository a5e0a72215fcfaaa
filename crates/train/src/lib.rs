//! Compiled training of Burn modules.
