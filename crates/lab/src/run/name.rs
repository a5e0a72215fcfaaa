use std::fmt;

use sha2::{Digest, Sha256};

use super::Run;

/// The version of what runs compute. It goes up with every change that moves the numbers of any run, so that a store
/// never mixes runs of two ways of computing.
const NUMBERS: u32 = 4;

/// The name of a run: a hash of everything that determines its numbers, the version of the numbers and the
/// instruction set included, times not. Two stores hold the same run exactly if they hold the same name, so they can be
/// merged by name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunName([u8; 16]);

impl RunName {
    /// The sixteen bytes.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// A name from its sixteen bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        RunName(bytes)
    }
}

impl Run {
    /// The name.
    pub fn name(&self) -> RunName {
        let mut hash = Sha256::new();
        // Every field is preceded by its length, so that no two runs give the same bytes.
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        field(&NUMBERS.to_le_bytes());
        field(thalweg_cpu::Isa::detect().to_string().as_bytes());
        field(self.problem.as_bytes());
        field(&self.instance.to_le_bytes());
        field(self.start.as_bytes());
        field(self.optimizer.as_bytes());
        // A rate of −0 is one of 0, which is all that SQLite keeps.
        field(&(self.lr + 0.0).to_bits().to_le_bytes());
        field(self.initializer.as_deref().unwrap_or_default().as_bytes());
        field(&self.seed.to_le_bytes());
        field(&self.budget.to_le_bytes());
        field(&[self.precision as u8]);
        let mut name = [0; 16];
        name.copy_from_slice(&hash.finalize()[..16]);
        RunName(name)
    }
}

impl fmt::Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunName({self})")
    }
}
