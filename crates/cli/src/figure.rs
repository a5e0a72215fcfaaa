//! `thalweg figure`.

use std::path::{Path, PathBuf};

use thalweg_lab::report::{figure, figure_names};
use thalweg_lab::{Error, Result};

use crate::compare;
use crate::output::print_line;
use crate::selection::Selection;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The name of the picture, such as `map-0-rosenbrock-n-2`
    #[arg(required_unless_present = "list")]
    name: Option<String>,
    /// The file, ending in .svg, or in .png where the program was built with `--features png`; by default the name with .svg
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// List the names of all pictures
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    selection: Selection,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    if arguments.list {
        return print_line(&figure_names(&compare::summary(&arguments.selection)?).join("\n"));
    }
    let name = arguments.name.clone().unwrap_or_default();
    let path = arguments.to.clone().unwrap_or_else(|| format!("{name}.svg").into());
    let format = Format::of(&path)?;
    let summary = compare::summary(&arguments.selection)?;
    write(&path, format, &figure(&summary, &name)?)?;
    print_line(&path.display().to_string())
}

/// How a picture is written.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    Svg,
    #[cfg(feature = "png")]
    Png,
}

impl Format {
    /// The format that the end of a file's name says, which is asked before anything is computed.
    ///
    /// # Errors
    /// For another end.
    pub fn of(path: &Path) -> Result<Self> {
        let end = path.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
        match end.as_deref() {
            Some("svg") => Ok(Format::Svg),
            #[cfg(feature = "png")]
            Some("png") => Ok(Format::Png),
            #[cfg(not(feature = "png"))]
            Some("png") => Err(Error::Study(format!(
                "This build of the program draws no .png, as {} asks; build it with `--features png`, or name a file that ends \
                 in .svg.",
                path.display()
            ))),
            _ => Err(Error::Study(format!(
                "{} ends neither in .svg nor in .png; name a file that does.",
                path.display()
            ))),
        }
    }
}

/// Writes a picture.
pub fn write(path: &Path, format: Format, svg: &str) -> Result<()> {
    let failed =
        |e: String| Error::File(format!("{} cannot be written: {e}. Name another file.", path.display()));
    let picture = match format {
        Format::Svg => svg.as_bytes().to_vec(),
        #[cfg(feature = "png")]
        Format::Png => crate::png::png(svg).map_err(failed)?,
    };
    std::fs::write(path, picture).map_err(|e| failed(e.to_string()))
}
