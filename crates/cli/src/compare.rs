//! `thalweg compare`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use thalweg_lab::compare::{Effort, Event, Options, compare};
use thalweg_lab::store::Store;
use thalweg_lab::study::{Contender, Study, shipped, suite};
use thalweg_lab::{Error, Result};

/// How many instances and evaluations there are with `--quick`.
const QUICK: (u64, u64, u64) = (2, 3, 300);

#[derive(Debug, Default, clap::Args)]
pub struct Arguments {
    /// A study in TOML instead of the shipped one
    #[arg(long, value_name = "FILE", conflicts_with = "suite")]
    study: Option<PathBuf>,
    /// Only this suite of problems; may be given more than once
    #[arg(long, value_name = "NAME")]
    suite: Vec<String>,
    /// Only these optimizers: labels of the study, or texts such as `adam(beta1=0.8)`, separated by `;` or given again
    #[arg(long, value_delimiter = ';', value_name = "TEXT")]
    optimizers: Vec<String>,
    /// Only these problems, separated by `;` or given again
    #[arg(long, value_delimiter = ';', value_name = "TEXT")]
    problems: Vec<String>,
    /// Evaluations that a run may use
    #[arg(long, value_name = "NUMBER")]
    budget: Option<u64>,
    /// Instances that are reported
    #[arg(long, value_name = "NUMBER")]
    seeds: Option<u64>,
    /// Jobs at a time; by default as many as there are cores
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<usize>,
    /// Fewer instances and evaluations, to see in seconds how it looks
    #[arg(long)]
    quick: bool,
    /// The folder of the report
    #[arg(long, value_name = "FOLDER", default_value = "thalweg-report")]
    out: PathBuf,
    /// The file that keeps all runs; by default `runs.sqlite` in the report's folder
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// Say what was computed, and how fast
    #[arg(long)]
    stats: bool,
}

impl Arguments {
    /// The study that is asked for.
    fn study(&self) -> Result<Study> {
        let mut study = match (&self.study, self.suite.is_empty()) {
            (Some(path), _) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|e| Error::File(format!("The study {} cannot be read: {e}.", path.display())))?;
                Study::from_toml(&text)?
            }
            (None, true) => shipped()?,
            (None, false) => {
                let parts = self.suite.iter().map(|name| suite(name)).collect::<Result<_>>()?;
                Study { name: self.suite.join(", "), description: String::new(), seed: 0, parts }
            }
        };
        for part in &mut study.parts {
            if self.quick {
                let (tuning, instances, budget) = QUICK;
                part.tuning_instances = part.tuning_instances.min(tuning);
                part.instances = part.instances.min(instances);
                part.budget = part.budget.min(budget);
            }
            part.budget = self.budget.unwrap_or(part.budget);
            part.instances = self.seeds.unwrap_or(part.instances);
            if !self.optimizers.is_empty() {
                let known = std::mem::take(&mut part.optimizers);
                let asked = self.optimizers.iter().map(|text| text.trim());
                let named = |text: &str| known.iter().find(|own| own.label == text).cloned();
                let plain = |text: &str| Contender { label: text.into(), optimizer: text.into() };
                part.optimizers = asked.map(|text| named(text).unwrap_or_else(|| plain(text))).collect();
            }
            if !self.problems.is_empty() {
                part.problems = self.problems.iter().map(|text| text.trim().to_string()).collect();
            }
        }
        if !self.problems.is_empty() {
            // The same problems in every part would be the same part again.
            study.parts.truncate(1);
        }
        study.check()?;
        Ok(study)
    }
}

/// Runs the study, prints its tables and writes the report.
pub fn run(arguments: &Arguments) -> Result<()> {
    let study = arguments.study()?;
    let path = arguments.store.clone().unwrap_or_else(|| arguments.out.join("runs.sqlite"));
    let store = Store::open(&path)?;
    let stop = Arc::new(AtomicBool::new(false));
    let raised = stop.clone();
    ctrlc::set_handler(move || raised.store(true, Ordering::Relaxed))
        .map_err(|e| Error::File(format!("Ctrl-C cannot be watched for: {e}.")))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let options = Options { jobs: arguments.jobs.unwrap_or(cores), stop: &stop };
    let bars = Bars::new(&study);
    let compared = compare(&study, &store, &options, &|event| bars.tell(event))?;
    bars.finish();
    let summary = thalweg_lab::summary::summarize(&study, &compared.parts)?;
    print!("{}", thalweg_lab::summary::table(&summary, width()));
    thalweg_lab::report::write(&summary, &arguments.out)?;
    println!("The report is {}.", arguments.out.join("index.html").display());
    if arguments.stats {
        print_effort(&compared.effort);
    }
    Ok(())
}

/// The width of tables: the terminal's, within reason.
fn width() -> usize {
    usize::from(console::Term::stdout().size().1).clamp(80, 140)
}

fn print_effort(effort: &Effort) {
    println!(
        "{} runs computed and {} taken from the store in {:.1} s; {} million evaluations, {:.1} million a second of each thread.",
        effort.computed,
        effort.reused,
        effort.seconds,
        effort.evaluations / 1_000_000,
        effort.speed() / 1e6,
    );
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
