//! `thalweg trajectory`.

use std::fmt::Write;
use std::path::PathBuf;

use thalweg_lab::method::Method;
use thalweg_lab::problem::{path, start_point};
use thalweg_lab::report::map;
use thalweg_lab::run::Precision;
use thalweg_lab::study::Start;
use thalweg_lab::{Error, Result};
use thalweg_landscapes::Landscape;
use thalweg_plot::{Map, Mark, Series};

use crate::figure::{Format, write};
use crate::output::{print, print_line};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The optimizer or solver, such as `adam(lr=0.01)`; may be given again, for pictures of several
    #[arg(long, value_name = "TEXT", default_value = "adam(lr=0.01)")]
    optimizer: Vec<String>,
    /// The landscape, such as `rosenbrock(n=2)`
    #[arg(long, value_name = "TEXT", default_value = "rosenbrock(n=2)")]
    landscape: String,
    /// Steps to take at most
    #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
    steps: usize,
    /// The start, as coordinates separated by commas; by default that of the instance
    #[arg(long, value_delimiter = ',', value_name = "X,Y,…", allow_hyphen_values = true, value_parser = coordinate)]
    start: Vec<f64>,
    /// The instance whose start is taken
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    instance: u64,
    /// The seed of starts and of everything random
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// Write all steps as comma-separated values to this file, or to the terminal for `-`
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Draw the ways to this file, ending in .svg, or in .png where the program was built with `--features png`
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// One coordinate, with or without spaces around.
fn coordinate(text: &str) -> Result<f64, std::num::ParseFloatError> {
    text.trim().parse()
}

/// The map that ways are drawn on.
fn empty(landscape: &Landscape) -> Result<Map> {
    map(landscape)?.ok_or_else(|| {
        Error::Study(format!("`{landscape}` has one coordinate, so there is no map of it; leave out `--svg`."))
    })
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let landscape: Landscape = arguments.landscape.parse()?;
    let picture = match &arguments.svg {
        Some(path) => Some((path, Format::of(path)?, empty(&landscape)?)),
        None => None,
    };
    let start = match arguments.start.is_empty() {
        true => start_point(&landscape, Start::Auto, arguments.instance, arguments.seed)?,
        false => arguments.start.clone(),
    };
    let mut table = format!(
        "optimizer,step,value,{}\n",
        (1..=landscape.dimension()).map(|k| format!("x{k}")).collect::<Vec<_>>().join(",")
    );
    let mut ways = vec![];
    for text in &arguments.optimizer {
        let method: Method = text.parse()?;
        let way =
            path(&landscape, &method, method.lr(), &start, arguments.steps, arguments.seed, Precision::F64)?;
        for (step, (point, value)) in way.points.iter().zip(&way.values).enumerate() {
            let point = point.iter().map(|x| format!("{x:e}")).collect::<Vec<_>>().join(",");
            let _ = writeln!(table, "\"{method}\",{step},{value:e},{point}");
        }
        let (first, last) = (way.values.first().copied(), way.values.last().copied());
        let (first, last) = (first.unwrap_or(f64::NAN), last.unwrap_or(f64::NAN));
        let best = way.values.iter().copied().filter(|v| !v.is_nan()).fold(f64::INFINITY, f64::min);
        if arguments.csv.as_deref() != Some("-".as_ref()) {
            print_line(&format!(
                "{method} on {landscape}: {} steps, from {first:.6e} to {last:.6e}, lowest {best:.6e}",
                way.points.len() - 1
            ))?;
        }
        ways.push((method.to_string(), way));
    }
    if let Some(path) = &arguments.csv {
        if path.as_os_str() == "-" {
            print(&table)?;
        } else {
            std::fs::write(path, table).map_err(|e| {
                Error::File(format!("{} cannot be written: {e}. Name another file.", path.display()))
            })?;
        }
    }
    if let Some((path, format, mut picture)) = picture {
        for (name, way) in ways {
            picture.ways.push(Series::line(&name, way.points.iter().map(|x| [x[0], x[1]]).collect()));
        }
        picture.marks.push(([start[0], start[1]], Mark::Start));
        picture.title = landscape.to_string();
        picture.size = [760.0, 560.0];
        write(path, format, &picture.svg())?;
    }
    Ok(())
}
