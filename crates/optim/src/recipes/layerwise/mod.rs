//! Steps in proportion to the weights or to the gradient of each tensor.

crate::prelude::folder! {
    "layerwise"
    lars: Lars;
    lamb: Lamb;
    novograd: NovoGrad;
    fromage: Fromage;
}
