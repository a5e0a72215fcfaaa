//! Descent along the gradient, with and without memory of earlier gradients.

crate::prelude::folder! {
    "descent"
    sgd: Sgd;
    momentum: Momentum;
    asgd: Asgd;
    optimistic_gd: OptimisticGd;
    optimistic_adam: OptimisticAdam;
}
