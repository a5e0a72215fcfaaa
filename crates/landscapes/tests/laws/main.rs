//! Laws that every landscape of the registry is held to, as it is and decorated.
#![allow(deprecated)] // Burn discourages ndarray, which stays the second device that everything must run on.

mod cases;
mod facts;
mod numbers;
mod texts;
