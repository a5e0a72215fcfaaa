use std::fmt;
use std::sync::{Mutex, PoisonError};

use burn::tensor::TensorData;
use thalweg_autodiff::{Func, Function, Result, Traced, Tree, trace};

use crate::program::Program;

/// A function compiled for arguments of given shapes; see [`compile`].
pub struct Compiled<A, R> {
    traced: Traced<A, R>,
    program: Mutex<Program>,
}

/// Traces `f` for arguments like `args`, whose values do not matter, and compiles the graph for the CPU.
///
/// It computes what the function computed when it was traced: values that the closure has captured are fixed, and so
/// are its decisions on shapes. Arguments and results are copied between Burn's tensors and the program; for loops that
/// keep their state inside, use [`Program`].
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use thalweg_autodiff::hvp;
/// use thalweg_cpu::compile;
///
/// let f = |x: Tensor<1>| (x.clone().powi_scalar(3) * x.exp()).sum();
/// let x = Tensor::<1>::from_floats([0.5, -1.0], &Device::flex());
/// let product = compile(move |(x, v): (Tensor<1>, Tensor<1>)| hvp(f)(&x, &v).map(|(_, hv)| hv), &(x.clone(), x.clone()))?;
/// println!("{}", product.explain());
/// let hv = product.call(&(x.clone(), x))?;
/// assert_eq!(hv.dims(), [2]);
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
///
/// # Errors
/// What [`trace`] and [`Program::new`] give.
pub fn compile<A: Tree, M, F: Function<A, M>>(f: F, args: &A) -> Result<Compiled<A, F::Output>> {
    let traced = trace(f, args)?;
    let program = Mutex::new(Program::new(traced.func(), &[])?);
    Ok(Compiled { traced, program })
}

impl<A: Tree, R: Tree> Compiled<A, R> {
    /// Runs the program; results come back to the device of the arguments.
    ///
    /// # Errors
    /// As [`Traced::call`] and [`Program::run`].
    pub fn call(&self, args: &A) -> Result<R> {
        self.traced.call_with(args, |inputs: Vec<TensorData>| self.lock().call(&inputs))
    }

    /// The graph.
    pub fn func(&self) -> &Func {
        self.traced.func()
    }

    /// What the program does; see [`Program::explain`].
    pub fn explain(&self) -> String {
        self.lock().explain()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Program> {
        // A run that panicked has left nothing that the next one reads.
        self.program.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A, R> fmt::Debug for Compiled<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.traced, f)
    }
}
