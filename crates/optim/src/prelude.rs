//! What the file of a transform or a recipe begins with, and how it declares its type.

pub(crate) use burn::tensor::Tensor;

pub(crate) use crate::error::{Error, Result};
pub(crate) use crate::recipe::{AnyRecipe, Recipe};
pub(crate) use crate::setting::{Layout, words};
pub(crate) use crate::tensors::{cube, either, like_list, norm, power, squared_norm};
pub(crate) use crate::transforms::*;
pub(crate) use crate::{Chain, Parameter, State, Step, Transform};

/// A weight decay as the coupled and the decoupled one, of which the other is zero.
pub(crate) fn decay(weight_decay: f64, is_decoupled: bool) -> (f64, f64) {
    if is_decoupled { (0.0, weight_decay) } else { (weight_decay, 0.0) }
}

/// Declares the files of a folder, and lists the recipes that they declare.
macro_rules! folder {
    ($group:literal $($file:ident: $($Recipe:ident),+;)*) => {
        $(mod $file; pub use $file::{$($Recipe),+};)*

        /// The recipes of this folder.
        pub(crate) const ALL: &[$crate::recipe::Entry] = &[$($($crate::recipe::Entry::of::<$Recipe>($group)),+),*];
    };
}
pub(crate) use folder;

/// What a wrapper says of itself as what it holds does.
macro_rules! inside {
    ($inner:ident) => {
        fn is_tree_wide(&self) -> bool {
            self.$inner.is_tree_wide()
        }

        fn needs_loss(&self) -> bool {
            self.$inner.needs_loss()
        }

        fn is_traceable(&self) -> bool {
            self.$inner.is_traceable()
        }
    };
}
pub(crate) use inside;

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
pub(crate) use recipe;

/// Declares a transform that is a recipe of one link: itself. After its settings stand its references.
macro_rules! single {
    (
        [$($reference:literal),*]
        $(#[doc = $doc:literal])*
        pub struct $Type:ident = $name:literal { $($settings:tt)* }
        $($rest:tt)*
    ) => {
        $crate::prelude::recipe! {
            $(#[doc = $doc])*
            pub struct $Type = $name { $($settings)* }
            $($rest)*
        }

        impl $crate::recipe::Recipe for $Type {
            const CITATION: &'static str = "";
            const REFERENCES: &'static [&'static str] = &[$($reference),*];

            fn links(&self) -> $crate::error::Result<$crate::Chain> {
                Ok($crate::Chain::new(self.clone()))
            }
        }
    };
}
pub(crate) use single;
