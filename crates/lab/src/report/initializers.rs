//! The page of initializers: what they do to signal and gradient by depth, and to training.

use std::fmt::Write;

use burn::tensor::{Device, Tensor};
use thalweg_init::{AnyScheme, Plan, Probe, propagate};
use thalweg_plot::{Axis, Chart, Series, escape};
use thalweg_train::data::{Dataset, digits};
use thalweg_train::mlp::{Activation, Mlp, MlpConfig};

use super::html::{self, Cell};
use super::order;
use super::overview::chart;
use crate::error::Result;
use crate::summary::{PartSummary, Summary};

/// Layers of the network whose signal is followed.
const DEPTH: usize = 20;

/// Its units in each layer.
const WIDTH: usize = 64;

/// Examples that are followed through it.
const EXAMPLES: usize = 256;

pub fn page(summary: &Summary) -> Result<String> {
    let mut body = String::new();
    let schemes: Vec<String> = {
        let mut all: Vec<String> = summary.parts.iter().flat_map(|part| part.initializers.clone()).collect();
        all.dedup();
        all
    };
    for activation in [Activation::Tanh, Activation::Relu] {
        body.push_str(&depth(&schemes, activation, summary.study.seed)?);
    }
    for part in summary.parts.iter().filter(|part| !part.initializers.is_empty()) {
        for problem in 0..part.problems.len() {
            for (c, contender) in part.contenders.iter().enumerate() {
                let _ = write!(
                    body,
                    "<h2>Training: {} by {}</h2>",
                    escape(&part.problems[problem].text),
                    escape(&contender.label)
                );
                body.push_str(&chart(
                    &curves(part, problem, c).svg(),
                    "Held-out loss, median over seeds with quartiles; each initializer at its own best learning rate.",
                ));
            }
        }
    }
    let lead = "What first values do to the signal on its way forward, to the gradient on its way back, and to training.";
    Ok(html::page(summary, "Initializers", lead, &body))
}

/// Variance by depth under each scheme, as a chart and a table with verdicts.
fn depth(schemes: &[String], activation: Activation, seed: u64) -> Result<String> {
    let device = Device::flex();
    let rows: Vec<usize> = (0..EXAMPLES).collect();
    let (images, _) = digits().batch(&rows, &device);
    let images = (images.clone() - images.clone().mean_dim(0)) * 2.0;
    let sizes = [vec![64], vec![WIDTH; DEPTH]].concat();
    let model = MlpConfig { activation, ..MlpConfig::new(sizes) }.init(seed, &device)?;
    let name = format!("{activation:?}").to_lowercase();
    let chart_of = |what: &str| Chart::new("", Axis::linear("layer"), Axis::log(what)).size(760.0, 360.0);
    let mut forward = chart_of("variance of activations");
    let mut backward = chart_of("mean square of gradients");
    let mut table = vec![];
    for (k, text) in schemes.iter().enumerate() {
        let scheme: AnyScheme = text.parse()?;
        let model = Plan::all(scheme).apply(&model, seed)?;
        let layers = |model: &Mlp, x: &Tensor<2>, probe: &Probe<2>| {
            let mut x = x.clone();
            for (k, layer) in model.layers.iter().enumerate() {
                x = probe.see(&format!("layers.{k}.weight"), model.activation.forward(layer.forward(x)));
            }
        };
        let report = match propagate(&model, &images, layers) {
            Ok(report) => report,
            // Numbers that are not finite are a finding, not a failure.
            Err(error) => {
                table.push(vec![Cell::text(text), Cell::prose(&error.to_string())]);
                continue;
            }
        };
        let points = |of: fn(&thalweg_init::LayerReport) -> f64| -> Vec<[f64; 2]> {
            report.layers.iter().enumerate().map(|(k, layer)| [(k + 1) as f64, of(layer)]).collect()
        };
        forward = forward.with(Series::line(text, points(|layer| layer.forward)).style(k));
        backward = backward.with(Series::line(text, points(|layer| layer.backward)).style(k));
        table.push(vec![Cell::text(text), Cell::prose(&report.verdict())]);
    }
    forward.description =
        format!("The variance of activations after each of {DEPTH} {name} layers, for each initializer.");
    backward.description =
        format!("The mean square of gradients at {DEPTH} {name} layers, for each initializer.");
    Ok(format!(
        "<h2>{DEPTH} {name} layers</h2>{}{}{}",
        html::figure(
            &forward.svg(),
            &format!(
                "Variance of the activations of {EXAMPLES} digits after each {name} layer of width {WIDTH}, before the first step."
            )
        ),
        html::figure(
            &backward.svg(),
            "Mean square of the gradient with respect to each layer's activations, for standard normal gradients at the last one. A line that is missing is zero."
        ),
        html::table(&["Initializer", "Verdict"], &table)
    ))
}

/// Training curves of one optimizer under each initializer.
fn curves(part: &PartSummary, problem: usize, contender: usize) -> Chart {
    let mut chart = Chart::new("", Axis::log("steps"), Axis::log("held-out loss")).size(860.0, 400.0);
    chart.description = "The held-out loss over steps of training, for each initializer.".into();
    for e in order(part).into_iter().filter(|e| part.entrants[*e].contender == contender) {
        let (Some(cell), Some(scheme)) = (part.result(problem, e), part.entrants[e].initializer) else {
            continue;
        };
        let band = &cell.band;
        let points = band.x.iter().zip(&band.middle).map(|(x, y)| [*x, *y]).collect();
        let edges = band.low.iter().zip(&band.high).map(|(low, high)| [*low, *high]).collect();
        chart = chart.with(Series::line(&part.initializers[scheme], points).band(edges).style(scheme));
    }
    chart
}
