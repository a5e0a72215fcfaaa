//! `thalweg figure`.

use std::path::{Path, PathBuf};

use thalweg_lab::report::{figure, figure_names};
use thalweg_lab::{Error, Result};

use crate::compare;
use crate::selection::Selection;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The name of the picture, such as `map-0-rosenbrock-n-2`
    #[arg(required_unless_present = "list")]
    name: Option<String>,
    /// The file, ending in .svg or .png; by default the name with .svg
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// List the names of all pictures
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    selection: Selection,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let summary = compare::summary(&arguments.selection)?;
    if arguments.list {
        figure_names(&summary).iter().for_each(|name| println!("{name}"));
        return Ok(());
    }
    let name = arguments.name.clone().unwrap_or_default();
    let svg = figure(&summary, &name)?;
    let path = arguments.to.clone().unwrap_or_else(|| format!("{name}.svg").into());
    write(&path, &svg)?;
    println!("{}", path.display());
    Ok(())
}

/// Writes a picture, as the end of the file's name says.
pub fn write(path: &Path, svg: &str) -> Result<()> {
    let failed =
        |e: String| Error::File(format!("{} cannot be written: {e}. Name another file.", path.display()));
    match path.extension().and_then(|e| e.to_str()) {
        Some("svg") => std::fs::write(path, svg).map_err(|e| failed(e.to_string())),
        Some("png") => {
            std::fs::write(path, crate::png::png(svg).map_err(failed)?).map_err(|e| failed(e.to_string()))
        }
        _ => Err(Error::Study(format!(
            "{} ends neither in .svg nor in .png; name a file that does.",
            path.display()
        ))),
    }
}
