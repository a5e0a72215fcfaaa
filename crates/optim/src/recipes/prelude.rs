//! What a recipe's file begins with.

pub(super) use burn::tensor::Tensor;

pub(super) use crate::error::{Error, Result};
pub(super) use crate::recipe::{AnyRecipe, Recipe};
pub(super) use crate::transforms::*;
pub(super) use crate::{Chain, Parameter, State, Step, Transform};

/// Declares a recipe's type and settings: a struct, `Default`, the text form, and serde as that.
///
/// Each setting has a documentation, a type, a default and the range of its numbers. A function `agree` after the
/// settings says whether they go together.
macro_rules! recipe {
    (
        $(#[doc = $doc:literal])*
        pub struct $Type:ident = $name:literal { $($settings:tt)* }
        $($rest:tt)*
    ) => {
        $crate::named::named! {
            [$crate::recipe::AnyRecipe]
            $(#[doc = $doc])*
            ///
            /// ```
            #[doc = concat!("let recipe = thalweg_optim::parse(\"", $name, "\")?;")]
            #[doc = concat!("assert_eq!(recipe, thalweg_optim::recipes::", stringify!($Type), "::default().into());")]
            /// let transform = recipe.transform()?;
            /// # let _ = transform;
            /// # Ok::<(), thalweg_optim::Error>(())
            /// ```
            pub struct $Type = $name { $($settings)* }
            $($rest)*
        }
    };
}
pub(super) use recipe;
