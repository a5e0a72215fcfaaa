//! What several of these tests need: numbers, and files of figures.

use std::io::Read;

use serde_json::Value;

/// Uniform numbers between −1 and 1 by a fixed seed.
pub fn numbers(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

/// A file of figures of the references.
pub fn figures(name: &str) -> Value {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let file = std::fs::File::open(folder.join(name)).expect("the goldens are part of the repository");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("the goldens are compressed text");
    serde_json::from_str(&text).expect("the goldens are JSON")
}
