//! Classical landscapes: values, gradients and Hessians from 50 digits.

use serde_json::Value;
use thalweg_landscapes::{Error, Landscape, parse};

use super::{Report, points};

/// A file of `functions`, each with a name, a family and parameters.
pub fn matches(content: &Value) -> bool {
    content["functions"][0]["family"].is_string()
}

/// Our name for what the reference calls so.
pub fn landscape(function: &Value) -> Result<Landscape, Error> {
    let mut text = format!("{}(n={}", function["name"].as_str().unwrap_or_default(), function["dim"]);
    for (name, value) in function["params"].as_object().into_iter().flatten() {
        // The reference states the exponent of the condition.
        match name.as_str() {
            "e" => text += &format!(", condition=1e{value}"),
            _ => text += &format!(", {name}={value}"),
        }
    }
    parse(&(text + ")"))
}

/// Holds every function against its points.
pub fn check(content: &Value, report: &mut Report) {
    for function in content["functions"].as_array().into_iter().flatten() {
        let name = function["name"].as_str().unwrap_or_default();
        match landscape(function) {
            Ok(landscape) => points::check(report, name, &landscape, function),
            Err(Error::Unknown(_)) => report.skip(name),
            Err(error) => report.fail(name, "a landscape", error),
        }
    }
}
