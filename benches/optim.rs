//! One update of 1 M and 16 M parameters by `ModuleOptimizer::step` on flex, in Burn's own optimizers and in ours:
//! `cargo bench -p thalweg-benches --bench optim`.

use std::cell::RefCell;
use std::time::Duration;

use burn::module::{Module, Param};
use burn::optim::{
    AdafactorConfig, AdamConfig, AdamWConfig, GradientsParams, LionConfig, ModuleOptimizer, MuonConfig,
    SgdConfig, momentum::MomentumConfig,
};
use burn::tensor::{Device, Tensor};
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use thalweg::optim::parse;

#[derive(Module, Debug)]
struct Weights {
    value: Param<Tensor<2>>,
}

const ROWS: usize = 1000;

fn setting(columns: usize) -> Weights {
    let device = Device::flex().autodiff();
    Weights { value: Param::from_tensor(Tensor::ones([ROWS, columns], &device) * 0.5) }
}

fn gradients(model: &Weights) -> GradientsParams {
    let mut gradients = GradientsParams::new();
    gradients.register::<2>(model.value.id, model.value.val().inner() * 0.01);
    gradients
}

fn burns() -> Vec<(&'static str, ModuleOptimizer)> {
    vec![
        ("sgd", SgdConfig::new().init()),
        ("momentum", SgdConfig::new().with_momentum(Some(MomentumConfig::new())).init()),
        ("adam", AdamConfig::new().init()),
        ("adamw", AdamWConfig::new().init()),
        ("lion", LionConfig::new().init()),
        ("adafactor", AdafactorConfig::new().init()),
        ("muon", MuonConfig::new().init()),
    ]
}

fn ours() -> Vec<(&'static str, ModuleOptimizer)> {
    let recipe = |text| parse(text).and_then(|r| r.optimizer()).expect("a recipe of the registry").into();
    ["sgd", "momentum", "adam", "adamw", "lion", "adafactor", "muon"].map(|name| (name, recipe(name))).into()
}

fn updates(c: &mut Criterion) {
    for (size, columns) in [("1M", 1000), ("16M", 16_000)] {
        let mut group = c.benchmark_group(format!("update {size}"));
        group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
        for (whose, optimizers) in [("burn", burns()), ("thalweg", ours())] {
            for (name, mut optimizer) in optimizers {
                // One model that moves on, as in training, so that its tensors have one owner.
                let model = RefCell::new(Some(setting(columns)));
                group.bench_function(BenchmarkId::new(name, whose), |b| {
                    b.iter_batched(
                        || gradients(model.borrow().as_ref().expect("the model is put back")),
                        |g| {
                            let own = model.borrow_mut().take().expect("the model is put back");
                            model.replace(Some(optimizer.step(1e-3, own, g)));
                        },
                        BatchSize::PerIteration,
                    );
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, updates);
criterion_main!(benches);
