//! Losses of small networks, and problems that behave like them.

use crate::entry::Entry;

/// Declares the files of this folder and lists what they declare.
macro_rules! networks {
    ($($name:ident)*) => {
        $(mod $name;)*

        /// Every network.
        pub(crate) const ALL: &[&Entry] = &[$(&$name::ENTRY),*];
    };
}

networks! { deep_linear matrix_factorization phase_retrieval xor_net spin_glass }
