//! Burn is built once: whatever is selected of the workspace asks for the same features of every dependency.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

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
    let mut cargo = Command::new(env!("CARGO"));
    // Where no package is selected by where one stands.
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    cargo.args(["tree", "--locked", "--prefix", "none", "--format", "{p}|{f}"]);
    let output = cargo.args(selection).output().expect("cargo runs");
    assert!(output.status.success(), "{selection:?}: {}", String::from_utf8_lossy(&output.stderr));
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).expect("cargo writes UTF-8").lines() {
        // A crate of the workspace has its folder in parentheses, and no features but its own.
        let Some((package, features)) = line.split_once('|').filter(|(package, _)| !package.contains("(/"))
        else {
            continue;
        };
        let package = package.trim_end_matches(" (proc-macro)");
        all.entry(package.into()).or_default().insert(features.trim_end_matches(" (*)").into());
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
