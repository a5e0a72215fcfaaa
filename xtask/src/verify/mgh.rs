//! The problems of Moré, Garbow and Hillstrom: values, gradients and Hessians.

use serde_json::Value;
use thalweg_landscapes::{Error, Landscape, Parameter, parse};

use super::{Report, points};

/// A file of `functions`, each with its number and the number of its residuals.
pub fn matches(content: &Value) -> bool {
    content["functions"][0]["num"].is_number()
}

/// Our landscape for what the reference numbers so.
pub fn landscape(function: &Value) -> Result<Landscape, Error> {
    let text = format!("mgh(problem={}, n={}", function["num"], function["n"]);
    let declared = parse(&format!("{text})"))?.entry().map_or(&[][..], |entry| entry.parameters);
    match declared.iter().any(|p: &Parameter| p.name == "m") {
        true => parse(&format!("{text}, m={})", function["m"])),
        false => parse(&format!("{text})")),
    }
}

/// Holds every problem against its points.
pub fn check(content: &Value, report: &mut Report) {
    for function in content["functions"].as_array().into_iter().flatten() {
        let name = format!("{} {}", function["num"], function["name"].as_str().unwrap_or_default());
        match landscape(function) {
            Ok(landscape) => points::check(report, &name, &landscape, function),
            Err(error) => report.fail(&name, "a landscape", error),
        }
    }
}
