//! Seeded numbers that are the same on every machine.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Streams of a seed, one for each purpose; the epochs of a shuffled order have the numbers from zero on.
pub(crate) mod stream {
    pub const SPLIT: u64 = u64::MAX;
    pub const EXAMPLES: u64 = u64::MAX - 1;
    pub const TEACHER: u64 = u64::MAX - 2;
}

/// A stream of numbers for a seed; other `stream`s of the same seed are independent.
pub(crate) struct Numbers(ChaCha8Rng);

impl Numbers {
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Numbers(rng)
    }

    /// Normal with mean zero and deviation one, after Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let (u, v): (f64, f64) = (self.0.random(), self.0.random());
        libm::sqrt(-2.0 * libm::log(1.0 - u)) * libm::cos(std::f64::consts::TAU * v)
    }

    /// A whole number below `n`, each with the same probability; `n` is not zero.
    ///
    /// Written here and not taken from a crate, whose method may change between versions while a seed's order may not.
    pub fn below(&mut self, n: u64) -> u64 {
        // The largest multiple of `n` that 64 bits hold; numbers from there on would favour small results.
        let even = u64::MAX - u64::MAX % n;
        loop {
            let x = self.0.next_u64();
            if x < even {
                return x % n;
            }
        }
    }

    /// The numbers from zero to `n`, without it, in random order, after Fisher and Yates.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        for k in (1..n).rev() {
            let other = self.below(k as u64 + 1) as usize;
            all.swap(k, other);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn permutations_are_uniform_and_keep_all() {
        let mut counts = [0; 6];
        for seed in 0..6000 {
            let p = Numbers::new(seed, 0).permutation(3);
            let mut sorted = p.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2]);
            counts[p[0] * 2 + usize::from(p[1] > p[2])] += 1;
        }
        // Five standard errors of a binomial with p = 1/6.
        assert!(counts.iter().all(|c| (*c - 1000_i32).abs() < 145), "{counts:?}");
    }

    #[test]
    fn a_seed_keeps_its_numbers() {
        // What an earlier run has seen; another result would break every stored seed.
        assert_eq!(Numbers::new(7, 3).permutation(8), [7, 3, 5, 4, 2, 0, 6, 1]);
    }
}
