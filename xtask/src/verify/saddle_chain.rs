//! The chain of saddles: values, gradients and Hessians.

use serde_json::Value;
use thalweg_landscapes::entry;

use super::{Report, points};

/// A file of one function with the parameters `L`, `gam` and `tau`.
pub fn matches(content: &Value) -> bool {
    content["params"]["gam"].is_number() && content["points"].is_array()
}

/// Holds the chain against its points.
pub fn check(content: &Value, report: &mut Report) {
    let parameter = |name: &str| content["params"][name].as_f64().unwrap_or(f64::NAN);
    let n = points::numbers(&content["points"][0]).len() as f64;
    let arguments = [("n", n), ("l", parameter("L")), ("gamma", parameter("gam")), ("tau", parameter("tau"))];
    match entry("saddle_chain").and_then(|e| e.landscape(&arguments)) {
        Ok(landscape) => points::check(report, "saddle_chain", &landscape, content),
        Err(error) => report.fail("saddle_chain", "a landscape", error),
    }
}
