//! One step is the same step by every way to make it: compiled, traced, eager, and by Burn's own loop; for modules with
//! frozen, tied, running, unused, whole-number and constant tensors, and for code of Burn's that cannot be traced.

use burn::module::{Module, ModuleVisitor, Param, RunningState};
use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::nn::{
    BatchNorm, BatchNormConfig, Embedding, EmbeddingConfig, Linear, LinearConfig, PositionalEncoding,
    PositionalEncodingConfig, RotaryEncoding, RotaryEncodingConfig,
};
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Int, Tensor, TensorData};
use thalweg_autodiff::Tree;
use thalweg_optim::recipes::{AdamW, Sgd};
use thalweg_train::metrics::Metrics;
use thalweg_train::{ExecutionMode, Result, Trainer, TrainerOptions};

pub const MODES: [ExecutionMode; 4] =
    [ExecutionMode::Auto, ExecutionMode::Compiled, ExecutionMode::Interpreted, ExecutionMode::Eager];

fn training() -> Device {
    Device::flex().autodiff()
}

pub fn floats<M: Module>(model: &M) -> Vec<Vec<f64>> {
    struct All(Vec<Vec<f64>>);
    impl ModuleVisitor for All {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.push(param.val().into_data().iter().collect());
        }
    }
    let mut all = All(vec![]);
    // A copy for inference brings running statistics up to date.
    model.valid().visit(&mut all);
    all.0
}

#[track_caller]
pub fn close(a: &[Vec<f64>], b: &[Vec<f64>], what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    for (k, (a, b)) in a.iter().zip(b).enumerate() {
        for (a, b) in a.iter().zip(b) {
            assert!((a - b).abs() <= 2e-5 * (1.0 + b.abs()), "{what}: tensor {k} has {a} where {b} is right");
        }
    }
}

/// Burn's own loop of gradient descent.
pub fn by_burn<M: Module, B>(mut model: M, batch: &B, steps: usize, loss: &impl Fn(&M, &B) -> Tensor<1>) -> M {
    let mut optimizer = SgdConfig::new().init();
    for _ in 0..steps {
        let gradients = GradientsParams::from_grads(loss(&model, batch).backward(), &model);
        model = optimizer.step(0.1, model, gradients);
    }
    model
}

#[track_caller]
pub fn alike<M, B>(
    modes: &[ExecutionMode],
    make: impl Fn() -> M,
    batch: &B,
    loss: impl Fn(&M, &B) -> Tensor<1> + Copy + Send + 'static,
) where
    M: Module + 'static,
    B: Tree + 'static,
{
    let right = floats(&by_burn(make(), batch, 3, &loss));
    assert!(right != floats(&make()), "the loss trains nothing");
    for mode in modes {
        close(&floats(&trained(*mode, make(), batch, 3, loss)), &right, &format!("{mode:?}"));
    }
}

/// The same gradient descent by a trainer.
#[track_caller]
pub fn trained<M, B>(
    mode: ExecutionMode,
    model: M,
    batch: &B,
    steps: usize,
    loss: impl Fn(&M, &B) -> Tensor<1> + Send + 'static,
) -> M
where
    M: Module + 'static,
    B: Tree + 'static,
{
    let options = TrainerOptions { mode, ..TrainerOptions::default() };
    let mut trainer = Trainer::new(model, Sgd::default(), loss).unwrap().with_options(options).unwrap();
    for _ in 0..steps {
        trainer.step(0.1, batch).unwrap();
    }
    trainer.into_model().unwrap()
}

#[derive(Module, Debug)]
struct Mixed {
    free: Param<Tensor<1>>,
    frozen: Param<Tensor<1>>,
    unused: Param<Tensor<1>>,
    state: RunningState<Tensor<1>>,
    whole: Param<Tensor<1, Int>>,
    table: Tensor<1>,
}

fn mixed() -> Mixed {
    let device = training();
    let line = |values: [f32; 2]| Tensor::<1>::from_floats(values, &device);
    let whole = Tensor::from_ints([2, 3], &device);
    Mixed {
        free: Param::from_tensor(line([1.0, 1.5])),
        frozen: Param::from_tensor(line([10.0, 20.0])).set_require_grad(false),
        unused: Param::from_tensor(line([0.2, -0.5])),
        state: RunningState::new(line([3.0, 3.0])),
        whole: Param::initialized(burn::module::ParamId::new(), whole),
        table: line([0.3, -0.7]),
    }
}

type Loss = fn(&Mixed, &Tensor<1>) -> Tensor<1>;

#[test]
fn modules_of_every_kind_of_tensor() {
    let losses: [Loss; 8] = [
        // LoRA's form, teacher mixes.
        |m, x| ((m.frozen.val() * 0.5 + m.free.val()) * x.clone()).powi_scalar(2).mean() * 0.01,
        |m, x| ((m.frozen.val() * 0.99 + m.free.val() * 0.01) * x.clone()).sum(),
        |m, x| ((m.state.value() * 2.0 + m.free.val()) * x.clone()).sum(),
        |m, x| {
            m.state.update(x.clone() * 0.1 + m.state.value_sync() * 0.9);
            (m.free.val() * m.state.value_sync()).sum()
        },
        |m, x| {
            let old = m.state.value_sync();
            m.state.update(old.clone() + ((m.free.val() * x.clone()).detach() - old) * 0.1);
            (m.free.val() * m.table.clone()).sum()
        },
        |m, x| (m.free.val().powi_scalar(2) * m.whole.val().float() * x.clone()).sum(),
        // What is detached is what Burn takes it for.
        |m, x| (m.free.val() * m.free.val().detach() * x.clone()).sum(),
        |m, x| (relu(m.free.val() - m.unused.val().detach()) * x.clone()).sum(),
    ];
    let x = Tensor::<1>::from_floats([1.0, 2.0], &training());
    losses.into_iter().for_each(|loss| alike(&MODES, mixed, &x, loss));
}

#[derive(Module, Debug)]
struct Text {
    embedding: Embedding,
    position: PositionalEncoding,
    rotary: RotaryEncoding,
    norm: BatchNorm,
    out: Linear,
    classes: burn::nn::loss::CrossEntropyLoss,
}

fn text() -> Text {
    let device = training();
    Text {
        embedding: EmbeddingConfig::new(9, 8).init(&device),
        position: PositionalEncodingConfig::new(8).with_max_sequence_size(12).init(&device),
        rotary: RotaryEncodingConfig::new(12, 8).init(&device),
        norm: BatchNormConfig::new(4).init(&device),
        out: LinearConfig::new(8, 3).init(&device),
        classes: CrossEntropyLossConfig::new().with_weights(Some(vec![1.0, 2.0, 0.5])).init(&device),
    }
}

type Tokens = (Tensor<2, Int>, Tensor<1, Int>);

fn classified(m: &Text, (tokens, labels): &Tokens) -> Tensor<1> {
    let x = m.rotary.forward(m.position.forward(m.embedding.forward(tokens.clone())));
    let x = m.norm.forward(x).mean_dim(1).squeeze_dim::<2>(1);
    m.classes.forward(m.out.forward(x), labels.clone())
}

#[test]
fn text_models_with_tables() {
    let device = training();
    let tokens = Tensor::<1, Int>::arange(0..20, &device).remainder_scalar(9).reshape([5, 4]);
    let labels = Tensor::<1, Int>::from_ints([0, 1, 2, 1, 0], &device);
    let model = text();
    alike(&MODES, || model.valid().train(), &(tokens, labels), classified);
}

/// What Burn's capture device cannot do runs by burn-autodiff.
#[test]
fn code_that_cannot_be_traced() {
    let device = training();
    let tokens = Tensor::<1, Int>::arange(0..20, &device).remainder_scalar(9).reshape([5, 4]);
    let batch = (tokens, Tensor::<1, Int>::from_ints([0, 1, 2, 1, 0], &device));
    let model = text();
    // Running statistics are cells that copies share, but for these.
    let copy = || model.valid().train();
    // As Burn's own text examples do.
    alike(&[ExecutionMode::Auto, ExecutionMode::Eager], copy, &batch, |m: &Text, (tokens, labels): &Tokens| {
        let device = m.devices()[0].clone();
        classified(m, &(tokens.clone().to_device(&device), labels.clone().to_device(&device)))
    });
    // Batch norm that is used twice.
    alike(&[ExecutionMode::Auto, ExecutionMode::Eager], copy, &batch, |m: &Text, (tokens, _): &Tokens| {
        let x = m.embedding.forward(tokens.clone());
        (m.norm.forward(x.clone()) + m.norm.forward(x * 2.0)).powi_scalar(3).mean()
    });
    // A tensor that was captured.
    let weights = Tensor::<1>::from_floats([1.0, 2.0, 3.0], &device);
    let loss = move |m: &Text, (tokens, _): &Tokens| {
        let x = m.embedding.forward(tokens.clone()).mean_dim(1).squeeze_dim::<2>(1);
        (m.out.forward(x) * weights.clone().unsqueeze::<2>()).powi_scalar(2).mean()
    };
    let mut trainer = Trainer::new(text(), Sgd::default(), loss).unwrap();
    trainer.step(0.1, &batch).unwrap();
    assert!(trainer.fallback().is_some_and(|why| why.contains("constant(&tensor)")));
}

#[derive(Module, Debug)]
struct Tied {
    a: Param<Tensor<1>>,
    b: Param<Tensor<1>>,
}

#[test]
fn tied_parameters_stay_tied() -> Result<()> {
    let device = training();
    for mode in MODES {
        let p = Param::from_tensor(Tensor::<1>::from_floats([1.0, 2.0], &device));
        let model = Tied { a: p.clone(), b: p };
        let loss = |m: &Tied, x: &Tensor<1>| (m.a.val() * x.clone()).sum() + (m.b.val() * m.b.val()).sum();
        let options = TrainerOptions { mode, ..TrainerOptions::default() };
        let mut trainer = Trainer::new(model, Sgd::default(), loss)?.with_options(options)?;
        let x = Tensor::<1>::from_floats([3.0, 4.0], &device);
        trainer.step(0.1, &x)?;
        close(&floats(&trainer.model()?), &[vec![0.5, 1.2], vec![0.5, 1.2]], &format!("{mode:?}"));
        trainer.step(0.1, &x)?;
        let [a, b] = [0, 1].map(|k| floats(&trainer.model().unwrap())[k].clone());
        assert_eq!(a, b);
    }
    Ok(())
}

/// An optimizer would move what it has no gradient of, by weight decay; also where a step has several batches.
#[test]
fn what_the_loss_does_not_touch_stays() -> Result<()> {
    let device = training();
    for (mode, accumulate) in MODES.into_iter().flat_map(|mode| [(mode, 1), (mode, 3)]) {
        let options = TrainerOptions { mode, accumulation_steps: accumulate, ..TrainerOptions::default() };
        let loss = |m: &Mixed, x: &Tensor<1>| (m.free.val() * x.clone()).sum();
        let optimizer = AdamW { weight_decay: 0.5, ..AdamW::default() };
        let mut trainer = Trainer::new(mixed(), optimizer, loss)?.with_options(options)?;
        for _ in 0..6 {
            trainer.step(0.1, &Tensor::<1>::from_floats([1.0, 2.0], &device))?;
        }
        let all = floats(&trainer.into_model()?);
        let (start, moved) = (floats(&mixed()), &all);
        assert_ne!(start[0], moved[0]);
        assert_eq!(start[1..], moved[1..], "{mode:?}, {accumulate} batches");
    }
    Ok(())
}

#[test]
fn metrics_of_whole_numbers_are_alike() -> Result<()> {
    let device = training();
    let votes = TensorData::from([[5, 9, 3, 2], [1, 0, 3, 8], [7, 6, 9, 1]]);
    let batch = (
        Tensor::<2, Int>::from_data(votes, &device),
        Tensor::<1, Int>::from_ints([1, 3, 2], &device),
        Tensor::<2>::random([3, 2], Distribution::Default, &device),
    );
    // Burn's own search on Flex gives 64 bits, which Burn does not compare with the labels' 32.
    for mode in [ExecutionMode::Auto, ExecutionMode::Compiled, ExecutionMode::Interpreted] {
        let loss = |m: &Linear, (votes, y, x): &(Tensor<2, Int>, Tensor<1, Int>, Tensor<2>)| {
            let right = votes.clone().argmax(1).squeeze_dim::<1>(1).equal(y.clone()).float().mean();
            let sorted = y.clone().sort_descending(0).float().narrow(0, 0, 1);
            let best = votes.clone().topk(2, 1).float().sum();
            let loss =
                MseLoss::new().forward(m.forward(x.clone()), x.zeros_like().narrow(1, 0, 1), Reduction::Mean);
            (loss, Metrics::new().with("accuracy", right).with("largest", sorted).with("best", best))
        };
        let options = TrainerOptions { mode, ..TrainerOptions::default() };
        let model = LinearConfig::new(2, 1).init(&device);
        let mut trainer = Trainer::new(model, Sgd::default(), loss)?.with_options(options)?;
        trainer.step(0.1, &batch)?;
        let found: Vec<f64> = trainer.metrics().iter().map(|(_, value)| *value).collect();
        assert_eq!(found, [1.0, 3.0, (5 + 9 + 3 + 8 + 7 + 9) as f64], "{mode:?}");
    }
    Ok(())
}

/// However many shapes of batches there are, the state is held once, and the oldest graphs are forgotten.
#[test]
fn batches_of_many_shapes() -> Result<()> {
    let device = training();
    let lengths: Vec<usize> = (1..90).chain([3, 80, 1, 89]).collect();
    let model = LinearConfig::new(4, 2).init(&device);
    let loss = |m: &Linear, x: &Tensor<2>| m.forward(x.clone()).powi_scalar(2).mean();
    let trained = |mode: ExecutionMode| -> Result<Vec<Vec<f64>>> {
        let options = TrainerOptions { mode, ..TrainerOptions::default() };
        let mut trainer = Trainer::new(model.clone(), AdamW::default(), loss)?.with_options(options)?;
        for n in &lengths {
            trainer.step(0.01, &Tensor::<2>::ones([*n, 4], &device))?;
        }
        assert_eq!(trainer.steps() as usize, lengths.len());
        Ok(floats(&trainer.into_model()?))
    };
    close(&trained(ExecutionMode::Compiled)?, &trained(ExecutionMode::Eager)?, "many shapes");
    Ok(())
}
