//! The variance of activations through fifty layers, for five schemes and three nonlinearities, as a table and a picture.
//!
//! `cargo run --release --example deep_signal [FILE.svg]`

use std::fmt::Write as _;

use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Distribution, Tensor, activation};
use thalweg::init::schemes::{Kaiming, Normal, Orthogonal, Xavier};
use thalweg::init::{AnyScheme, Plan, Result};

const WIDTH: usize = 128;
const DEPTH: usize = 50;
const SHOWN: [usize; 5] = [1, 5, 10, 25, 50];
const COLOURS: [&str; 5] = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#aa3377"];

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
    let mut panels = vec![];
    for (activation, f) in activations {
        println!("{activation}: variance after layer");
        println!("{:<18}{}", "", SHOWN.map(|layer| format!("{layer:>10}")).concat());
        let mut lines = vec![];
        for (name, scheme) in &schemes {
            let line = signal(scheme, f)?;
            println!("{name:<18}{}", SHOWN.map(|layer| format!("{:>10.1e}", line[layer - 1])).concat());
            lines.push(line);
        }
        println!();
        panels.push((activation, lines));
    }
    let names = schemes.map(|(name, _)| name);
    if let Some(path) = std::env::args().nth(1) {
        match std::fs::write(&path, picture(&names, &panels)) {
            Ok(()) => println!("{path} shows all layers."),
            Err(error) => println!("{path} cannot be written: {error}."),
        }
    }
    Ok(())
}

/// One panel for each nonlinearity: layers to the right, the variance's power of ten upwards, cut at ±12.
fn picture(names: &[&str], panels: &[(&str, Vec<Vec<f64>>)]) -> String {
    let (width, height, margin) = (260.0, 240.0, 40.0);
    let total = (panels.len() as f64 * (width + margin) + margin, height + 2.0 * margin + 20.0);
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {} {}' font-family='sans-serif' font-size='11'>\n",
        total.0, total.1
    );
    let y = |power: f64| margin + height * (12.0 - power.clamp(-12.0, 12.0)) / 24.0;
    for (k, (title, lines)) in panels.iter().enumerate() {
        let left = margin + k as f64 * (width + margin);
        let x = |layer: usize| left + width * layer as f64 / (DEPTH - 1) as f64;
        let _ = writeln!(
            svg,
            "<rect x='{left}' y='{margin}' width='{width}' height='{height}' fill='none' stroke='#999'/>\
             <text x='{left}' y='{}'>{title}</text>",
            margin - 8.0
        );
        for power in [-12, -6, 0, 6, 12] {
            let at = y(f64::from(power));
            let _ = writeln!(svg, "<text x='{}' y='{at}' text-anchor='end'>1e{power}</text>", left - 4.0);
        }
        for (line, colour) in lines.iter().zip(COLOURS) {
            // What has overflowed is above everything.
            let power = |v: f64| if v.is_nan() { 12.0 } else { v.max(1e-300).log10() };
            let point = |(layer, v): (usize, &f64)| format!("{:.1},{:.1}", x(layer), y(power(*v)));
            let points: Vec<String> = line.iter().enumerate().map(point).collect();
            let _ = writeln!(svg, "<polyline points='{}' fill='none' stroke='{colour}'/>", points.join(" "));
        }
    }
    for (k, (name, colour)) in names.iter().zip(COLOURS).enumerate() {
        let (x, y) = (margin + 160.0 * k as f64, height + margin + 30.0);
        let _ = writeln!(svg, "<text x='{x}' y='{y}' fill='{colour}'>{name}</text>");
    }
    svg + "</svg>\n"
}
