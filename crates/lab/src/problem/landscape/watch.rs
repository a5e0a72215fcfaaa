//! What is noted of one run while it is computed.

use crate::run::{Finished, Outcome, Record, Run};

/// Largest number of coordinates of points that are kept.
const KEPT: usize = 10;

/// The targets that a run has hit, its moments, and where it is.
pub struct Watch<'a> {
    targets: &'a [f64],
    hits: Vec<Option<u64>>,
    next: usize,
    records: Vec<Record>,
    /// The last evaluation.
    pub last: Moment,
    best: f64,
    /// The value at the first evaluation.
    pub first: f64,
    /// The value at the last moment in the first half of the budget.
    pub half: f64,
    middle: u64,
    /// Whether no further evaluation counts.
    pub is_done: bool,
    /// Whether a value or a coordinate is not finite.
    pub is_diverged: bool,
    /// Whether its time was up.
    pub is_cut: bool,
}

/// One evaluation.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// Evaluations used, this one included.
    pub evaluations: u64,
    /// The value.
    pub value: f64,
    /// The largest magnitude in the gradient.
    pub gradient: f64,
    /// The point; empty where it was not kept.
    pub point: Vec<f64>,
}

impl<'a> Watch<'a> {
    /// Before the first evaluation of as many as the budget allows.
    pub fn new(targets: &'a [f64], budget: u64) -> Self {
        Watch {
            targets,
            hits: vec![None; targets.len()],
            next: 0,
            records: vec![],
            last: Moment::default(),
            best: f64::INFINITY,
            first: f64::NAN,
            half: f64::NAN,
            middle: budget / 2,
            is_done: false,
            is_diverged: false,
            is_cut: false,
        }
    }

    /// The value below which the next target is hit; nothing is below it once the run is done.
    pub fn threshold(&self) -> f64 {
        match self.is_done {
            true => f64::NEG_INFINITY,
            false => self.targets.get(self.next).copied().unwrap_or(f64::NEG_INFINITY),
        }
    }

    /// Notes the targets that a value hits, and says whether there were any. The last one ends the run.
    pub fn hit(&mut self, evaluations: u64, value: f64) -> bool {
        let before = self.next;
        while self.next < self.targets.len() && value <= self.targets[self.next] {
            self.hits[self.next] = Some(evaluations);
            self.next += 1;
        }
        self.is_done |= self.next == self.targets.len();
        self.next > before
    }

    /// Takes this as the last evaluation.
    pub fn at(&mut self, moment: Moment) {
        if moment.value < self.best {
            self.best = moment.value;
        }
        if moment.evaluations == 1 {
            self.first = moment.value;
        }
        if moment.evaluations <= self.middle.max(1) {
            self.half = moment.value;
        }
        let finite = moment.value.is_finite() && moment.point.iter().all(|x| x.is_finite());
        // A run that fell without bound has hit all targets on its way.
        if !finite && !self.is_done {
            self.is_diverged = true;
            self.is_done = true;
        }
        self.last = moment;
    }

    /// Records the last evaluation; the same one is not recorded twice.
    pub fn record(&mut self, seconds: f64, distance: impl Fn(&[f64]) -> f64) {
        let Moment { evaluations, value, gradient, ref point } = self.last;
        if self.records.last().is_some_and(|r| r.evaluations == evaluations) {
            return;
        }
        let distance = distance(point);
        let point = if point.len() <= KEPT { point.clone() } else { vec![] };
        self.records.push(Record { evaluations, value, gradient, distance, seconds, point });
    }

    /// Whether all targets are hit.
    pub fn is_converged(&self) -> bool {
        self.next == self.targets.len()
    }

    /// The run at its end.
    pub fn finish(self, run: Run, outcome: Outcome, distance: f64, seconds: f64) -> Finished {
        Finished {
            run,
            outcome,
            evaluations: self.last.evaluations,
            value: self.last.value,
            best: self.best,
            gradient: self.last.gradient,
            distance,
            seconds,
            is_cut: self.is_cut,
            hits: self.hits,
            records: self.records,
        }
    }
}
