//! Small programs, element by element.
//!
//! Where every value has few elements, or few beside an axis of independent lanes, slicing, padding, reshaping and
//! summing are only a matter of which number goes where. Such a graph becomes one list of operations on single numbers:
//! for one lane it runs straight through, for many lanes each operation is done for a block of lanes at once. Lanes lie
//! next to each other in memory, element after element.

mod node;
mod program;
mod simplify;
mod vectorize;

pub(crate) use node::{Node, ScalarGraph, scalarize};
pub(crate) use program::ScalarProgram;
pub(crate) use vectorize::vectorize;
