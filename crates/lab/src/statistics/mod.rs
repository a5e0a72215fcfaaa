//! Numbers that say how runs compare, and with what certainty. Pure functions.

mod bootstrap;
mod profile;
mod rank;
mod running_time;

pub use bootstrap::{Estimate, bootstrap, bootstrap_ecdf};
pub use profile::{Curve, data_profile, ecdf, performance_profile};
pub use rank::{holm, vargha_delaney, wilcoxon};
pub use running_time::{area, expected_running_time};

/// The quantile at a share `q` of numbers, linear between neighbours as NumPy's default; NaN for none.
///
/// ```
/// use thalweg_lab::statistics::quantile;
/// assert_eq!(quantile(&[3.0, 1.0, 2.0, 4.0], 0.5), 2.5);
/// ```
pub fn quantile(numbers: &[f64], q: f64) -> f64 {
    let mut sorted: Vec<f64> = numbers.iter().copied().filter(|x| !x.is_nan()).collect();
    if sorted.is_empty() {
        return f64::NAN;
    }
    sorted.sort_by(f64::total_cmp);
    let place = q.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    // Equal neighbours may be infinite.
    if low == high { low } else { low + (high - low) * place.fract() }
}
