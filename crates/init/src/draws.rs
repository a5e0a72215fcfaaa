//! Random numbers as a function of seed, path and place in the tensor, the same on every machine and thread.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

use crate::law::Law;

/// How many values one stream of the generator gives.
pub const CHUNK: usize = 65_536;

/// The source of random numbers for one parameter.
///
/// The generator is ChaCha with 8 rounds, keyed by the seed and the parameter's path, with one stream for each chunk of
/// 65,536 values. So a value depends on nothing else: not on the order of layers, nor on threads or the device.
#[derive(Clone, Debug)]
pub struct Draws {
    key: [u8; 32],
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
        let mut key = [0; 32];
        for part in key.chunks_mut(8) {
            state = mix(state);
            part.copy_from_slice(&state.to_le_bytes());
        }
        Draws { key }
    }

    /// The generator of one stream.
    pub fn stream(&self, stream: u64) -> Stream {
        let mut rng = ChaCha8Rng::from_seed(self.key);
        rng.set_stream(stream);
        Stream(rng)
    }

    /// `n` values, each from its chunk's stream.
    pub fn fill(&self, n: usize, draw: impl Fn(&mut Stream) -> f64 + Sync) -> Vec<f64> {
        let mut values = vec![0.0; n];
        values.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, values)| {
            let mut stream = self.stream(chunk as u64);
            values.iter_mut().for_each(|value| *value = draw(&mut stream));
        });
        values
    }

    /// `n` independent values of one law.
    pub fn sample(&self, law: &Law, n: usize) -> Vec<f64> {
        match law.sampler() {
            Some(draw) => self.fill(n, draw),
            None => vec![law.mean().unwrap_or(0.0); n],
        }
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
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// Uniform on `[0, 1)`, in steps of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform inside of `(0, 1)`, in steps of 2⁻⁵².
    pub fn open_unit(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }

    /// Standard normal, by inversion: one draw of the generator for each value.
    pub fn normal(&mut self) -> f64 {
        crate::math::quantile(self.open_unit())
    }

    /// A whole number below `n`, all alike to within `n`·2⁻⁶⁴.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }
}
