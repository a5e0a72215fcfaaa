use crate::prelude::*;

recipe! {
    /// DoWG: DoG with gradients weighted by the squared distance.
    ///
    /// ```text
    /// r² ← max(r², ‖θ − θ₀‖²)                      from init_estim_sq_dist, or ε
    /// G  ← G + r² ‖g‖²
    /// θ  ← θ − η r² / (√G + ε) · g
    /// ```
    /// with norms over all tensors together. A. Khaled, K. Mishchenko and C. Jin, DoWG unleashed: an efficient universal
    /// parameter-free gradient descent method, NeurIPS (2023), arXiv:2305.16284. As in optax; weight decay is added to the gradient.
    pub struct Dowg = "dowg" {
        /// Factor `η` on the rate.
        lr: f64 = 1.0, in NonNegative;
        /// The first squared distance; `eps` where there is none.
        init_estim_sq_dist: Option<f64> = None, in Positive;
        /// `ε`, beside the root.
        eps: f64 = 1e-4, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule(Dowg);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        let first = self.0.init_estim_sq_dist.unwrap_or(self.0.eps);
        State::of([
            ("distance", param.scalar(first)),
            ("squares", param.scalar(0.0)),
            ("start", param.value.clone()),
        ])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, _param: &Parameter, step: &Step) -> Tensor<1> {
        let distance = state.float("distance").max_pair(step.measure(0));
        let squares = state.float("squares") + step.measure(1) * distance.clone();
        state.set("distance", distance.clone());
        state.set("squares", squares.clone());
        update * (distance / (squares.sqrt() + self.0.eps))
    }

    fn num_measures(&self) -> usize {
        2
    }

    fn measure(&self, update: &Tensor<1>, state: &State, param: &Parameter, _step: &Step) -> Vec<Tensor<1>> {
        vec![squared_norm(&(param.value.clone() - state.float("start"))), squared_norm(update)]
    }
}

impl Recipe for Dowg {
    const CITATION: &'static str = "\
@inproceedings{khaled2023,
  author = {Khaled, Ahmed and Mishchenko, Konstantin and Jin, Chi},
  title = {{DoWG} Unleashed: An Efficient Universal Parameter-Free Gradient Descent Method},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2023}, eprint = {2305.16284}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.dowg(learning_rate: lr, init_estim_sq_dist, eps, weight_decay, -mask)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(Rule(self.clone())).then(ScaleByLr))
    }
}
