use crate::prelude::*;

single! {
    ["optax.scale_by_distance_over_gradients(reps_rel, eps, -param_dtype, global_scale)"]
    /// DoG's rate for each tensor by itself: the farthest that it has come, over the root of all its squared gradients.
    ///
    /// ```text
    /// r ← max(r, ‖θ − θ₀‖), from r = reps_rel · (1 + ‖θ₀‖)
    /// G ← G + ‖u‖²
    /// u ← c r / √(G + ε) · u
    /// ```
    /// M. Ivgi, O. Hinder and Y. Carmon, DoG is SGD's best friend: a parameter-free dynamic step size schedule, ICML
    /// (2023), arXiv:2302.12022, where it is called L-DoG. The form for all tensors together is
    /// `dog`.
    pub struct ScaleByDistanceOverGradients = "scale_by_distance_over_gradients" {
        /// The first distance, relative to the size of the weights.
        reps_rel: f64 = 1e-6, in Positive;
        /// What is added to the sum of squares, `ε`.
        eps: f64 = 1e-8, in NonNegative;
        /// The factor `c` on the rate.
        global_scale: f64 = 1.0, in Positive;
    }
}

impl Transform for ScaleByDistanceOverGradients {
    fn init(&self, param: &Parameter) -> State {
        let distance = (norm(&param.value) + 1.0) * self.reps_rel;
        State::of([("distance", distance), ("squares", param.scalar(0.0)), ("start", param.value.clone())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, _step: &Step) -> Tensor<1> {
        let gone = norm(&(param.value.clone() - state.float("start")));
        let distance = state.float("distance").max_pair(gone);
        let squares = state.float("squares") + squared_norm(&update);
        state.set("distance", distance.clone());
        state.set("squares", squares.clone());
        update * (distance / (squares + self.eps).sqrt() * self.global_scale)
    }
}
