//! Fans, from what layers do: with variance `1/fan_in` an output keeps the mean square of independent inputs, and with
//! `1/fan_out` the gradient for an input keeps that of the output's.

use burn::module::Module;
use burn::nn::attention::MultiHeadAttentionConfig;
use burn::nn::conv::{Conv1dConfig, Conv2dConfig, ConvTranspose2dConfig};
use burn::nn::gru::GruConfig;
use burn::nn::{EmbeddingConfig, LinearConfig, LinearLayout, LstmConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use thalweg_init::schemes::{Distribution, Mode, VarianceScaling};
use thalweg_init::{Draws, Geometry, Law, Plan};

fn normal<const D: usize>(shape: [usize; D], name: &str) -> Tensor<D> {
    let values = Draws::new(9, name).sample(&Law::normal(1.0), shape.iter().product());
    let values: Vec<f32> = values.into_iter().map(|x| x as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

fn mean_square<const D: usize>(tensor: Tensor<D>) -> f64 {
    f64::from(tensor.powi_scalar(2).mean().into_scalar::<f32>())
}

#[track_caller]
fn near_one(what: &str, got: f64) {
    assert!((got - 1.0).abs() < 0.08, "{what}: mean square {got}");
}

fn by(mode: Mode) -> Plan {
    Plan::all(VarianceScaling { scale: 1.0, mode, distribution: Distribution::Normal })
}

/// Holds both fans of a layer; `inner` cuts what the border of an image does not reach from outputs and gradients.
#[track_caller]
fn hold<M: Module, const D: usize>(
    what: &str,
    layer: M,
    geometry: Option<Geometry>,
    x: Tensor<D>,
    forward: impl Fn(&M, Tensor<D>) -> Tensor<D>,
    inner: impl Fn(Tensor<D>) -> Tensor<D>,
) {
    let plan = |mode: Mode| match geometry {
        Some(geometry) => by(mode).geometry("*", geometry),
        None => by(mode),
    };
    let kept = plan(Mode::FanIn).apply(&layer, 3).unwrap();
    near_one(&format!("{what} forward"), mean_square(inner(forward(&kept, x.clone()))));
    let kept = plan(Mode::FanOut).apply(&layer, 4).unwrap().train();
    let x = Tensor::from_inner(x).require_grad();
    let y = forward(&kept, x.clone());
    let cotangent = Tensor::from_inner(normal(y.dims(), "cotangent"));
    let gradient: Tensor<D> = x.grad(&(y * cotangent).sum().backward()).unwrap();
    near_one(&format!("{what} backward"), mean_square(inner(gradient)));
}

#[test]
fn linear_layers_in_both_layouts() {
    for layout in [LinearLayout::Row, LinearLayout::Col] {
        let layer = LinearConfig::new(150, 60).with_layout(layout).init(&Device::flex());
        hold("linear", layer, None, normal([200, 150], "x"), |layer, x| layer.forward(x), |y| y);
    }
}

#[test]
fn convolutions_with_groups_and_strides() {
    let device = Device::flex();
    let layer = Conv1dConfig::new(30, 40, 5).init(&device);
    hold("conv1d", layer, None, normal([4, 30, 60], "x"), |l, x| l.forward(x), |y| y.narrow(2, 8, 40));
    let layer = Conv2dConfig::new([24, 48], [3, 3]).with_groups(4).init(&device);
    let geometry = Geometry { groups: 4, strides: 1 };
    let inner = |y: Tensor<4>| y.narrow(2, 4, 12).narrow(3, 4, 12);
    hold("grouped conv2d", layer, Some(geometry), normal([4, 24, 20, 20], "x"), |l, x| l.forward(x), inner);
    let layer = Conv2dConfig::new([24, 48], [4, 4]).with_stride([2, 2]).init(&device);
    let geometry = Geometry { groups: 1, strides: 4 };
    let inner = |y: Tensor<4>| y.narrow(2, 4, 8).narrow(3, 4, 8);
    hold("conv2d of stride 2", layer, Some(geometry), normal([4, 24, 32, 32], "x"), |l, x| l.forward(x), inner);
}

#[test]
fn transposed_convolutions_with_groups_and_strides() {
    let device = Device::flex();
    let layer = ConvTranspose2dConfig::new([48, 24], [3, 3]).with_groups(2).init(&device);
    let geometry = Geometry { groups: 2, strides: 1 };
    let inner = |y: Tensor<4>| y.narrow(2, 4, 12).narrow(3, 4, 12);
    hold("grouped transposed", layer, Some(geometry), normal([4, 48, 20, 20], "x"), |l, x| l.forward(x), inner);
    let layer = ConvTranspose2dConfig::new([48, 24], [4, 4]).with_stride([2, 2]).init(&device);
    let geometry = Geometry { groups: 1, strides: 4 };
    hold(
        "transposed of stride 2",
        layer,
        Some(geometry),
        normal([4, 48, 20, 20], "x"),
        |l, x| l.forward(x),
        inner,
    );
}

/// A row of the table is an output as it is, so its mean square is the entries' variance.
#[test]
fn embeddings() {
    let table = by(Mode::FanIn).apply(&EmbeddingConfig::new(400, 50).init(&Device::flex()), 3).unwrap();
    let rows = Tensor::<1, Int>::arange(0..400, &Device::flex()).reshape([1, 400]);
    near_one("embedding", mean_square(table.forward(rows)));
}

/// A gate adds what it makes of the input and of the hidden state, so that its forward mean square is two; back, the input
/// and the hidden state each get one of the sum's.
#[test]
fn gates_of_recurrent_layers() {
    let device = Device::flex();
    let (x, h) = (normal([200, 80], "x"), normal([200, 120], "h"));
    let held = |name: &str, forward: &dyn Fn(Mode, u64, Tensor<2>, Tensor<2>) -> Tensor<2>| {
        let sum = forward(Mode::FanIn, 3, x.clone(), h.clone());
        near_one(&format!("{name} forward"), mean_square(sum) / 2.0);
        let [x, h] = [x.clone(), h.clone()].map(|t| Tensor::from_inner(t).require_grad());
        let sum = forward(Mode::FanOut, 4, x.clone(), h.clone());
        let cotangent = Tensor::from_inner(normal(sum.dims(), "cotangent"));
        let gradients = (sum * cotangent).sum().backward();
        near_one(&format!("{name} backward, input"), mean_square(x.grad(&gradients).unwrap()));
        near_one(&format!("{name} backward, state"), mean_square(h.grad(&gradients).unwrap()));
    };
    let lstm = LstmConfig::new(80, 120, true).init(&device);
    for k in 0..4 {
        held(&format!("lstm gate {k}"), &|mode, seed, x, h| {
            let lstm = by(mode).apply(&lstm, seed).unwrap();
            let lstm = if mode == Mode::FanOut { lstm.train() } else { lstm };
            let forget = lstm.forget_gate.as_ref().unwrap();
            let gates = [&lstm.input_gate, forget, &lstm.output_gate, &lstm.cell_gate];
            gates[k].gate_product(x, h)
        });
    }
    let gru = GruConfig::new(80, 120, true).init(&device);
    for k in 0..3 {
        held(&format!("gru gate {k}"), &|mode, seed, x, h| {
            let gru = by(mode).apply(&gru, seed).unwrap();
            let gru = if mode == Mode::FanOut { gru.train() } else { gru };
            let gate = [&gru.update_gate, &gru.reset_gate, &gru.new_gate][k];
            gate.input_transform.forward(x) + gate.hidden_transform.forward(h)
        });
    }
}

/// Queries, keys, values and outputs are each a linear layer over the model's width, and each is held by itself.
#[test]
fn attention() {
    let layer = MultiHeadAttentionConfig::new(160, 4).init(&Device::flex());
    for k in 0..4 {
        hold(
            &format!("attention {k}"),
            layer.clone(),
            None,
            normal([4, 50, 160], "x"),
            |layer, x| [&layer.query, &layer.key, &layer.value, &layer.output][k].forward(x),
            |y| y,
        );
    }
}
