use super::eigen::{Eigen, tridiagonal_eigen};
use super::{add, dot, norm, plus, scaled};

/// What a symmetric matrix does to the Krylov space of a start vector.
#[derive(Clone, Debug)]
pub struct Krylov {
    /// Ritz values, ascending, and Ritz vectors in the whole space: the eigenvalues of the matrix restricted to the
    /// space, and their vectors.
    pub ritz: Eigen,
    /// Whether the space is invariant, so that the Ritz pairs are exact.
    pub is_invariant: bool,
}

/// `k` steps of the Lanczos method for a symmetric matrix given by its product with a vector, starting at `start`, with
/// full reorthogonalisation (Golub and Van Loan, Matrix Computations, section 10.1). Fewer where the space becomes
/// invariant before.
///
/// # Errors
/// What `product` returns.
pub fn lanczos<E>(
    mut product: impl FnMut(&[f64]) -> Result<Vec<f64>, E>,
    start: &[f64],
    k: usize,
) -> Result<Krylov, E> {
    let mut basis = vec![scaled(1.0 / norm(start), start)];
    let (mut diagonal, mut off) = (vec![], vec![]);
    let mut scale = 0f64;
    let mut is_invariant = false;
    for j in 0..k.max(1) {
        let mut w = product(&basis[j])?;
        let own = dot(&w, &basis[j]);
        diagonal.push(own);
        scale = scale.max(norm(&w));
        // Twice is enough (Parlett): rounding leaves in the first pass what the second removes.
        for _ in 0..2 {
            for v in &basis {
                let along = dot(&w, v);
                add(&mut w, -along, v);
            }
        }
        let rest = norm(&w);
        is_invariant = rest <= 1e-14 * scale * (start.len() as f64).sqrt() || basis.len() == start.len();
        if is_invariant || j + 1 == k {
            break;
        }
        off.push(rest);
        basis.push(scaled(1.0 / rest, &w));
    }
    let n = diagonal.len();
    let small = tridiagonal_eigen(diagonal, off, (0..n).map(|i| super::unit(n, i)).collect());
    let whole =
        |c: &Vec<f64>| c.iter().zip(&basis).fold(vec![0.0; start.len()], |sum, (c, v)| plus(&sum, *c, v));
    let ritz = Eigen { vectors: small.vectors.iter().map(whole).collect(), values: small.values };
    Ok(Krylov { ritz, is_invariant })
}

#[cfg(test)]
mod tests {
    use super::super::dot;
    use super::lanczos;

    #[test]
    fn extreme_eigenvalues_are_found() {
        // Eigenvalues −3, 0.01, 0.02, …, 1.98, 50: the ends stand apart.
        let n = 200;
        let spectrum = |i: usize| match i {
            0 => -3.0,
            199 => 50.0,
            _ => 0.01 * i as f64,
        };
        let product = |v: &[f64]| Ok::<_, ()>(v.iter().enumerate().map(|(i, x)| spectrum(i) * x).collect());
        let found = lanczos(product, &vec![1.0; n], 30).unwrap();
        let values = &found.ritz.values;
        assert!((values[0] + 3.0).abs() < 1e-10 && (values[29] - 50.0).abs() < 1e-10, "{values:?}");
        let first = &found.ritz.vectors[0];
        assert!((dot(first, first) - 1.0).abs() < 1e-12 && (first[0].abs() - 1.0).abs() < 1e-8);
        assert!(!found.is_invariant);
    }

    #[test]
    fn an_invariant_space_ends_early() {
        let product = |v: &[f64]| Ok::<_, ()>(vec![2.0 * v[0], -v[1], 5.0 * v[2]]);
        let found = lanczos(product, &[1.0, 1.0, 0.0], 3).unwrap();
        assert!(found.is_invariant);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-14;
        assert!(
            found.ritz.values.len() == 2 && near(found.ritz.values[0], -1.0) && near(found.ritz.values[1], 2.0)
        );
    }
}
