//! What every operator is held to, on flex and, with that feature, ndarray, in f32 and f64, over the table of cases.

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

#[cfg(feature = "ndarray")]
#[test]
fn laws_hold_on_ndarray() {
    hold_on(&thalweg_autodiff::compiled_devices()[1], "ndarray");
}
