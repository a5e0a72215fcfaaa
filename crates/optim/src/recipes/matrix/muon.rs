use crate::prelude::*;

recipe! {
    /// Muon: momentum whose singular values are all brought near one, for matrices; AdamW for other tensors.
    ///
    /// ```text
    /// m ← μ m + (1 − μ) g
    /// u = μ m + (1 − μ) g                          without nesterov: u = m
    /// X = u / max(‖u‖, ε), transposed if it has more rows than columns
    /// A = X Xᵀ,  X ← a X + (b A + c A A) X         ns_steps times
    /// θ ← θ − η (s X + λ θ)                        s = √max(1, outputs / inputs)
    /// ```
    /// With `scale=match_rms_adamw` it is `s = 0.2 √max(outputs, inputs)`, and with `rms` that in the place of 0.2. Which axis counts the outputs says `layout`: in Burn's linear
    /// layers, `[in, out]`, the second; in PyTorch's the first. Burn's own Muon takes PyTorch's for both. Tensors of other than two axes
    /// move by AdamW with the settings `adam_…`, as in optax; PyTorch refuses them. The arithmetic is in the tensor's element type,
    /// where PyTorch's is in bfloat16.
    ///
    /// With `debias` momentum is corrected for its start, as Nesterov's is in Nadam, and `‖u‖ + ε` is divided by: optax's form.
    /// `preconditioning` and `adaptive` are optax's too.
    ///
    /// K. Jordan and others, Muon: an optimizer for hidden layers in neural networks (2024); J. Liu and others, Muon is scalable for
    /// LLM training (2025), arXiv:2502.16982. Defaults are PyTorch's.
    pub struct Muon = "muon" {
        /// Learning rate `η`.
        lr: f64 = 1e-3, in NonNegative;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 0.1, in NonNegative;
        /// Decay `μ` of the average of gradients.
        momentum: f64 = 0.95, in Decay;
        /// Nesterov's form of momentum.
        nesterov: bool = true, in Any;
        /// The coefficients `a`, `b`, `c` of the iteration.
        ns_coefficients: Vec<f64> = vec![3.4445, -4.775, 2.0315], in Finite;
        /// `ε`, against a vanishing norm.
        eps: f64 = 1e-7, in NonNegative;
        /// The number of iterations.
        ns_steps: usize = 5, in Any;
        /// How steps depend on the shape.
        scale: MuonScale = MuonScale::Original, in Any;
        /// The factor on `√max(outputs, inputs)` in the place of `scale`.
        rms: Option<f64> = None, in Positive;
        /// Which axis counts the outputs.
        layout: Layout = Layout::Burn, in Any;
        /// Whether momentum and norm are optax's.
        debias: bool = false, in Any;
        /// What the matrix is divided by before.
        preconditioning: MuonNorm = MuonNorm::Frobenius, in Any;
        /// Whether steps are scaled by the inner product with the momentum.
        adaptive: bool = false, in Any;
        /// Learning rate of other tensors while that of matrices is `lr`, of which it keeps its part when that changes; `lr` where
        /// there is none.
        adam_lr: Option<f64> = None, in NonNegative;
        /// Decay of Adam's average of gradients.
        adam_beta1: f64 = 0.9, in Decay;
        /// Decay of Adam's average of squares.
        adam_beta2: f64 = 0.999, in Decay;
        /// What Adam adds inside of the root.
        adam_eps_root: f64 = 0.0, in NonNegative;
        /// Weight decay of other tensors.
        adam_weight_decay: f64 = 0.0, in NonNegative;
    }
    agree(own) {
        if own.ns_coefficients.len() != 3 {
            return Err(Error::Hyperparameter(format!(
                "`ns_coefficients` of `muon` must be three numbers, but there are {}.", own.ns_coefficients.len(),
            )));
        }
        if own.lr == 0.0 && own.adam_lr.is_some_and(|rate| rate > 0.0) {
            return Err(Error::Hyperparameter(
                "`adam_lr` of `muon` is a part of `lr`, which is 0; give `lr` a value above 0.".into(),
            ));
        }
    }
}

words! {
    /// How the steps of [`Muon`] depend on the shape.
    pub enum MuonScale {
        /// `√max(1, outputs / inputs)`.
        Original = "original",
        /// `0.2 · √max(outputs, inputs)`, so that steps are as large as those of AdamW.
        MatchRmsAdamw = "match_rms_adamw",
    }
}

words! {
    /// What [`Muon`] divides the matrix by before it iterates.
    pub enum MuonNorm {
        /// Its Frobenius norm.
        Frobenius = "frobenius",
        /// For each row, the root of the sum of magnitudes in `X Xᵀ`.
        Aol = "aol",
        /// The root of the Frobenius norm of `X Xᵀ`.
        Schatten = "schatten",
    }
}

#[derive(Debug)]
struct Rule(Muon);

impl Rule {
    /// The matrix with its singular values brought near one.
    fn orthogonal(&self, x: Tensor<2>) -> Tensor<2> {
        let Muon { eps, ns_steps, debias, preconditioning, .. } = self.0;
        let [rows, columns] = x.dims();
        let x = if rows > columns { x.transpose() } else { x };
        let mut x = match preconditioning {
            MuonNorm::Frobenius => {
                let norm = x.clone().square().sum().sqrt().reshape([1, 1]);
                x / if debias { norm + eps } else { norm.clamp_min(eps) }
            }
            _ => x,
        };
        for step in 0..ns_steps {
            let mut a = x.clone().matmul(x.clone().transpose());
            // The first product is the norm's, so that it costs nothing of its own.
            if step == 0 {
                let scale = match preconditioning {
                    MuonNorm::Frobenius => None,
                    MuonNorm::Aol => Some(a.clone().abs().sum_dim(1)),
                    MuonNorm::Schatten => Some(a.clone().square().sum().sqrt().reshape([1, 1])),
                };
                if let Some(scale) = scale {
                    let scale = scale.clamp_min(1e-8).sqrt().recip();
                    x = x * scale.clone();
                    a = a * scale.clone() * scale.transpose();
                }
            }
            let [k, l, m] = [0, 1, 2].map(|i| self.0.ns_coefficients[i]);
            let b = a.clone() * l + (a.clone() * m).matmul(a);
            x = x.clone() * k + b.matmul(x);
        }
        if rows > columns { x.transpose() } else { x }
    }

    fn scale(&self, shape: &[usize]) -> f64 {
        let outputs = self.0.layout.outputs(shape);
        let (outputs, inputs) = (shape[outputs] as f64, shape[1 - outputs] as f64);
        match (self.0.rms, self.0.scale) {
            (None, MuonScale::Original) => (outputs / inputs).max(1.0).sqrt(),
            (None, MuonScale::MatchRmsAdamw) => 0.2 * outputs.max(inputs).sqrt(),
            (Some(rms), _) => rms * outputs.max(inputs).sqrt(),
        }
    }
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        State::of([("m", param.zeros())])
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Muon { momentum, nesterov, debias, adaptive, .. } = self.0;
        let u = match debias {
            true => step.first_moment(state, momentum, nesterov, update),
            false => {
                let m = state.average("m", momentum, update.clone());
                if nesterov { update.clone() + (m - update) * momentum } else { m }
            }
        };
        let n = u.dims();
        let x = self.orthogonal(u.clone().reshape([param.shape[0], param.shape[1]])).reshape(n);
        let x = if adaptive { (u * x.clone()).sum() * x } else { x };
        x * self.scale(&param.shape)
    }
}

/// One rule for matrices and another for all else.
#[derive(Debug)]
struct ByRank {
    matrices: Chain,
    others: Chain,
}

impl ByRank {
    fn of(&self, param: &Parameter) -> &Chain {
        if param.shape.len() == 2 { &self.matrices } else { &self.others }
    }
}

impl Transform for ByRank {
    fn init(&self, param: &Parameter) -> State {
        self.of(param).init(param)
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        self.of(param).update(update, state, param, step)
    }
}

impl Recipe for Muon {
    const CITATION: &'static str = "\
@misc{jordan2024,
  author = {Jordan, Keller and Jin, Yuchen and Boza, Vlado and You, Jiacheng and Cesista, Franz and Newhouse, Laker
    and Bernstein, Jeremy},
  title = {{Muon}: An Optimizer for Hidden Layers in Neural Networks},
  year = {2024}, url = {https://kellerjordan.github.io/posts/muon/}
}";
    const REFERENCES: &'static [&'static str] = &[
        "torch.optim.Muon(params, lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn: scale; layout=torch)",
        "optax.contrib.muon(learning_rate: lr, ns_coeffs: ns_coefficients, ns_steps, beta: momentum, eps = 1e-8, weight_decay = 0.0, -weight_decay_mask, -mu_dtype, nesterov, adaptive, preconditioning, adam_b1: adam_beta1, adam_b2: adam_beta2, adam_eps_root, adam_weight_decay, adam_learning_rate: adam_lr, -muon_weight_dimension_numbers, consistent_rms: rms; layout=flax, debias=true)",
    ];

    fn links(&self) -> Result<Chain> {
        let adam = ScaleByAdam {
            beta1: self.adam_beta1,
            beta2: self.adam_beta2,
            eps: self.eps,
            eps_root: self.adam_eps_root,
            amsgrad: false,
            nesterov: self.nesterov,
        };
        let factor = self.adam_lr.filter(|_| self.lr > 0.0).map_or(1.0, |rate| rate / self.lr);
        let others = Chain::new(adam).decayed(self.adam_weight_decay).then(Scale { factor });
        let matrices = Chain::new(Rule(self.clone())).decayed(self.weight_decay);
        Ok(Chain::new(ByRank { matrices, others }).then(ScaleByLr))
    }
}
