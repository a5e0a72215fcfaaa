//! Random peaks, shared by the two Gallagher functions.

use burn::tensor::Tensor;

use crate::bbob::instance::Instance;
use crate::tensor::{apply, constant, matrix};

/// Gaussian peaks: heights, and centres and curvatures in rotated coordinates, row by row.
pub(crate) struct Peaks {
    n: usize,
    rotation: Vec<f64>,
    heights: Vec<f64>,
    centres: Vec<f64>,
    curvatures: Vec<f64>,
    /// The top of the highest.
    pub x_opt: Vec<f64>,
}

impl Peaks {
    /// `count` peaks, the highest with this condition.
    pub fn new(own: &Instance, count: usize, condition: f64) -> Self {
        let n = own.dimension();
        let rotation = own.second_rotation();
        // The other conditions are spread evenly on a logarithmic scale, in random order.
        let order = order(&own.uniform_at(0, count - 1));
        let spread = |k: usize| 1000f64.powf(k as f64 / (count - 2) as f64);
        let conditions = std::iter::once(condition).chain(order.into_iter().map(spread));
        let curvatures = conditions.enumerate().flat_map(|(i, condition)| {
            let axes = self::order(&own.uniform_at(1000 * i as i64, n));
            let exponent = move |axis: usize| axis as f64 / (n - 1) as f64 - 0.5;
            axes.into_iter().map(move |axis| condition.powf(exponent(axis)))
        });
        let curvatures = curvatures.collect();

        let height = |i: usize| match i {
            0 => 10.0,
            i => 1.1 + 8.0 * (i - 1) as f64 / (count - 2) as f64,
        };
        // The widths of the two regions are those of the reference.
        let width = if count == 101 { 10.0 } else { 9.8 };
        let places: Vec<f64> = own.uniform_at(0, n * count).iter().map(|u| width * (u - 0.5)).collect();
        let inward = |i: usize| if i == 0 { 0.8 } else { 1.0 };
        let centre = |i: usize, j: usize| -> f64 {
            let place = &places[i * n..(i + 1) * n];
            inward(i) * place.iter().zip(&rotation[j * n..]).map(|(p, r)| p * r).sum::<f64>()
        };
        let centres = (0..count * n).map(|at| centre(at / n, at % n)).collect();
        let x_opt = places[..n].iter().map(|p| 0.8 * p).collect();
        Peaks { n, rotation, heights: (0..count).map(height).collect(), centres, curvatures, x_opt }
    }

    /// How far the highest value at `x` of all peaks is below ten.
    pub fn below(&self, x: Tensor<1>) -> Tensor<1> {
        let (n, count) = (self.n, self.heights.len());
        let heights = constant(self.heights.clone(), &x);
        let (centres, curvatures) = (matrix(&self.centres, n, &x), matrix(&self.curvatures, n, &x));
        let place = apply(&self.rotation, x).reshape([1, n]);
        let forms = ((place - centres).square() * curvatures).sum_dim(1).reshape([count]);
        ((forms * (-0.5 / n as f64)).exp() * heights).max().neg() + 10.0
    }
}

/// The positions of the numbers in increasing order.
fn order(numbers: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    order
}
