//! Transforms that recipes are chained from, one file each. All but the first are recipes too.

mod scale_by_lr;

pub use scale_by_lr::ScaleByLr;

crate::prelude::folder! {
    "transforms"
    trace: Trace;
    ema: Ema;
    sign: Sign;
    maximize: Maximize;
    scale: Scale;
    scale_by_learning_rate: ScaleByLearningRate;
    scale_by_adam: ScaleByAdam;
    scale_by_trust_ratio: ScaleByTrustRatio;
    scale_by_distance_over_gradients: ScaleByDistanceOverGradients;
    add_decayed_weights: AddDecayedWeights;
    clip_by_value: ClipByValue;
    clip_by_global_norm: ClipByGlobalNorm;
    clip_grad_norm: ClipGradNorm;
    clip_by_block_rms: ClipByBlockRms;
    adaptive_grad_clip: AdaptiveGradClip;
    centralize: Centralize;
    normalize: Normalize;
    apply_every: ApplyEvery;
    reduce_on_plateau: ReduceOnPlateau;
    weight_ema: WeightEma;
    swa: Swa;
}
