//! A warm program allocates nothing. The allocator counts for the whole process, so that this is a program of its own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::tensor::{Device, Int, Tensor, activation};
use thalweg_autodiff::{Result, constant, executor, trace, value_and_grad};
use thalweg_cpu::Program;

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is done by the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

type Parameters = (Tensor<2>, Tensor<2>, Tensor<2>);

/// Allocations in 100 warm runs of a training step with the given hidden layer, and what the program is.
fn allocations(hidden: impl Fn(Tensor<2>, Tensor<2>) -> Tensor<2>, width: usize) -> Result<(usize, String)> {
    let device = Device::flex();
    let (x, w) = (Tensor::ones([64, 20], &device) * 0.5, Tensor::ones([20, width], &device) * 0.1);
    let parameters = (w, Tensor::ones([1, width], &device), Tensor::ones([64, width], &device));
    let labels = Tensor::<2, Int>::zeros([64, 1], &device);
    let step = |(p, x, labels): (Parameters, Tensor<2>, Tensor<2, Int>)| {
        let loss = |(w, b, v): Parameters| {
            let h = activation::relu(hidden(constant(&x), w) + b) * v;
            let h = Tensor::cat(vec![h.clone(), h.sum_dim(1)], 1)
                .slice_assign([0..1, 0..1], constant(&x).sum().reshape([1, 1]));
            activation::log_softmax(h, 1).gather(1, constant(&labels)).mean().neg()
        };
        let (value, g) = value_and_grad(loss)(&p).unwrap();
        ((p.0 - g.0 * 0.1, p.1 - g.1 * 0.1, p.2 - g.2 * 0.1), value)
    };
    let args = (parameters, x, labels);
    let traced = trace(step, &args)?;
    let mut program = Program::new(traced.func(), &[(0, 0), (1, 1), (2, 2)])?;
    for (k, input) in traced.flatten_args(&args)?.into_iter().enumerate() {
        program.set_input(k, &executor::download(input)?)?;
    }
    // The first runs fill buffers of the matrix product, and threads allocate as they start.
    program.run_n(100, None)?;
    std::thread::sleep(std::time::Duration::from_millis(100));
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    program.run_n(100, None)?;
    Ok((ALLOCATIONS.load(Ordering::Relaxed) - before, program.explain()))
}

#[test]
fn a_warm_step_allocates_nothing_outside_of_matrix_products() -> Result<()> {
    let (without, explained) = allocations(|x, w| x * w.sum_dim(0).slice([0..1, 0..20]), 20)?;
    assert!(!explained.contains("matmul") && !explained.contains("falls back"), "{explained}");
    assert_eq!(without, 0, "{explained}");
    // The packing of a product takes one or two buffers.
    let (with, explained) = allocations(|x, w| x.matmul(w), 30)?;
    let products = explained.matches("matmul").count();
    assert!(products > 0 && with <= 100 * 2 * products + 200, "{with} allocations\n{explained}");
    Ok(())
}
