//! Running a study: what is missing is computed, what is there is taken from the store.

mod job;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::method::Method;
use crate::problem::{Held, Problem};
use crate::store::{Claim, Store};
use crate::study::{Part, Study};
use crate::summary::JobResult;

/// How often a process looks again for jobs that another one is at.
const AGAIN: Duration = Duration::from_millis(100);

/// How a study is run.
#[derive(Debug)]
pub struct Options<'a> {
    /// How many jobs are computed at a time; results do not depend on it.
    pub jobs: usize,
    /// Whether what is missing is computed; else it is an error, and the store is only read.
    pub compute_missing: bool,
    /// Raised, for instance on Ctrl-C, to stop after what is under way.
    pub stop: &'a AtomicBool,
}

/// What happens while a study runs, for a progress bar.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// So many jobs are to be done in a part.
    Begin {
        /// The number of the part.
        part: usize,
        /// Its jobs.
        jobs: u64,
    },
    /// A job is done.
    Done {
        /// The number of the part.
        part: usize,
        /// The problem and the optimizer.
        job: String,
    },
}

/// What a study took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effort {
    /// Runs that were computed.
    pub computed: u64,
    /// Runs that were in the store.
    pub reused: u64,
    /// Evaluations in the runs that were computed.
    pub evaluations: u64,
    /// Seconds spent in computing them, over all threads, records included.
    pub busy: f64,
    /// Seconds from beginning to end.
    pub seconds: f64,
}

impl Effort {
    /// Evaluations in a second of one thread.
    pub fn speed(&self) -> f64 {
        self.evaluations as f64 / self.busy.max(1e-9)
    }
}

/// What a study has come to.
#[derive(Debug)]
pub struct Compared {
    /// For each part its jobs, in the order of problems, optimizers and initializers.
    pub parts: Vec<Vec<JobResult>>,
    /// What it took.
    pub effort: Effort,
}

/// One optimizer on one problem, with one initializer where the problem takes any.
pub(crate) struct Job<'a> {
    pub part: &'a Part,
    pub number: usize,
    pub seed: u64,
    /// What runs call the problem.
    pub stored: &'a str,
    pub problem: (usize, &'a dyn Problem),
    pub method: (usize, &'a Method),
    pub initializer: Option<usize>,
}

/// What jobs share while they run.
pub(crate) struct Bench<'a> {
    pub store: &'a Store,
    pub compute_missing: bool,
    pub stop: &'a AtomicBool,
    pub computed: AtomicU64,
    pub reused: AtomicU64,
    pub evaluations: AtomicU64,
    pub nanoseconds: AtomicU64,
}

/// What runs call a problem: its name, or for one that was brought along a name in a namespace of its own, so that it is
/// never taken for a shipped one, nor for an older one of the same name.
fn stored(problem: &Held) -> Result<String> {
    Ok(match problem {
        Held::Own(own) => format!("own:{}:{}", own.fingerprint()?, own.name()),
        Held::Made(made) => made.name(),
    })
}

/// Runs what is missing of a study and gives everything that it asks for. `own` are problems that are brought along, such as
/// a [`Task`](crate::task::Task) of one's own model.
///
/// Runs are saved as they finish; a job is worked on by one process at a time, and a process that finds all jobs taken
/// waits for the others. Results depend neither on the number of jobs at a time nor on what was in the store before.
///
/// # Errors
/// [`Error::Stopped`] if the options' `stop` was raised; what was finished is kept. [`Error::Missing`] if nothing is to be
/// computed and something is missing. Else what the study, the store or a
/// run fails with.
pub fn compare(
    study: &Study,
    own: &[&dyn Problem],
    store: &Store,
    options: &Options,
    tell: &(dyn Fn(Event) + Sync),
) -> Result<Compared> {
    study.check(own)?;
    let began = Instant::now();
    let problems = study.parts.iter().map(|part| part.resolved(own)).collect::<Result<Vec<_>>>()?;
    let methods = study.parts.iter().map(Part::methods).collect::<Result<Vec<_>>>()?;
    let stored =
        problems.iter().map(|own| own.iter().map(stored).collect()).collect::<Result<Vec<Vec<_>>>>()?;
    let mut jobs = vec![];
    for (number, part) in study.parts.iter().enumerate() {
        for (p, problem) in problems[number].iter().enumerate() {
            let schemes: Vec<Option<usize>> = match problem.takes_initializer() && !part.initializers.is_empty()
            {
                true => (0..part.initializers.len()).map(Some).collect(),
                false => vec![None],
            };
            for (m, method) in methods[number].iter().enumerate() {
                jobs.extend(schemes.iter().map(|initializer| Job {
                    part,
                    number,
                    seed: study.seed,
                    stored: &stored[number][p],
                    problem: (p, &**problem),
                    method: (m, method),
                    initializer: *initializer,
                }));
            }
        }
        let count = jobs.iter().filter(|job| job.number == number).count();
        tell(Event::Begin { part: number, jobs: count as u64 });
    }
    let bench = Bench {
        store,
        compute_missing: options.compute_missing,
        stop: options.stop,
        computed: AtomicU64::new(0),
        reused: AtomicU64::new(0),
        evaluations: AtomicU64::new(0),
        nanoseconds: AtomicU64::new(0),
    };
    let queue: Mutex<VecDeque<usize>> = Mutex::new((0..jobs.len()).collect());
    let results: Mutex<Vec<Option<JobResult>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let failure: Mutex<Option<Error>> = Mutex::new(None);
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let work = || -> Result<()> {
        while let Some(k) = next() {
            let has_failed = failure.lock().unwrap_or_else(PoisonError::into_inner).is_some();
            if options.stop.load(Ordering::Relaxed) || has_failed {
                return Err(Error::Stopped);
            }
            let job = &jobs[k];
            if !options.compute_missing {
                results.lock().unwrap_or_else(PoisonError::into_inner)[k] = Some(job.run(&bench)?);
                tell(Event::Done { part: job.number, job: job.label() });
                continue;
            }
            let key = job.key()?;
            if store.claim(&key)? == Claim::Other {
                queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(k);
                std::thread::sleep(AGAIN);
                continue;
            }
            let done = job.run(&bench);
            store.release(&key)?;
            results.lock().unwrap_or_else(PoisonError::into_inner)[k] = Some(done?);
            tell(Event::Done { part: job.number, job: job.label() });
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                if let Err(error) = work() {
                    // The first failure is the one to tell; the others only follow from it.
                    failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            });
        }
    });
    if let Some(error) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut parts: Vec<Vec<JobResult>> = study.parts.iter().map(|_| vec![]).collect();
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (job, result) in jobs.iter().zip(results) {
        parts[job.number].extend(result);
    }
    let effort = Effort {
        computed: bench.computed.into_inner(),
        reused: bench.reused.into_inner(),
        evaluations: bench.evaluations.into_inner(),
        busy: bench.nanoseconds.into_inner() as f64 * 1e-9,
        seconds: began.elapsed().as_secs_f64(),
    };
    Ok(Compared { parts, effort })
}
