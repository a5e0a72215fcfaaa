//! Laws that every landscape of the registry is held to, as it is and decorated.

mod cases;
mod facts;
mod numbers;
mod texts;
