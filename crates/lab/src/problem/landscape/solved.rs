//! Solvers, which ask for what they need: one run after the other, every evaluation counted.

use std::cell::{OnceCell, RefCell};
use std::sync::atomic::Ordering;
use std::time::Instant;

use burn::tensor::{DType, Tensor, TensorData};
use thalweg_autodiff::{hessian, hvp, value_and_grad};
use thalweg_cpu::{Compiled, compile};
use thalweg_landscapes::Landscape;
use thalweg_optim::solvers::{
    AnySolver, Layout, LeastSquares, Memory, Oracle, Residuals, Solver, least_squares,
};

use super::ending::{distance, finish};
use super::schedule::moments;
use super::watch::{Moment, Watch};
use super::{OnLandscape, device, dtype};
use crate::error::{Error, Result};
use crate::problem::Batch;
use crate::run::{Finished, Run};

/// What a product of the Hessian with a vector counts as, in gradients.
const PRODUCT: u64 = 2;

/// A landscape's derivatives as compiled programs, each compiled at its first use.
pub struct Programs<'a> {
    landscape: &'a Landscape,
    layout: Layout,
    dtype: DType,
    gradient: Compiled<Tensor<1>, (Tensor<1>, Tensor<1>)>,
    product: OnceCell<Compiled<(Tensor<1>, Tensor<1>), Tensor<1>>>,
    hessian: OnceCell<Compiled<Tensor<1>, Tensor<2>>>,
    squares: OnceCell<LeastSquares<Tensor<1>>>,
}

/// What is compiled at its first use.
fn once<T>(
    cell: &OnceCell<T>,
    make: impl FnOnce() -> thalweg_autodiff::Result<T>,
) -> thalweg_optim::Result<&T> {
    if cell.get().is_none() {
        let made = make()?;
        return Ok(cell.get_or_init(|| made));
    }
    cell.get().ok_or_else(|| thalweg_optim::Error::Driver("A program was lost after it was compiled.".into()))
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

impl<'a> Programs<'a> {
    /// Compiles the gradient, which everything needs.
    pub fn new(landscape: &'a Landscape, dtype: DType) -> Result<Self> {
        let like = Tensor::<1>::zeros([landscape.dimension()], (&device(), dtype));
        let gradient = compile(value_and_grad(|x: Tensor<1>| landscape.value(x)), &like)?;
        Ok(Programs {
            landscape,
            layout: Layout::of(&like)?,
            dtype,
            gradient,
            product: OnceCell::new(),
            hessian: OnceCell::new(),
            squares: OnceCell::new(),
        })
    }

    fn tensor(&self, x: &[f64]) -> Tensor<1> {
        Tensor::from_data(TensorData::new(x.to_vec(), [x.len()]), (&device(), self.dtype))
    }
}

impl Oracle for Programs<'_> {
    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn gradient(&self, x: &[f64]) -> thalweg_optim::Result<(f64, Vec<f64>)> {
        let (value, gradient) = self.gradient.call(&self.tensor(x))?;
        Ok((numbers(value)[0], numbers(gradient)))
    }

    fn hvp(&self, x: &[f64], v: &[f64]) -> thalweg_optim::Result<Vec<f64>> {
        let landscape = self.landscape;
        let args = (self.tensor(x), self.tensor(v));
        let product = |(x, v): (Tensor<1>, Tensor<1>)| {
            hvp(|x: Tensor<1>| landscape.value(x))(&x, &v).map(|(_, product)| product)
        };
        Ok(numbers(once(&self.product, || compile(product, &args))?.call(&args)?))
    }

    fn hessian(&self, x: &[f64]) -> thalweg_optim::Result<Vec<f64>> {
        let (landscape, x) = (self.landscape, self.tensor(x));
        let own = || compile(hessian(|x: Tensor<1>| landscape.value(x)), &x);
        Ok(numbers(once(&self.hessian, own)?.call(&x)?))
    }

    fn residuals(&self) -> Option<&dyn Residuals> {
        let own = self.landscape.residuals()?.clone();
        if self.squares.get().is_none() {
            // The squares of a landscape's residuals add up to its value, those of an oracle's to twice its value.
            let twice = move |x: Tensor<1>| own(x) * std::f64::consts::SQRT_2;
            let made = least_squares(twice, &self.tensor(&vec![0.0; self.landscape.dimension()])).ok()?;
            let _ = self.squares.set(made);
        }
        self.squares.get()?.residuals()
    }
}

/// One run's view of a landscape: counts what is asked and notes what is hit.
struct Asked<'a> {
    programs: &'a Programs<'a>,
    on: &'a OnLandscape,
    budget: u64,
    records: bool,
    began: Instant,
    noted: RefCell<Noted<'a>>,
}

struct Noted<'a> {
    used: u64,
    watch: Watch<'a>,
    moments: std::iter::Peekable<std::vec::IntoIter<u64>>,
}

impl Asked<'_> {
    /// Counts what costs as much as so many gradients.
    fn spend(&self, cost: u64) {
        self.noted.borrow_mut().used += cost;
    }

    /// Notes an evaluation that has just been counted; those beyond the budget do not count.
    fn note(&self, x: &[f64], value: f64, gradient: f64) {
        let mut noted = self.noted.borrow_mut();
        let Noted { used, watch, moments } = &mut *noted;
        if *used > self.budget || watch.is_done {
            return;
        }
        let has_hit = watch.hit(*used, value);
        let mut is_moment = false;
        while moments.next_if(|moment| moment <= used).is_some() {
            is_moment = true;
        }
        watch.at(Moment { evaluations: *used, value, gradient, point: x.to_vec() });
        if self.records && (has_hit || is_moment || watch.is_done) {
            watch.record(self.began.elapsed().as_secs_f64(), |point| distance(self.on, point));
        }
    }

    fn is_over(&self) -> bool {
        let noted = self.noted.borrow();
        noted.used >= self.budget || noted.watch.is_done
    }
}

impl Oracle for Asked<'_> {
    fn layout(&self) -> &Layout {
        self.programs.layout()
    }

    fn gradient(&self, x: &[f64]) -> thalweg_optim::Result<(f64, Vec<f64>)> {
        self.spend(1);
        let (value, gradient) = self.programs.gradient(x)?;
        let larger = |m: f64, g: &f64| if g.is_nan() || m.is_nan() { f64::NAN } else { m.max(g.abs()) };
        self.note(x, value, gradient.iter().fold(0.0, larger));
        Ok((value, gradient))
    }

    fn hvp(&self, x: &[f64], v: &[f64]) -> thalweg_optim::Result<Vec<f64>> {
        self.spend(PRODUCT);
        self.programs.hvp(x, v)
    }

    fn hessian(&self, x: &[f64]) -> thalweg_optim::Result<Vec<f64>> {
        self.spend(PRODUCT * x.len() as u64);
        self.programs.hessian(x)
    }

    fn residuals(&self) -> Option<&dyn Residuals> {
        self.programs.residuals().map(|_| self as &dyn Residuals)
    }
}

impl Asked<'_> {
    fn declared(&self) -> thalweg_optim::Result<&dyn Residuals> {
        let none =
            || thalweg_optim::Error::Driver(format!("`{}` declares no residuals.", self.programs.landscape));
        self.programs.residuals().ok_or_else(none)
    }
}

/// Residuals count as an evaluation, and so does each product with their Jacobian; the Jacobian as one for each coordinate.
impl Residuals for Asked<'_> {
    fn at(&self, x: &[f64]) -> thalweg_optim::Result<Vec<f64>> {
        self.spend(1);
        self.declared()?.at(x)
    }

    fn jvp(&self, x: &[f64], v: &[f64]) -> thalweg_optim::Result<Vec<f64>> {
        self.spend(1);
        self.declared()?.jvp(x, v)
    }

    fn vjp(&self, x: &[f64], u: &[f64]) -> thalweg_optim::Result<Vec<f64>> {
        self.spend(1);
        self.declared()?.vjp(x, u)
    }

    fn jacobian(&self, x: &[f64]) -> thalweg_optim::Result<Vec<f64>> {
        self.spend(x.len() as u64);
        self.declared()?.jacobian(x)
    }
}

/// Runs that differ in start, learning rate and seed.
pub fn run(
    on: &OnLandscape,
    solver: &AnySolver,
    job: &Batch,
    runs: &[Run],
    starts: &[Vec<f64>],
) -> Result<Vec<Finished>> {
    let Some(first) = runs.first() else { return Ok(vec![]) };
    let programs = Programs::new(on.landscape(), dtype(first.precision))?;
    let mut watches = vec![];
    let began = Instant::now();
    for (run, start) in runs.iter().zip(starts) {
        if job.stop.load(Ordering::Relaxed) {
            return Err(Error::Stopped);
        }
        let noted = Noted {
            used: 0,
            watch: Watch::new(&on.targets, run.budget),
            moments: moments(run.budget).into_iter().peekable(),
        };
        let asked = Asked {
            programs: &programs,
            on,
            budget: run.budget,
            records: job.records,
            began: Instant::now(),
            noted: RefCell::new(noted),
        };
        let (mut x, mut memory) = (start.clone(), Memory::default());
        while !asked.is_over() {
            let before = asked.noted.borrow().used;
            let ended = solver.step(&asked, &mut x, &mut memory, run.lr)?.outcome.is_some();
            let has_asked = asked.noted.borrow().used > before;
            if job.seconds.is_some_and(|limit| asked.began.elapsed().as_secs_f64() > limit) {
                let mut noted = asked.noted.borrow_mut();
                noted.watch.is_cut = !noted.watch.is_done;
                break;
            }
            if ended || !has_asked || x.iter().any(|x| !x.is_finite()) {
                break;
            }
        }
        let Noted { mut watch, .. } = asked.noted.into_inner();
        if job.records {
            watch.record(began.elapsed().as_secs_f64(), |point| distance(on, point));
        }
        watches.push(watch);
    }
    finish(on, runs.to_vec(), watches, began.elapsed().as_secs_f64())
}
