use crate::prelude::*;

recipe! {
    /// MoMo: momentum whose rate is bounded by a model of the loss, from averages of losses and gradients.
    ///
    /// ```text
    /// f̄ ← β f̄ + (1 − β) f,   m ← β m + (1 − β) g,   γ ← β γ + (1 − β) ⟨g, θ⟩        β = 0 in the first step
    /// τ = min(η, max(0, (1 + η λ) (f̄ − f* − γ) + ⟨m, θ⟩) / ‖m‖²)                    0 where ‖m‖² vanishes
    /// θ ← θ / (1 + η λ) − τ m
    /// ```
    /// with products over all tensors; `f*` is `lower_bound`. With `adapt_lower_bound` that bound is itself estimated, from below. It
    /// needs the value of the loss.
    ///
    /// F. Schaipp, R. Ohana, M. Eickenberg, A. Defazio and R. M. Gower, MoMo: momentum models for adaptive learning rates, ICML
    /// (2024), arXiv:2305.07583. As in optax.
    pub struct Momo = "momo" {
        /// The largest learning rate, `η`.
        lr: f64 = 1.0, in NonNegative;
        /// Decay `β` of the averages.
        beta: f64 = 0.9, in Decay;
        /// A lower bound `f*` on the loss.
        lower_bound: f64 = 0.0, in Finite;
        /// Weight decay `λ`, proximal.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Whether the bound is estimated.
        adapt_lower_bound: bool = false, in Any;
    }
}

/// The model of both forms; that of Adam preconditions, and corrects averages for their start from zero, where the other
/// starts them from the first.
#[derive(Debug)]
pub(super) struct Model {
    pub beta: f64,
    pub lower_bound: f64,
    pub weight_decay: f64,
    pub adapts: bool,
    /// `β₂` and `ε`.
    pub adam: Option<(f64, f64)>,
}

impl Model {
    /// An average after this step, of which `old` is the last value.
    fn average(&self, old: Tensor<1>, new: Tensor<1>, step: &Step) -> Tensor<1> {
        let moved = old * self.beta + new.clone() * (1.0 - self.beta);
        match self.adam {
            Some(_) => moved,
            None => either(step.is_first(), new, moved),
        }
    }

    /// `m` and `m` over the preconditioner, after this step.
    fn moments(&self, u: &Tensor<1>, state: &State, step: &Step) -> (Tensor<1>, Tensor<1>) {
        let m = self.average(state.float("m"), u.clone(), step);
        let Some((beta2, eps)) = self.adam else { return (m.clone(), m) };
        let v = state.float("v") * beta2 + u.clone().square() * (1.0 - beta2);
        (m.clone(), m / ((v / step.bias_correction(beta2, u)).sqrt() + eps))
    }
}

impl Transform for Model {
    fn init(&self, param: &Parameter) -> State {
        let zero = param.scalar(0.0);
        let state = State::of([
            ("m", param.zeros()),
            ("loss", zero.clone()),
            ("product", zero),
            ("bound", param.scalar(self.lower_bound)),
        ]);
        if self.adam.is_some() { state.with("v", param.zeros()) } else { state }
    }

    fn needs_loss(&self) -> bool {
        true
    }

    fn num_measures(&self) -> usize {
        3
    }

    fn measure(&self, update: &Tensor<1>, state: &State, param: &Parameter, step: &Step) -> Vec<Tensor<1>> {
        let (m, scaled) = self.moments(update, state, step);
        let at = &param.value;
        vec![(update.clone() * at.clone()).sum(), (m.clone() * scaled).sum(), (m * at.clone()).sum()]
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let (m, scaled) = self.moments(&update, state, step);
        if let Some((beta2, _)) = self.adam {
            state.average("v", beta2, update.clone().square());
        }
        state.set("m", m);
        let loss = self.average(state.float("loss"), step.loss(), step);
        let product = self.average(state.float("product"), step.measure(0), step);
        state.set("loss", loss.clone());
        state.set("product", product.clone());
        let (square, along) = (step.measure(1), step.measure(2));

        let correction = match self.adam {
            Some(_) => step.bias_correction(self.beta, &update),
            None => param.scalar(1.0),
        };
        let decay = step.lr.clone() * self.weight_decay;
        let growth = decay.clone() + 1.0;
        let known = state.float("bound");
        let bound = match self.adapts {
            false => known.clone(),
            true => {
                let cap = growth.clone() * (loss.clone() - product.clone()) + along.clone();
                let lower =
                    (cap.clone() / (correction.clone() * growth.clone() * 2.0)).clamp_min(self.lower_bound);
                either(cap.lower(growth.clone() * correction.clone() * known.clone()), lower, known.clone())
            }
        };
        let above =
            growth.clone() * (loss.clone() - correction.clone() * bound - product.clone()) + along.clone();
        let size = above.clamp_min(0.0) / square.clone();
        let vanishes = square.clone().lower_equal_elem(f64::EPSILON);
        let size = either(vanishes, param.scalar(0.0), size).min_pair(step.lr.clone() / correction.clone());
        if self.adapts {
            let seen = (loss + along - product - size.clone() * square * 0.5) / correction;
            state.set("bound", seen.clamp_min(self.lower_bound));
        }
        scaled * size + param.value.clone() * (decay / growth)
    }
}

impl Recipe for Momo {
    const CITATION: &'static str = "\
@inproceedings{schaipp2024,
  author = {Schaipp, Fabian and Ohana, Ruben and Eickenberg, Michael and Defazio, Aaron and Gower, Robert M.},
  title = {{MoMo}: Momentum Models for Adaptive Learning Rates},
  booktitle = {International Conference on Machine Learning},
  year = {2024}, eprint = {2305.07583}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.momo(learning_rate: lr, beta, lower_bound, weight_decay, adapt_lower_bound)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(Model {
            beta: self.beta,
            lower_bound: self.lower_bound,
            weight_decay: self.weight_decay,
            adapts: self.adapt_lower_bound,
            adam: None,
        }))
    }
}
