//! The way of one run, step by step.

use burn::tensor::Element;
use thalweg_autodiff::executor;
use thalweg_landscapes::Landscape;
use thalweg_optim::solvers::{AnySolver, Memory, Oracle, Solver};
use thalweg_optim::{Parameter, Transform};

use super::solved::Programs;
use super::{OnLandscape, batched, dtype};
use crate::error::Result;
use crate::method::Method;
use crate::run::{Precision, Run};

/// The points of a run and their values.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The start and the point after each step.
    pub points: Vec<Vec<f64>>,
    /// The value at each point. An optimizer that keeps an average or slow weights is judged there by runs; these are the
    /// points that it steps from.
    pub values: Vec<f64>,
}

/// The points that a method visits from `start` on, at most `steps` steps; it ends where a point is not finite or the
/// method sees no reason to go on. They are those of a [run](super::Problem::run) with the same numbers.
///
/// ```
/// use thalweg_lab::problem::path;
/// use thalweg_lab::run::Precision;
///
/// let rosenbrock = thalweg_landscapes::parse("rosenbrock(n=2)")?;
/// let adam = "adam".parse()?;
/// let way = path(&rosenbrock, &adam, 0.1, &[-1.2, 1.0], 500, 0, Precision::F64)?;
/// assert_eq!(way.points.len(), 501);
/// assert!(way.values[500] < 1e-2 * way.values[0]);
/// # Ok::<(), thalweg_lab::Error>(())
/// ```
///
/// # Errors
/// What the landscape or the method fails with.
pub fn path(
    landscape: &Landscape,
    method: &Method,
    lr: f64,
    start: &[f64],
    steps: usize,
    seed: u64,
    precision: Precision,
) -> Result<Path> {
    landscape.point(start, &super::device(), dtype(precision))?;
    let run = Run {
        problem: landscape.to_string(),
        instance: 1,
        start: String::new(),
        optimizer: method.to_string(),
        lr,
        initializer: None,
        seed,
        budget: steps as u64,
        precision,
    };
    let on = OnLandscape::new(landscape.clone())?;
    let way = match method {
        Method::Recipe(recipe) if recipe.transform()?.is_traceable() => match precision {
            Precision::F32 => stepped::<f32>(&on, recipe, &run, start, steps)?,
            Precision::F64 => stepped::<f64>(&on, recipe, &run, start, steps)?,
        },
        Method::Recipe(recipe) => solved(&on, &format!("lifted(inner={recipe})").parse()?, &run, start, steps)?,
        Method::Solver(solver) => solved(&on, solver, &run, start, steps)?,
    };
    Ok(way)
}

fn stepped<E: Element + Into<f64> + Default>(
    on: &OnLandscape,
    recipe: &thalweg_optim::AnyRecipe,
    run: &Run,
    start: &[f64],
    steps: usize,
) -> Result<Path> {
    let mut program = batched::program(on, &recipe.transform()?, std::slice::from_ref(run), &[start.to_vec()])?;
    let results = program.output_types().len();
    let transform = recipe.transform()?;
    let first = Parameter::new(on.landscape().point(start, &super::device(), dtype(run.precision))?);
    // The program's value is that where the run is judged.
    let is_elsewhere = transform.eval_param(&transform.init(&first), &first).is_some();
    let at_point = if is_elsewhere { Some(Programs::new(on.landscape(), dtype(run.precision))?) } else { None };
    let is_random = on.landscape().is_random();
    let (mut point, mut value) = (vec![E::default(); start.len()], [E::default()]);
    let mut way = Path { points: vec![], values: vec![] };
    for step in 1..=steps + 1 {
        program.copy_input(0, &mut point)?;
        let at: Vec<f64> = point.iter().map(|x| (*x).into()).collect();
        if at.iter().any(|x| !x.is_finite()) {
            break;
        }
        program.run(is_random.then(|| executor::fold_in(run.seed as i64, step as u32)))?;
        program.copy_output(results - 2, &mut value)?;
        way.values.push(match &at_point {
            Some(programs) => programs.value(&at)?,
            None => value[0].into(),
        });
        way.points.push(at);
    }
    Ok(way)
}

fn solved(on: &OnLandscape, solver: &AnySolver, run: &Run, start: &[f64], steps: usize) -> Result<Path> {
    let programs = Programs::new(on.landscape(), dtype(run.precision))?;
    let (mut x, mut memory) = (start.to_vec(), Memory::default());
    let mut way = Path { points: vec![x.clone()], values: vec![programs.value(&x)?] };
    for _ in 0..steps {
        let ended = solver.step(&programs, &mut x, &mut memory, run.lr)?.outcome.is_some();
        if x.iter().any(|x| !x.is_finite()) {
            break;
        }
        way.points.push(x.clone());
        way.values.push(programs.value(&x)?);
        if ended {
            break;
        }
    }
    Ok(way)
}
