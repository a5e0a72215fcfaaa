use crate::prelude::*;

recipe! {
    /// DoG: the distance from the start over the root of all squared gradients is the rate, for all tensors together.
    ///
    /// ```text
    /// r ← max(r, ‖θ − θ₀‖)                         from init_value · (1 + ‖θ₀‖), or as `init` says
    /// G ← G + ‖g‖²
    /// θ ← θ − η r / √(G + ε) · g
    /// ```
    /// `init` says what `init_value` is: the first distance relative to the weights (`heuristic`), the first distance itself
    /// (`distance`), or the rate of the first step (`learning_rate`).
    ///
    /// M. Ivgi, O. Hinder and Y. Carmon, DoG is SGD's best friend: a parameter-free dynamic step size schedule, ICML (2023),
    /// arXiv:2302.12022. As in optax; weight decay is added to the gradient.
    pub struct Dog = "dog" {
        /// Factor `η` on the rate.
        lr: f64 = 1.0, in NonNegative;
        /// What `init_value` is.
        init: FirstStep = FirstStep::Heuristic, in Any;
        /// The first distance or rate.
        init_value: f64 = 1e-6, in Positive;
        /// `ε`, inside of the root.
        eps: f64 = 1e-8, in NonNegative;
        /// Weight decay `λ`, added to the gradient.
        weight_decay: f64 = 0.0, in NonNegative;
    }
}

words! {
    /// What the first step of [`Dog`] is given by.
    pub enum FirstStep {
        /// The first distance relative to the size of the weights.
        Heuristic = "heuristic",
        /// The first distance.
        Distance = "distance",
        /// The rate of the first step.
        LearningRate = "learning_rate",
    }
}

#[derive(Debug)]
struct Rule(Dog);

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([
            ("distance", param.scalar(0.0)),
            ("squares", param.scalar(0.0)),
            ("start", param.value.clone()),
        ])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Dog { init, init_value, eps, .. } = self.0;
        let first = match init {
            FirstStep::Heuristic => (step.measure(2).sqrt() + 1.0) * init_value,
            FirstStep::Distance => param.scalar(init_value),
            FirstStep::LearningRate => param.scalar(0.0),
        };
        let distance = either(step.is_first(), first, state.float("distance")).max_pair(step.measure(0).sqrt());
        let squares = state.float("squares") + step.measure(1);
        state.set("distance", distance.clone());
        state.set("squares", squares.clone());
        let rate = distance / (squares + eps).sqrt();
        let rate = match init {
            FirstStep::LearningRate => either(step.is_first(), param.scalar(init_value), rate),
            _ => rate,
        };
        update * rate
    }

    fn num_measures(&self) -> usize {
        3
    }

    fn measure(&self, update: &Tensor<1>, state: &State, param: &Parameter, _step: &Step) -> Vec<Tensor<1>> {
        let gone = param.value.clone() - state.float("start");
        vec![squared_norm(&gone), squared_norm(update), squared_norm(&state.float("start"))]
    }
}

impl Recipe for Dog {
    const CITATION: &'static str = "\
@inproceedings{ivgi2023,
  author = {Ivgi, Maor and Hinder, Oliver and Carmon, Yair},
  title = {{DoG} is {SGD}'s Best Friend: A Parameter-Free Dynamic Step Size Schedule},
  booktitle = {International Conference on Machine Learning},
  year = {2023}, eprint = {2302.12022}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] =
        &["optax.contrib.dog(learning_rate: lr, init_step: [init, init_value], eps, weight_decay, -mask)"];

    fn links(&self) -> Result<Chain> {
        Ok(Chain::default().decayed(self.weight_decay).then(Rule(self.clone())).then(ScaleByLr))
    }
}
