//! Derivatives by the parameters of real networks, against burn-autodiff.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::nn::attention::{MhaInput, MultiHeadAttention, MultiHeadAttentionConfig};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::lstm::{Lstm, LstmConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, Dropout, DropoutConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig,
};
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::activation::{gelu, relu};
use burn::tensor::{DType, Device, Distribution, Float, Int, Tensor};
use thalweg_autodiff::module::{self, AsModule, ParamGrads};
use thalweg_autodiff::{Result, compiled_devices, with_rng_key};

/// Tensors by path, in order; floats as numbers.
#[derive(Default)]
struct Values {
    path: Vec<String>,
    all: Vec<(String, Vec<f64>)>,
}

impl ModuleVisitor for Values {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.all.push((self.path.join("."), param.val().to_data().iter().collect()));
    }
}

fn values<M: Module>(model: &M) -> Vec<(String, Vec<f64>)> {
    let mut v = Values::default();
    model.visit(&mut v);
    v.all
}

/// Burn's own gradient, by path.
struct Theirs<'a> {
    gradients: &'a GradientsParams,
    found: Values,
}

impl ModuleVisitor for Theirs<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.found.path.push(name.into());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.found.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(g) = self.gradients.get::<D>(param.id) {
            self.found.all.push((self.found.path.join("."), g.to_data().iter().collect()));
        }
    }
}

fn by_path<M: Module>(model: &M, gradients: &GradientsParams) -> Vec<(String, Vec<f64>)> {
    let mut v = Theirs { gradients, found: Values::default() };
    model.visit(&mut v);
    v.found.all
}

#[track_caller]
fn close(a: &[(String, Vec<f64>)], b: &[(String, Vec<f64>)], tolerance: f64) {
    let paths = |v: &[(String, Vec<f64>)]| v.iter().map(|(p, _)| p.clone()).collect::<Vec<_>>();
    assert_eq!(paths(a), paths(b));
    let scale = b.iter().flat_map(|(_, v)| v).fold(1e-3, |m: f64, v| m.max(v.abs()));
    for ((path, a), (_, b)) in a.iter().zip(b) {
        let gap = a.iter().zip(b).fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()));
        assert!(a.len() == b.len() && gap <= tolerance * scale, "{path}: {gap:e} apart at scale {scale:e}");
    }
}

fn to_f64<M: Module>(model: M) -> M {
    struct Cast;
    impl ModuleMapper for Cast {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let (id, tensor, mapper) = param.consume();
            Param::from_mapped_value(id, tensor.cast(DType::F64), mapper)
        }
    }
    let trained = model.devices()[0].is_autodiff();
    let model = model.valid().map(&mut Cast);
    if trained { model.train() } else { model }
}

type Batch<const D: usize> = (Tensor<D>, Tensor<1, Int>);

#[derive(Module, Debug)]
struct Cnn {
    conv: Conv2d,
    norm: BatchNorm,
    pool: MaxPool2d,
    last: Linear,
}

impl Cnn {
    fn new(device: &Device) -> Self {
        Cnn {
            conv: Conv2dConfig::new([1, 3], [3, 3]).init(device),
            norm: BatchNormConfig::new(3).init(device),
            pool: MaxPool2dConfig::new([2, 2]).init(),
            last: LinearConfig::new(3 * 2 * 2, 4).init(device),
        }
    }

    fn loss(&self, (x, labels): &Batch<4>) -> Tensor<1> {
        let h = self.pool.forward(relu(self.norm.forward(self.conv.forward(x.clone()))));
        let logits = self.last.forward(h.flatten::<2>(1, 3));
        CrossEntropyLossConfig::new().init(&x.device()).forward(logits, labels.clone())
    }
}

#[derive(Module, Debug)]
struct Block {
    attention: MultiHeadAttention,
    norm: LayerNorm,
    up: Linear,
    last: Linear,
}

impl Block {
    fn new(device: &Device) -> Self {
        Block {
            attention: MultiHeadAttentionConfig::new(4, 2).with_dropout(0.0).init(device),
            norm: LayerNormConfig::new(4).init(device),
            up: LinearConfig::new(4, 8).init(device),
            last: LinearConfig::new(8, 4).init(device),
        }
    }

    fn loss(&self, (x, labels): &Batch<3>) -> Tensor<1> {
        let h = x.clone() + self.attention.forward(MhaInput::self_attn(self.norm.forward(x.clone()))).context;
        let h = self.last.forward(gelu(self.up.forward(self.norm.forward(h))));
        let logits = h.mean_dim(1).flatten::<2>(1, 2);
        CrossEntropyLossConfig::new().init(&x.device()).forward(logits, labels.clone())
    }
}

#[derive(Module, Debug)]
struct Recurrent {
    lstm: Lstm,
    last: Linear,
}

impl Recurrent {
    fn new(device: &Device) -> Self {
        Recurrent { lstm: LstmConfig::new(4, 5, true).init(device), last: LinearConfig::new(5, 4).init(device) }
    }

    fn loss(&self, (x, labels): &Batch<3>) -> Tensor<1> {
        let (h, _) = self.lstm.forward(x.clone(), None);
        let logits = self.last.forward(h.slice([0..5, 2..3]).flatten::<2>(1, 2));
        CrossEntropyLossConfig::new().init(&x.device()).forward(logits, labels.clone())
    }
}

fn data<const D: usize>(shape: [usize; D], device: &Device, dtype: DType) -> Batch<D> {
    let x = Tensor::<D>::random(shape, Distribution::Normal(0.0, 1.0), device).cast(dtype);
    (x, Tensor::from_ints([0, 3, 1, 2, 1], device))
}

/// Value and gradient are Burn's, and the model is not touched by finding them.
fn agrees<M: Module, const D: usize>(
    model: M,
    data: Batch<D>,
    loss: fn(&M, &Batch<D>) -> Tensor<1>,
    tolerance: f64,
) -> Result<()> {
    let before = values(&model);
    let (value, ours): (_, GradientsParams) = module::value_and_grad(loss)(&model, &data)?;
    let (_, params): (_, ParamGrads) = module::value_and_grad(loss)(&model, &data)?;
    assert_eq!(values(&model), before);
    assert!(module::grad::<_, _, _, ParamGrads>(|m: &M, d: &_| loss(m, d).int())(&model, &data).is_err());
    assert_eq!(values(&model), before);

    let ours = by_path(&model, &ours);
    let expected = loss(&model, &data);
    let gap = (value.into_scalar::<f64>() - expected.clone().into_scalar::<f64>()).abs();
    assert!(gap <= tolerance * 10.0, "the values are {gap:e} apart");
    let theirs = GradientsParams::from_grads(expected.backward(), &model);
    close(&ours, &by_path(&model, &theirs), tolerance);
    let shapes: usize = params.shapes().map(|(_, shape)| shape.iter().product::<usize>()).sum();
    assert_eq!(shapes, ours.iter().map(|(_, v)| v.len()).sum::<usize>());
    Ok(())
}

#[test]
fn gradients_of_networks_are_burns() -> Result<()> {
    for device in compiled_devices().into_iter().map(Device::autodiff) {
        agrees(Cnn::new(&device), data([5, 1, 6, 6], &device, DType::F32), Cnn::loss, 1e-4)?;
        agrees(to_f64(Cnn::new(&device)), data([5, 1, 6, 6], &device, DType::F64), Cnn::loss, 1e-9)?;
        agrees(Block::new(&device), data([5, 3, 4], &device, DType::F32), Block::loss, 1e-3)?;
        agrees(Recurrent::new(&device), data([5, 3, 4], &device, DType::F32), Recurrent::loss, 1e-4)?;
    }
    // In f64, burn-autodiff rounds the reciprocal that scales the attention scores to f32.
    let device = Device::flex().autodiff();
    agrees(to_f64(Block::new(&device)), data([5, 3, 4], &device, DType::F64), Block::loss, 1e-6)
}

#[test]
fn running_statistics_follow_burns() -> Result<()> {
    let device = Device::flex().autodiff();
    let loss = |m: &Cnn, d: &Batch<4>| m.loss(d);
    let mut ours = to_f64(Cnn::new(&device));
    let theirs = ours.valid().train();
    let step = module::trace_value_and_grad(loss, &ours, &data([5, 1, 6, 6], &device, DType::F64))?;
    for _ in 0..3 {
        let batch = data([5, 1, 6, 6], &device, DType::F64);
        theirs.loss(&batch);
        let before = values(&ours);
        let (_, _, updated): (_, ParamGrads, _) = step.call(&ours, &batch)?;
        assert_eq!(values(&ours), before);
        ours = updated;
    }
    let statistics = |m: &Cnn| [m.norm.running_mean.value_sync(), m.norm.running_var.value_sync()];
    for (a, b) in statistics(&ours).into_iter().zip(statistics(&theirs)) {
        assert!((a.inner() - b.inner()).abs().max().into_scalar::<f64>() < 1e-12);
    }
    // In inference mode, they are used and stay.
    let plain = ours.valid();
    let batch = data([5, 1, 6, 6], &Device::flex(), DType::F64);
    let (value, _, same): (_, ParamGrads, _) = module::value_and_grad_with_state(loss)(&plain, &batch)?;
    assert!((value - plain.loss(&batch)).abs().into_scalar::<f64>() < 1e-12);
    assert_eq!(values(&same), values(&plain));
    Ok(())
}

#[derive(Module, Debug)]
struct Noisy {
    first: Linear,
    dropout: Dropout,
}

#[test]
fn dropout_follows_the_device() -> Result<()> {
    let device = Device::flex();
    let model =
        Noisy { first: LinearConfig::new(3, 50).init(&device), dropout: DropoutConfig::new(0.5).init() };
    let x = Tensor::<2>::ones([4, 3], &device);
    let loss = |m: &Noisy, x: &Tensor<2>| m.dropout.forward(m.first.forward(x.clone())).sum();
    let bias = |m: &Noisy| -> Result<Vec<f32>> {
        let p: ParamGrads = with_rng_key(5, || module::grad(loss)(m, &x))?;
        Ok(p.get::<1, Float>("first.bias")?.to_data().try_to_vec().unwrap())
    };
    assert_eq!(bias(&model)?, [4.0; 50]);
    // Each element of the bias is kept by each of four rows with probability one half, at twice its weight.
    let trained = bias(&model.clone().train())?;
    assert!(trained.iter().all(|g| [0.0, 2.0, 4.0, 6.0, 8.0].contains(g)) && trained.iter().any(|g| *g != 4.0));
    assert_eq!(bias(&model.clone().train())?, trained);
    Ok(())
}

#[test]
fn frozen_parameters_are_constants() -> Result<()> {
    let device = Device::flex().autodiff();
    let mut model =
        Noisy { first: LinearConfig::new(3, 2).init(&device), dropout: DropoutConfig::new(0.0).init() };
    model.first.weight = model.first.weight.set_require_grad(false);
    let x = Tensor::<2>::ones([4, 3], &device);
    let p: ParamGrads = module::grad(|m: &Noisy, x: &Tensor<2>| m.first.forward(x.clone()).sum())(&model, &x)?;
    assert_eq!(p.paths().collect::<Vec<_>>(), ["first.bias"]);
    Ok(())
}

#[test]
fn hessian_products_are_differences_of_gradients() -> Result<()> {
    let device = Device::flex();
    let model = to_f64(Block::new(&device));
    let batch = data([5, 3, 4], &device, DType::F64);
    let loss = |m: &Block, d: &Batch<3>| m.loss(d);
    let (_, AsModule(direction)) = module::value_and_grad(loss)(&model, &batch)?;
    assert_eq!(direction.last.weight.id, model.last.weight.id);
    let (_, AsModule(product)) = module::hvp(loss)(&model, &batch, &direction)?;

    struct Move<'a>(std::slice::Iter<'a, (String, Vec<f64>)>, f64);
    impl ModuleMapper for Move<'_> {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let by = &self.0.next().unwrap().1;
            param.map(|t| {
                let v = burn::tensor::TensorData::new(by.clone(), t.shape());
                t.clone() + Tensor::from_data(v, (&t.device(), DType::F64)) * self.1
            })
        }
    }
    let along = values(&direction);
    let gradient = |h: f64| -> Result<Vec<(String, Vec<f64>)>> {
        let moved = model.clone().map(&mut Move(along.iter(), h));
        let AsModule(g) = module::grad(loss)(&moved, &batch)?;
        Ok(values(&g))
    };
    let h = 1e-4;
    let mut numeric = gradient(h)?;
    for ((_, plus), (_, minus)) in numeric.iter_mut().zip(gradient(-h)?) {
        plus.iter_mut().zip(minus).for_each(|(p, m)| *p = (*p - m) / (2.0 * h));
    }
    close(&values(&product), &numeric, 1e-6);
    Ok(())
}

#[test]
fn training_by_our_gradients_is_burns() -> Result<()> {
    let device = Device::flex().autodiff();
    let loss = |m: &Cnn, d: &Batch<4>| m.loss(d);
    let mut ours = to_f64(Cnn::new(&device));
    let mut theirs = ours.valid().train();
    let (mut our_optimizer, mut their_optimizer) = (AdamConfig::new().init(), AdamConfig::new().init());
    let batch = data([5, 1, 6, 6], &device, DType::F64);
    let step = module::trace_value_and_grad(loss, &ours, &batch)?;
    for _ in 0..20 {
        let batch = data([5, 1, 6, 6], &device, DType::F64);
        let (_, gradients, updated) = step.call(&ours, &batch)?;
        ours = our_optimizer.step(1e-2, updated, gradients);
        let gradients = GradientsParams::from_grads(theirs.loss(&batch).backward(), &theirs);
        theirs = their_optimizer.step(1e-2, theirs, gradients);
    }
    close(&values(&ours.valid()), &values(&theirs.valid()), 1e-9);
    Ok(())
}
