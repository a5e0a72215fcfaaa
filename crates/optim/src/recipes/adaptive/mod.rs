//! A rate for every element, from the magnitudes of its gradients.

super::folder! {
    adam: Adam,
    adamw: AdamW,
}
