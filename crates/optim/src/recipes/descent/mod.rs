//! Descent along the gradient, with and without memory of earlier gradients.

super::folder! {
    sgd: Sgd,
    momentum: Momentum,
}
