//! `thalweg compare` and `thalweg report`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use thalweg_lab::compare::{Compared, Effort, Options, compare};
use thalweg_lab::store::Store;
use thalweg_lab::study::Study;
use thalweg_lab::summary::{Summary, summarize, table};
use thalweg_lab::{Error, Result, export, report as pages};

use crate::output::{print, print_line};
use crate::progress::Progress;
use crate::selection::Selection;

#[derive(Debug, Default, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Jobs at a time; by default as many as there are cores
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<usize>,
    /// Say what was computed, and how fast
    #[arg(long)]
    stats: bool,
}

#[derive(Debug, clap::Args)]
pub struct ReportArguments {
    #[command(flatten)]
    selection: Selection,
    /// Also write the runs on functions of BBOB as COCO's loggers do, into this folder
    #[arg(long, value_name = "FOLDER")]
    coco: Option<PathBuf>,
}

/// Runs the study, prints its tables and writes the report.
pub fn run(arguments: &Arguments) -> Result<()> {
    let study = arguments.selection.study()?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let stop = Arc::new(AtomicBool::new(false));
    let raised = stop.clone();
    ctrlc::set_handler(move || raised.store(true, Ordering::Relaxed))
        .map_err(|e| Error::File(format!("Ctrl-C cannot be watched for: {e}.")))?;
    let store = Store::open(&arguments.selection.store())?;
    let options = Options { jobs: arguments.jobs.unwrap_or(cores), compute_missing: true, stop: &stop };
    let progress = Progress::new(&study, &arguments.selection.store());
    let compared = compare(&study, &[], &store, &options, &|event| progress.tell(event))?;
    progress.finish();
    let summary = summarize(&study, &[], &compared.parts)?;
    print(&table(&summary, width()))?;
    pages::write(&summary, &arguments.selection.out)?;
    print_line(&format!(
        "The report is {}: open it in a browser.\n\
         Next: `thalweg show adam` tells of one optimizer or landscape, `thalweg --help` what else there is\n\
         (in a clone, `cargo run --release --` stands for `thalweg`).",
        arguments.selection.out.join("index.html").display()
    ))?;
    if arguments.stats {
        print_effort(&compared.effort)?;
    }
    Ok(())
}

/// Writes the report of the store.
pub fn report(arguments: &ReportArguments) -> Result<()> {
    let study = arguments.selection.study()?;
    let compared = stored(&study, &arguments.selection)?;
    let summary = summarize(&study, &[], &compared.parts)?;
    pages::write(&summary, &arguments.selection.out)?;
    print_line(&format!("The report is {}.", arguments.selection.out.join("index.html").display()))?;
    if let Some(folder) = &arguments.coco {
        let written = export::coco(&study, &[], &compared.parts, folder)?;
        print_line(&format!(
            "COCO's files of {} optimizers are in {}; read them with `python -m cocopp`.",
            written.len(),
            folder.display()
        ))?;
    }
    Ok(())
}

/// The summary of what is in the store.
pub fn summary(selection: &Selection) -> Result<Summary> {
    let study = selection.study()?;
    let compared = stored(&study, selection)?;
    summarize(&study, &[], &compared.parts)
}

/// The runs of a study, which must all be in the store.
fn stored(study: &Study, selection: &Selection) -> Result<Compared> {
    let path = selection.store();
    if !path.exists() {
        return Err(Error::Missing(format!(
            "There are no runs in {}; run `thalweg compare` with the same words first.",
            path.display()
        )));
    }
    let options = Options { jobs: 1, compute_missing: false, stop: &AtomicBool::new(false) };
    compare(study, &[], &Store::open_to_read(&path)?, &options, &|_| {})
}

/// The width of tables: the terminal's, within reason.
fn width() -> usize {
    usize::from(console::Term::stdout().size().1).clamp(80, 140)
}

fn print_effort(effort: &Effort) -> Result<()> {
    print_line(&format!(
        "{} runs computed and {} taken from the store in {:.1} s; {:.1} million evaluations, {:.1} million a second of each thread.",
        effort.computed,
        effort.reused,
        effort.seconds,
        effort.evaluations as f64 / 1e6,
        effort.speed() / 1e6,
    ))
}
