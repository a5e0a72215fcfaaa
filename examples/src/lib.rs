//! The code of the README and of the book, which compiles and runs as the tests of this package's documentation.

/// The README's code compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The book's code compiles and runs.
#[cfg(doctest)]
pub mod book {
    macro_rules! chapters {
        ($($name:ident)+) => {
            $(
                #[doc = include_str!(concat!("../../docs/src/", stringify!($name), ".md"))]
                pub mod $name {}
            )+
        };
    }

    chapters! {
        quick_start terrain initialization ewa momentum adagrad rmsprop adam
        differentiate training choose_initializer choose_optimizer adding from_pytorch beside_burn
    }
}
