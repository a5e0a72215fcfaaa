//! The landscapes against reference figures, by the checks of `cargo xtask verify`.

use std::path::Path;

use serde_json::Value;

#[path = "../../../../xtask/src/verify/bbob.rs"]
mod bbob;
#[path = "../../../../xtask/src/verify/landscapes.rs"]
mod landscapes;
#[path = "../../../../xtask/src/verify/mgh.rs"]
mod mgh;
#[path = "../../../../xtask/src/verify/points.rs"]
mod points;
#[path = "../../../../xtask/src/verify/report.rs"]
mod report;
#[path = "../../../../xtask/src/verify/saddle_chain.rs"]
mod saddle_chain;
#[path = "../../../../xtask/src/verify/saddle_chain_escape.rs"]
mod saddle_chain_escape;

pub use report::Report;

fn hold(file: &str, matches: fn(&Value) -> bool, check: fn(&Value, &mut Report), passed: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(file);
    let content: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(matches(&content), "{file} is of another kind");
    let mut report = Report::default();
    check(&content, &mut report);
    assert_eq!(report.failed(), 0, "{file}: {report}");
    assert!(report.to_string().contains(passed), "{file}: {report}");
}

#[test]
fn classical() {
    hold("classical.json", landscapes::matches, landscapes::check, "448 passed, 0 failed, 0 skipped");
}

#[test]
fn more_garbow_hillstrom() {
    hold("mgh.json", mgh::matches, mgh::check, "174 passed, 0 failed, 0 skipped");
}

#[test]
fn coco() {
    hold("bbob.json", bbob::matches, bbob::check, "1272 passed, 0 failed, 0 skipped");
}

#[test]
fn chain() {
    hold("saddle_chain.json", saddle_chain::matches, saddle_chain::check, "15 passed, 0 failed, 0 skipped");
}

#[test]
fn escapes() {
    let skipped = "6 passed, 0 failed, 3 skipped";
    hold("saddle_chain_escape.json", saddle_chain_escape::matches, saddle_chain_escape::check, skipped);
}
