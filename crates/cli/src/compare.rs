//! `thalweg compare` and `thalweg report`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use thalweg_lab::compare::{Compared, Effort, Event, Options, compare};
use thalweg_lab::store::Store;
use thalweg_lab::study::Study;
use thalweg_lab::summary::{Summary, summarize, table};
use thalweg_lab::{Error, Result, export, report as pages};

use crate::output::{print, print_line};
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
    let bars = Bars::new(&study);
    let compared = compare(&study, &[], &store, &options, &|event| bars.tell(event))?;
    bars.finish();
    let summary = summarize(&study, &[], &compared.parts)?;
    print(&table(&summary, width()))?;
    pages::write(&summary, &arguments.selection.out)?;
    print_line(&format!("The report is {}.", arguments.selection.out.join("index.html").display()))?;
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
        let written = export::coco(&study, &compared.parts, folder)?;
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

/// A progress bar for each part.
struct Bars {
    all: MultiProgress,
    titles: Vec<String>,
    bars: Mutex<Vec<ProgressBar>>,
}

impl Bars {
    fn new(study: &Study) -> Self {
        let titles = study.parts.iter().map(|part| part.title.clone()).collect();
        Bars { all: MultiProgress::new(), titles, bars: Mutex::new(vec![]) }
    }

    fn tell(&self, event: Event) {
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Begin { part, jobs } => {
                let style =
                    ProgressStyle::with_template("{prefix:32!} [{bar:32}] {pos}/{len} {elapsed_precise} {msg}");
                let bar = self.all.add(ProgressBar::new(jobs));
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("█▌ "));
                bar.set_prefix(self.titles[part].clone());
                bars.push(bar);
            }
            Event::Done { part, job } => {
                if let Some(bar) = bars.get(part) {
                    bar.set_message(job);
                    bar.inc(1);
                }
            }
        }
    }

    fn finish(&self) {
        let bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        for bar in bars.iter() {
            bar.set_message("");
            bar.finish();
        }
    }
}
