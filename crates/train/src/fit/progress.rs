use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::EpochReport;
use crate::trainer::Evaluation;

/// How often the bar is drawn anew, so that short steps are not slowed down.
const REDRAW: Duration = Duration::from_millis(60);

/// A bar over all batches, with loss, metrics and throughput.
pub(super) struct Progress {
    bar: ProgressBar,
    drawn: Instant,
    /// Batches and examples since.
    batches: u64,
    examples: usize,
}

fn text(measured: &Evaluation) -> String {
    let metrics = measured.metrics.iter().map(|(name, value)| format!("  {name} {value:.4}"));
    format!("loss {:.4}{}", measured.loss, metrics.collect::<String>())
}

impl Progress {
    pub fn new(shown: bool, total: u64, done: u64) -> Self {
        let bar = if shown { ProgressBar::new(total) } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template(
            "{prefix} {wide_bar:.cyan/blue} {pos}/{len} {msg} [{elapsed} < {eta}]",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸─"));
        bar.set_position(done);
        bar.reset_eta();
        Progress { bar, drawn: Instant::now(), batches: 0, examples: 0 }
    }

    /// Counts a batch of an epoch; `mean` is asked for only when the bar is drawn.
    pub fn step(&mut self, epoch: u64, epochs: u64, examples: usize, mean: impl Fn() -> Evaluation) {
        self.batches += 1;
        self.examples += examples;
        let since = self.drawn.elapsed();
        if since < REDRAW || self.bar.is_hidden() {
            return;
        }
        let throughput = self.examples as f64 / since.as_secs_f64();
        self.bar.set_prefix(format!("epoch {}/{epochs}", epoch + 1));
        self.bar.set_message(format!("{}  {throughput:.0} examples/s", text(&mean())));
        self.bar.inc(self.batches);
        (self.drawn, self.batches, self.examples) = (Instant::now(), 0, 0);
    }

    /// Shows what an epoch gave.
    pub fn epoch(&mut self, epoch: &EpochReport) {
        let measured = match &epoch.validation {
            Some(validation) => format!("{}  validation: {}", text(&epoch.train), text(validation)),
            None => text(&epoch.train),
        };
        self.bar.inc(self.batches);
        self.bar.set_message(format!("{measured}  {:.0} examples/s", epoch.throughput()));
        (self.drawn, self.batches, self.examples) = (Instant::now(), 0, 0);
    }

    pub fn finish(&self) {
        self.bar.abandon();
    }
}
