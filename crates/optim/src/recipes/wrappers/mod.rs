//! What is made of other optimizers.

crate::prelude::folder! {
    "wrappers"
    chain: Chained;
}
