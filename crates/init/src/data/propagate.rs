use std::fmt;

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use thalweg_autodiff::Tree;
use thalweg_autodiff::module::{AsModule, value_and_grad};

use super::{Activations, Outputs, variance};
use crate::draws::Draws;
use crate::error::{Error, Result};
use crate::law::{Law, short};
use crate::place::Layer;
use crate::plan::parameters;

/// What goes through one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerReport {
    /// The path of its weight.
    pub path: String,
    /// The variance of its outputs over the batch.
    pub forward: f64,
    /// The mean square of the gradient with respect to its weight, for a gradient of independent standard normal numbers at
    /// the last layer's outputs.
    pub backward: f64,
    /// The part of its units that are zero on the whole batch.
    pub dead: f64,
    /// The part of its units that equal an earlier one on the whole batch.
    pub symmetric: f64,
}

/// How activations and gradients go through a model; prints as a table with a verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Propagation {
    /// The layers, from input to output.
    pub layers: Vec<LayerReport>,
}

/// Follows a batch through a model at initialization: the variance of activations forward, of gradients backward, and units
/// that are dead or alike.
///
/// `outputs` gives what each layer puts out, after its nonlinearity if that is to be seen, in order. Gradients come from
/// `thalweg-autodiff`, on the model's device.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Device, Distribution, Tensor};
/// use thalweg_init::schemes::Constant;
/// use thalweg_init::{plan, propagate};
///
/// let device = Device::flex();
/// let model = vec![LinearConfig::new(8, 16).init(&device), LinearConfig::new(16, 4).init(&device)];
/// let model = plan! { _ => Constant { value: 0.1 } }.apply(&model, 7)?;
/// let batch = Tensor::<2>::random([64, 8], Distribution::Normal(0.0, 1.0), &device);
/// let report = propagate(&model, &batch, |layers: &Vec<Linear>, x: &Tensor<2>| {
///     let first = layers[0].forward(x.clone()).tanh();
///     let second = layers[1].forward(first.clone());
///     vec![("0.weight".into(), first), ("1.weight".into(), second)]
/// })?;
/// assert!(report.verdict().starts_with("Symmetric units"));
/// # Ok::<(), thalweg_init::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unknown`] for a path that is no weight of the model, [`Error::Data`] for no outputs or outputs that are not finite,
/// [`Error::Autodiff`] if the model cannot be differentiated.
pub fn propagate<M: Module, B: Tree + Clone, const D: usize>(
    model: &M,
    batch: &B,
    outputs: impl Fn(&M, &B) -> Outputs<D>,
) -> Result<Propagation> {
    let all = outputs(model, batch);
    let Some((_, last)) = all.last() else {
        return Err(Error::Data("There are no outputs to follow; give those of at least one layer.".into()));
    };
    let normal = Draws::new(0, "cotangent").sample(&Law::normal(1.0), last.shape().num_elements());
    let data = TensorData::new(normal, last.shape()).convert_dtype(last.dtype());
    let cotangent = Tensor::<D>::from_data(data, (&last.device(), last.dtype()));
    let loss = |model: &M, (batch, cotangent): &(B, Tensor<D>)| {
        let last = outputs(model, batch).pop().map(|(_, last)| last);
        last.map_or_else(|| cotangent.clone().sum(), |last| (last * cotangent.clone()).sum())
    };
    let (_, AsModule(gradient)) = value_and_grad(loss)(model, &(batch.clone(), cotangent))?;
    let layer = |(path, output): (String, Tensor<D>)| {
        let activations = Activations::of(&path, output)?;
        let gradient = parameters::read(&gradient, &path)?;
        let is_convolution = matches!(gradient.place.layer, Layer::Conv | Layer::ConvTranspose);
        let axis = if is_convolution && D > 1 { 1 } else { D - 1 };
        let mut units = activations.units(axis);
        let count = units.len() as f64;
        let dead = units.iter().filter(|unit| unit.iter().all(|x| *x == 0.0)).count() as f64;
        units.retain(|unit| unit.iter().any(|x| *x != 0.0));
        // Alike units stand beside one another in order; rounding may differ by their place in a product.
        units.sort_by(|a, b| {
            a.iter()
                .zip(b)
                .map(|(a, b)| a.total_cmp(b))
                .find(|o| o.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let alike = |pair: &&[Vec<f64>]| {
            let scale = pair[0].iter().fold(0.0, |most: f64, x| most.max(x.abs()));
            pair[0].iter().zip(&pair[1]).all(|(a, b)| (a - b).abs() <= 1e-5 * scale)
        };
        let symmetric = units.windows(2).filter(alike).count() as f64;
        Ok(LayerReport {
            forward: variance(&activations.values),
            backward: gradient.values.iter().map(|g| g * g).sum::<f64>() / gradient.values.len() as f64,
            dead: dead / count,
            symmetric: symmetric / count,
            path,
        })
    };
    Ok(Propagation { layers: all.into_iter().map(layer).collect::<Result<_>>()? })
}

/// Beyond this factor from end to end, signals are called vanishing or exploding.
const FACTOR: f64 = 1e3;

impl Propagation {
    /// What is wrong, in a sentence with a remedy; or that nothing is.
    pub fn verdict(&self) -> String {
        let part = |of: fn(&LayerReport) -> f64| {
            self.layers.iter().max_by(|a, b| of(a).total_cmp(&of(b))).map(|layer| (of(layer), &layer.path))
        };
        let percent = |x: f64| format!("{:.0} %", 100.0 * x);
        if let Some((most, path)) = part(|layer| layer.symmetric)
            && most >= 0.5
        {
            return format!(
                "Symmetric units: {} of those of `{path}` equal another one, and will for ever; draw its weights at random.",
                percent(most)
            );
        }
        if let Some((most, path)) = part(|layer| layer.dead)
            && most >= 0.5
        {
            return format!(
                "Dead units: {} of those of `{path}` are zero on the whole batch; give it larger weights, biases of zero, or \
                 a nonlinearity with a slope below zero.",
                percent(most)
            );
        }
        let (Some(first), Some(last)) = (self.layers.first(), self.layers.last()) else {
            return "There is no layer.".into();
        };
        for (what, from, to) in
            [("activations", first.forward, last.forward), ("gradients", last.backward, first.backward)]
        {
            let change = to / from;
            let name = match change {
                c if c > FACTOR => "Exploding",
                c if c < 1.0 / FACTOR || c.is_nan() => "Vanishing",
                _ => continue,
            };
            let remedy = if name == "Exploding" { "smaller" } else { "larger" };
            return format!(
                "{name} {what}: their mean square changes from {} to {} through {} layers; choose a scheme with a {remedy} \
                 gain, such as `kaiming_normal` for relu and `xavier_normal(gain=1.6666666666666667)` for tanh.",
                short(from),
                short(to),
                self.layers.len()
            );
        }
        "Healthy: activations and gradients keep their size, and no units are dead or alike.".into()
    }
}

impl fmt::Display for Propagation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.layers.iter().map(|layer| layer.path.chars().count()).max().unwrap_or(0).max(5);
        writeln!(
            f,
            "{:<width$}  {:>12}  {:>12}  {:>6}  {:>6}",
            "layer", "forward", "backward", "dead", "alike"
        )?;
        for layer in &self.layers {
            writeln!(
                f,
                "{:<width$}  {:>12}  {:>12}  {:>5.0}%  {:>5.0}%",
                layer.path,
                short(layer.forward),
                short(layer.backward),
                100.0 * layer.dead,
                100.0 * layer.symmetric
            )?;
        }
        f.write_str(&self.verdict())
    }
}
