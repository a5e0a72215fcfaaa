//! The most memory that training holds at a time, by `Trainer::step` and by burn-autodiff with Burn's Adam on flex:
//! `cargo bench -p thalweg-benches --bench memory`, with `-- --out PATH` for a file of the figures.
//!
//! Where a step's time goes is in that file as well, by [`Trainer::profile`].
//!
//! An allocator counts the bytes that are held. The figure is the most of a few warm steps, less what was held before network,
//! optimizer and batch were made; nothing but the heap is counted, and a program's memory whole, whether touched or not.

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use serde_json::{Value, json};
use thalweg::optim::recipes::Adam;
use thalweg::train::Trainer;
use thalweg::train::mlp::{Activation, Mlp};

mod perceptrons;

use perceptrons::{Batch, MODELS, loss, setting};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is done by the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    // Pages that nothing touches cost nothing, and zeros would touch them.
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Steps before it counts, in which programs are compiled and buffers filled, and steps that count.
const STEPS: (usize, usize) = (3, 5);

/// The most bytes held in warm steps, above those held before `start` made what the steps work on, and that.
fn most<S>(start: impl FnOnce() -> S, mut step: impl FnMut(&mut S)) -> (usize, S) {
    let before = HELD.load(Ordering::Relaxed);
    let mut state = start();
    (0..STEPS.0).for_each(|_| step(&mut state));
    MOST.store(HELD.load(Ordering::Relaxed), Ordering::Relaxed);
    (0..STEPS.1).for_each(|_| step(&mut state));
    (MOST.load(Ordering::Relaxed) - before, state)
}

fn burn(sizes: &[usize], batch: usize) -> usize {
    let start = || {
        let (model, data) = setting(sizes, batch, Activation::Relu);
        (Some(model), data, AdamConfig::new().with_epsilon(1e-8).init())
    };
    let step = |(kept, data, adam): &mut (Option<Mlp>, Batch, ModuleOptimizer)| {
        let model = kept.take().expect("the model is put back");
        let gradients = GradientsParams::from_grads(loss(&model, data).backward(), &model);
        *kept = Some(adam.step(1e-3, model, gradients));
    };
    most(start, step).0
}

/// The bytes, and what [`Trainer::profile`] says of so many steps.
fn thalweg(sizes: &[usize], batch: usize, times: usize) -> (usize, String) {
    let start = || {
        let (model, data) = setting(sizes, batch, Activation::Relu);
        (Trainer::new(model, Adam::default(), loss).expect("the model has parameters of one type"), data)
    };
    let step = |(trainer, data): &mut (Trainer<Mlp, Batch>, Batch)| {
        trainer.step(1e-3, data).expect("the loss is finite and can be traced");
    };
    let (bytes, (mut trainer, _)) = most(start, step);
    let profile = trainer.profile(times).expect("the program runs").expect("the step is compiled");
    (bytes, profile)
}

fn main() {
    let mut figures: Vec<Value> = vec![];
    println!("{:24} {:>16} {:>12} {:>12}", "bytes", "parameters × 3", "Burn eager", "Thalweg");
    for (name, sizes, batch) in MODELS {
        let parameters: usize = sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
        let times = (200_000_000 / parameters).clamp(100, 5000);
        let (state, burn, (own, profile)) =
            (3 * 4 * parameters, burn(sizes, batch), thalweg(sizes, batch, times));
        let memory = profile.trim().lines().last().unwrap_or_default();
        println!("{name:24} {state:16} {burn:12} {own:12}\n    {memory}");
        figures.push(json!({"name": name, "state": state, "burn": burn, "thalweg": own, "profile": profile}));
    }
    let mut arguments = std::env::args().skip_while(|argument| argument != "--out").skip(1);
    if let Some(path) = arguments.next().map(PathBuf::from) {
        let text = format!("{:#}\n", json!({"figures": figures}));
        std::fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
}
