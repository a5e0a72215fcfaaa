//! Optimizers by what they do with the gradient; one file each.

mod adaptive;
mod descent;
mod prelude;

pub use adaptive::*;
pub use descent::*;

use crate::recipe::Entry;

/// Declares the files of a folder and lists what they declare.
macro_rules! folder {
    ($($file:ident: $Recipe:ident,)*) => {
        $(mod $file; pub use $file::$Recipe;)*

        /// The recipes of this folder.
        pub(crate) const ALL: &[$crate::recipe::Entry] = &[$($crate::recipe::Entry::of::<$Recipe>()),*];
    };
}
use folder;

/// The recipes, folder by folder.
pub(crate) const FOLDERS: &[&[Entry]] = &[descent::ALL, adaptive::ALL];
