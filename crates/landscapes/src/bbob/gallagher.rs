//! Random peaks, shared by the two Gallagher functions.

use burn::tensor::Tensor;

use crate::bbob::instance::Instance;
use crate::tensor::{apply, constant};

/// Gaussian peaks: heights, and the quadratic form of each in the coordinates `p = R(x − x*)`, `Σ cⱼ pⱼ² − Σ bⱼ pⱼ + a`, row
/// by row. So two matrix products serve all peaks; the highest has `a = b = 0` and loses no digits.
pub(crate) struct Peaks {
    n: usize,
    rotation: Vec<f64>,
    heights: Vec<f64>,
    curvatures: Vec<f64>,
    slopes: Vec<f64>,
    offsets: Vec<f64>,
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
        let curvatures: Vec<f64> = curvatures.collect();

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
        // Of each peak from the highest one.
        let away: Vec<f64> = (0..count * n).map(|at| centre(at / n, at % n) - centre(0, at % n)).collect();
        let slopes: Vec<f64> = away.iter().zip(&curvatures).map(|(d, c)| 2.0 * c * d).collect();
        let products: Vec<f64> = away.iter().zip(&slopes).map(|(d, b)| 0.5 * b * d).collect();
        let offsets = products.chunks(n).map(|row| row.iter().sum()).collect();
        let x_opt = places[..n].iter().map(|p| 0.8 * p).collect();
        let heights = (0..count).map(height).collect();
        Peaks { n, rotation, heights, curvatures, slopes, offsets, x_opt }
    }

    /// How far the highest value at `x` of all peaks is below ten.
    pub fn below(&self, x: Tensor<1>) -> Tensor<1> {
        let (heights, offsets) = (constant(self.heights.clone(), &x), constant(self.offsets.clone(), &x));
        let place = apply(&self.rotation, x.clone() - constant(self.x_opt.clone(), &x));
        let forms = apply(&self.curvatures, place.clone().square()) - apply(&self.slopes, place) + offsets;
        ((forms * (-0.5 / self.n as f64)).exp() * heights).max().neg() + 10.0
    }
}

/// The positions of the numbers in increasing order.
fn order(numbers: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    order
}
