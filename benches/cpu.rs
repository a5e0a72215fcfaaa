//! Compiled descent on Rosenbrock's function in f64, one run and 4,096 runs at once: `cargo bench -p thalweg-benches --bench cpu`.
//!
//! Each iteration is 1,000 steps of Adam inside of the program (`Program::run_n`); divide by that, and by the number of
//! runs. `burn` is the same step by burn-autodiff and tensor operations, for one run and one step an iteration.

use std::time::Duration;

use burn::tensor::{DType, Device, Tensor, TensorData};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use thalweg::autodiff::{Result, constant, executor, grad, trace, vmap};
use thalweg::cpu::Program;
use thalweg::optim::{Parameter, Step, Transform, parse};

const STEPS: usize = 1000;
const RUNS: usize = 4096;

fn rosenbrock(x: Tensor<1>) -> Tensor<1> {
    let (a, b) = (x.clone().narrow(0, 0, 1), x.narrow(0, 1, 1));
    (b - a.clone() * a.clone()).powi_scalar(2) * 100.0 + (a * -1.0 + 1.0).powi_scalar(2)
}

/// Point, both moments, and the number of the step.
type Lane = (Tensor<1>, Tensor<1>, Tensor<1>);

fn adam((x, m, v): Lane, gradient: Tensor<1>, count: &Tensor<1>) -> Lane {
    let correction = |beta: f64| {
        let half = (count.clone() * (0.5 * beta.ln())).tanh();
        (half.clone().neg() + 1.0) / (half * -2.0)
    };
    let m = m * 0.9 + gradient.clone() * 0.1;
    let v = v * 0.999 + gradient.clone() * gradient * 0.001;
    let update = m.clone() * correction(0.9) / ((v.clone() * correction(0.999)).sqrt() + 1e-8);
    (x - update * 1e-3, m, v)
}

fn tensor<const D: usize>(values: Vec<f64>, shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), (&Device::flex(), DType::F64))
}

fn filled(program: &mut Program, inputs: Vec<burn::tensor::DispatchTensor>) -> Result<()> {
    for (k, input) in inputs.into_iter().enumerate() {
        program.set_input(k, &executor::download(input)?)?;
    }
    Ok(())
}

fn one_run() -> Result<Program> {
    let x = tensor(vec![-1.2, 1.0], [2]);
    let args = (x.clone(), x.zeros_like(), x.zeros_like(), tensor(vec![1.0], [1]));
    let step = |(x, m, v, t): (Tensor<1>, Tensor<1>, Tensor<1>, Tensor<1>)| {
        let gradient = grad(rosenbrock)(&x)?;
        Ok::<_, thalweg::autodiff::Error>((adam((x, m, v), gradient, &t), t + 1.0))
    };
    let traced = trace(step, &args)?;
    let mut program = Program::new(traced.func(), &[(0, 0), (1, 1), (2, 2), (3, 3)])?;
    filled(&mut program, traced.flatten_args(&args)?)?;
    Ok(program)
}

fn many_runs() -> Result<Program> {
    let x = tensor(vec![0.5; 2 * RUNS], [RUNS, 2]);
    let args = (x.clone(), x.zeros_like(), x.zeros_like(), tensor(vec![1.0], [1]));
    let step = |(x, m, v, t): (Tensor<2>, Tensor<2>, Tensor<2>, Tensor<1>)| {
        let lane = |(x, m, v): Lane| {
            let gradient = grad(rosenbrock)(&x)?;
            Ok::<_, thalweg::autodiff::Error>(adam((x, m, v), gradient, &constant(&t)))
        };
        let moved: (Tensor<2>, Tensor<2>, Tensor<2>) = vmap(lane)(&(x, m, v))?;
        Ok::<_, thalweg::autodiff::Error>((moved, t + 1.0))
    };
    let traced = trace(step, &args)?;
    let mut program = Program::new(traced.func(), &[(0, 0), (1, 1), (2, 2), (3, 3)])?;
    filled(&mut program, traced.flatten_args(&args)?)?;
    Ok(program)
}

fn descent(c: &mut Criterion) {
    let mut group = c.benchmark_group("adam on rosenbrock");
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    for (runs, mut program) in [(1, one_run().expect("it compiles")), (RUNS, many_runs().expect("it compiles"))]
    {
        group.throughput(Throughput::Elements((STEPS * runs) as u64));
        group.bench_function(BenchmarkId::new("compiled", runs), |b| {
            b.iter(|| program.run_n(STEPS, None).expect("it runs"));
        });
    }
    group.throughput(Throughput::Elements(1));
    let device = Device::flex().autodiff();
    let transform = parse("adam").and_then(|r| r.transform()).expect("a recipe of the registry");
    let mut param = Parameter::new(tensor(vec![-1.2, 1.0], [2]));
    let mut state = transform.init(&param);
    let one = || tensor(vec![1e-3], [1]);
    let step = Step { lr: one(), count: param.count(1), loss: None, measures: vec![] };
    group.bench_function(BenchmarkId::new("burn", 1), |b| {
        b.iter(|| {
            let x = Tensor::<1>::from_inner(param.value.clone()).to_device(&device).require_grad();
            let gradients = rosenbrock(x.clone()).backward();
            let gradient = x.grad(&gradients).expect("the point has a gradient");
            let update = transform.update(gradient, &mut state, &param, &step);
            param.value = param.value.clone() - update;
        });
    });
    group.finish();
}

criterion_group!(benches, descent);
criterion_main!(benches);
