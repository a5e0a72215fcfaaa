use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a solver remembers between steps: named vectors of numbers, so that it can be saved whatever the solver.
///
/// Continuing from a saved memory gives the same numbers as not having stopped.
/// It is saved as the bits of its numbers, since formats of text may round.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Vec<i64>>", into = "BTreeMap<String, Vec<i64>>")]
pub struct Memory {
    entries: BTreeMap<String, Vec<f64>>,
}

impl From<BTreeMap<String, Vec<i64>>> for Memory {
    fn from(saved: BTreeMap<String, Vec<i64>>) -> Self {
        let numbers = |bits: Vec<i64>| bits.into_iter().map(|bits| f64::from_bits(bits as u64)).collect();
        Memory { entries: saved.into_iter().map(|(name, bits)| (name, numbers(bits))).collect() }
    }
}

impl From<Memory> for BTreeMap<String, Vec<i64>> {
    fn from(memory: Memory) -> Self {
        let bits = |numbers: Vec<f64>| numbers.into_iter().map(|x| x.to_bits() as i64).collect();
        memory.entries.into_iter().map(|(name, numbers)| (name, bits(numbers))).collect()
    }
}

impl Memory {
    /// A remembered number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.entries.get(name)?.first().copied()
    }

    /// A remembered vector.
    pub fn vector(&self, name: &str) -> Option<&[f64]> {
        self.entries.get(name).map(Vec::as_slice)
    }

    /// A remembered vector of `n` numbers, all zero where there is none of this length.
    pub fn zeros(&mut self, name: &str, n: usize) -> &mut Vec<f64> {
        let vector = self.entries.entry(name.into()).or_default();
        if vector.len() != n {
            *vector = vec![0.0; n];
        }
        vector
    }

    /// Remembers a number.
    pub fn set_number(&mut self, name: &str, value: f64) {
        self.set(name, vec![value]);
    }

    /// Remembers a vector.
    pub fn set(&mut self, name: &str, value: Vec<f64>) {
        self.entries.insert(name.into(), value);
    }

    /// Forgets a vector and gives it.
    pub fn take(&mut self, name: &str) -> Option<Vec<f64>> {
        self.entries.remove(name)
    }

    /// One more than what is remembered under this name, which counts from one.
    pub fn count(&mut self, name: &str) -> f64 {
        let next = self.number(name).unwrap_or(0.0) + 1.0;
        self.set_number(name, next);
        next
    }

    /// All entries by name.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.entries.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}
