//! The variance of activations through fifty layers, for five schemes and three nonlinearities, as a table and a picture.
//!
//! `cargo run --release --example deep_signal [FILE.svg]`

use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Distribution, Tensor, activation};
use thalweg::init::schemes::{Kaiming, Normal, Orthogonal, Xavier};
use thalweg::init::{AnyScheme, Plan, Result};
use thalweg::plot::{Axis, Chart, Series, Sheet};

const WIDTH: usize = 128;
const DEPTH: usize = 50;
const SHOWN: [usize; 5] = [1, 5, 10, 25, 50];

type Activation = fn(Tensor<2>) -> Tensor<2>;

/// The variance after each layer.
fn signal(scheme: &AnyScheme, f: Activation) -> Result<Vec<f64>> {
    let device = Device::flex();
    let linear = LinearConfig::new(WIDTH, WIDTH).with_bias(false);
    let layers: Vec<Linear> = (0..DEPTH).map(|_| linear.init(&device)).collect();
    let layers = Plan::all(scheme.clone()).apply(&layers, 42)?;
    device.seed(42);
    let mut x = Tensor::<2>::random([64, WIDTH], Distribution::Normal(0.0, 1.0), &device);
    let after = |layer: &Linear| {
        x = f(layer.forward(x.clone()));
        let mean = x.clone().mean();
        let centred = x.clone() - mean.unsqueeze();
        f64::from(centred.powi_scalar(2).mean().into_scalar::<f32>())
    };
    Ok(layers.iter().map(after).collect())
}

fn main() -> Result<()> {
    let schemes: [(&str, AnyScheme); 5] = [
        ("normal, std 1", Normal::default().into()),
        ("normal, std 0.01", Normal { mean: 0.0, std: 0.01 }.into()),
        ("Xavier", Xavier::normal().into()),
        ("Kaiming", Kaiming::normal().relu().into()),
        ("orthogonal", Orthogonal::default().into()),
    ];
    let activations: [(&str, Activation); 3] =
        [("linear", |x| x), ("tanh", Tensor::tanh), ("relu", activation::relu)];
    let mut sheet = Sheet::new("The variance of activations through fifty layers", activations.len())
        .description("The variance after each layer, for five initializers: one chart for each nonlinearity.");
    for (k, (activation, f)) in activations.into_iter().enumerate() {
        println!("{activation}: variance after layer");
        println!("{:<18}{}", "", SHOWN.map(|layer| format!("{layer:>10}")).concat());
        let variance = Axis::log("variance").from_to(1e-12, 1e12);
        let mut chart = Chart::new(activation, Axis::linear("layer"), variance).size(360.0, 340.0);
        for (name, scheme) in &schemes {
            let line = signal(scheme, f)?;
            println!("{name:<18}{}", SHOWN.map(|layer| format!("{:>10.1e}", line[layer - 1])).concat());
            let points = line.iter().enumerate().map(|(layer, v)| [(layer + 1) as f64, *v]).collect();
            chart = chart.with(Series::line(name, points));
        }
        println!();
        // One legend, beside the last chart, for all.
        chart = if k + 1 == activations.len() { chart.size(540.0, 340.0) } else { chart.without_legend() };
        sheet = sheet.with(&chart);
    }
    if let Some(path) = std::env::args().nth(1) {
        match std::fs::write(&path, sheet.svg()) {
            Ok(()) => println!("{path} shows all layers."),
            Err(error) => println!("{path} cannot be written: {error}."),
        }
    }
    Ok(())
}
