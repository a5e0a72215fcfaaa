//! Trace, transform and run of value-and-grad and of a Hessian–vector product for three MLPs, next to burn-autodiff
//! eager in the same run: `cargo bench -p thalweg-benches --bench autodiff`.
//!
//! * `trace`: run the loss on the capture device, differentiate, simplify and plan; nothing is computed.
//! * `value_and_grad`, `hvp`: run what was traced before, as a training loop does.
//! * `operator`: `module::value_and_grad`, which traces in every call.
//! * `burn`: Burn's forward pass and `backward()`.
//!
//! All models are on an autodiff device in f32; the losses are cross entropies of relu networks.

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Distribution, Int, Tensor, activation::relu};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use thalweg::autodiff::module::{self, AsModule};

#[derive(Module, Debug)]
struct Mlp {
    layers: Vec<Linear>,
}

type Batch = (Tensor<2>, Tensor<1, Int>);

impl Mlp {
    fn new(sizes: &[usize], device: &Device) -> Self {
        Mlp { layers: sizes.windows(2).map(|w| LinearConfig::new(w[0], w[1]).init(device)).collect() }
    }

    fn loss(&self, (x, labels): &Batch) -> Tensor<1> {
        let last = self.layers.len() - 1;
        let step = |x: Tensor<2>, (k, layer): (usize, &Linear)| {
            let y = layer.forward(x);
            if k == last { y } else { relu(y) }
        };
        let logits = self.layers.iter().enumerate().fold(x.clone(), step);
        let device = logits.device();
        CrossEntropyLossConfig::new().init(&device).forward(logits, labels.clone())
    }
}

const MODELS: [(&str, &[usize], usize); 3] = [
    ("2-64-64-2 b32", &[2, 64, 64, 2], 32),
    ("784-256-128-10 b64", &[784, 256, 128, 10], 64),
    ("784-1024-1024-10 b256", &[784, 1024, 1024, 10], 256),
];

fn setting(sizes: &[usize], batch: usize) -> (Mlp, Batch) {
    let device = Device::flex().autodiff();
    device.seed(1);
    let x = Tensor::random([batch, sizes[0]], Distribution::Normal(0.0, 1.0), &device);
    let classes = sizes[sizes.len() - 1];
    let labels: Vec<i32> = (0..batch).map(|i| (i % classes) as i32).collect();
    (Mlp::new(sizes, &device), (x, Tensor::from_ints(labels.as_slice(), &device)))
}

fn first_order(c: &mut Criterion) {
    for (name, sizes, batch) in MODELS {
        let (model, data) = setting(sizes, batch);
        let loss = |m: &Mlp, b: &Batch| m.loss(b);
        let mut group = c.benchmark_group(name);
        group.bench_function(BenchmarkId::new("gradient", "burn"), |b| {
            b.iter(|| {
                let loss = model.loss(&data);
                GradientsParams::from_grads(loss.backward(), &model)
            })
        });
        let traced = module::trace_value_and_grad(loss, &model, &data).expect("the loss can be traced");
        group.bench_function(BenchmarkId::new("gradient", "traced"), |b| {
            b.iter(|| {
                traced.call::<GradientsParams>(&model, &data).expect("the shapes are those it was traced for")
            })
        });
        group.bench_function(BenchmarkId::new("gradient", "operator"), |b| {
            let operator = module::value_and_grad::<_, _, _, GradientsParams>(loss);
            b.iter(|| operator(&model, &data).expect("the loss can be traced"))
        });
        group.bench_function("trace", |b| {
            b.iter(|| module::trace_value_and_grad(loss, &model, &data).expect("the loss can be traced"))
        });
        group.finish();
    }
}

fn second_order(c: &mut Criterion) {
    for (name, sizes, batch) in MODELS {
        let (model, data) = setting(sizes, batch);
        let loss = |m: &Mlp, b: &Batch| m.loss(b);
        let (_, AsModule(direction)) =
            module::value_and_grad(loss)(&model, &data).expect("the loss can be traced");
        let traced = module::trace_hvp(loss, &model, &data, &direction).expect("the loss can be traced");
        let mut group = c.benchmark_group(name);
        group.bench_function("hvp", |b| {
            b.iter(|| {
                let product = traced.call::<GradientsParams>(&model, &data, &direction);
                product.expect("the shapes are those it was traced for")
            })
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).warm_up_time(std::time::Duration::from_secs(1));
    targets = first_order, second_order
}
criterion_main!(benches);
