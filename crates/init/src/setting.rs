//! The types that a scheme's settings can have, and the ranges that their numbers must lie in.

pub(crate) use thalweg_text::Word;
pub use thalweg_text::{Domain, Setting};

/// Declares the words that a setting can be, which are read from text by themselves as well.
macro_rules! words {
    (
        $(#[doc = $doc:literal])*
        pub enum $Type:ident { $($all:tt)* }
    ) => {
        thalweg_text::words! {
            $(#[doc = $doc])*
            pub enum $Type { $($all)* }
        }

        impl std::str::FromStr for $Type {
            type Err = $crate::Error;

            fn from_str(word: &str) -> $crate::Result<Self> {
                let value = $crate::text::Value::Call($crate::text::Call::word(word));
                <$Type as $crate::setting::Setting>::read(&value).ok_or_else(|| {
                    let all = <$Type as $crate::setting::Word>::ALL.iter().map(|(_, word)| *word);
                    let list = <$Type as $crate::setting::Setting>::expected($crate::setting::Domain::Any);
                    $crate::error::unknown(stringify!($Type), word, all, &format!("it is {list}"))
                })
            }
        }
    };
}
pub(crate) use words;
