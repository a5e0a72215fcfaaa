use burn::module::Module;
use burn::tensor::Tensor;

use super::{Activations, Outputs, variance};
use crate::error::{Error, Result};
use crate::place::{Layer, Place};
use crate::plan::{Plan, parameters};
use crate::schemes::Orthogonal;

/// Over what a variance is made one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Over all of a layer's outputs together, as in the paper.
    Layer,
    /// Over each unit by itself: within-layer normalization, after Krähenbühl et al., "Data-dependent initializations of
    /// convolutional neural networks", 2015.
    Unit,
}

/// Which variance of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarianceOf {
    /// The mean square distance from the mean.
    Population,
    /// Divided by one less than the count, as PyTorch's `var` does by default.
    Sample,
}

/// Layer-sequential unit variance: orthonormal weights, then layer by layer divided until outputs have variance one on a
/// batch.
///
/// Layer by layer: `W ← W/√Var(output)` until `|Var − 1| < tolerance`, at most `tries` times. Mishkin and Matas, "All you
/// need is a good init", 2015.
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Device, Distribution, Tensor};
/// use thalweg_init::Lsuv;
///
/// let device = Device::flex();
/// let model = vec![LinearConfig::new(8, 16).init(&device), LinearConfig::new(16, 4).init(&device)];
/// let batch = Tensor::<2>::random([64, 8], Distribution::Normal(0.0, 3.0), &device);
/// let (model, steps) = Lsuv::default().apply(&model, 7, |layers: &Vec<Linear>| {
///     let first = layers[0].forward(batch.clone());
///     let second = layers[1].forward(first.clone().tanh());
///     vec![("0.weight".into(), first), ("1.weight".into(), second)]
/// })?;
/// assert!(steps.iter().all(|step| (step.variance - 1.0).abs() < 0.1));
/// # let _ = model;
/// # Ok::<(), thalweg_init::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lsuv {
    /// How far from one a variance may stay.
    pub tolerance: f64,
    /// How often a layer is divided at most.
    pub tries: usize,
    /// Over what a variance is taken.
    pub scope: Scope,
    /// Which variance.
    pub variance: VarianceOf,
}

impl Default for Lsuv {
    fn default() -> Self {
        Lsuv { tolerance: 0.1, tries: 10, scope: Scope::Layer, variance: VarianceOf::Population }
    }
}

/// What LSUV did to one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LsuvStep {
    /// The path of its weight.
    pub path: String,
    /// How often it was divided.
    pub tries: usize,
    /// The variance of its outputs in the end; over units, the one that is farthest from one.
    pub variance: f64,
}

impl Lsuv {
    /// Orthonormal weights under a seed, biases of zero, then [`rescale`](Self::rescale).
    ///
    /// `outputs` gives what each layer puts out on the batch, before its nonlinearity, in order from input to output.
    ///
    /// # Errors
    /// As [`rescale`](Self::rescale), and [`Error::Shape`] for a weight of fewer than two axes.
    pub fn apply<M: Module, const D: usize>(
        &self,
        model: &M,
        seed: u64,
        outputs: impl Fn(&M) -> Outputs<D>,
    ) -> Result<(M, Vec<LsuvStep>)> {
        let plan = outputs(model)
            .iter()
            .fold(Plan::new(), |plan, (path, _)| plan.rule(path.as_str(), Orthogonal::default()));
        self.rescale(&plan.apply(model, seed)?, outputs)
    }

    /// Divides the weights as they are, layer by layer.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a path that is no weight of the model, [`Error::Data`] for outputs that are not finite, or all
    /// the same, so that no factor makes their variance one.
    pub fn rescale<M: Module, const D: usize>(
        &self,
        model: &M,
        outputs: impl Fn(&M) -> Outputs<D>,
    ) -> Result<(M, Vec<LsuvStep>)> {
        let (mut model, mut steps) = (model.clone(), vec![]);
        for k in 0..outputs(&model).len() {
            let mut step = LsuvStep { path: String::new(), tries: 0, variance: 0.0 };
            loop {
                let mut all = outputs(&model);
                if k >= all.len() {
                    return Err(Error::Data(
                        "The number of outputs changed while weights were divided; give the same layers each time.".into(),
                    ));
                }
                let (path, output) = all.swap_remove(k);
                let parameter = parameters::read(&model, &path)?;
                let variances = self.variances(&path, &parameter.place, output)?;
                let worst = |a: f64, b: f64| if (b - 1.0).abs() > (a - 1.0).abs() { b } else { a };
                step.variance = variances.iter().copied().fold(1.0, worst);
                step.path = path;
                if (step.variance - 1.0).abs() < self.tolerance || step.tries >= self.tries {
                    break;
                }
                let scaled = divide(&parameter.place, &parameter.values, &variances);
                model = parameters::write(&model, &parameter, &scaled)?;
                step.tries += 1;
            }
            steps.push(step);
        }
        Ok((model, steps))
    }

    /// The variance of a layer's output: of all, or of each unit.
    fn variances<const D: usize>(&self, path: &str, place: &Place, output: Tensor<D>) -> Result<Vec<f64>> {
        let activations = Activations::of(path, output)?;
        let groups = match self.scope {
            Scope::Layer => vec![activations.values],
            Scope::Unit => activations.units(unit_axis(place, activations.shape.len())),
        };
        groups
            .iter()
            .map(|values| {
                let n = values.len() as f64;
                let correction = if self.variance == VarianceOf::Sample { n / (n - 1.0) } else { 1.0 };
                match variance(values) * correction {
                    v if v > 0.0 && v.is_finite() => Ok(v),
                    v => Err(Error::Data(format!(
                        "The outputs of `{path}` have variance {v} on this batch, which no factor makes one; give a batch \
                         of several different examples, and weights that are not zero."
                    ))),
                }
            })
            .collect()
    }
}

/// The axis of a layer's output that counts its units.
fn unit_axis(place: &Place, rank: usize) -> usize {
    match place.layer {
        Layer::Conv | Layer::ConvTranspose if rank > 1 => 1,
        _ => rank - 1,
    }
}

/// A weight divided by the root of its output's variance, of all or unit by unit.
fn divide(place: &Place, weight: &[f64], variances: &[f64]) -> Vec<f64> {
    let root = |unit: usize| variances[unit].sqrt();
    match (variances.len(), place.axes) {
        (1, _) | (_, None) => weight.iter().map(|w| w / root(0)).collect(),
        (units, Some(axes)) => {
            let (n, inner) =
                (place.shape[axes.output], place.shape[axes.output + 1..].iter().product::<usize>());
            // The kernel of a grouped transposed convolution counts the outputs of one group.
            let at = |i: usize| if n == units { root(i / inner % n) } else { root(i / inner % n % units) };
            weight.iter().enumerate().map(|(i, w)| w / at(i)).collect()
        }
    }
}
