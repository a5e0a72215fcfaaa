//! Threads that share the work of one command.
//!
//! A command of a program takes microseconds, so its workers spin for a while before they sleep. Which thread does which
//! part never changes a result: the parts are made when the program is lowered, not by the number of threads.

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};

/// How often a worker looks for work before it sleeps; some tens of microseconds.
const SPINS: usize = 4_000;

/// A part of the work, by its number and that of the thread. The lifetime is erased: `run` returns only when nobody uses it any more.
type Job = *const (dyn Fn(usize, usize) + Sync);

/// A value on cache lines of its own, so that threads do not slow each other down.
#[repr(align(128))]
struct CachePadded<T>(T);

struct Shared {
    /// Number of the job under way; odd while one is open for workers.
    epoch: CachePadded<AtomicUsize>,
    /// For each thread, the next part of its own share that nobody has taken.
    next: Vec<CachePadded<AtomicUsize>>,
    parts: AtomicUsize,
    /// How many threads may work on the job.
    threads: AtomicUsize,
    /// Workers that are inside the job.
    active: CachePadded<AtomicUsize>,
    /// The job; read only by workers that are inside.
    job: UnsafeCell<Option<SendPtr>>,
    panicked: AtomicBool,
    sleeping: AtomicUsize,
    sleepers: Mutex<()>,
    wake: Condvar,
}
// SAFETY: `job` is written while no worker is inside, and read by those that are.
unsafe impl Sync for Shared {}

#[derive(Clone, Copy)]
struct SendPtr(Job);
// SAFETY: the closure behind the pointer is `Sync`, and it outlives every use; see `Pool::run`.
unsafe impl Send for SendPtr {}

/// Threads beside the caller's.
struct Pool {
    shared: Arc<Shared>,
    busy: Mutex<()>,
    workers: usize,
}

impl Pool {
    /// The pool of this process: one worker per core beside the caller, or as `THALWEG_THREADS` says.
    fn global() -> &'static Pool {
        static POOL: OnceLock<Pool> = OnceLock::new();
        POOL.get_or_init(|| {
            let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
            let wanted = std::env::var("THALWEG_THREADS").ok().and_then(|n| n.parse().ok());
            Pool::new(wanted.unwrap_or(cores).max(1) - 1)
        })
    }

    fn new(workers: usize) -> Self {
        let shared = Arc::new(Shared {
            epoch: CachePadded(AtomicUsize::new(0)),
            next: (0..=workers).map(|_| CachePadded(AtomicUsize::new(0))).collect(),
            parts: AtomicUsize::new(0),
            threads: AtomicUsize::new(0),
            active: CachePadded(AtomicUsize::new(0)),
            job: UnsafeCell::new(None),
            panicked: AtomicBool::new(false),
            sleeping: AtomicUsize::new(0),
            sleepers: Mutex::new(()),
            wake: Condvar::new(),
        });
        let start = |k: usize| {
            let shared = shared.clone();
            let name = format!("thalweg-{k}");
            std::thread::Builder::new().name(name).spawn(move || shared.work(k + 1)).is_ok()
        };
        let workers = (0..workers).filter(|k| start(*k)).count();
        Pool { shared, busy: Mutex::new(()), workers }
    }

    /// Threads that work on a job, the caller's included.
    fn threads(&self) -> usize {
        self.workers + 1
    }

    /// Calls `job` with the number of each part and of the thread that runs it, the caller's being zero, on at most so
    /// many threads. Where another program holds the pool, this thread does everything.
    fn run(&self, parts: usize, threads: usize, job: &(dyn Fn(usize, usize) + Sync)) {
        let threads = threads.min(self.threads());
        let several = parts > 1 && threads > 1 && self.workers > 0;
        let held = if several { self.busy.try_lock().ok() } else { None };
        if held.is_none() {
            return (0..parts).for_each(|part| job(part, 0));
        }
        let shared = &*self.shared;
        // SAFETY: only the lifetime changes. Workers use the pointer between `enter` and `leave`, while the epoch is
        // odd; this function makes it even again and then waits until nobody is inside.
        let erased: Job = unsafe { std::mem::transmute::<&(dyn Fn(usize, usize) + Sync), Job>(job) };
        // SAFETY: `busy` is held and the last job has waited for all workers to leave, so nobody reads.
        unsafe { *shared.job.get() = Some(SendPtr(erased)) };
        shared.parts.store(parts, Ordering::Relaxed);
        shared.threads.store(threads, Ordering::Relaxed);
        for (thread, next) in shared.next.iter().enumerate().take(threads) {
            next.0.store(thread * parts / threads, Ordering::Relaxed);
        }
        shared.epoch.0.fetch_add(1, Ordering::SeqCst);
        if shared.sleeping.load(Ordering::SeqCst) > 0 {
            drop(shared.sleepers.lock().unwrap_or_else(PoisonError::into_inner));
            shared.wake.notify_all();
        }
        let own = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| shared.take_parts(job, 0)));
        shared.epoch.0.fetch_add(1, Ordering::SeqCst);
        while shared.active.0.load(Ordering::SeqCst) > 0 {
            std::hint::spin_loop();
        }
        drop(held);
        if let Err(panic) = own {
            std::panic::resume_unwind(panic);
        }
        assert!(!shared.panicked.swap(false, Ordering::Relaxed), "a worker thread panicked");
    }
}

/// The threads that a program may use.
#[derive(Clone, Copy)]
pub(crate) struct Team {
    pool: &'static Pool,
    threads: usize,
}

impl Team {
    /// At most so many threads of this process's pool.
    pub fn of(threads: usize) -> Self {
        let pool = Pool::global();
        Team { pool, threads: threads.clamp(1, pool.threads()) }
    }

    /// How many threads there are at most, the caller's included.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Calls `job` with the number of each part and of the thread that runs it.
    pub fn run(&self, parts: usize, job: &(dyn Fn(usize, usize) + Sync)) {
        self.pool.run(parts, self.threads, job);
    }
}

impl Shared {
    /// Works through the share of `thread`, then through what is left of the others'. Shares are neighbouring parts and
    /// belong to the same thread in every job, so that its data stay in its cache.
    fn take_parts(&self, job: &(dyn Fn(usize, usize) + Sync), thread: usize) {
        let (parts, threads) = (self.parts.load(Ordering::Relaxed), self.threads.load(Ordering::Relaxed));
        for share in (thread..threads).chain(0..thread) {
            let end = (share + 1) * parts / threads;
            loop {
                let part = self.next[share].0.fetch_add(1, Ordering::Relaxed);
                if part >= end {
                    break;
                }
                job(part, thread);
            }
        }
    }

    /// What a worker does for ever.
    fn work(&self, thread: usize) {
        let mut done = 0;
        loop {
            let epoch = self.wait_for_job(done);
            self.active.0.fetch_add(1, Ordering::SeqCst);
            // Only with `inside` raised is an odd epoch sure to stay open.
            let open = self.epoch.0.load(Ordering::SeqCst) == epoch;
            if open && thread < self.threads.load(Ordering::Relaxed) {
                // SAFETY: this worker is inside of the open job, so nobody writes.
                if let Some(SendPtr(job)) = unsafe { *self.job.get() } {
                    // SAFETY: the job is open, and `Pool::run` waits for `inside` to fall before it returns.
                    let job = unsafe { &*job };
                    let result =
                        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.take_parts(job, thread)));
                    if result.is_err() {
                        self.panicked.store(true, Ordering::Relaxed);
                    }
                }
            }
            self.active.0.fetch_sub(1, Ordering::SeqCst);
            done = epoch;
        }
    }

    /// Spins, then sleeps, until a job is open that is not `done`.
    fn wait_for_job(&self, done: usize) -> usize {
        let open = || Some(self.epoch.0.load(Ordering::SeqCst)).filter(|e| e % 2 == 1 && *e != done);
        for _ in 0..SPINS {
            if let Some(epoch) = open() {
                return epoch;
            }
            std::hint::spin_loop();
        }
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        self.sleeping.fetch_add(1, Ordering::SeqCst);
        loop {
            if let Some(epoch) = open() {
                self.sleeping.fetch_sub(1, Ordering::SeqCst);
                return epoch;
            }
            sleepers = self.wake.wait(sleepers).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn every_part_runs_once_however_many_jobs_follow_each_other() {
        let pool = Pool::new(3);
        for parts in (0..40).chain([1, 1000]) {
            let counts: Vec<AtomicUsize> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
            pool.run(parts, 4, &|k, _| {
                counts[k].fetch_add(1, Ordering::Relaxed);
            });
            assert!(counts.iter().all(|c| c.load(Ordering::Relaxed) == 1), "{parts} parts");
        }
    }

    #[test]
    fn a_panic_in_a_part_reaches_the_caller_and_the_pool_lives_on() {
        let pool = Pool::new(1);
        let failing = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.run(8, 2, &|k, _| assert!(k != 5, "part five"));
        }));
        assert!(failing.is_err());
        let sum = AtomicUsize::new(0);
        pool.run(8, 2, &|k, _| {
            sum.fetch_add(k, Ordering::Relaxed);
        });
        assert_eq!(sum.load(Ordering::Relaxed), 28);
    }
}
