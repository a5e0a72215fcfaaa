//! The BBOB functions: optima, values and gradients of instances.

use burn::tensor::{DType, Device, Tensor};
use serde_json::Value;
use thalweg_autodiff::{trace, value_and_grad};
use thalweg_landscapes::{Landscape, Result, parse};

use super::Report;
use super::points::{compare, numbers};

/// How much more digits a gradient loses than a value.
const GRADIENT: f64 = 1e3;
/// At the optimum the reference states zero. It rounds that of f20 to ten digits, where the Hessian is 500.
const GRADIENT_AT_OPTIMUM: f64 = 2.5e-7;

/// A file of `problems` with their points by dimension.
pub fn matches(content: &Value) -> bool {
    content["rtol_hint"].is_object() && content["problems"].is_array()
}

/// Holds every problem against its optimum and its points.
pub fn check(content: &Value, report: &mut Report) {
    for problem in content["problems"].as_array().into_iter().flatten() {
        let text = format!("bbob(f={}, dim={}, instance={})", problem["f"], problem["dim"], problem["inst"]);
        let rtol = content["rtol_hint"][problem["f"].to_string()].as_f64().unwrap_or(1e-12);
        let points = &content["points"][problem["dim"].to_string()];
        let landscape = match parse(&text) {
            Ok(landscape) => landscape,
            Err(error) => {
                report.fail(&text, "a landscape", error);
                continue;
            }
        };
        optimum(report, &text, &landscape, problem);
        if let Err(error) = values(report, &text, &landscape, problem, points, rtol) {
            report.fail(&text, "values", error);
        }
    }
}

fn optimum(report: &mut Report, text: &str, landscape: &Landscape, problem: &Value) {
    let Some(best) = landscape.minima().next() else {
        return report.fail(text, "an optimum", "none");
    };
    compare(report, &format!("{text} f_opt"), &numbers(&problem["fopt"]), &[best.value], |_| 1e-9);
    // The reference rounds one optimum to ten digits.
    compare(report, &format!("{text} x_opt"), &numbers(&problem["xopt"]), &best.x, |_| 1e-8);
}

fn values(
    report: &mut Report,
    text: &str,
    landscape: &Landscape,
    problem: &Value,
    points: &Value,
    rtol: f64,
) -> Result<()> {
    let mut points: Vec<Vec<f64>> = points.as_array().into_iter().flatten().map(numbers).collect();
    // The optimum, and a point beside it.
    let optimum = numbers(&problem["xopt"]);
    let beside = optimum.iter().enumerate().map(|(i, x)| if i % 2 == 0 { x - 0.01 } else { x + 0.01 });
    points.extend([optimum.clone(), beside.collect()]);
    let point = |x: &Vec<f64>| landscape.point(x, &Device::flex(), DType::F64);
    let f = trace(value_and_grad(|x: Tensor<1>| landscape.value(x)), &point(&optimum)?)?;
    let f_opt = problem["fopt"].as_f64().unwrap_or(f64::NAN);
    for (k, x) in points.iter().enumerate() {
        let (value, gradient) = f.call(&point(x)?)?;
        let near = |w: f64| rtol * (w - f_opt).abs().max(1.0);
        compare(
            report,
            &format!("{text} f at point {k}"),
            &numbers(&problem["values"][k]),
            &[value.into_scalar()],
            near,
        );
        let want = numbers(&problem["grads"][k]);
        if !problem["grads"][k].is_null() {
            let size = want.iter().fold(1f64, |m, g| m.max(g.abs()));
            let got: Vec<f64> = gradient.to_data().iter().collect();
            let base = if *x == optimum { GRADIENT_AT_OPTIMUM } else { GRADIENT * rtol };
            compare(report, &format!("{text} grad at point {k}"), &want, &got, |_| base * size);
        }
    }
    Ok(())
}
