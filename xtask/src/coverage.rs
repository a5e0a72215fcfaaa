//! The table of Burn's differentiable operations, each cell filled in by running it.

use std::fmt::Write as _;
use std::path::PathBuf;

use burn::tensor::{DType, Device, Tensor};
use thalweg_autodiff::{Result, constant, grad, hvp};

use crate::cases::{self, Case, Inputs, Limit};
use crate::checks::{Law, check as failures};

const LAWS: [Law; 5] = [Law::Value, Law::Forward, Law::Reverse, Law::Second, Law::Batch];

/// What a central difference with step 1e-2 may be off by in f32.
const SECOND_IN_F32: f64 = 2e-3;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/coverage.md")
}

/// How far, in f32, a Hessian-vector product is from the central difference of gradients, relative to its size.
///
/// The laws take differences in f64 only. What is left of them in f32 is symmetry, which zeros have as well.
fn second_order_gap(case: &Case) -> Result<f64> {
    const STEP: f64 = 1e-2;
    let device = Device::flex();
    // An irrational step through the interval meets no special point.
    let spread = |n: usize, low: f64, high: f64, golden: f64| {
        let values: Vec<f32> =
            (1..=n).map(|i| (low + (high - low) * (i as f64 * golden).fract()) as f32).collect();
        Tensor::<1>::from_floats(values.as_slice(), &device)
    };
    let draw = |golden: f64, bounds: Option<(f64, f64)>| -> Vec<Tensor<1>> {
        let one = |(shape, low, high): &cases::Input| {
            let (low, high) = bounds.unwrap_or((*low, *high));
            spread(shape.iter().product(), low, high, golden)
        };
        case.inputs.iter().map(one).collect()
    };
    let (x, v) = (draw(0.618_033_988_75, None), draw(0.414_213_562_37, Some((-1.0, 1.0))));
    let f = |flat: Vec<Tensor<1>>| (case.f)(&Inputs { flat, shapes: case.inputs });
    let w = spread(f(x.clone()).dims()[0], -1.0, 1.0, 0.732_050_807_57);
    let weighted = |x: Vec<Tensor<1>>| (f(x) * constant(&w)).sum();

    let numbers =
        |all: &[Tensor<1>]| all.iter().flat_map(|t| t.to_data().iter().collect::<Vec<f64>>()).collect();
    let at = |h: f64| -> Result<Vec<f64>> {
        let moved: Vec<Tensor<1>> = x.iter().zip(&v).map(|(x, v)| x.clone() + v.clone() * h).collect();
        Ok(numbers(&grad(weighted)(&moved)?))
    };
    let (plus, minus) = (at(STEP)?, at(-STEP)?);
    let numeric: Vec<f64> = plus.iter().zip(&minus).map(|(p, m)| (p - m) / (2.0 * STEP)).collect();
    let product: Vec<f64> = numbers(&hvp(weighted)(&x, &v)?.1);
    let size = |values: &mut dyn Iterator<Item = f64>| {
        // `max` would drop a NaN.
        values.fold(0.0f64, |m, n| if n.is_nan() { f64::INFINITY } else { m.max(n.abs()) })
    };
    let gap = size(&mut numeric.iter().zip(&product).map(|(n, p)| n - p));
    Ok(gap / size(&mut numeric.iter().copied()))
}

/// For each law, whether it holds for a case in f64, or in f32 where the function refuses f64.
fn holds(case: &Case) -> [bool; 5] {
    let limit = case.limit.map(|(limit, _)| limit);
    let dtype = if limit == Some(Limit::NoF64) { DType::F32 } else { DType::F64 };
    let mut found = failures(case, &Device::flex(), dtype);
    if found.is_empty() && matches!(limit, Some(Limit::NoF64 | Limit::Inside)) {
        match second_order_gap(case) {
            Ok(gap) if gap <= SECOND_IN_F32 => {}
            Ok(gap) => found.push((Law::Second, format!("{gap:e} away from central differences in f32"))),
            Err(error) => found.push((Law::Second, error.to_string())),
        }
    }
    for (law, why) in &found {
        eprintln!("{}: {law:?}: {why}", case.name);
    }
    LAWS.map(|law| found.iter().all(|(failed, _)| *failed != law))
}

fn row(table: &mut String, name: &str, cells: &[[bool; 5]]) {
    let cell = |k: usize| if cells.iter().all(|c| c[k]) { "yes" } else { "**no**" };
    let cells: Vec<&str> = (0..LAWS.len()).map(cell).collect();
    let _ = writeln!(table, "| {name} | {} |", cells.join(" | "));
}

fn table() -> Result<String, String> {
    let all = cases::all();
    let results: Vec<[bool; 5]> = all.iter().map(holds).collect();
    let head = "| value | forward | reverse | second order | batch |\n|---|---|---|---|---|---|\n";
    let mut text = format!(
        "# What can be differentiated\n\n\
         Written by `cargo xtask coverage`, which runs every operation in f64 on flex: the value against eager Burn, \
         reverse mode against burn-autodiff, forward mode by the adjoint identity, second derivatives against central \
         differences of gradients, their symmetry and the Taylor remainder, and lanes against a loop. A cell is *yes* \
         if that holds for all cases of the row. Where Burn cannot compute in f64 (the last table says where), second \
         derivatives are held to their symmetry and to central differences in f32.\n\n\
         ## Operations of burn-autodiff\n\n\
         Every method of burn-autodiff {} that registers a backward step, but for those below.\n\n\
         | operation {head}",
        crate::burn_version()?
    );
    for operation in cases::OPERATIONS {
        let cells: Vec<[bool; 5]> = (all.iter().zip(&results))
            .filter(|(case, _)| case.covers.contains(operation))
            .map(|(_, result)| *result)
            .collect();
        if !cells.is_empty() {
            row(&mut text, &format!("`{operation}`"), &cells);
        }
    }
    text += &format!("\n## Functions and layers\n\n| case {head}");
    for (case, result) in all.iter().zip(&results).filter(|(case, _)| case.covers.is_empty()) {
        row(&mut text, case.name, &[*result]);
    }
    text += "\n## Refused, with the reason\n\n| operation | reason |\n|---|---|\n";
    for (name, why) in cases::REFUSED {
        let _ = writeln!(text, "| `{name}` | {why} |");
    }
    text += "\n## Where Burn itself falls short of f64\n\n| case | how |\n|---|---|\n";
    for case in &all {
        if let Some((_, why)) = case.limit {
            let _ = writeln!(text, "| {} | {why} |", case.name);
        }
    }
    Ok(text)
}

/// Writes the table.
pub fn write() -> Result<String, String> {
    let (path, text) = (path(), table()?);
    let folder = path.parent().ok_or("docs/ has no parent folder")?;
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, &text)).map_err(|error| {
        format!("docs/coverage.md cannot be written: {error}. Check that the folder is writable.")
    })?;
    Ok(format!("docs/coverage.md: {} cells are no.", text.matches("**no**").count()))
}

/// Fails if the table on disk is not the one that would be written.
pub fn check() -> Result<String, String> {
    let on_disk = std::fs::read_to_string(path()).unwrap_or_default();
    if on_disk == table()? {
        Ok("docs/coverage.md is up to date.".into())
    } else {
        Err("docs/coverage.md is not what the code gives now. Run `cargo xtask coverage` and commit it.".into())
    }
}
