//! A rate for every element, from the magnitudes of its gradients.

crate::prelude::folder! {
    "adaptive"
    adam: Adam;
    adamw: AdamW;
}
