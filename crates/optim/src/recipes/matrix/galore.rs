use super::spectral::singular_basis;
use crate::prelude::*;

recipe! {
    /// GaLore: Adam on gradients of matrices that are projected on a few of their singular vectors; Adam for other tensors.
    ///
    /// ```text
    /// G = U Σ Vᵀ                     anew every update_proj_gap steps, from the first one on
    /// R = Uᵣᵀ G,  u = Uᵣ Adam(R)     with at least as many rows as columns; Uᵣ the first `rank` columns
    /// R = G Vᵣ,   u = Adam(R) Vᵣᵀ    with fewer rows
    /// θ ← θ − η (scale · u + λ θ)    without `scale` for tensors that are no matrices
    /// ```
    /// Adam's averages stay as they are when the basis changes, so that the signs of its vectors matter, which no decomposition
    /// determines: they are those of LAPACK, as in optax, for matrices whose shorter side is up to 25. What is remembered of an
    /// `m × n` matrix, `m ≥ n`, is `m r` numbers of the basis and `2 r n` of the averages, where Adam remembers `2 m n`. The
    /// singular vectors are computed on the host in `f64`, so that the optimizer runs eagerly.
    ///
    /// J. Zhao, Z. Zhang, B. Chen, Z. Wang, A. Anandkumar and Y. Tian, GaLore: memory-efficient LLM training by gradient low-rank
    /// projection, ICML (2024), arXiv:2403.03507. As in optax, which projects the longer side; the authors project the shorter
    /// one, and let `scale` be 0.25.
    pub struct Galore = "galore" {
        /// Learning rate `η`.
        lr: f64 = 1e-2, in NonNegative;
        /// How many singular vectors; at most as many as the shorter side is long.
        rank: usize = 128, in AtLeastOne;
        /// For how many steps a basis is kept.
        update_proj_gap: usize = 200, in AtLeastOne;
        /// The factor on the steps of matrices.
        scale: f64 = 1.0, in Finite;
        /// Weight decay `λ`, multiplied by the learning rate.
        weight_decay: f64 = 0.0, in NonNegative;
        /// Decay of Adam's average of gradients.
        beta1: f64 = 0.9, in Decay;
        /// Decay of Adam's average of squares.
        beta2: f64 = 0.999, in Decay;
        /// What Adam adds outside of the root.
        eps: f64 = 1e-8, in NonNegative;
    }
}

#[derive(Debug)]
struct Rule {
    adam: ScaleByAdam,
    rank: usize,
    gap: i64,
    scale: f64,
}

/// How a matrix is projected.
struct Projected {
    rows: usize,
    columns: usize,
    rank: usize,
}

impl Projected {
    /// Whether rows are projected, since they are at least as many as columns.
    fn is_tall(&self) -> bool {
        self.rows >= self.columns
    }

    /// The shape of the basis.
    fn basis(&self) -> [usize; 2] {
        [self.rows.max(self.columns), self.rank]
    }

    /// The shape of the projected gradient.
    fn small(&self) -> [usize; 2] {
        if self.is_tall() { [self.rank, self.columns] } else { [self.rows, self.rank] }
    }
}

impl Rule {
    /// How a parameter is projected; not at all if it is no matrix.
    fn projected(&self, param: &Parameter) -> Option<Projected> {
        match param.shape[..] {
            [rows, columns] => Some(Projected { rows, columns, rank: self.rank.min(rows).min(columns) }),
            _ => None,
        }
    }
}

fn zeros(shape: [usize; 2], like: &Tensor<1>) -> Tensor<1> {
    Tensor::zeros([shape[0] * shape[1]], (&like.device(), like.dtype()))
}

impl Transform for Rule {
    fn init(&self, param: &Parameter) -> State {
        match self.projected(param) {
            None => self.adam.init(param),
            Some(how) => {
                let small = zeros(how.small(), &param.value);
                State::of([("m", small.clone()), ("v", small), ("basis", zeros(how.basis(), &param.value))])
            }
        }
    }

    fn is_traceable(&self) -> bool {
        false
    }

    fn update(&self, update: Tensor<1>, state: &mut State, param: &Parameter, step: &Step) -> Tensor<1> {
        let Some(how) = self.projected(param) else { return self.adam.update(update, state, param, step) };
        let n = update.dims();
        let gradient = update.clone().reshape([how.rows, how.columns]);
        let count = step.count.clone().into_scalar::<i64>();
        if (count - 1) % self.gap == 0 {
            state.set("basis", singular_basis(gradient.clone(), how.rank));
        }
        let basis = state.float("basis").reshape(how.basis());
        let small = match how.is_tall() {
            true => basis.clone().transpose().matmul(gradient),
            false => gradient.matmul(basis.clone()),
        };
        let small =
            Parameter { value: small.reshape([how.small()[0] * how.small()[1]]), shape: how.small().to_vec() };
        let moved = self.adam.update(small.value.clone(), state, &small, step).reshape(how.small());
        let moved = match how.is_tall() {
            true => basis.matmul(moved),
            false => moved.matmul(basis.transpose()),
        };
        moved.reshape(n) * self.scale
    }
}

impl Recipe for Galore {
    const CITATION: &'static str = "\
@inproceedings{zhao2024galore,
  author = {Zhao, Jiawei and Zhang, Zhenyu and Chen, Beidi and Wang, Zhangyang and Anandkumar, Anima and Tian, Yuandong},
  title = {{GaLore}: Memory-Efficient {LLM} Training by Gradient Low-Rank Projection},
  booktitle = {International Conference on Machine Learning},
  year = {2024}, eprint = {2403.03507}, archivePrefix = {arXiv}
}";
    const REFERENCES: &'static [&'static str] = &[
        "optax.contrib.galore(learning_rate: lr, rank, update_proj_gap, scale, -base_optimizer, weight_decay, -mask, -weight_dimension_numbers)",
    ];

    fn links(&self) -> Result<Chain> {
        let Galore { rank, update_proj_gap, scale, beta1, beta2, eps, .. } = *self;
        let adam = ScaleByAdam { beta1, beta2, eps, ..ScaleByAdam::default() };
        let rule = Rule { adam, rank, gap: update_proj_gap as i64, scale };
        Ok(Chain::new(rule).decayed(self.weight_decay).then(ScaleByLr))
    }
}
