//! Random functions of two matrices: lists of steps that are drawn at random.

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

/// One step: what is done, and to which of the values so far (modulo their number).
pub type Step = (u8, u8, u8);

const SHAPE: [usize; 2] = [3, 4];
const OPERATIONS: u8 = 22;

/// Runs a program on two matrices; every value keeps their shape, so that any may be combined with any.
pub fn run(program: &[Step], x: &[Tensor<1>]) -> Tensor<1> {
    let mut values: Vec<Tensor<2>> = x.iter().map(|t| t.clone().reshape(SHAPE)).collect();
    for (operation, a, b) in program {
        let pick = |k: &u8| values[*k as usize % values.len()].clone();
        let (a, b) = (pick(a), pick(b));
        values.push(match operation % OPERATIONS {
            0 => a + b,
            1 => a - b.sum_dim(0) * 0.3,
            2 => a * b.tanh(),
            3 => a / (b.clone() * b + 1.0),
            4 => a.sin(),
            5 => (a * 0.3).exp() * 0.5,
            6 => a.tanh() + b.mean_dim(1),
            7 => softmax(a, 1) + b,
            8 => a.clone().matmul(b.transpose()).matmul(a) * 0.1,
            9 => a.slice([0..3, 1..3]).repeat_dim(1, 2) * 0.7,
            10 => Tensor::cat(vec![a.narrow(0, 1, 2), b.narrow(0, 0, 1)], 0),
            11 => a.flip([1]) - b,
            12 => a.reshape([4, 3]).transpose(),
            13 => {
                let mask = a.clone().greater(b.clone());
                a.mask_where(mask, b)
            }
            14 => a.cumsum(1) * 0.3,
            15 => a.max_dim(1) + b,
            16 => a.clone().slice_assign([0..2, 0..2], b.narrow(0, 1, 2).narrow(1, 2, 2)),
            17 => a.select(0, Tensor::from_ints([2, 0, 1], &x[0].device())) * b.cos(),
            18 => {
                // One row names an element twice, so that its adjoints add up.
                let columns = Tensor::from_ints([[0, 3, 1, 2], [2, 2, 0, 1], [3, 0, 2, 3]], &x[0].device());
                a.gather(1, columns) * 0.8 + b
            }
            19 => a.reshape([3, 2, 2]).permute([2, 0, 1]).reshape(SHAPE) + b.permute([1, 0]).reshape(SHAPE),
            20 => a.clone() * 0.5 + (a * 0.7).prod_dim(1) * b.prod_dim(0),
            _ => (a.clone() * a + 1.0).sqrt() - b.abs() * 0.1,
        });
    }
    let last = values.pop().map(|v| v.reshape([12]));
    last.unwrap_or_else(|| x[0].clone())
}
