//! The classical test functions, by what they teach.

use crate::entry::Entry;

/// Declares the files of this folder and lists what they declare.
macro_rules! landscapes {
    ($($folder:ident { $($name:ident)* })*) => {
        $(mod $folder { $(pub(super) mod $name;)* })*

        /// Every classical landscape.
        pub(crate) const ALL: &[&Entry] = &[$($(&$folder::$name::ENTRY),*),*];
    };
}

landscapes! {
    saddle { monkey_saddle saddle_index_k saddle_chain }
    ravine { rosenbrock ellipsoid beale }
    plateau { geman_mcclure }
    multimodal { rastrigin ackley himmelblau }
}
