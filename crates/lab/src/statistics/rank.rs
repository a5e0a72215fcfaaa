//! Tests of ranks.

use statrs::distribution::{ContinuousCDF, Normal};

/// Largest number of pairs of which the exact distribution is computed, as in SciPy.
const EXACT: usize = 50;

/// The two-sided p-value of Wilcoxon's signed-rank test of paired numbers: exact for up to 50 pairs without ties, else by
/// the normal approximation with its correction for ties. Pairs without a difference are left out; one if none is left.
/// Equal to `scipy.stats.wilcoxon` 1.15 with its defaults, but for pairs without a difference beside exact ones.
///
/// F. Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1 (1945) 80–83.
///
/// ```
/// use thalweg_lab::statistics::wilcoxon;
/// let p = wilcoxon(&[1.0, 2.0, 3.0, 4.0, 5.0], &[0.5, 1.2, 1.8, 2.4, 3.0]);
/// assert_eq!(p, 0.0625);
/// ```
pub fn wilcoxon(a: &[f64], b: &[f64]) -> f64 {
    let mut differences: Vec<f64> =
        a.iter().zip(b).map(|(a, b)| a - b).filter(|d| *d != 0.0 && !d.is_nan()).collect();
    let n = differences.len();
    if n == 0 {
        return 1.0;
    }
    differences.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let (mut above, mut ties, mut at) = (0.0, 0.0, 0);
    while at < n {
        let size = differences[at..].iter().take_while(|d| d.abs() == differences[at].abs()).count();
        let rank = at as f64 + (size as f64 + 1.0) / 2.0;
        above += rank * differences[at..at + size].iter().filter(|d| **d > 0.0).count() as f64;
        ties += (size * size * size - size) as f64;
        at += size;
    }
    let all = (n * (n + 1)) as f64 / 2.0;
    let least = above.min(all - above);
    if n <= EXACT && ties == 0.0 {
        return exact(n, least as usize);
    }
    let variance = (n * (n + 1) * (2 * n + 1)) as f64 / 24.0 - ties / 48.0;
    let z = (least - all / 2.0) / variance.sqrt();
    // The standard normal distribution has valid parameters.
    Normal::new(0.0, 1.0).map_or(f64::NAN, |normal| (2.0 * normal.cdf(z)).min(1.0))
}

/// Twice the probability that the ranks of `n` fair signs add up to at most `least`.
fn exact(n: usize, least: usize) -> f64 {
    let mut ways = vec![0.0; least + 1];
    ways[0] = 1.0;
    for rank in 1..=n {
        for sum in (rank..=least).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    (2.0 * ways.iter().sum::<f64>() / 2f64.powi(n as i32)).min(1.0)
}

/// Holm's adjusted p-values, in the order of `p`: none of those below a level is there by chance alone with more than that
/// probability.
///
/// S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979) 65–70.
///
/// ```
/// use thalweg_lab::statistics::holm;
/// assert_eq!(holm(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
/// ```
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let (mut adjusted, mut largest) = (vec![1.0; p.len()], 0.0);
    for (k, at) in order.into_iter().enumerate() {
        largest = f64::max(largest, (p[at] * (p.len() - k) as f64).min(1.0));
        adjusted[at] = largest;
    }
    adjusted
}

/// The probability that a number of `a` is above one of `b`, ties half: 0.5 if neither tends to be larger.
///
/// A. Vargha and H. D. Delaney, A critique and improvement of the CL common language effect size statistics of McGraw and
/// Wong, Journal of Educational and Behavioral Statistics 25 (2000) 101–132.
///
/// ```
/// use thalweg_lab::statistics::vargha_delaney;
/// assert_eq!(vargha_delaney(&[3.0, 4.0], &[1.0, 3.0]), 0.875);
/// ```
pub fn vargha_delaney(a: &[f64], b: &[f64]) -> f64 {
    let mut sorted = b.to_vec();
    sorted.sort_by(f64::total_cmp);
    let above = |x: &f64| {
        let below = sorted.partition_point(|y| y < x);
        let equal = sorted.partition_point(|y| y <= x) - below;
        below as f64 + equal as f64 / 2.0
    };
    match a.len() * b.len() {
        0 => 0.5,
        pairs => a.iter().map(above).sum::<f64>() / pairs as f64,
    }
}
