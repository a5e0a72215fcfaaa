//! Small programs, element by element.
//!
//! Where every value has few elements, or few beside an axis of independent lanes, slicing, padding, reshaping and
//! summing are only a matter of which number goes where. Such a graph becomes one list of operations on single numbers:
//! for one lane it runs straight through, for many lanes each operation is done for a block of lanes at once. Lanes lie
//! next to each other in memory, element after element.

mod lanes;
mod nodes;
mod straight;
mod tidy;

pub(crate) use lanes::lanes;
pub(crate) use nodes::{Node, Nodes, unroll};
pub(crate) use straight::Straight;
