//! Optimizers that make a step of a gradient: all runs are lanes of one compiled program.

use std::sync::atomic::Ordering;
use std::time::Instant;

use burn::tensor::{Element, Int, Tensor, TensorData};
use thalweg_autodiff::executor::{self, DynTensor};
use thalweg_autodiff::{trace, value_and_grad, vmap};
use thalweg_cpu::Program;
use thalweg_optim::{Chain, Parameter, State, Step, Transform};

use super::ending::{distance, finish};
use super::schedule::moments;
use super::watch::{Moment, Watch};
use super::{OnLandscape, device, dtype};
use crate::error::{Error, Result};
use crate::problem::Batch;
use crate::run::{Finished, Precision, Run};

/// A point, the leaves of its state, the learning rate and the number of the step.
type Lane<const D: usize> = (Tensor<D>, Vec<DynTensor>, Tensor<D>, Tensor<D, Int>);

/// The next point, state and number, the value, and the largest magnitude in the gradient.
type Stepped<const D: usize> = (Tensor<D>, Vec<DynTensor>, Tensor<D, Int>, Tensor<D>, Tensor<D>);

/// The leaves of a state.
fn leaves(state: &State) -> Vec<DynTensor> {
    let tensor = |(_, value)| match value {
        thalweg_optim::Value::Float(tensor) => DynTensor(tensor.into_dispatch()),
        thalweg_optim::Value::Int(tensor) => DynTensor(tensor.into_dispatch()),
    };
    state.leaves().into_iter().map(tensor).collect()
}

/// Runs that differ in start, learning rate and seed.
pub fn run(
    on: &OnLandscape,
    chain: &Chain,
    job: &Batch,
    runs: &[Run],
    starts: &[Vec<f64>],
) -> Result<Vec<Finished>> {
    // Lanes of a random program draw by their place, so what a run draws would depend on who runs beside it.
    let is_random = on.landscape().is_random();
    let precision = runs.first().map_or(Precision::F64, |run| run.precision);
    let go = |runs: &[Run], starts: &[Vec<f64>]| match precision {
        Precision::F32 => lanes::<f32>(on, chain, job, runs, starts),
        Precision::F64 => lanes::<f64>(on, chain, job, runs, starts),
    };
    match is_random {
        false => go(runs, starts),
        true => {
            let each = runs
                .iter()
                .zip(starts)
                .map(|(run, start)| go(std::slice::from_ref(run), std::slice::from_ref(start)));
            Ok(each.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
        }
    }
}

/// The program of one step of all lanes, at its start. Its first input is the points, its last two results the values and
/// the gradients' magnitudes.
pub fn program(on: &OnLandscape, chain: &Chain, runs: &[Run], starts: &[Vec<f64>]) -> Result<Program> {
    let (device, dtype) = (device(), dtype(runs[0].precision));
    let (lanes, n) = (runs.len(), on.landscape().dimension());
    let matrix = |data: Vec<f64>, columns: usize| -> Tensor<2> {
        Tensor::from_data(TensorData::new(data, [lanes, columns]), (&device, dtype))
    };
    let points = matrix(starts.concat(), n);
    let template = chain.init(&Parameter::new(Tensor::<1>::zeros([n], (&device, dtype))));
    let init = |x: Tensor<1>| leaves(&chain.init(&Parameter::new(x)));
    let states: Vec<DynTensor> = vmap(init)(&points)?;
    let rates = matrix(runs.iter().map(|run| run.lr).collect(), 1);
    let counts = Tensor::<2, Int>::ones([lanes, 1], &device);
    let args: Lane<2> = (points, states, rates, counts);
    let landscape = on.landscape();
    let step = |(x, own, lr, count): Lane<1>| -> thalweg_autodiff::Result<Stepped<1>> {
        let mut state = template.clone();
        state.replace(&mut own.into_iter().map(|leaf| leaf.0));
        let param = Parameter::new(x.clone());
        let (value, gradient): (Tensor<1>, Tensor<1>) = value_and_grad(|x: Tensor<1>| landscape.value(x))(&x)?;
        // A run is judged where its optimizer wants it to be: at an average, where it keeps one.
        let judged = match chain.eval_param(&state, &param) {
            Some(average) => landscape.value(average),
            None => value.clone(),
        };
        let step = Step { lr, count: count.clone(), loss: Some(value), measures: vec![] };
        let mut own = [state];
        let updates = chain.update_all(vec![gradient.clone()], &mut own, &[param], &step);
        let moved = updates.into_iter().fold(x, |x, update| x - update);
        Ok((moved, leaves(&own[0]), count + 1, judged, gradient.abs().max()))
    };
    let stepped = |args: Lane<2>| -> thalweg_autodiff::Result<Stepped<2>> { vmap(step)(&args) };
    let traced = trace(stepped, &args)?;
    let kept = 1 + args.1.len();
    // Points and states stand in both lists in the same order; the number of the step follows them in the results.
    let carried: Vec<(usize, usize)> = (0..kept).map(|k| (k, k)).chain([(kept, kept + 1)]).collect();
    let mut program = Program::new(traced.func(), &carried)?.with_threads(1);
    for (k, input) in traced.flatten_args(&args)?.into_iter().enumerate() {
        program.set_tensor(k, &input)?;
    }
    Ok(program)
}

fn lanes<E: Element + Into<f64> + Default>(
    on: &OnLandscape,
    chain: &Chain,
    job: &Batch,
    runs: &[Run],
    starts: &[Vec<f64>],
) -> Result<Vec<Finished>> {
    let began = Instant::now();
    let mut program = program(on, chain, runs, starts)?;
    let (lanes, n) = (runs.len(), on.landscape().dimension());
    let results = program.output_types().len();
    let budget = runs[0].budget;
    let mut watches: Vec<Watch> = runs.iter().map(|_| Watch::new(&on.targets, budget)).collect();
    let mut values = vec![E::default(); lanes];
    let mut gradients = vec![E::default(); lanes];
    let mut points = vec![E::default(); lanes * n];
    let mut thresholds: Vec<f64> = watches.iter().map(Watch::threshold).collect();
    let mut left = lanes;
    let mut moments = moments(budget).into_iter().peekable();
    let is_random = on.landscape().is_random();
    for evaluation in 1..=budget {
        program.copy_input(0, &mut points)?;
        program.run(is_random.then(|| executor::fold_in(runs[0].seed as i64, evaluation as u32)))?;
        program.copy_output(results - 2, &mut values)?;
        let is_moment = moments.next_if_eq(&evaluation).is_some();
        // NaN hits nothing; it is found at the next moment.
        let has_hit = values.iter().zip(&thresholds).any(|(value, threshold)| (*value).into() <= *threshold);
        if !(is_moment || has_hit) {
            continue;
        }
        program.copy_output(results - 1, &mut gradients)?;
        let seconds = began.elapsed().as_secs_f64() / lanes as f64;
        for (lane, watch) in watches.iter_mut().enumerate() {
            let value: f64 = values[lane].into();
            if watch.is_done || !(is_moment || value <= thresholds[lane]) {
                continue;
            }
            watch.hit(evaluation, value);
            let point = points[lane * n..(lane + 1) * n].iter().map(|x| (*x).into()).collect();
            watch.at(Moment { evaluations: evaluation, value, gradient: gradients[lane].into(), point });
            if job.records {
                watch.record(seconds, |point| distance(on, point));
            }
            thresholds[lane] = watch.threshold();
            left -= usize::from(watch.is_done);
        }
        if left == 0 {
            break;
        }
        if is_moment && job.stop.load(Ordering::Relaxed) {
            return Err(Error::Stopped);
        }
        if is_moment && evaluation < budget && job.seconds.is_some_and(|limit| seconds > limit) {
            watches.iter_mut().for_each(|watch| watch.is_cut = !watch.is_done);
            break;
        }
    }
    finish(on, runs.to_vec(), watches, began.elapsed().as_secs_f64())
}
