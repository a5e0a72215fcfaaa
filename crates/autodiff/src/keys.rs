//! Random numbers as a pure function of a key, so that a program draws the same on every device, whatever ran before.

use std::cell::Cell;

use burn::tensor::DType;
use burn_backend::ops::IntTensorOps;

use crate::device::{B, Handle};

/// Element type of keys inside a graph.
pub(crate) const KEY: DType = DType::I64;

thread_local! {
    static SEED: Cell<i64> = const { Cell::new(0) };
    static CALLS: Cell<u32> = const { Cell::new(0) };
    static PINNED: Cell<Option<i64>> = const { Cell::new(None) };
}

/// Restarts this thread's stream of keys: from here on, the operators draw what they draw after any other `seed(n)`.
/// Every call of an operator takes the next key; a thread starts as after `seed(0)`.
pub fn seed(n: u64) {
    SEED.set(n as i64);
    CALLS.set(0);
}

/// Runs `body` with one fixed key for every operator called in it, in place of the thread's stream.
///
/// ```
/// use burn::tensor::{Device, Distribution, Tensor};
/// use thalweg_autodiff::{grad, with_rng_key};
/// let x = Tensor::<1>::from_floats([1.0, 2.0], &Device::flex());
/// let noisy = |x: Tensor<1>| (x.clone() * x.random_like(Distribution::Default)).sum();
/// let (a, b) = with_rng_key(7, || (grad(noisy)(&x), grad(noisy)(&x)));
/// assert_eq!(a?.to_data(), b?.to_data());
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
pub fn with_rng_key<R>(key: u64, body: impl FnOnce() -> R) -> R {
    struct Restore(Option<i64>);
    impl Drop for Restore {
        fn drop(&mut self) {
            PINNED.set(self.0);
        }
    }
    let _restore = Restore(PINNED.replace(Some(key as i64)));
    body()
}

/// The key of the call that is made now.
pub(crate) fn next_key() -> i64 {
    PINNED.get().unwrap_or_else(|| {
        let call = CALLS.get();
        CALLS.set(call.wrapping_add(1));
        Philox::child(SEED.get(), call)
    })
}

/// The keys that a tensor of keys holds.
pub(crate) fn read_keys(keys: Handle) -> Vec<i64> {
    let data =
        burn_backend::read_sync(B::int_into_data(keys)).expect("a tensor of keys can be read from its device");
    data.iter::<i64>().collect()
}

/// Philox 4×32 with 10 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a counter is
/// encrypted into four numbers.
pub(crate) struct Philox {
    key: [u32; 2],
    draw: u32,
    counter: u64,
    block: [u32; 4],
    used: usize,
}

impl Philox {
    pub fn new(key: i64, draw: u32) -> Self {
        Self { key: [key as u32, (key >> 32) as u32], draw, counter: 0, block: [0; 4], used: 4 }
    }

    /// A key for part `n` of what `key` stands for.
    pub fn child(key: i64, n: u32) -> i64 {
        // The last word keeps these blocks apart from those that `next_u32` uses.
        let block = encrypt([n, 0, 0, u32::MAX], [key as u32, (key >> 32) as u32]);
        (i64::from(block[1]) << 32) | i64::from(block[0])
    }

    fn next_u32(&mut self) -> u32 {
        if self.used == 4 {
            self.block = encrypt([self.counter as u32, (self.counter >> 32) as u32, self.draw, 0], self.key);
            self.counter += 1;
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }

    /// Uniform on [0, 1) in steps of 2⁻²⁴, so that an `f32` holds every value and never rounds to one.
    pub fn uniform(&mut self) -> f64 {
        f64::from(self.next_u32() >> 8) * (1.0 / f64::from(1 << 24))
    }

    /// Standard normal by Box and Muller's transform of two uniform numbers.
    pub fn normal(&mut self) -> f64 {
        let radius = (f64::from(self.next_u32()) + 0.5) * (1.0 / 4_294_967_296.0);
        let angle = std::f64::consts::TAU * self.uniform();
        libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(angle)
    }
}

fn encrypt(mut c: [u32; 4], mut k: [u32; 2]) -> [u32; 4] {
    let product = |a: u32, b: u32| {
        let p = u64::from(a) * u64::from(b);
        ((p >> 32) as u32, p as u32)
    };
    for _ in 0..10 {
        let ((h0, l0), (h1, l1)) = (product(0xD251_1F53, c[0]), product(0xCD9E_8D57, c[2]));
        c = [h1 ^ c[1] ^ k[0], l1, h0 ^ c[3] ^ k[1], l0];
        k = [k[0].wrapping_add(0x9E37_79B9), k[1].wrapping_add(0xBB67_AE85)];
    }
    c
}

#[cfg(test)]
mod tests {
    use super::encrypt;

    // The known answers that the authors publish with their generator (Random123, kat_vectors).
    #[test]
    fn philox_gives_its_known_answers() {
        assert_eq!(encrypt([0; 4], [0; 2]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
        assert_eq!(encrypt([u32::MAX; 4], [u32::MAX; 2]), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
        let counter = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
        let key = [0xa4093822, 0x299f31d0];
        assert_eq!(encrypt(counter, key), [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
    }
}
