use crate::prelude::*;

recipe! {
    /// Polyak's step size: as far along the gradient as the loss is above its known minimum.
    ///
    /// ```text
    /// τ = min(τ_max, (f − f_min) / (c² ‖g‖² + ε)) for the scaled gradient c g,   0 where that norm vanishes
    /// θ ← θ − τ c g
    /// ```
    /// with the norm over all tensors, and `c` is `lr`. With the variant `sps_plus` a loss below `f_min` counts as `f_min`. It needs
    /// the value of the loss.
    ///
    /// B. T. Polyak, Introduction to optimization (1987); N. Loizou, S. Vaswani, I. Laradji and S. Lacoste-Julien, Stochastic Polyak
    /// step-size for SGD, AISTATS (2021), arXiv:2002.10542. As in optax.
    pub struct PolyakSgd = "polyak_sgd" {
        /// Factor `c` on gradients.
        lr: f64 = 1.0, in NonNegative;
        /// The largest step size, `τ_max`.
        max_learning_rate: f64 = 1.0, in Positive;
        /// The least value of the loss.
        f_min: f64 = 0.0, in Finite;
        /// `ε`, added to the squared norm.
        eps: f64 = 0.0, in NonNegative;
        /// What a loss below `f_min` does.
        variant: PolyakVariant = PolyakVariant::Sps, in Any;
    }
}

words! {
    /// What a loss below the stated minimum does in [`PolyakSgd`].
    pub enum PolyakVariant {
        /// It turns the step around.
        Sps = "sps",
        /// It gives no step.
        SpsPlus = "sps_plus",
    }
}

#[derive(Debug)]
struct Rule(PolyakSgd);

impl Transform for Rule {
    fn update(&self, update: Tensor<1>, _state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let PolyakSgd { max_learning_rate, f_min, eps, variant, .. } = self.0;
        let gap = step.loss() - f_min;
        let gap = match variant {
            PolyakVariant::Sps => gap,
            PolyakVariant::SpsPlus => gap.clamp_min(0.0),
        };
        let square = step.measure(0) + eps;
        let vanishes = square.clone().lower_equal_elem(f64::EPSILON);
        let size = either(vanishes, param.scalar(0.0), (gap / square).clamp_max(max_learning_rate));
        update * size
    }

    fn num_measures(&self) -> usize {
        1
    }

    fn measure(&self, update: &Tensor<1>, _state: &State, _param: &Parameter, _step: &Step) -> Vec<Tensor<1>> {
        vec![squared_norm(update)]
    }

    fn needs_loss(&self) -> bool {
        true
    }
}

impl Recipe for PolyakSgd {
    const CITATION: &'static str = "\
@inproceedings{loizou2021,
  author = {Loizou, Nicolas and Vaswani, Sharan and Laradji, Issam and Lacoste-Julien, Simon},
  title = {Stochastic {Polyak} Step-size for {SGD}: An Adaptive Learning Rate for Fast Convergence},
  booktitle = {International Conference on Artificial Intelligence and Statistics},
  year = {2021}, eprint = {2002.10542}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.polyak_sgd(max_learning_rate, scaling: lr, f_min, eps, variant)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::new(ScaleByLr).then(Rule(self.clone())))
    }
}
