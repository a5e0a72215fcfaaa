use std::cell::RefCell;
use std::fmt;

use burn::module::{Module, Param};
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
    /// The mean square of the gradient with respect to its outputs, for a gradient of independent standard normal numbers at
    /// the last layer's.
    pub backward: f64,
    /// The mean square of the gradient with respect to its weight, for the same.
    pub weight: f64,
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

/// Looks at what layers put out on the way through a model; [`propagate`] makes it.
pub struct Probe<const D: usize> {
    seen: RefCell<Outputs<D>>,
    /// Zeros that are added to the outputs, one for each, so that gradients with respect to them are those of the outputs.
    nudges: Vec<Tensor<D>>,
}

impl<const D: usize> Probe<D> {
    fn new(nudges: Vec<Tensor<D>>) -> Self {
        Probe { seen: RefCell::new(vec![]), nudges }
    }

    /// Takes note of the output of the layer whose weight is at `path`, and gives it back: go on with what is given back.
    pub fn see(&self, path: &str, output: Tensor<D>) -> Tensor<D> {
        let mut seen = self.seen.borrow_mut();
        let output = match self.nudges.get(seen.len()) {
            Some(nudge) => output + nudge.clone(),
            None => output,
        };
        seen.push((path.to_string(), output.clone()));
        output
    }
}

/// Follows a batch through a model at initialization: the variance of activations forward, of gradients backward, and units
/// that are dead or alike.
///
/// `forward` runs the model and passes each layer's output through [`Probe::see`], after its nonlinearity if that is to be
/// seen, in order. Gradients come from `thalweg-autodiff`, on the model's device.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Device, Distribution, Tensor};
/// use thalweg_init::schemes::Constant;
/// use thalweg_init::{Probe, plan, propagate};
///
/// let device = Device::flex();
/// let model = vec![LinearConfig::new(8, 16).init(&device), LinearConfig::new(16, 4).init(&device)];
/// let model = plan! { _ => Constant { value: 0.1 } }.apply(&model, 7)?;
/// let batch = Tensor::<2>::random([64, 8], Distribution::Normal(0.0, 1.0), &device);
/// let report = propagate(&model, &batch, |layers: &Vec<Linear>, x: &Tensor<2>, probe: &Probe<2>| {
///     let x = probe.see("0.weight", layers[0].forward(x.clone()).tanh());
///     probe.see("1.weight", layers[1].forward(x));
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
    forward: impl Fn(&M, &B, &Probe<D>),
) -> Result<Propagation> {
    let probe = Probe::new(vec![]);
    forward(model, batch, &probe);
    let all = probe.seen.into_inner();
    let Some((_, last)) = all.last() else {
        return Err(Error::Data(
            "There are no outputs to follow; pass those of at least one layer through `see`.".into(),
        ));
    };
    let normal = Draws::new(0, "cotangent").sample(&Law::normal(1.0), last.shape().num_elements());
    let data = TensorData::new(normal, last.shape()).convert_dtype(last.dtype());
    let cotangent = Tensor::<D>::from_data(data, (&last.device(), last.dtype()));
    type Nudged<M, const D: usize> = (M, Vec<Param<Tensor<D>>>);
    let loss = |(model, nudges): &Nudged<M, D>, (batch, cotangent): &(B, Tensor<D>)| {
        let probe = Probe::new(nudges.iter().map(Param::val).collect());
        forward(model, batch, &probe);
        let last = probe.seen.into_inner().pop().map(|(_, last)| last);
        last.map_or_else(|| cotangent.clone().sum(), |last| (last * cotangent.clone()).sum())
    };
    let nudges = all.iter().map(|(_, output)| Param::from_tensor(output.zeros_like().detach())).collect();
    let nudged: Nudged<M, D> = (model.clone(), nudges);
    let (_, AsModule((gradient, backward))) = value_and_grad(loss)(&nudged, &(batch.clone(), cotangent))?;
    let square = |values: &[f64]| values.iter().map(|g| g * g).sum::<f64>() / values.len() as f64;
    let layer = |((path, output), backward): ((String, Tensor<D>), Param<Tensor<D>>)| {
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
            backward: square(&backward.val().into_data().iter().collect::<Vec<f64>>()),
            weight: square(&gradient.values),
            dead: dead / count,
            symmetric: symmetric / count,
            path,
        })
    };
    Ok(Propagation { layers: all.into_iter().zip(backward).map(layer).collect::<Result<_>>()? })
}

/// Beyond this factor from end to end, signals are called vanishing or exploding.
const FACTOR: f64 = 1e3;

/// From this part on, dead units are a finding: deep relu layers make all inputs alike, and then half of the units are off
/// on a whole batch for good reason.
const DEAD: f64 = 0.75;

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
            && most >= DEAD
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
            "{:<width$}  {:>12}  {:>12}  {:>12}  {:>6}  {:>6}",
            "layer", "forward", "backward", "weight", "dead", "alike"
        )?;
        for layer in &self.layers {
            writeln!(
                f,
                "{:<width$}  {:>12}  {:>12}  {:>12}  {:>5.0}%  {:>5.0}%",
                layer.path,
                short(layer.forward),
                short(layer.backward),
                short(layer.weight),
                100.0 * layer.dead,
                100.0 * layer.symmetric
            )?;
        }
        f.write_str(&self.verdict())
    }
}
