//! Licences and versions of everything that is built, by the rules of `tools/deny.toml`.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::tree;
use spdx::{Expression, Licensee, ParseMode};

/// Name, version and licence of every dependency of what is published, with all features.
fn dependencies() -> BTreeSet<(String, String, String)> {
    let target = ["--target", "x86_64-unknown-linux-gnu"];
    let selection = [&["--workspace", "--all-features", "-e", "normal,build"][..], &target].concat();
    let parts = |(package, licence): (String, String)| {
        let (name, version) = package.split_once(' ').expect("Cargo names name and version");
        (name.into(), version.into(), licence)
    };
    tree(&selection, "{l}").into_iter().map(parts).collect()
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
