//! What every operator is held to, on flex and ndarray, in f32 and f64, over the table of cases.

#![allow(deprecated)] // Burn discourages ndarray, which stays the second device that everything must run on.

mod cases;
mod checks;
mod primitives;

use burn::tensor::{DType, Device};

fn hold_on(device: &Device, name: &str) {
    let mut failures = vec![];
    for case in cases::all() {
        for dtype in [DType::F32, DType::F64] {
            let found = checks::check(&case, device, dtype);
            failures.extend(
                found.iter().map(|(law, f)| format!("{} on {name} in {dtype:?}: {law:?}: {f}", case.name)),
            );
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn laws_hold_on_flex() {
    hold_on(&Device::flex(), "flex");
}

#[test]
fn laws_hold_on_ndarray() {
    hold_on(&Device::ndarray(), "ndarray");
}
