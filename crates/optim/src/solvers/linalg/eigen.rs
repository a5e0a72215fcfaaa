/// Eigenvalues in ascending order and their orthonormal eigenvectors.
#[derive(Clone, Debug)]
pub struct Eigen {
    /// The eigenvalues, ascending.
    pub values: Vec<f64>,
    /// `vectors[k]` belongs to `values[k]`.
    pub vectors: Vec<Vec<f64>>,
}

/// The eigen-decomposition of a symmetric matrix, row-major `[n, n]`: Householder reflections to tridiagonal form, then
/// the implicit QL method (Bowdler, Martin, Reinsch and Wilkinson, Numerische Mathematik 11, 1968). Takes about `9n³`
/// operations. A matrix with an element that is not finite gives NaN throughout.
pub fn eigen(a: &[f64], n: usize) -> Eigen {
    if !super::is_finite(a) {
        return Eigen { values: vec![f64::NAN; n], vectors: vec![vec![f64::NAN; n]; n] };
    }
    let (diagonal, off, basis) = tridiagonal(a, n);
    tridiagonal_eigen(diagonal, off, basis)
}

/// `A = Q T Qᵀ`: the diagonal of `T`, what stands beside it (`off[k]` between `k` and `k + 1`), and the columns of `Q` as
/// rows.
fn tridiagonal(a: &[f64], n: usize) -> (Vec<f64>, Vec<f64>, Vec<Vec<f64>>) {
    let mut a: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| a[i.max(j) * n + i.min(j)]).collect()).collect();
    let mut basis: Vec<Vec<f64>> = (0..n).map(|i| super::unit(n, i)).collect();
    for k in 0..n.saturating_sub(2) {
        // A reflection of the coordinates after k that leaves of row k only its first element there.
        let scale = super::max_abs(&a[k][k + 1..]);
        if scale == 0.0 {
            continue;
        }
        // Scaled, so that the squares of very small elements do not vanish.
        let x: Vec<f64> = a[k][k + 1..].iter().map(|x| x / scale).collect();
        let length = super::norm(&x);
        if length == x[0].abs() {
            continue;
        }
        let mut v = x;
        v[0] += if v[0] >= 0.0 { length } else { -length };
        let half = 2.0 / super::dot(&v, &v);
        // A ← H A H = A − v wᵀ − w vᵀ on those coordinates, with w = half·(A v − ½ half (vᵀA v) v).
        let mut w: Vec<f64> = (k + 1..n).map(|i| half * super::dot(&a[i][k + 1..], &v)).collect();
        let along = super::dot(&v, &w);
        super::add(&mut w, -0.5 * half * along, &v);
        for i in 0..v.len() {
            for j in 0..v.len() {
                a[k + 1 + i][k + 1 + j] -= v[i] * w[j] + w[i] * v[j];
            }
        }
        a[k][k + 1] -= half * super::dot(&a[k][k + 1..], &v) * v[0];
        // Q ← Q H: the columns of Q are kept as rows.
        let mut mixed = vec![0.0; n];
        v.iter().zip(&basis[k + 1..]).for_each(|(v, row)| super::add(&mut mixed, *v, row));
        v.iter().zip(&mut basis[k + 1..]).for_each(|(v, row)| super::add(row, -half * v, &mixed));
    }
    let diagonal = (0..n).map(|i| a[i][i]).collect();
    let off = (0..n.saturating_sub(1)).map(|i| a[i][i + 1]).collect();
    (diagonal, off, basis)
}

/// The eigen-decomposition of `Q T Qᵀ` for a tridiagonal `T`, with the columns of `Q` as the rows of `basis`.
pub(super) fn tridiagonal_eigen(mut d: Vec<f64>, mut off: Vec<f64>, mut basis: Vec<Vec<f64>>) -> Eigen {
    let n = d.len();
    off.push(0.0);
    for l in 0..n {
        // Three to four sweeps an eigenvalue are usual; the bound only keeps a defect from looping for ever.
        for _ in 0..100 {
            let small = |k: usize| off[k].abs() <= f64::EPSILON * (d[k].abs() + d[k + 1].abs());
            let end = (l..n - 1).find(|k| small(*k)).unwrap_or(n - 1);
            if end == l {
                break;
            }
            let slope = (d[l + 1] - d[l]) / (2.0 * off[l]);
            let mut g = d[end] - d[l] + off[l] / (slope + slope.hypot(1.0).copysign(slope));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            let mut split = false;
            for i in (l..end).rev() {
                let (f, b) = (s * off[i], c * off[i]);
                let r = f.hypot(g);
                off[i + 1] = r;
                if r == 0.0 {
                    d[i + 1] -= p;
                    off[end] = 0.0;
                    split = true;
                    break;
                }
                (s, c) = (f / r, g / r);
                g = d[i + 1] - p;
                let t = (d[i] - g) * s + 2.0 * c * b;
                p = s * t;
                d[i + 1] = g + p;
                g = c * t - b;
                let (low, high) = basis.split_at_mut(i + 1);
                for (x, y) in low[i].iter_mut().zip(&mut high[0]) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
            }
            if !split {
                d[l] -= p;
                off[l] = g;
                off[end] = 0.0;
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|i, j| d[*i].total_cmp(&d[*j]));
    let vectors = order.iter().map(|k| std::mem::take(&mut basis[*k])).collect();
    Eigen { values: order.iter().map(|k| d[*k]).collect(), vectors }
}

#[cfg(test)]
mod tests {
    use super::super::{dot, norm, plus};
    use super::eigen;

    fn residual(a: &[f64], n: usize) -> f64 {
        let found = eigen(a, n);
        let mut worst = 0f64;
        for (k, (value, vector)) in found.values.iter().zip(&found.vectors).enumerate() {
            let product: Vec<f64> = (0..n).map(|i| dot(&a[i * n..(i + 1) * n], vector)).collect();
            worst = worst.max(norm(&plus(&product, -value, vector)));
            for (j, other) in found.vectors.iter().enumerate() {
                let want = if j == k { 1.0 } else { 0.0 };
                worst = worst.max((dot(vector, other) - want).abs());
            }
        }
        assert!(found.values.is_sorted());
        worst
    }

    #[test]
    fn symmetric_matrices_are_decomposed() {
        for n in [1, 2, 3, 10, 40] {
            let raw = |i: usize, j: usize| ((i * 7 + j * 13) as f64 * 0.7).sin();
            let a: Vec<f64> = (0..n * n).map(|k| raw(k / n, k % n) + raw(k % n, k / n)).collect();
            let off = residual(&a, n);
            assert!(off < 1e-13 * (n as f64), "n = {n}: {off}");
        }
    }

    #[test]
    fn special_matrices() {
        let laplacian: Vec<f64> = (0..25)
            .map(|k| match (k / 5usize).abs_diff(k % 5) {
                0 => 2.0,
                1 => -1.0,
                _ => 0.0,
            })
            .collect();
        for (k, value) in eigen(&laplacian, 5).values.iter().enumerate() {
            let want = 2.0 - 2.0 * (std::f64::consts::PI * (k + 1) as f64 / 6.0).cos();
            assert!((value - want).abs() < 1e-14, "{value} against {want}");
        }
        assert!(residual(&[0.0; 16], 4) == 0.0);
        assert!(residual(&[1.0; 16], 4) < 1e-14);
        // Squares of the elements beside the diagonal underflow.
        let tiny: Vec<f64> = (0..25).map(|k| if k % 6 == 0 { 4.0 } else { 1e-233 }).collect();
        assert!(residual(&tiny, 5) < 1e-14);
        let graded: Vec<f64> = (0..25).map(|k| 10f64.powi(-60 * (k / 5 + k % 5))).collect();
        assert!(residual(&graded, 5) < 1e-14);
        assert!(eigen(&[f64::NAN; 4], 2).values[0].is_nan());
    }
}
