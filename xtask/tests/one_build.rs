//! Burn is built once: whatever is selected of the workspace asks for the same features of every dependency.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::tree;

/// What `cargo run` builds, and what everything else is compared with.
const DEFAULT: &[&str] = &["-e", "normal,build"];

/// The other selections of the README and of CONTRIBUTING. The crates `plot` and `text` stand on nothing of Burn's.
const SELECTIONS: [&[&str]; 13] = [
    &["-p", "xtask", "-e", "normal,build"],
    &["-p", "thalweg-examples", "-e", "all"],
    &["-p", "thalweg-benches", "-e", "all"],
    &["--workspace", "-e", "all"],
    &["-p", "thalweg", "-e", "all"],
    &["-p", "thalweg-autodiff", "-e", "all"],
    &["-p", "thalweg-cpu", "-e", "all"],
    &["-p", "thalweg-init", "-e", "all"],
    &["-p", "thalweg-lab", "-e", "all"],
    &["-p", "thalweg-landscapes", "-e", "all"],
    &["-p", "thalweg-optim", "-e", "all"],
    &["-p", "thalweg-train", "-e", "all"],
    &["-p", "thalweg-cli", "-e", "all"],
];

/// Each dependency with the features that it is built with, for the program and for what runs while it is built.
fn features(selection: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (package, features) in tree(selection, "{f}") {
        all.entry(package).or_default().insert(features);
    }
    all
}

#[test]
fn every_selection_shares_one_build_of_burn() {
    let right = features(DEFAULT);
    // The program keeps runs in SQLite, which no library of Burn's needs.
    let has = |name: &str| right.keys().any(|package| package.starts_with(name));
    assert!(has("burn-core ") && has("rusqlite ") && has("clap "), "{:?}", right.keys());
    let mut wrong = vec![];
    for selection in SELECTIONS {
        for (package, own) in features(selection) {
            if let Some(right) = right.get(&package).filter(|right| !own.is_subset(right)) {
                wrong
                    .push(format!("{}: {package} has {own:?}, `cargo run` has {right:?}", selection.join(" ")));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "Burn would be built again. Name the missing features in tools/workspace-hack/Cargo.toml.\n{}",
        wrong.join("\n")
    );
}
