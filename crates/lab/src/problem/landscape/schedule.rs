//! At which evaluations moments are recorded.

/// How many moments there are in each factor of ten.
const PER_DECADE: f64 = 10.0;

/// The evaluations at which moments are recorded, up to a budget: 1, 2, 3, …, ten in each factor of ten, and the last.
pub fn moments(budget: u64) -> Vec<u64> {
    let powers = (0..).map(|k| libm::round(libm::exp10(f64::from(k) / PER_DECADE)) as u64);
    let mut all: Vec<u64> = powers.take_while(|e| *e < budget).collect();
    all.push(budget);
    all.dedup();
    all
}
