//! Licences and versions of everything that is built, by the rules of `tools/deny.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use spdx::{Expression, Licensee, ParseMode};

/// Name, version and licence of every dependency of what is published, with all features.
fn dependencies() -> BTreeSet<(String, String, String)> {
    let mut cargo = Command::new(env!("CARGO"));
    // Where no package is selected by where one stands.
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let selection =
        ["--workspace", "--all-features", "-e", "normal,build", "--target", "x86_64-unknown-linux-gnu"];
    cargo.args(["tree", "--locked", "--prefix", "none", "--format", "{p}|{l}"]).args(selection);
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    // A crate of the workspace has its folder in parentheses.
    let lines = text.lines().filter(|line| !line.contains("(/"));
    lines
        .filter_map(|line| {
            let (package, licence) = line.split_once('|')?;
            let (name, version) = package.trim_end_matches(" (proc-macro)").split_once(' ')?;
            Some((name.into(), version.into(), licence.trim_end_matches(" (*)").into()))
        })
        .collect()
}

fn rules() -> toml::Table {
    include_str!("../../tools/deny.toml").parse().expect("the rules are TOML")
}

fn texts(rules: &toml::Table, section: &str, key: &str) -> Vec<String> {
    let list = rules[section][key].as_array().expect("a list");
    list.iter().map(|entry| entry.as_str().expect("a text").into()).collect()
}

#[test]
fn licences_are_among_those_that_are_allowed() {
    let allowed = texts(&rules(), "licenses", "allow");
    let allowed: Vec<Licensee> = allowed.iter().map(|text| Licensee::parse(text).expect("a licence")).collect();
    let all = dependencies();
    assert!(all.len() > 150, "{} dependencies", all.len());
    let refused = all.iter().filter(|(_, _, licence)| {
        let expression = Expression::parse_mode(licence, ParseMode::LAX);
        !expression.is_ok_and(|e| e.evaluate(|needed| allowed.iter().any(|licence| licence.satisfies(needed))))
    });
    let refused: Vec<_> = refused.collect();
    assert!(refused.is_empty(), "not allowed by tools/deny.toml: {refused:?}");
}

#[test]
fn no_crate_is_built_in_two_versions_but_those_that_are_named() {
    let skipped = texts(&rules(), "bans", "skip");
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version, _) in dependencies() {
        versions.entry(name).or_default().insert(version.trim_start_matches('v').into());
    }
    // Every version but the newest is to be named.
    let numbers = |version: &str| version.split('.').map(|n| n.parse().unwrap_or(0)).collect::<Vec<u64>>();
    let mut old = vec![];
    for (name, of) in versions {
        let mut of: Vec<String> = of.into_iter().collect();
        of.sort_by_key(|version| numbers(version));
        of.pop();
        old.extend(of.into_iter().map(|version| format!("{name}@{version}")));
    }
    let unnamed: Vec<_> = old.iter().filter(|package| !skipped.contains(package)).collect();
    let gone: Vec<_> = skipped.iter().filter(|package| !old.contains(package)).collect();
    assert!(
        unnamed.is_empty() && gone.is_empty(),
        "not in tools/deny.toml: {unnamed:?}; there for nothing: {gone:?}"
    );
}
