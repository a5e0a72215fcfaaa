//! Eigenvalues of symmetric matrices: Householder's reduction to three diagonals, then QL with implicit shifts.
//!
//! H. Bowdler, R. S. Martin, C. Reinsch and J. H. Wilkinson, The QR and QL algorithms for symmetric matrices, Numerische
//! Mathematik 11 (1968) 293–306.

/// Eigenvalues in increasing order, with the eigenvector of each.
#[derive(Clone, Debug)]
pub struct Eigen {
    /// The eigenvalues.
    pub values: Vec<f64>,
    /// For each eigenvalue, an eigenvector of length one.
    pub vectors: Vec<Vec<f64>>,
}

/// The eigenvalues of a symmetric `n × n` matrix in row-major order, in increasing order; NaN for a matrix that is not
/// finite.
pub fn eigenvalues(matrix: &[f64], n: usize) -> Vec<f64> {
    let (diagonal, beside, _) = tridiagonal(matrix, n, false);
    let mut values = ql(diagonal, beside, &mut []);
    values.sort_by(f64::total_cmp);
    values
}

/// The eigenvalues of a symmetric `n × n` matrix in row-major order, with their eigenvectors.
pub fn eigenvectors(matrix: &[f64], n: usize) -> Eigen {
    let (diagonal, beside, mut basis) = tridiagonal(matrix, n, true);
    let values = ql(diagonal, beside, &mut basis);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let vector = |k: &usize| basis.iter().map(|row| row[*k]).collect();
    Eigen { values: order.iter().map(|k| values[*k]).collect(), vectors: order.iter().map(vector).collect() }
}

/// The diagonal, the elements beside it, and the rows of the orthogonal matrix that reduces `matrix` to them.
fn tridiagonal(matrix: &[f64], n: usize, with_basis: bool) -> (Vec<f64>, Vec<f64>, Vec<Vec<f64>>) {
    let mut a: Vec<Vec<f64>> = matrix.chunks(n.max(1)).map(<[f64]>::to_vec).collect();
    let mut reflections: Vec<(Vec<f64>, f64)> = vec![];
    let mut beside = vec![0.0; n];
    for k in 0..n.saturating_sub(2) {
        // Reflects what is below the diagonal in column k to its first element.
        let below: Vec<f64> = (k + 1..n).map(|i| a[i][k]).collect();
        let length = below.iter().map(|v| v * v).sum::<f64>().sqrt();
        let mut v = below;
        v[0] += length.copysign(v[0]);
        let norm = v.iter().map(|v| v * v).sum::<f64>();
        beside[k] = if norm == 0.0 { 0.0 } else { -length.copysign(a[k + 1][k]) };
        let factor = if norm == 0.0 { 0.0 } else { 2.0 / norm };
        // A ← A − v wᵀ − w vᵀ with w = p − (factor/2)(pᵀv) v and p = factor·A v.
        let rows = &a[k + 1..];
        let p: Vec<f64> = rows.iter().map(|row| factor * dot(&row[k + 1..], &v)).collect();
        let half = 0.5 * factor * dot(&p, &v);
        let w: Vec<f64> = p.iter().zip(&v).map(|(p, v)| p - half * v).collect();
        for (i, row) in a[k + 1..].iter_mut().enumerate() {
            let (vi, wi) = (v[i], w[i]);
            row[k + 1..].iter_mut().zip(v.iter().zip(&w)).for_each(|(a, (v, w))| *a -= vi * w + wi * v);
        }
        reflections.push((v, factor));
    }
    if n > 1 {
        beside[n - 2] = a[n - 1][n - 2];
    }
    let diagonal = (0..n).map(|i| a[i][i]).collect();
    let mut basis: Vec<Vec<f64>> = vec![];
    if with_basis {
        basis = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        for row in &mut basis {
            for (k, (v, factor)) in reflections.iter().enumerate() {
                let along = factor * dot(&row[k + 1..], v);
                row[k + 1..].iter_mut().zip(v).for_each(|(r, v)| *r -= along * v);
            }
        }
    }
    (diagonal, beside, basis)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The eigenvalues of the matrix with these diagonals; `beside[i]` is next to `d[i]` and `d[i + 1]`. Columns of `rows` are
/// rotated along.
pub(super) fn ql(mut d: Vec<f64>, mut beside: Vec<f64>, rows: &mut [Vec<f64>]) -> Vec<f64> {
    const SWEEPS: usize = 60;
    let n = d.len();
    for l in 0..n {
        for _ in 0..SWEEPS {
            let small = |i: &usize| beside[*i].abs() <= f64::EPSILON * (d[*i].abs() + d[*i + 1].abs());
            let m = (l..n - 1).find(small).unwrap_or(n - 1);
            if m == l {
                break;
            }
            // The shift is the eigenvalue of the leading 2 × 2 block that is nearer to d[l].
            let mut g = (d[l + 1] - d[l]) / (2.0 * beside[l]);
            g = d[m] - d[l] + beside[l] / (g + g.hypot(1.0).copysign(g));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            let mut split = false;
            for i in (l..m).rev() {
                let (f, b) = (s * beside[i], c * beside[i]);
                let r = f.hypot(g);
                beside[i + 1] = r;
                if r == 0.0 {
                    d[i + 1] -= p;
                    beside[m] = 0.0;
                    split = true;
                    break;
                }
                (s, c) = (f / r, g / r);
                g = d[i + 1] - p;
                let turn = (d[i] - g) * s + 2.0 * c * b;
                p = s * turn;
                d[i + 1] = g + p;
                g = c * turn - b;
                for row in rows.iter_mut() {
                    (row[i], row[i + 1]) = (c * row[i] - s * row[i + 1], s * row[i] + c * row[i + 1]);
                }
            }
            if !split {
                d[l] -= p;
                beside[l] = g;
                beside[m] = 0.0;
            }
        }
    }
    d
}
