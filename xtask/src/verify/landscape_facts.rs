//! What is known about landscapes: boxes, starts, minima and saddles with their eigenvalues.

use serde_json::Value;
use thalweg_landscapes::analysis::{Surface, eigenvalues, inertia};
use thalweg_landscapes::{Error, Landscape, Result};

use super::points::{compare, numbers};
use super::{Report, landscapes, mgh};

/// What the digits of a point leave of a value, and of an eigenvalue beside the largest.
const VALUE: f64 = 1e-9;
const EIGENVALUE: f64 = 1e-7;

/// The entries of one list of landscapes, or of a catalogue with several.
fn entries(content: &Value) -> Vec<&Value> {
    let lists = [content, &content["classical"], &content["mgh"]];
    lists.into_iter().filter_map(Value::as_array).flatten().collect()
}

/// A list of landscapes, classical or of Moré, Garbow and Hillstrom, or a catalogue of both.
pub fn matches(content: &Value) -> bool {
    let is_fact = |entry: &&Value| entry["minima"].is_array() || entry["x_best"].is_array();
    entries(content).first().is_some_and(is_fact)
}

/// Holds every landscape against what is stated about it.
pub fn check(content: &Value, report: &mut Report) {
    for entry in entries(content) {
        let name = entry["name"].as_str().unwrap_or_default();
        let found = if entry["num"].is_number() { mgh::landscape(entry) } else { landscapes::landscape(entry) };
        let checked = match found {
            Err(Error::Unknown(_)) => {
                report.skip(name);
                continue;
            }
            Ok(landscape) if entry["num"].is_number() => sums_of_squares(report, name, &landscape, entry),
            Ok(landscape) => classical(report, name, &landscape, entry),
            Err(error) => Err(error),
        };
        if let Err(error) = checked {
            report.fail(name, "facts", error);
        }
    }
}

fn start(report: &mut Report, name: &str, landscape: &Landscape, entry: &Value) {
    if !entry["start"].is_null() {
        let own = landscape.start().unwrap_or_default();
        compare(report, &format!("{name} start"), &numbers(&entry["start"]), own, |w| 1e-14 * w.abs().max(1.0));
    }
}

fn classical(report: &mut Report, name: &str, landscape: &Landscape, entry: &Value) -> Result<()> {
    let bounds: Vec<f64> = landscape.bounds().iter().flatten().copied().collect();
    // The reference rounds π.
    compare(report, &format!("{name} box"), &numbers(&entry["box"]), &bounds, |_| 2e-5);
    start(report, name, landscape, entry);
    let surface = Surface::of(landscape);
    for (what, index) in [("minima", Some(0)), ("saddles", None)] {
        for (k, point) in entry[what].as_array().into_iter().flatten().enumerate() {
            let (x, case) = (numbers(&point["x"]), format!("{name} {what} {k}"));
            let f = numbers(&point["f"]);
            compare(report, &format!("{case} f"), &f, &surface.values(std::slice::from_ref(&x))?, near(VALUE));
            let eigen = numbers(&point["eig"]);
            if eigen.is_empty() {
                continue;
            }
            let (n, hessian) = (x.len(), surface.hessian(&x)?);
            let largest = eigen.iter().fold(1f64, |m, e| m.max(e.abs()));
            compare(report, &format!("{case} eigenvalues"), &eigen, &eigenvalues(&hessian, n), |_| {
                EIGENVALUE * largest
            });
            if let Some(index) = index.or(point["index"].as_u64()) {
                let got = inertia(&hessian, n, 1e-8).0 as f64;
                compare(report, &format!("{case} index"), &[index as f64], &[got], |_| 0.0);
            }
        }
    }
    Ok(())
}

fn sums_of_squares(report: &mut Report, name: &str, landscape: &Landscape, entry: &Value) -> Result<()> {
    start(report, name, landscape, entry);
    let surface = Surface::of(landscape);
    for (at, what) in [("start", "f_start"), ("x_best", "best_found")] {
        if !entry[what].is_null() {
            let got = surface.values(&[numbers(&entry[at])])?;
            compare(report, &format!("{name} {what}"), &numbers(&entry[what]), &got, near(VALUE));
        }
    }
    let published = [&entry["minima_published"], &entry["minima"]].into_iter().flat_map(numbers);
    if let (Some(least), Some(best)) = (published.min_by(f64::total_cmp), landscape.facts().best_known()) {
        compare(report, &format!("{name} minimum"), &[least], &[best], near(VALUE));
    }
    Ok(())
}

fn near(tolerance: f64) -> impl Fn(f64) -> f64 {
    move |want| tolerance * want.abs().max(1.0)
}
