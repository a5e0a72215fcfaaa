//! The graph that everything else reads and writes: a list of equations in static single assignment form.
//!
//! * [`Func`] is a finished graph, [`Builder`] one under construction, [`Expr`] a value in a builder that can be
//!   written about with ordinary arithmetic.
//! * Equal equations are shared as they are pushed, and [`Prim::simplify`](crate::primitives) removes what is exactly
//!   an identity. Nothing here rounds differently, and `0·x` is never folded, so NaN survives.

mod builder;
mod expr;
mod func;
mod text;
mod types;

pub use func::{Eqn, Func, Var};
pub use types::{Literal, TensorType};

pub(crate) use builder::{Builder, Defaults};
pub(crate) use expr::Expr;
pub(crate) use text::{Call, elements, number};
pub(crate) use types::{dtype_name, dtype_of};
