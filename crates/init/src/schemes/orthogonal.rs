use burn::nn::Initializer;
use rayon::prelude::*;

use crate::error::Error;
use crate::scheme::scheme;
use crate::{Draws, Law, Place, Result, Values};

scheme! {
    /// Orthogonal: a random matrix with orthonormal rows or columns, whichever are fewer, times a gain.
    ///
    /// The matrix has a row for each output and a column for each term that the output sums. It is Haar distributed: the
    /// Q of a normal matrix, each column times the sign of R's diagonal. Saxe, McClelland and Ganguli, "Exact solutions to
    /// the nonlinear dynamics of learning in deep linear neural networks", 2013. Reference: `torch.nn.init.orthogonal_` and
    /// `jax.nn.initializers.orthogonal`.
    pub struct Orthogonal = "orthogonal" {
        /// What the orthonormal matrix is multiplied by.
        gain: f64 = 1.0, in Finite;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        place.axes("orthogonal")?;
        Ok(Law::Structured(format!("orthogonal, gain {}", crate::law::short(self.gain))))
    }

    fn in_burn(&self) -> Option<Initializer> {
        Some(Initializer::Orthogonal { gain: self.gain })
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        let axis = place.axes("orthogonal")?.output;
        let (rows, inner): (usize, usize) = (place.shape[axis], place.shape[axis + 1..].iter().product());
        let columns = place.len() / rows;
        let matrix = orthonormalize(rows, columns, &draws.sample(&Law::normal(1.0), rows * columns));
        let at = |i: usize| {
            let (row, column) = (i / inner % rows, i / (inner * rows) * inner + i % inner);
            self.gain * matrix[row * columns + column]
        };
        Ok((0..place.len()).map(at).collect::<Vec<f64>>().into())
    }
}

scheme! {
    /// Delta-orthogonal: a convolution that is an orthogonal matrix at its middle tap and zero elsewhere.
    ///
    /// A deep convolutional network of these has dynamical isometry. Needs no more inputs than outputs, and one to three
    /// axes of taps. Xiao et al., "Dynamical isometry and a mean field theory of CNNs", 2018. Reference:
    /// `jax.nn.initializers.delta_orthogonal`.
    pub struct DeltaOrthogonal = "delta_orthogonal" {
        /// What the orthonormal matrix is multiplied by.
        gain: f64 = 1.0, in Finite;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        let axes = place.axes("delta_orthogonal")?;
        if !(3..=5).contains(&place.shape.len()) {
            return Err(Error::Shape(format!(
                "`delta_orthogonal` needs the kernel of a convolution, of three to five axes, but it was given {place}; use \
                 `orthogonal` for a matrix."
            )));
        }
        let (inputs, outputs) = (place.shape[axes.input], place.shape[axes.output]);
        if inputs > outputs {
            return Err(Error::Shape(format!(
                "`delta_orthogonal` keeps lengths only where there are no more inputs than outputs, but {place} has \
                 {inputs} inputs and {outputs} outputs; use `orthogonal` there."
            )));
        }
        Ok(Law::Structured(format!("orthogonal at the middle tap, gain {}", crate::law::short(self.gain))))
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        let axes = place.axes("delta_orthogonal")?;
        let (inputs, outputs) = (place.shape[axes.input], place.shape[axes.output]);
        let matrix = orthonormalize(inputs, outputs, &draws.sample(&Law::normal(1.0), inputs * outputs));
        let mut values = vec![0.0; place.len()];
        for (k, value) in matrix.into_iter().enumerate() {
            let at = place.entry(axes, k / outputs, k % outputs, |taps| (taps - 1) / 2);
            values[at] = self.gain * value;
        }
        Ok(values.into())
    }
}

/// The orthonormal factor of a matrix in row-major order: of its rows or its columns, whichever are fewer.
///
/// It is the Q of the QR decomposition whose R has a positive diagonal (of the transpose, if there are fewer rows), as
/// PyTorch makes it from its normal draw. By modified Gram–Schmidt, twice, which leaves the vectors orthonormal to
/// rounding; sums are in a fixed order, whatever the number of threads.
///
/// ```
/// use thalweg_init::schemes::orthonormalize;
/// let q = orthonormalize(2, 2, &[3.0, 0.0, 4.0, 5.0]);
/// assert!(q.iter().zip([0.6, -0.8, 0.8, 0.6]).all(|(a, b)| (a - b).abs() < 1e-15));
/// ```
///
/// # Panics
/// If there are not `rows·columns` values.
pub fn orthonormalize(rows: usize, columns: usize, values: &[f64]) -> Vec<f64> {
    assert_eq!(values.len(), rows * columns, "a {rows} by {columns} matrix has {} values", rows * columns);
    let by_columns = rows >= columns;
    let mut vectors: Vec<Vec<f64>> = match by_columns {
        true => (0..columns).map(|c| (0..rows).map(|r| values[r * columns + c]).collect()).collect(),
        false => values.chunks(columns).map(<[f64]>::to_vec).collect(),
    };
    for _ in 0..2 {
        gram_schmidt(&mut vectors);
    }
    let at = |i: usize| {
        if by_columns { vectors[i % columns][i / columns] } else { vectors[i / columns][i % columns] }
    };
    (0..values.len()).map(at).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    // Eight sums side by side, which processors add at once, in an order that is always the same.
    let (mut sums, whole) = ([0.0; 8], a.len() / 8 * 8);
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    let rest: f64 = a[whole..].iter().zip(&b[whole..]).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

fn gram_schmidt(vectors: &mut [Vec<f64>]) {
    for k in 0..vectors.len() {
        let (done, later) = vectors.split_at_mut(k + 1);
        let own = &mut done[k];
        let length = dot(own, own).sqrt();
        own.iter_mut().for_each(|x| *x /= length);
        let remove = |other: &mut Vec<f64>| {
            let along = dot(own, other);
            other.iter_mut().zip(own.iter()).for_each(|(x, u)| *x -= along * u);
        };
        match later.len() * own.len() > 1 << 14 {
            true => later.par_iter_mut().for_each(remove),
            false => later.iter_mut().for_each(remove),
        }
    }
}
