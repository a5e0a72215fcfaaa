//! Steps by the signs of gradients, whatever their magnitudes.

crate::prelude::folder! {
    "sign"
    sign_sgd: SignSgd;
    signum: Signum;
    lion: Lion;
    rprop: Rprop;
}
