//! Random numbers as a function of seed, path and place in the tensor, the same on every machine and thread.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use rayon::prelude::*;

use crate::law::Law;
use crate::real::Real;
use crate::ziggurat;

/// How many values one stream of the generator gives.
pub const CHUNK: usize = 65_536;

/// The source of random numbers for one parameter.
///
/// Each chunk of 65,536 values has a generator of its own, xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom
/// number generators", ACM Transactions on Mathematical Software 47, 2021), which starts from a hash of the seed, the
/// parameter's path and the chunk's number. So a value depends on nothing else: not on the order of layers, nor on threads
/// or the device.
#[derive(Clone, Debug)]
pub struct Draws {
    key: [u64; 4],
    seed: u64,
}

impl Draws {
    /// The source for the parameter at `path` under a seed.
    pub fn new(seed: u64, path: &str) -> Self {
        let mut state = mix(seed);
        for block in path.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..block.len()].copy_from_slice(block);
            state = mix(state ^ u64::from_le_bytes(word));
        }
        state = mix(state ^ path.len() as u64);
        let key = std::array::from_fn(|_| {
            state = mix(state);
            state
        });
        Draws { key, seed }
    }

    /// The source for another path under the same seed, for what several parameters share.
    pub fn of(&self, path: &str) -> Self {
        Draws::new(self.seed, path)
    }

    /// The generator of one stream.
    pub fn stream(&self, stream: u64) -> Stream {
        let mut seed = [0; 32];
        // Each word of the state by another word of the key, so that two streams that agreed in one would differ in others.
        for (part, key) in seed.chunks_mut(8).zip(self.key) {
            part.copy_from_slice(&mix(key ^ mix(stream ^ key.rotate_left(32))).to_le_bytes());
        }
        Stream(Xoshiro256PlusPlus::from_seed(seed))
    }

    /// `n` values, each from its chunk's stream.
    pub fn fill(&self, n: usize, draw: impl Fn(&mut Stream) -> f64 + Sync) -> Vec<f64> {
        self.fill_as(n, draw)
    }

    /// As [`fill`](Self::fill), each value rounded to another precision.
    pub(crate) fn fill_as<T: Real>(&self, n: usize, draw: impl Fn(&mut Stream) -> f64 + Sync) -> Vec<T> {
        let mut values = vec![T::ZERO; n];
        values.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, values)| {
            let mut stream = self.stream(chunk as u64);
            values.iter_mut().for_each(|value| *value = T::round(draw(&mut stream)));
        });
        values
    }

    /// `n` independent values of one law.
    pub fn sample(&self, law: &Law, n: usize) -> Vec<f64> {
        law.draw(self, n)
    }
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A stream of random numbers.
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// 64 random bits.
    #[inline]
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform on `[0, 1)`, in steps of 2⁻⁵³.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform inside of `(0, 1)`, in steps of 2⁻⁵².
    #[inline]
    pub fn open_unit(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }

    /// Standard normal, by the ziggurat.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        ziggurat::TABLES.draw(self)
    }

    /// A whole number below `n`, all alike to within `n`·2⁻⁶⁴.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }
}
