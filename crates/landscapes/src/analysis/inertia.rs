use super::symmetric::eigenvalues;

/// What counts as zero beside the largest element, once rows and columns are of one size.
const ZERO: f64 = 1e-10;

/// The Morse index and the nullity of a symmetric `n × n` matrix in row-major order: how many eigenvalues are negative,
/// and how many are zero, within rounding.
///
/// Stretching coordinates changes eigenvalues but, by Sylvester's law, not their signs. So rows and columns are first
/// scaled to one size, which tells a small eigenvalue of badly scaled coordinates from a zero. Elements below
/// `tolerance` are taken for zeros; it is what rounding of the point and of the function may have left.
///
/// ```
/// use thalweg_landscapes::analysis::inertia;
/// assert_eq!(inertia(&[2e12, 4.0, 4.0, 2.0], 2, 1e-9), (0, 0));
/// assert_eq!(inertia(&[1.0, 0.0, 0.0, -1e-14], 2, 1e-9), (0, 1));
/// ```
pub fn inertia(matrix: &[f64], n: usize, tolerance: f64) -> (usize, usize) {
    let size = |row: &[f64]| row.iter().fold(0f64, |m, v| m.max(v.abs()));
    let floor = tolerance.max(1e-14 * size(matrix));
    let mut a: Vec<f64> = matrix.iter().map(|v| if v.abs() <= floor { 0.0 } else { *v }).collect();
    // Each round halves the spread of the sizes on a logarithmic scale.
    for _ in 0..40 {
        let scale = |row: &[f64]| match size(row) {
            0.0 => 1.0,
            size => size.sqrt().recip(),
        };
        let scales: Vec<f64> = a.chunks(n).map(scale).collect();
        a.iter_mut().enumerate().for_each(|(at, v)| *v *= scales[at / n] * scales[at % n]);
    }
    let values = eigenvalues(&a, n);
    let zero = values.iter().filter(|v| v.abs() <= ZERO).count();
    (values.iter().filter(|v| **v < -ZERO).count(), zero)
}
