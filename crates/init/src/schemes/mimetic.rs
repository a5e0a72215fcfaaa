use crate::error::Error;
use crate::scheme::scheme;
use crate::setting::words;
use crate::{Draws, Law, Place, Result, Values};

scheme! {
    /// Mimetic self-attention: products of the projections look like those of trained models from the start.
    ///
    /// For the query and the key of each head the product is the best approximation of its rank to `α Z + β I`, and for the value
    /// and the output to `α Z − β I`, where `Z` has independent normal entries of variance `1/width`:
    ///
    /// ```text
    /// α Z ± β I = U S Vᵀ      query, value: U √S      key: V √S      output: √S Vᵀ
    /// ```
    /// both with the largest singular values only. So each token first looks at itself, and hands on a little less of itself.
    /// Partners find each other by the path of their layer: give this scheme, with equal `alpha` and `beta`, to
    /// `attention.query.weight` and `attention.key.weight`, and with others to `attention.value.weight` and
    /// `attention.output.weight`. `alpha` and `beta` are to be chosen for a model; both below 1 in the paper.
    ///
    /// Trockman and Kolter, "Mimetic initialization of self-attention layers", 2023.
    pub struct Mimetic = "mimetic" {
        /// Which projection the parameter is of.
        part: Part = Part::Query, in Any;
        /// The factor `α` on the normal matrix.
        alpha: f64, in NonNegative;
        /// The factor `β` on the identity.
        beta: f64, in NonNegative;
        /// The number of heads, each of which has a product of query and key of its own; values and outputs have one in all.
        heads: usize = 1, in AtLeastOne;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        let [width, each] = self.sizes(place)?;
        let sign = if self.is_first_pair() { '+' } else { '−' };
        Ok(Law::Structured(format!(
            "a factor of rank {each} of {}·Z {sign} {}·I, width {width}",
            crate::law::short(self.alpha),
            crate::law::short(self.beta),
        )))
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        let axes = place.axes("mimetic")?;
        let [width, each] = self.sizes(place)?;
        // Query, key and value go from the width to the heads, the output back.
        let inward = self.part != Part::Output;
        let mut values = vec![0.0; place.len()];
        for head in 0..self.pieces() {
            let target = self.target(place, draws, width, head);
            for (k, (singular, left, right)) in singular_triples(target, width).into_iter().take(each).enumerate() {
                let vector = if matches!(self.part, Part::Query | Part::Value) { left } else { right };
                for (i, x) in vector.into_iter().enumerate() {
                    let inner = head * each + k;
                    let (input, output) = if inward { (i, inner) } else { (inner, i) };
                    values[place.entry(axes, input, output, |_| 0)] = x * singular.sqrt();
                }
            }
        }
        Ok(values.into())
    }
}

words! {
    /// A projection of an attention layer.
    pub enum Part {
        /// Of the queries.
        Query = "query",
        /// Of the keys.
        Key = "key",
        /// Of the values.
        Value = "value",
        /// Of the outputs.
        Output = "output",
    }
}

impl Mimetic {
    fn is_first_pair(&self) -> bool {
        matches!(self.part, Part::Query | Part::Key)
    }

    /// How many products there are.
    fn pieces(&self) -> usize {
        if self.is_first_pair() { self.heads } else { 1 }
    }

    /// The width of the model, and the rank of each product.
    fn sizes(&self, place: &Place) -> Result<[usize; 2]> {
        let axes = place.axes("mimetic")?;
        let problem =
            |what: String| Err(Error::Shape(format!("`mimetic` needs {what}, but it was given {place}.")));
        if place.shape.len() != 2 {
            return problem("the matrix of a projection".into());
        }
        let (input, output) = (place.shape[axes.input], place.shape[axes.output]);
        let (width, inner) = if self.part == Part::Output { (output, input) } else { (input, output) };
        match (inner % self.pieces(), inner / self.pieces()) {
            (0, each) if each <= width => Ok([width, each]),
            (0, _) => problem("a projection to no more than the width for each head; raise `heads`".into()),
            _ => problem(format!("a projection that `heads = {}` divides", self.heads)),
        }
    }

    /// What the product of a head is to look like, in row-major order.
    fn target(&self, place: &Place, draws: &Draws, width: usize, head: usize) -> Vec<f64> {
        // `attention.query.weight` and `attention.key.weight` share what is drawn for `attention`.
        let layer = place.path.rsplitn(3, '.').nth(2).unwrap_or_default();
        let (pair, sign) = if self.is_first_pair() { ("query-key", 1.0) } else { ("value-output", -1.0) };
        let shared = draws.of(&format!("{layer}/{pair}/{head}"));
        let mut target = shared.sample(&Law::normal(self.alpha / (width as f64).sqrt()), width * width);
        (0..width).for_each(|i| target[i * width + i] += sign * self.beta);
        target
    }
}

/// The singular values of a square matrix, largest first, each with its left and its right vector.
///
/// By rotations of pairs of columns until all are orthogonal: M. R. Hestenes, "Inversion of matrices by biorthogonalization and
/// related results", Journal of the Society for Industrial and Applied Mathematics 6 (1958) 51–90.
fn singular_triples(matrix: Vec<f64>, n: usize) -> Vec<(f64, Vec<f64>, Vec<f64>)> {
    /// Sweeps, of which large matrices need about ten.
    const SWEEPS: usize = 60;
    let column = |j: usize| -> Vec<f64> { (0..n).map(|i| matrix[i * n + j]).collect() };
    let mut columns: Vec<Vec<f64>> = (0..n).map(column).collect();
    let unit = |j: usize| -> Vec<f64> { (0..n).map(|i| f64::from(u8::from(i == j))).collect() };
    let mut right: Vec<Vec<f64>> = (0..n).map(unit).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    for _ in 0..SWEEPS {
        let mut is_done = true;
        for (p, q) in (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q))) {
            let (a, b, c) =
                (dot(&columns[p], &columns[p]), dot(&columns[q], &columns[q]), dot(&columns[p], &columns[q]));
            if c.abs() <= f64::EPSILON * (a * b).sqrt() {
                continue;
            }
            is_done = false;
            let zeta = (b - a) / (2.0 * c);
            let tangent = zeta.signum() / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
            let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
            for all in [&mut columns, &mut right] {
                let (before, after) = all.split_at_mut(q);
                for (x, y) in before[p].iter_mut().zip(&mut after[0]) {
                    (*x, *y) = (cosine * (*x - tangent * *y), cosine * (tangent * *x + *y));
                }
            }
        }
        if is_done {
            break;
        }
    }
    let triple = |(left, right): (Vec<f64>, Vec<f64>)| {
        let singular = dot(&left, &left).sqrt();
        // A vanishing one has no left vector, and needs none: it is multiplied by its root.
        let scale = if singular > 0.0 { 1.0 / singular } else { 0.0 };
        (singular, left.into_iter().map(|x| x * scale).collect(), right)
    };
    let mut all: Vec<_> = columns.into_iter().zip(right).map(triple).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all
}
