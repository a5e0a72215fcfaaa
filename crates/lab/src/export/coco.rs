//! Runs on BBOB's functions in the format of COCO's loggers, which `cocopp` reads: for each optimizer a folder with an
//! `.info` file for each function, and beside it a `.dat` file of the moments at which the best value improved and a
//! `.tdat` file of all moments, for each dimension.
//!
//! N. Hansen, A. Auger, R. Ros, O. Mersmann, T. Tušar and D. Brockhoff, COCO: a platform for comparing continuous optimizers
//! in a black-box setting, Optimization Methods and Software 36 (2021) 114–144.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use crate::error::{Error, Result};
use crate::problem::{Problem, problem};
use crate::run::{Finished, Record};
use crate::study::Study;
use crate::summary::JobResult;

const HEAD: &str = "% f evaluations | g evaluations | best noise-free fitness - Fopt";

/// Number and dimension of a function of BBOB, however its text is written.
fn function(text: &str) -> Option<(u64, u64)> {
    let text = problem(text).ok()?.name();
    let arguments = text.strip_prefix("bbob(")?.strip_suffix(')')?;
    let number = |name: &str| {
        let own = arguments.split(", ").find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        own.and_then(|text| text.parse().ok())
    };
    Some((number("f")?, number("dim")?))
}

/// Writes all reported runs on BBOB's functions of a study below a folder, and gives the folders of the optimizers. Problems
/// that the caller brought along, `own`, are none of those, whatever they are called.
///
/// # Errors
/// [`Error::Missing`] if the study has no such runs, [`Error::File`] for what cannot be written.
pub fn coco(
    study: &Study,
    own: &[&dyn Problem],
    parts: &[Vec<JobResult>],
    folder: &Path,
) -> Result<Vec<String>> {
    let function = |text: &String| {
        let is_own = own.iter().any(|problem| problem.name() == *text);
        if is_own { None } else { function(text) }
    };
    let labels = study.parts.iter().flat_map(|part| &part.optimizers).map(|own| own.label.as_str());
    let names = super::file_names(labels);
    // An optimizer may have functions or dimensions in several parts.
    let mut optimizers: BTreeMap<&str, Functions> = BTreeMap::new();
    for (part, jobs) in study.parts.iter().zip(parts) {
        let functions = part.problems.iter().map(function).collect::<Vec<_>>();
        for job in jobs {
            let Some((f, dimension)) = functions[job.problem] else { continue };
            let label = part.optimizers[job.contender].label.as_str();
            let own = optimizers.entry(label).or_default().entry(f).or_default();
            if own.insert(dimension, job).is_some() {
                return Err(Error::Study(format!(
                    "`{label}` runs on bbob(f={f}, dim={dimension}) in two parts of the study, which COCO's format cannot tell \
                     apart; give the optimizer another label in one of them."
                )));
            }
        }
    }
    let mut folders = vec![];
    for (label, functions) in optimizers {
        optimizer(&functions, &names[label], &folder.join(&names[label]))?;
        folders.push(names[label].clone());
    }
    match folders.is_empty() {
        false => Ok(folders),
        true => Err(Error::Missing(
            "The study has no runs on functions of BBOB, which are all that COCO's format is for; run `--suite bbob`."
                .into(),
        )),
    }
}

/// The jobs of one optimizer by function and dimension.
type Functions<'a> = BTreeMap<u64, BTreeMap<u64, &'a JobResult>>;

/// The files of one optimizer.
fn optimizer(functions: &Functions, name: &str, folder: &Path) -> Result<()> {
    for (f, dimensions) in functions {
        let mut info = String::new();
        for (dimension, job) in dimensions {
            let file = format!("data_f{f}/bbobexp_f{f}_DIM{dimension}");
            let (mut dat, mut tdat, mut ends) = (String::new(), String::new(), String::new());
            let mut runs: Vec<&Finished> = job.runs.iter().collect();
            runs.sort_by_key(|run| run.run.instance);
            for run in runs {
                let text = format!("bbob(f={f}, dim={dimension}, instance={})", run.run.instance);
                let lowest = problem(&text)?.lowest();
                let best = moments(&mut dat, &mut tdat, run, lowest);
                let _ = write!(ends, ", {}:{}|{best:.1e}", run.run.instance, run.evaluations);
            }
            let _ = writeln!(
                info,
                "suite = 'bbob', funcId = {f}, DIM = {dimension}, Precision = 1.000e-08, algId = '{name}', coco_version = '2.8.2', \
                 logger = 'bbob', data_format = 'bbob-new2'\n% \n{file}.dat{}",
                exponents(&ends)
            );
            write(&folder.join(format!("{file}.dat")), &dat)?;
            write(&folder.join(format!("{file}.tdat")), &tdat)?;
        }
        write(&folder.join(format!("bbobexp_f{f}.info")), &info)?;
    }
    Ok(())
}

/// Writes a run's moments, and gives the lowest distance to the lowest value.
fn moments(dat: &mut String, tdat: &mut String, run: &Finished, lowest: f64) -> f64 {
    let head = format!(
        "{HEAD} ({lowest:.12e}) + sum g_i+ | measured fitness | best measured fitness or single-digit g-values | x1 | x2..."
    );
    let head = exponents(&head);
    let _ = writeln!(dat, "{head}");
    let _ = writeln!(tdat, "{head}");
    let mut best = f64::INFINITY;
    for record in &run.records {
        let improved = record.value < best;
        best = best.min(record.value);
        let line = line(record, best, lowest);
        if improved {
            dat.push_str(&line);
        }
        tdat.push_str(&line);
    }
    (best - lowest).max(0.0)
}

fn line(record: &Record, best: f64, lowest: f64) -> String {
    // COCO's own values are above the lowest one by what rounding leaves; below it they are taken for equal.
    let gap = (best - lowest).max(0.0);
    let point: String = record.point.iter().map(|x| format!(" {x:+.4e}")).collect();
    let text = format!("{} 0 {gap:+.9e} {:+.9e} {best:+.9e}{point}\n", record.evaluations, record.value);
    exponents(&text)
}

/// Exponents of two digits with a sign, as C writes them: `1.0e-8` becomes `1.0e-08`.
fn exponents(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find('e') {
        let (before, after) = rest.split_at(at);
        let is_number = before.ends_with(|c: char| c.is_ascii_digit());
        let tail = &after[1..];
        let (sign, digits) = match tail.strip_prefix('-') {
            Some(digits) => ('-', digits),
            None => ('+', tail),
        };
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(before);
        if is_number && count > 0 {
            let _ = write!(out, "e{sign}{:0>2}", &digits[..count]);
            rest = &digits[count..];
        } else {
            out.push('e');
            rest = tail;
        }
    }
    out + rest
}

fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    let done = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    done.map_err(|e| Error::File(format!("{} cannot be written: {e}. Name another folder.", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_those_of_c() {
        assert_eq!(exponents("1 0 +6.5e0 -1.2e-8 the end 3e12"), "1 0 +6.5e+00 -1.2e-08 the end 3e+12");
    }

    #[test]
    fn functions_are_read_from_their_text() {
        for text in ["bbob(f=1, dim=2)", "bbob(f=1,dim=2)", "bbob(f=1)", "bbob(f=1.0, n=2)", "bbob_sphere(n=2)"]
        {
            assert_eq!(function(text), Some((1, 2)), "{text}");
        }
        assert_eq!(function("bbob(f=15, dim=20)"), Some((15, 20)));
        assert_eq!(function("rosenbrock(n=2)"), None);
    }
}
