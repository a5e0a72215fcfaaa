use std::collections::BTreeMap;
use std::fmt;

/// What a check of one file has found. Failures are printed as they come.
#[derive(Default)]
pub struct Report {
    passed: usize,
    failed: usize,
    skipped: BTreeMap<String, usize>,
}

impl Report {
    /// A case that agrees.
    pub fn pass(&mut self) {
        self.passed += 1;
    }

    /// A case that does not: one line with what was expected and what was got.
    pub fn fail(&mut self, case: &str, expected: impl fmt::Display, got: impl fmt::Display) {
        self.failed += 1;
        println!("FAILED {case}: expected {expected}, got {got}");
    }

    /// A case of something that this project does not have, by the name of that thing.
    pub fn skip(&mut self, name: &str) {
        *self.skipped.entry(name.to_string()).or_default() += 1;
    }

    /// How many cases do not agree.
    pub fn failed(&self) -> usize {
        self.failed
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, cases) in &self.skipped {
            writeln!(f, "skipped {name}: not in this project ({cases} cases)")?;
        }
        let skipped: usize = self.skipped.values().sum();
        write!(f, "{} passed, {} failed, {skipped} skipped", self.passed, self.failed)
    }
}
