//! What `thalweg compare` says while it works, on the error stream: bars on a terminal, else lines.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use thalweg_lab::compare::Event;
use thalweg_lab::study::{Part, Study};

/// The least time between two lines of a part, where there are no bars.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Says a line that no program reads, so a stream that is closed is no error.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// So many things, `1 problem`, `2 problems`.
fn count(n: usize, of: &str) -> String {
    if n == 1 { format!("1 {of}") } else { format!("{n} {of}s") }
}

/// What a study is about to do.
fn plan(study: &Study, store: &Path) -> String {
    let part = |part: &Part| {
        let problems = count(part.problems.len(), "problem");
        let optimizers = count(part.optimizers.len(), "optimizer");
        match part.initializers.len() {
            0 => format!("{}: {optimizers} on {problems}\n", part.title),
            n => format!("{}: {} on {problems} with {optimizers}\n", part.title, count(n, "initializer")),
        }
    };
    let parts: String = study.parts.iter().map(part).collect();
    format!(
        "{parts}Runs are kept in {}: stop it whenever you like, and the same command goes on from there.",
        store.display()
    )
}

/// The progress of a study's parts.
pub struct Progress {
    /// What is said when the first part begins, since a study that is refused does nothing.
    plan: Mutex<Option<String>>,
    titles: Vec<String>,
    output: Output,
}

enum Output {
    Bars(MultiProgress, Mutex<Vec<ProgressBar>>),
    Lines(Mutex<Vec<PartProgress>>),
}

/// A part whose progress is told in lines.
struct PartProgress {
    jobs: u64,
    done: u64,
    said: Instant,
}

impl Progress {
    /// Of the study's parts, none of which has begun.
    pub fn new(study: &Study, store: &Path) -> Self {
        let output = match std::io::stderr().is_terminal() {
            true => Output::Bars(MultiProgress::new(), Mutex::default()),
            false => Output::Lines(Mutex::default()),
        };
        let titles = study.parts.iter().map(|part| part.title.clone()).collect();
        Progress { plan: Mutex::new(Some(plan(study, store))), titles, output }
    }

    /// Shows what has happened.
    pub fn tell(&self, event: Event) {
        if let Some(plan) = self.plan.lock().unwrap_or_else(PoisonError::into_inner).take() {
            say(&plan);
        }
        match &self.output {
            Output::Bars(all, bars) => {
                let mut bars = bars.lock().unwrap_or_else(PoisonError::into_inner);
                match event {
                    Event::Begin { part, jobs } => {
                        let bar = all.add(ProgressBar::new(jobs));
                        let form = "{prefix:32!} [{bar:32}] {pos}/{len} {elapsed_precise} {msg}";
                        let style = ProgressStyle::with_template(form);
                        bar.set_style(
                            style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("█▌ "),
                        );
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
            Output::Lines(parts) => {
                let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
                match event {
                    Event::Begin { jobs, .. } => {
                        parts.push(PartProgress { jobs, done: 0, said: Instant::now() })
                    }
                    Event::Done { part, .. } => {
                        let Some(counted) = parts.get_mut(part) else { return };
                        counted.done += 1;
                        if counted.done == counted.jobs || counted.said.elapsed() >= LINE_EVERY {
                            counted.said = Instant::now();
                            say(&format!(
                                "{}: {} of {} jobs done",
                                self.titles[part], counted.done, counted.jobs
                            ));
                        }
                    }
                }
            }
        }
    }

    /// Leaves full bars behind, and says that the report is being written.
    pub fn finish(&self) {
        if let Output::Bars(_, bars) = &self.output {
            for bar in bars.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                bar.set_message("");
                bar.finish();
            }
        }
        say("Writing the report …");
    }
}
