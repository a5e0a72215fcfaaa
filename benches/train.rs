//! Compiled training next to Burn eager in the same run: `cargo bench -p thalweg-benches --bench train`.
//!
//! * `adam step`: one step of Adam on the cross entropy of three relu perceptrons, by `Trainer::step`, and by burn-autodiff
//!   and Burn's Adam on flex. `unchecked` goes on where the gradient is not finite, in place of stopping. The rate is so
//!   small that the network stays as it is.
//! * `adam alone`: the update of 16 M parameters whose gradient is in memory.
//! * `derivatives`: gradient and Hessian–vector product of a tanh perceptron's loss, compiled.
//! * `compile`: trace, differentiate and compile the step, its first run included; `compile alone`: without it. Each time in
//!   a fresh thread, which has compiled nothing before.
//!
//! All in f32. `benches/peers/training` measures the same in JAX and PyTorch; descent on Rosenbrock's function is in
//! `benches/cpu.rs`.

use std::thread;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use thalweg::autodiff::module::{self, AsModule, ParamLayout};
use thalweg::autodiff::{executor, trace};
use thalweg::cpu::Program;
use thalweg::optim::recipes::Adam;
use thalweg::optim::{Parameter, Recipe, Step, Transform};
use thalweg::train::mlp::{Activation, Mlp};
use thalweg::train::{NonFinitePolicy, Trainer, TrainerOptions};

mod perceptrons;

use perceptrons::{Batch, MODELS, loss, setting};

const PARAMETERS: usize = 16_000_000;

/// The learning rate of the steps: so small that the network stays as it is. One that learns its one batch by heart ends
/// with gradients that are subnormal numbers, and what a step takes would depend on how many Criterion made before it.
const RATE: f64 = 1e-9;

fn trainer(model: Mlp, policy: NonFinitePolicy) -> Trainer<Mlp, Batch> {
    let options = TrainerOptions { policy, ..TrainerOptions::default() };
    let trainer = Trainer::new(model, Adam::default(), loss).and_then(|t| t.with_options(options));
    trainer.expect("the model has parameters of one type")
}

fn steps(c: &mut Criterion) {
    for (name, sizes, batch) in MODELS {
        let (model, data) = setting(sizes, batch, Activation::Relu);
        let mut group = c.benchmark_group(format!("adam step {name}"));
        let (mut eager, mut adam) = (Some(model.valid().train()), AdamConfig::new().with_epsilon(1e-8).init());
        group.bench_function("burn", |b| {
            b.iter(|| {
                let model = eager.take().expect("the model is put back");
                let gradients = GradientsParams::from_grads(loss(&model, &data).backward(), &model);
                eager = Some(adam.step(RATE, model, gradients));
            })
        });
        for (which, policy) in
            [("thalweg", NonFinitePolicy::Stop), ("thalweg unchecked", NonFinitePolicy::Continue)]
        {
            let mut trainer = trainer(model.valid().train(), policy);
            group.bench_function(which, |b| {
                b.iter(|| trainer.step(RATE, &data).expect("the loss is finite and can be traced"))
            });
        }
        group.finish();
    }
}

/// The update alone, as one program whose parameters and moments stay in place.
fn update() -> Program {
    let device = Device::flex();
    let adam = Adam::default().transform().expect("the defaults are in range");
    let flat = |value: f32| Tensor::<1>::full([PARAMETERS], value, &device);
    let start = adam.init(&Parameter::new(flat(0.5)));
    let moments: Vec<Tensor<1>> = start
        .leaves()
        .into_iter()
        .map(|(_, value)| match value {
            thalweg::optim::Value::Float(tensor) => tensor,
            thalweg::optim::Value::Int(_) => panic!("Adam remembers averages only"),
        })
        .collect();
    let lr = Tensor::<1>::full([1], 1e-3, &device);
    let args = (flat(0.5), moments, flat(0.01), lr, Tensor::<1, Int>::ones([1], &device));
    type Args = (Tensor<1>, Vec<Tensor<1>>, Tensor<1>, Tensor<1>, Tensor<1, Int>);
    let step = |(value, moments, gradient, lr, count): Args| {
        let mut state = start.clone();
        state.replace(&mut moments.into_iter().map(Tensor::into_dispatch));
        let param = Parameter { shape: vec![PARAMETERS], value };
        let step = Step { lr, count, loss: None, measures: vec![] };
        let update = adam.update(gradient, &mut state, &param, &step);
        let leaves = state.leaves().into_iter().filter_map(|(_, value)| match value {
            thalweg::optim::Value::Float(tensor) => Some(tensor),
            thalweg::optim::Value::Int(_) => None,
        });
        (param.value - update, leaves.collect::<Vec<_>>())
    };
    let traced = trace(step, &args).expect("Adam can be traced");
    let mut program =
        Program::new(traced.func(), &[(0, 0), (1, 1), (2, 2)]).expect("the types are those of the inputs");
    let inputs = traced.flatten_args(&args).expect("they are the traced arguments");
    fill(&mut program, inputs);
    program
}

fn fill(program: &mut Program, inputs: Vec<burn::tensor::DispatchTensor>) {
    for (k, input) in inputs.into_iter().enumerate() {
        let data: TensorData = executor::download(input).expect("the memory is the host's");
        program.set_input(k, &data).expect("the types are those of the inputs");
    }
}

fn adam_alone(c: &mut Criterion) {
    let mut program = update();
    let mut group = c.benchmark_group("adam alone");
    group.sample_size(20).measurement_time(Duration::from_secs(4));
    group.bench_function(BenchmarkId::new("16M", "thalweg"), |b| {
        b.iter(|| program.run(None).expect("the program has its inputs"))
    });
    group.finish();
}

fn derivatives(c: &mut Criterion) {
    let (name, sizes, batch) = MODELS[1];
    let (model, data) = setting(sizes, batch, Activation::Tanh);
    let parts = ParamLayout::of(&model);
    let tensors = |model: &Mlp| parts.tensors(&model.valid()).expect("the module that was read");
    let batch = || {
        [data.0.clone().inner().into_dispatch(), data.1.clone().into_dispatch()].map(executor::without_autodiff)
    };

    let gradient = module::trace_value_and_grad(loss, &model, &data).expect("the loss can be traced");
    let mut program = Program::new(gradient.func(), &[]).expect("nothing is carried");
    fill(&mut program, tensors(&model).into_iter().chain(batch()).collect());
    let mut group = c.benchmark_group(format!("derivatives tanh {name}"));
    group.bench_function("gradient", |b| b.iter(|| program.run(None).expect("the program has its inputs")));

    let (_, AsModule(direction)) = module::value_and_grad(loss)(&model, &data).expect("the loss can be traced");
    let product = module::trace_hvp(loss, &model, &data, &direction).expect("the loss can be traced");
    let mut program = Program::new(product.func(), &[]).expect("nothing is carried");
    fill(&mut program, tensors(&model).into_iter().chain(batch()).chain(tensors(&direction)).collect());
    group.bench_function("hvp", |b| b.iter(|| program.run(None).expect("the program has its inputs")));
    group.finish();
}

/// How long `run` takes with a fresh trainer, in a thread that has compiled nothing before: what a program's first step
/// waits for.
fn until(c: &mut Criterion, group: &str, run: impl Fn(&mut Trainer<Mlp, Batch>, &Batch) + Sync) {
    let mut group = c.benchmark_group(group);
    for (name, sizes, batch) in MODELS {
        let (model, data) = setting(sizes, batch, Activation::Relu);
        let once = || {
            let mut trainer = trainer(model.valid().train(), NonFinitePolicy::Stop);
            let run = || {
                let start = Instant::now();
                run(&mut trainer, &data);
                start.elapsed()
            };
            thread::scope(|scope| scope.spawn(run).join()).expect("a benchmark does not panic")
        };
        group.bench_function(name, |b| b.iter_custom(|times| (0..times).map(|_| once()).sum()));
    }
    group.finish();
}

fn compile(c: &mut Criterion) {
    until(c, "compile", |trainer, data| {
        trainer.step(1e-3, data).expect("the loss is finite and can be traced");
    });
    until(c, "compile alone", |trainer, data| trainer.compile(data).expect("the loss can be traced"));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).warm_up_time(Duration::from_secs(1));
    targets = steps, adam_alone, derivatives, compile
}
criterion_main!(benches);
