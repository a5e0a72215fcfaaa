//! What is known of deep networks at initialization and soon after.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::SgdConfig;
use burn::tensor::{Device, Tensor, TensorData};
use thalweg_autodiff::module::value_and_grad;
use thalweg_init::schemes::{Constant, Fixup, Kaiming, Normal, Ones, Orthogonal, Uniform, Xavier, Zeros};
use thalweg_init::{AnyScheme, Draws, Law, Lsuv, Plan, Probe, Propagation, Scope, plan, propagate};

const WIDTH: usize = 256;
const DEPTH: usize = 50;

fn normal<const D: usize>(shape: [usize; D], name: &str, device: &Device) -> Tensor<D> {
    let values = Draws::new(1, name).sample(&Law::normal(1.0), shape.iter().product());
    let values: Vec<f32> = values.into_iter().map(|x| x as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn layers(width: usize, depth: usize, scheme: impl Into<AnyScheme>, seed: u64) -> Vec<Linear> {
    let linear = LinearConfig::new(width, width).with_bias(false);
    let model: Vec<Linear> = (0..depth).map(|_| linear.init(&Device::flex())).collect();
    Plan::all(scheme).apply(&model, seed).unwrap()
}

fn mean_square<const D: usize>(tensor: Tensor<D>) -> f64 {
    f64::from(tensor.powi_scalar(2).mean().into_scalar::<f32>())
}

/// The mean square of activations after each layer, on a normal batch.
fn squares(model: &[Linear], f: impl Fn(Tensor<2>) -> Tensor<2>) -> Vec<f64> {
    let mut x = normal([32, model[0].weight.dims()[0]], "batch", &Device::flex());
    let step = |layer: &Linear| {
        x = f(layer.forward(x.clone()));
        mean_square(x.clone())
    };
    model.iter().map(step).collect()
}

/// Mean-field theory for tanh: `q ← E[tanh(√(v·q)·z)²]` where weights have variance `v/width`.
fn mean_field(v: f64, depth: usize) -> Vec<f64> {
    let mut q = 1.0f64;
    let expected = |s: f64| {
        let density = |z: f64| (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        (-4000..=4000).map(|k| f64::from(k) / 500.0).map(|z| (s * z).tanh().powi(2) * density(z) / 500.0).sum()
    };
    (0..depth)
        .map(|_| {
            q = expected((v * q).sqrt());
            q
        })
        .collect()
}

#[test]
fn xavier_with_tanhs_gain_holds_the_variance() {
    let squares = squares(&layers(WIDTH, DEPTH, Xavier::normal().gain(5.0 / 3.0), 1), Tensor::tanh);
    let (least, most) = squares[4..].iter().fold((f64::MAX, 0f64), |(a, b), q| (a.min(*q), b.max(*q)));
    assert!(most / least < 2.0, "{least} to {most}");
    let theory = mean_field(25.0 / 9.0, DEPTH)[DEPTH - 1];
    assert!((squares[DEPTH - 1] / theory - 1.0).abs() < 0.2, "{} and {theory}", squares[DEPTH - 1]);
}

#[test]
fn xavier_without_gain_decays_as_one_over_depth() {
    let (squares, theory) =
        (squares(&layers(WIDTH, DEPTH, Xavier::normal(), 1), Tensor::tanh), mean_field(1.0, DEPTH));
    for depth in [10, 25, 50] {
        let (got, theory) = (squares[depth - 1], theory[depth - 1]);
        assert!((got / theory - 1.0).abs() < 0.25, "layer {depth}: {got}, mean-field theory {theory}");
        assert!((0.5..1.5).contains(&(got * 2.0 * depth as f64)), "layer {depth}: {got}");
    }
}

#[test]
fn unit_normal_weights_saturate_tanh() {
    let model = layers(WIDTH, 10, Normal::default(), 1);
    let x =
        model.iter().fold(normal([32, WIDTH], "batch", &Device::flex()), |x, layer| layer.forward(x).tanh());
    let values: Vec<f32> = x.into_data().try_to_vec().unwrap();
    let saturated = values.iter().filter(|x| x.abs() > 0.99).count() as f64 / values.len() as f64;
    // Pre-activations are normal with variance `width·q`.
    let spread = (WIDTH as f64 * mean_field(WIDTH as f64, 10)[9]).sqrt();
    let theory = 1.0 - 2.0 * 0.99f64.atanh() / spread / (2.0 * std::f64::consts::PI).sqrt();
    assert!((saturated - theory).abs() < 0.02, "{saturated} saturated, mean-field theory {theory}");
}

#[test]
fn kaiming_keeps_relus_variance_where_xavier_halves_it() {
    let relu = |x: Tensor<2>| burn::tensor::activation::relu(x);
    // Wide, since the variance's logarithm walks at random by about five over the width in each layer.
    let mut ratios: Vec<f64> = (0..20)
        .map(|seed| {
            let squares = squares(&layers(1024, DEPTH, Kaiming::normal().relu(), seed), relu);
            squares[DEPTH - 1] / squares[0]
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let median = (ratios[9] + ratios[10]) / 2.0;
    assert!((1.0 / 3.0..3.0).contains(&median), "{median}");
    // The same draws at half the variance.
    let kaiming = squares(&layers(WIDTH, DEPTH, Kaiming::normal().relu(), 0), relu);
    let xavier = squares(&layers(WIDTH, DEPTH, Xavier::normal(), 0), relu);
    for depth in [1, 10, 50] {
        let halvings = (kaiming[depth - 1] / xavier[depth - 1]).log2();
        assert!((halvings - depth as f64).abs() < 1e-3, "layer {depth}: {halvings} halvings");
    }
}

#[test]
fn a_deep_linear_net_of_orthogonal_weights_is_an_isometry() {
    let jacobian = |scheme: AnyScheme| {
        let device = Device::flex();
        layers(64, DEPTH, scheme, 1).iter().fold(Tensor::<2>::eye(64, &device), |x, layer| layer.forward(x))
    };
    let gap = |j: Tensor<2>| {
        let gram = j.clone().transpose().matmul(j);
        (gram - Tensor::eye(64, &Device::flex())).abs().max().into_scalar::<f32>()
    };
    let own = gap(jacobian(Orthogonal::default().into()));
    assert!(own < 1e-4, "{own}");
    assert!(gap(jacobian(Xavier::normal().into())) > 1.0);
}

type Pair = (Tensor<2>, Tensor<2>);

/// Steps of gradient descent on a small network, and the weights into its hidden units.
fn hidden_after_training(scheme: AnyScheme) -> Vec<Vec<f32>> {
    let device = Device::flex().autodiff();
    let model = vec![LinearConfig::new(3, 6).init(&device), LinearConfig::new(6, 1).init(&device)];
    let mut model = Plan::all(scheme).apply(&model, 1).unwrap();
    let mut optimizer = SgdConfig::new().init();
    let data: Pair = (normal([16, 3], "x", &device), normal([16, 1], "y", &device));
    let loss = |m: &Vec<Linear>, (x, y): &Pair| {
        (m[1].forward(m[0].forward(x.clone()).tanh()) - y.clone()).powi_scalar(2).mean()
    };
    for _ in 0..10 {
        let (_, gradients) = value_and_grad(loss)(&model, &data).unwrap();
        model = optimizer.step(0.1, model, gradients);
    }
    let weight = model[0].weight.val().inner().transpose();
    weight.into_data().try_to_vec::<f32>().unwrap().chunks(3).map(<[f32]>::to_vec).collect()
}

#[test]
fn units_that_begin_alike_stay_alike() {
    let spread = |scheme: AnyScheme| {
        let units = hidden_after_training(scheme);
        let gap = |unit: &Vec<f32>| unit.iter().zip(&units[0]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        units.iter().map(gap).fold(0.0, f32::max)
    };
    for scheme in [Zeros.into(), Ones.into(), Constant { value: 0.3 }.into()] {
        let name = format!("{scheme:?}");
        assert!(spread(scheme) < 1e-6, "{name}");
    }
    assert!(spread(Xavier::normal().into()) > 0.1);
}

#[derive(Module, Debug)]
struct Block {
    first: Linear,
    last: Linear,
}

#[derive(Module, Debug)]
struct Residual {
    blocks: Vec<Block>,
    head: Linear,
}

impl Residual {
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let step = |x: Tensor<2>, block: &Block| {
            x.clone() + block.last.forward(burn::tensor::activation::relu(block.first.forward(x)))
        };
        self.head.forward(self.blocks.iter().fold(x, step))
    }
}

#[test]
fn fixup_trains_a_hundred_layers_without_normalization() {
    let device = Device::flex().autodiff();
    let linear = LinearConfig::new(16, 16);
    let block = || Block { first: linear.init(&device), last: linear.init(&device) };
    let model =
        Residual { blocks: (0..50).map(|_| block()).collect(), head: LinearConfig::new(16, 1).init(&device) };
    let x = normal([64, 16], "x", &device);
    let y = x.clone().narrow(1, 0, 1) * x.clone().narrow(1, 1, 1).tanh();
    let data: Pair = (x, y);
    let loss = |m: &Residual, (x, y): &Pair| (m.forward(x.clone()) - y.clone()).powi_scalar(2).mean();
    let train = |plan: Plan, steps: usize| {
        let mut model = plan.apply(&model, 1).unwrap();
        let mut optimizer = SgdConfig::new().init();
        let losses = (0..steps).map(|_| {
            let (value, gradients) = value_and_grad(loss)(&model, &data).unwrap();
            model = optimizer.step(0.1, model.clone(), gradients);
            value.into_scalar::<f32>()
        });
        losses.collect::<Vec<f32>>()
    };
    let fixup = plan! {
        "*.last.weight" => Zeros,
        "head.weight" => Zeros,
        _ => Fixup { branches: 50, layers: 2 },
    };
    let losses = train(fixup, 300);
    assert!(losses[299] < 0.1 * losses[0], "{} to {}", losses[0], losses[299]);
    let losses = train(Plan::all(Kaiming::normal().relu()), 30);
    let has_fallen = losses[29] < losses[0];
    assert!(losses[0] > 1e6 && !has_fallen, "{} to {}", losses[0], losses[29]);
}

#[test]
fn lsuv_reaches_unit_variance() {
    let batch = normal([128, WIDTH], "batch", &Device::flex()) * 3.0;
    let model = layers(WIDTH, 10, Normal::default(), 1);
    let outputs = |model: &Vec<Linear>| {
        let mut x = batch.clone();
        let step = |(k, layer): (usize, &Linear)| {
            let output = layer.forward(x.clone());
            x = burn::tensor::activation::relu(output.clone());
            (format!("{k}.weight"), output)
        };
        model.iter().enumerate().map(step).collect::<Vec<_>>()
    };
    for scope in [Scope::Layer, Scope::Unit] {
        let lsuv = Lsuv { tolerance: 0.01, scope, ..Default::default() };
        let (model, steps) = lsuv.apply(&model, 1, outputs).unwrap();
        assert_eq!(steps.len(), 10);
        for ((path, output), step) in outputs(&model).into_iter().zip(steps) {
            assert_eq!(path, step.path);
            assert!((step.variance - 1.0).abs() < 0.01 && step.tries <= 2, "{step:?}");
            // Over units the mean of each is taken off, over the layer one mean.
            let groups = if scope == Scope::Unit { WIDTH } else { 1 };
            let variances = output.reshape([-1, groups as i32]).var_bias(0);
            let (least, most) = (variances.clone().min(), variances.max());
            for variance in [least, most].map(|v| v.into_scalar::<f32>()) {
                assert!((variance - 1.0).abs() < 0.0101, "{path}: {variance}");
            }
        }
    }
}

#[test]
fn a_batch_of_equals_has_no_unit_variance() {
    let model = layers(8, 1, Normal::default(), 1);
    let zeros = Tensor::<2>::zeros([4, 8], &Device::flex());
    let error = Lsuv::default()
        .apply(&model, 1, |m| vec![("0.weight".into(), m[0].forward(zeros.clone()))])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "The outputs of `0.weight` have variance 0 on this batch, which no factor makes one; give a batch of several \
         different examples, and weights that are not zero."
    );
    let error = Lsuv::default()
        .apply(&model, 1, |m| vec![("1.weight".into(), m[0].forward(zeros.clone()))])
        .unwrap_err();
    assert_eq!(error.to_string(), "`1.weight` selects no parameter; did you mean `0.weight`?");
}

/// A batch followed through layers with one nonlinearity.
fn followed(model: &Vec<Linear>, batch: &Tensor<2>, f: fn(Tensor<2>) -> Tensor<2>) -> Propagation {
    let forward = |model: &Vec<Linear>, x: &Tensor<2>, probe: &Probe<2>| {
        let mut x = x.clone();
        for (k, layer) in model.iter().enumerate() {
            x = probe.see(&format!("{k}.weight"), f(layer.forward(x)));
        }
    };
    propagate(model, batch, forward).unwrap()
}

/// Under mean-field theory gradients change by `v·E[f′(z)²]` from layer to layer: for relu under Kaiming's scheme by one, and
/// under Xavier's by a half.
#[test]
fn gradients_of_activations_go_back_as_mean_field_theory_says() {
    let relu = |x: Tensor<2>| burn::tensor::activation::relu(x);
    let batch = normal([64, WIDTH], "batch", &Device::flex());
    for (scheme, change) in
        [(AnyScheme::from(Kaiming::normal().relu()), 1.0f64), (Xavier::normal().into(), 0.5)]
    {
        let layers = followed(&layers(WIDTH, 20, scheme, 2), &batch, relu).layers;
        // The last layer's is the standard normal one that it begins from.
        assert!((layers[19].backward - 1.0).abs() < 0.02, "{}", layers[19].backward);
        let each = (layers[0].backward / layers[19].backward).powf(1.0 / 19.0);
        assert!((each / change - 1.0).abs() < 0.05, "{each} a layer, theory {change}");
    }
}

#[test]
fn propagation_tells_what_is_wrong() {
    let relu = |x: Tensor<2>| burn::tensor::activation::relu(x);
    let verdict = |scheme: AnyScheme, f: fn(Tensor<2>) -> Tensor<2>| {
        let batch = normal([32, 64], "batch", &Device::flex());
        followed(&layers(64, 30, scheme, 1), &batch, f).verdict()
    };
    for (scheme, f, want) in [
        (
            AnyScheme::from(Xavier::normal().gain(5.0 / 3.0)),
            Tensor::tanh as fn(Tensor<2>) -> Tensor<2>,
            "Healthy",
        ),
        (Xavier::normal().into(), relu, "Vanishing activations"),
        (Normal::default().into(), relu, "Exploding activations"),
        (Normal { mean: 0.0, std: 0.01 }.into(), Tensor::tanh, "Vanishing activations"),
        (Constant { value: 0.01 }.into(), Tensor::tanh, "Symmetric units"),
        (Uniform { low: -1.0, high: -0.5 }.into(), relu, "Dead units"),
    ] {
        let name = format!("{scheme:?}");
        let got = verdict(scheme, f);
        assert!(got.starts_with(want), "{name}: {got}");
    }
}
