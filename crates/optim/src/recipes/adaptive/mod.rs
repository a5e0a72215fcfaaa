//! A rate for every element, from the magnitudes of its gradients.

crate::prelude::folder! {
    "adaptive"
    adagrad: Adagrad;
    adadelta: Adadelta;
    rmsprop: Rmsprop;
    adam: Adam;
    adamw: AdamW;
    amsgrad: Amsgrad;
    nadam: Nadam;
    radam: Radam;
    adamax: Adamax;
    adamaxw: AdamaxW;
    adabelief: AdaBelief;
    acprop: Acprop;
    yogi: Yogi;
    adan: Adan;
    ademamix: AdEmaMix;
    simplified_ademamix: SimplifiedAdEmaMix;
    adopt: Adopt;
    madgrad: Madgrad;
}
