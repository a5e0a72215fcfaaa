//! Primitives that act on each element by itself.
//!
//! [`table`] is the one place that says what each of them is: name, value, derivative, how Burn runs it, and the
//! domain that tests sample. Operands have one shape; broadcasting is explicit.
//!
//! The table's conventions at kinks are Burn's: `|x|` has derivative 0 at 0, relu 0 at 0, a rounding function and a
//! sign 0 everywhere, `x ⟼ xᵖ` what `p·xᵖ⁻¹` gives at 0.

mod fold;
mod rule;
mod run;
pub(crate) use run::scalar_of;
mod table;

pub use table::Elementwise;

use crate::ir::Expr;

/// What operands an elementwise primitive takes and what it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Floats to the same float type.
    Float,
    /// Numbers to the same type.
    Number,
    /// Whole numbers to the same type.
    Int,
    /// Values of one type to a truth value.
    Compare,
    /// Truth values to a truth value.
    Bool,
    /// A truth value and two values of one type to that type.
    Select,
}

/// The contribution of one operand's tangent `t` to the result's: `(operands, result, t)`.
pub(crate) type Tangent = for<'b> fn(&[Expr<'b>], Expr<'b>, Expr<'b>) -> Expr<'b>;

/// One row of the table.
pub(crate) struct Row {
    pub name: &'static str,
    pub class: Class,
    /// The value, for folding constants; `None` where no constant is worth folding.
    pub value: fn(&[f64]) -> f64,
    /// For each operand, its tangent's contribution; `None` where it has no derivative.
    pub tangents: &'static [Option<Tangent>],
    pub run: run::Run,
    /// For each operand, an interval inside the domain and away from kinks.
    pub domain: &'static [(f64, f64)],
}
