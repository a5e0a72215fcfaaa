/// The Cholesky factor `L` of a symmetric positive definite matrix, `A = L Lᵀ`.
#[derive(Clone, Debug)]
pub struct Cholesky {
    n: usize,
    /// Row-major, zero above the diagonal.
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors the row-major `[n, n]` matrix `a`, of which the lower triangle is read; `None` if it is not positive
    /// definite in floating point.
    pub fn of(a: &[f64], n: usize) -> Option<Self> {
        let mut lower = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let inner = super::dot(&lower[i * n..i * n + j], &lower[j * n..j * n + j]);
                let rest = a[i * n + j] - inner;
                lower[i * n + j] = match i == j {
                    true if rest > 0.0 && rest.is_finite() => rest.sqrt(),
                    true => return None,
                    false => rest / lower[j * n + j],
                };
            }
        }
        Some(Cholesky { n, lower })
    }

    /// The solution of `A x = b`.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let (n, l) = (self.n, &self.lower);
        let mut x = b.to_vec();
        for i in 0..n {
            x[i] = (x[i] - super::dot(&l[i * n..i * n + i], &x[..i])) / l[i * n + i];
        }
        for i in (0..n).rev() {
            let later: f64 = (i + 1..n).map(|k| l[k * n + i] * x[k]).sum();
            x[i] = (x[i] - later) / l[i * n + i];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::Cholesky;

    #[test]
    fn solves_and_refuses() {
        let a = [4.0, 0.0, 0.0, 2.0, 5.0, 0.0, -2.0, 1.0, 6.0];
        let x = [1.0, -2.0, 3.0];
        // The symmetric matrix times x.
        let b = [4.0 - 4.0 - 6.0, 2.0 - 10.0 + 3.0, -2.0 - 2.0 + 18.0];
        let solved = Cholesky::of(&a, 3).unwrap().solve(&b);
        assert!(solved.iter().zip(x).all(|(s, x)| (s - x).abs() < 1e-14), "{solved:?}");
        assert!(Cholesky::of(&[1.0, 0.0, 2.0, 1.0], 2).is_none(), "the matrix [[1, 2], [2, 1]] is indefinite");
    }
}
