//! What operators accept as a function.

use crate::error::{Error, Result};
use crate::tree::Tree;

/// What a traced function may return: a [`Tree`], or a `Result` of one whose error prints.
pub trait IntoResult {
    /// The tree.
    type Value: Tree;

    /// The tree, or the error as [`Error::User`]; an [`Error`] stays what it is.
    ///
    /// # Errors
    /// What the function has returned.
    fn into_result(self) -> Result<Self::Value>;
}

impl<T: Tree> IntoResult for T {
    type Value = T;

    fn into_result(self) -> Result<T> {
        Ok(self)
    }
}

impl<T: Tree, E: std::fmt::Display + 'static> IntoResult for Result<T, E> {
    type Value = T;

    fn into_result(self) -> Result<T> {
        self.map_err(|e| {
            let any: &dyn std::any::Any = &e;
            any.downcast_ref::<Error>().cloned().unwrap_or_else(|| Error::User(e.to_string()))
        })
    }
}

/// Marks functions that take their argument by value.
pub struct ByValue;

/// Marks functions that take their argument by reference, as operators' results do.
pub struct ByReference;

/// A function of one tree `A`, by value or by reference; several arguments make a tuple.
///
/// Implemented for all closures and functions of these forms whose result is an [`IntoResult`]. `M` tells the forms
/// apart and is always inferred.
pub trait Function<A, M> {
    /// The tree that it returns.
    type Output: Tree;

    /// Calls it.
    ///
    /// # Errors
    /// What the function returns.
    fn call(&self, args: A) -> Result<Self::Output>;
}

impl<F: Fn(A) -> R, A: Tree, R: IntoResult> Function<A, (ByValue, R)> for F {
    type Output = R::Value;

    fn call(&self, args: A) -> Result<R::Value> {
        self(args).into_result()
    }
}

impl<F: Fn(&A) -> R, A: Tree, R: IntoResult> Function<A, (ByReference, R)> for F {
    type Output = R::Value;

    fn call(&self, args: A) -> Result<R::Value> {
        self(&args).into_result()
    }
}
