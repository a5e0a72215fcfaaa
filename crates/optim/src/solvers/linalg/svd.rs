use super::bidiagonal::{Bidiagonal, rotation};
use super::{add, dot, is_finite, max_abs, norm};

/// Singular values in descending order and their orthonormal vectors: `A = Σₖ values[k] left[k] right[k]ᵀ`.
#[derive(Clone, Debug)]
pub struct Svd {
    /// `left[k]` has as many elements as the matrix has rows.
    pub left: Vec<Vec<f64>>,
    /// The singular values, descending.
    pub values: Vec<f64>,
    /// `right[k]` has as many elements as the matrix has columns.
    pub right: Vec<Vec<f64>>,
}

/// The singular value decomposition of a matrix, row-major: Householder reflections to bidiagonal form, of the triangular
/// factor alone if one side is much longer, then QR iteration. There are `min(rows, columns)` singular values. A matrix with an
/// element that is not finite gives NaN throughout.
///
/// No decomposition determines the signs of the vectors. Here they are those of LAPACK's `dgesdd`, as NumPy and JAX have them, for
/// matrices whose shorter side is up to 25, but where a decision of the iteration hangs on rounding; beyond, LAPACK divides and
/// conquers.
pub fn svd(a: &[f64], rows: usize, columns: usize) -> Svd {
    let (short, long) = (rows.min(columns), rows.max(columns));
    if !is_finite(a) {
        let nan = |n| vec![vec![f64::NAN; n]; short];
        return Svd { left: nan(rows), values: vec![f64::NAN; short], right: nan(columns) };
    }
    // Squares of what is smaller or larger than this would leave the range of numbers.
    let largest = max_abs(a);
    let scale = if largest > 0.0 && !(1e-120..1e120).contains(&largest) { largest } else { 1.0 };
    let is_wide = rows < columns;
    let element = |line: usize, k: usize| if is_wide { a[line * columns + k] } else { a[k * columns + line] };
    let mut lines: Vec<Vec<f64>> =
        (0..short).map(|line| (0..long).map(|k| element(line, k) / scale).collect()).collect();

    let is_long = long != short && long >= short * 11 / 6;
    let mut ahead = vec![];
    if is_long {
        ahead = triangle(&mut lines);
        if is_wide {
            lines = (0..short).map(|i| lines.iter().map(|line| line[i]).collect()).collect();
        }
    }
    let (diagonal, beside, along, across) = reduce(lines);
    let mut core = Bidiagonal::new(diagonal, beside);
    // The shorter lines of a wide matrix are its rows, so that what stands beside the diagonal is below it.
    let is_lower = is_wide && !is_long;
    let turns = if is_lower { upper(&mut core) } else { vec![] };
    core.diagonalize();
    for (i, c, s) in turns.into_iter().rev() {
        for row in &mut core.left {
            (row[i], row[i + 1]) = (c * row[i] - s * row[i + 1], c * row[i + 1] + s * row[i]);
        }
    }
    let Bidiagonal { diagonal, mut left, mut right, .. } = core;
    let (on_left, on_right) = if is_lower { (across, along) } else { (along, across) };
    let side = |n: usize| if is_long { short } else { n };
    reflect(&mut left, &on_left, side(rows));
    reflect(&mut right, &on_right, side(columns));
    if is_long {
        reflect(if is_wide { &mut right } else { &mut left }, &ahead, long);
    }
    Svd { left, values: diagonal.into_iter().map(|d| d * scale).collect(), right }
}

/// `I − τ v vᵀ` on the coordinates from `at` on.
struct Reflection {
    at: usize,
    v: Vec<f64>,
    tau: f64,
}

impl Reflection {
    /// The reflection that takes `x` to `(β, 0, …)`, and `β`, of the sign opposite to `x`'s first element.
    fn of(at: usize, mut x: Vec<f64>) -> (Reflection, f64) {
        let first = x[0];
        let rest = norm(&x[1..]);
        if rest == 0.0 {
            return (Reflection { at, v: x, tau: 0.0 }, first);
        }
        let beta = -first.hypot(rest).copysign(first);
        x.iter_mut().for_each(|x| *x /= first - beta);
        x[0] = 1.0;
        (Reflection { at, v: x, tau: (beta - first) / beta }, beta)
    }

    fn apply(&self, x: &mut [f64]) {
        let x = &mut x[self.at..];
        let along = dot(&self.v, x);
        add(x, -self.tau * along, &self.v);
    }
}

/// The product of reflections, applied to rows that are first made longer by zeros.
fn reflect(rows: &mut [Vec<f64>], reflections: &[Reflection], length: usize) {
    for row in rows {
        row.resize(length, 0.0);
        reflections.iter().rev().for_each(|r| r.apply(row));
    }
}

/// Columns to an upper triangle, without the zeros below.
fn triangle(columns: &mut [Vec<f64>]) -> Vec<Reflection> {
    let n = columns.len();
    let mut reflections = vec![];
    for i in 0..n {
        let (reflection, beta) = Reflection::of(i, columns[i][i..].to_vec());
        columns[i + 1..].iter_mut().for_each(|column| reflection.apply(column));
        columns[i].truncate(i);
        columns[i].push(beta);
        columns[i].resize(n, 0.0);
        reflections.push(reflection);
    }
    columns.iter_mut().for_each(|column| column.truncate(n));
    reflections
}

/// Columns, at least as long as they are many, to bidiagonal form: the diagonal, what stands beside it, and the reflections
/// along and across the columns.
fn reduce(mut columns: Vec<Vec<f64>>) -> (Vec<f64>, Vec<f64>, Vec<Reflection>, Vec<Reflection>) {
    let (mut diagonal, mut beside, mut along, mut across) = (vec![], vec![], vec![], vec![]);
    for i in 0..columns.len() {
        let (reflection, beta) = Reflection::of(i, columns[i][i..].to_vec());
        columns[i + 1..].iter_mut().for_each(|column| reflection.apply(column));
        diagonal.push(beta);
        along.push(reflection);
        let rest = &mut columns[i + 1..];
        if rest.is_empty() {
            break;
        }
        let (reflection, beta) = Reflection::of(i + 1, rest.iter().map(|column| column[i]).collect());
        let mut mixed = vec![0.0; rest[0].len() - i - 1];
        rest.iter().zip(&reflection.v).for_each(|(column, v)| add(&mut mixed, *v, &column[i + 1..]));
        for (column, v) in rest.iter_mut().zip(&reflection.v) {
            add(&mut column[i + 1..], -reflection.tau * v, &mixed);
        }
        beside.push(beta);
        across.push(reflection);
    }
    (diagonal, beside, along, across)
}

/// Takes what stands below the diagonal above it, by rotations of rows, which are returned.
fn upper(core: &mut Bidiagonal) -> Vec<(usize, f64, f64)> {
    let mut turns = vec![];
    for i in 0..core.above.len() {
        let (c, s, r) = rotation(core.diagonal[i], core.above[i]);
        core.diagonal[i] = r;
        core.above[i] = s * core.diagonal[i + 1];
        core.diagonal[i + 1] *= c;
        turns.push((i, c, s));
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::super::{dot, norm};
    use super::{Svd, svd};

    /// The largest deviation of the product from the matrix and of the vectors from orthonormal ones.
    fn residual(a: &[f64], rows: usize, columns: usize) -> f64 {
        let Svd { left, values, right } = svd(a, rows, columns);
        assert!(values.is_sorted_by(|x, y| x >= y) && values.iter().all(|x| *x >= 0.0), "{values:?}");
        let mut worst = 0f64;
        for i in 0..rows {
            for j in 0..columns {
                let sum: f64 = (0..values.len()).map(|k| left[k][i] * values[k] * right[k][j]).sum();
                worst = worst.max((sum - a[i * columns + j]).abs());
            }
        }
        for side in [&left, &right] {
            for (i, one) in side.iter().enumerate() {
                for (j, other) in side.iter().enumerate() {
                    worst = worst.max((dot(one, other) - if i == j { 1.0 } else { 0.0 }).abs());
                }
            }
        }
        worst
    }

    fn example(rows: usize, columns: usize) -> Vec<f64> {
        (0..rows * columns).map(|k| ((k * k + 3 * k) as f64 * 0.7).sin()).collect()
    }

    #[test]
    fn matrices_are_decomposed() {
        for (rows, columns) in
            [(1, 1), (1, 4), (4, 1), (2, 2), (6, 4), (4, 6), (9, 3), (3, 9), (20, 20), (40, 60)]
        {
            let off = residual(&example(rows, columns), rows, columns);
            assert!(off < 2e-14 * (rows + columns) as f64, "{rows} by {columns}: {off}");
        }
    }

    #[test]
    fn special_matrices() {
        assert!(residual(&[0.0; 12], 3, 4) == 0.0);
        assert!(residual(&[1.0; 12], 4, 3) < 1e-14);
        let graded: Vec<f64> = (0..25).map(|k| 10f64.powi(-30 * (k / 5 + k % 5))).collect();
        assert!(residual(&graded, 5, 5) < 1e-14);
        let huge: Vec<f64> = example(4, 3).iter().map(|x| x * 1e250).collect();
        let (found, want) = (svd(&huge, 4, 3).values, svd(&example(4, 3), 4, 3).values);
        assert!(found.iter().zip(&want).all(|(x, y)| (x / 1e250 - y).abs() < 1e-14), "{found:?}");
        assert!(svd(&[f64::NAN; 6], 2, 3).values.iter().all(|x| x.is_nan()));
        // Diagonal already, out of order and with signs.
        let diagonal = svd(&[-2.0, 0.0, 0.0, 3.0], 2, 2);
        assert!(diagonal.values == [3.0, 2.0], "{diagonal:?}");
    }

    /// The first element of each vector as `numpy.linalg.svd` gives it (NumPy 2.4.6, OpenBLAS), whose signs are LAPACK's.
    #[test]
    fn signs_are_those_of_lapack() {
        for (rows, columns, left, right) in SIGNS {
            let found = svd(&example(*rows, *columns), *rows, *columns);
            for (side, want) in [(&found.left, left), (&found.right, right)] {
                assert!(side.len() == want.len());
                for (vector, first) in side.iter().zip(*want) {
                    assert!((vector[0] - first).abs() < 1e-12, "{rows} by {columns}: {} {first}", vector[0]);
                    assert!((norm(vector) - 1.0).abs() < 1e-13);
                }
            }
        }
    }

    type Firsts = (usize, usize, &'static [f64], &'static [f64]);
    const SIGNS: &[Firsts] = &[
        (1, 1, &[1.0], &[1.0]),
        (1, 4, &[-1.0], &[0.0]),
        (4, 1, &[0.0], &[1.0]),
        (2, 2, &[-0.03507318586119, -0.99938474654837], &[-0.99762303093667, 0.0689078235379]),
        (
            6,
            4,
            &[-0.13520011984365, 0.03707486416579, -0.52257715580784, 0.16020262912003],
            &[-0.70271250824924, 0.21018322120219, 0.38963442697988, 0.5569588473013],
        ),
        (
            4,
            6,
            &[0.30058370043343, -0.1832433887609, -0.55184823916206, 0.75599921986924],
            &[0.24136543394911, -0.06041462717983, 0.43594674497561, 0.23832729015839],
        ),
        (
            9,
            3,
            &[0.32366669884973, 0.11581183267162, -0.02816282117916],
            &[0.04012220088183, -0.31700817710911, -0.94757375683498],
        ),
        (
            3,
            9,
            &[-0.46761050393264, 0.68028480141953, 0.56440500136822],
            &[-0.19433922841788, -0.25381541731425, 0.57278926271054],
        ),
        (
            8,
            8,
            &[
                0.31226121784435,
                0.21652018977562,
                0.07848215245682,
                0.07676626093007,
                0.37729942569176,
                -0.03562931649872,
                0.66605533853243,
                0.50626614874926,
            ],
            &[
                -0.66379157658608,
                0.1697435252372,
                0.09526930273674,
                -0.01564542547911,
                0.63616094131142,
                -0.24726623028408,
                0.07514063961887,
                0.22306817679709,
            ],
        ),
    ];
}
