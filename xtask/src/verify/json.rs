//! Files of reference figures are JSON as Python writes it: numbers that are not finite stand in them by name.

use serde_json::Value;

/// Reads JSON in which `NaN`, `Infinity` and `-Infinity` may stand; they become `null`.
pub fn read(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text).or_else(|error| match text.contains("NaN") || text.contains("Infinity") {
        true => serde_json::from_str(&without_names(text)),
        false => Err(error),
    })
}

fn without_names(text: &str) -> String {
    let mut strict = String::with_capacity(text.len());
    // Every second piece between quotation marks is a string; the files hold no escaped ones.
    for (i, piece) in text.split('"').enumerate() {
        if i > 0 {
            strict.push('"');
        }
        match i % 2 {
            0 => {
                strict += &piece.replace("-Infinity", "null").replace("Infinity", "null").replace("NaN", "null")
            }
            _ => strict += piece,
        }
    }
    strict
}
