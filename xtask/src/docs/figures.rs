//! The pictures of the book and the README.

use burn::tensor::{Device, Tensor};
use thalweg_init::{AnyScheme, Plan, Probe, propagate};
use thalweg_lab::problem::{Path, path};
use thalweg_lab::report;
use thalweg_lab::run::Precision;
use thalweg_landscapes::{Facts, Landscape, Lowest};
use thalweg_plot::{Axis, Chart, Map, Mark, Series};
use thalweg_train::data::{Dataset, digits};
use thalweg_train::mlp::{Activation, Mlp, MlpConfig};

use super::{Item, Made, text};

/// All pictures, by file.
pub const ALL: &[Item] = &[
    ("ravine.svg", ravine),
    ("saddle.svg", saddle),
    ("plateau.svg", plateau),
    ("variance.svg", variance),
    ("ewa.svg", ewa),
    ("bias_correction.svg", bias_correction),
    ("saddle_escape.svg", saddle_escape),
    ("momentum_ravine.svg", momentum_ravine),
    ("adagrad_rate.svg", adagrad_rate),
    ("rmsprop.svg", rmsprop),
    ("adam.svg", adam),
];

pub(super) fn way(
    landscape: &Landscape,
    method: &str,
    lr: f64,
    start: &[f64],
    steps: usize,
) -> Result<Path, String> {
    let method = method.parse().map_err(text)?;
    path(landscape, &method, lr, start, steps, 0, Precision::F64).map_err(text)
}

pub(super) fn landscape(name: &str) -> Result<Landscape, String> {
    thalweg_landscapes::parse(name).map_err(text)
}

/// A plane that falls by one along its coordinate.
pub(super) fn slope() -> Landscape {
    let facts = Facts::in_cube(1, -1e6, 1e6).lowest(Lowest::Bound(-1e9));
    Landscape::custom("slope", facts, |x: Tensor<1>| -x.sum())
}

/// A map of a landscape with the ways of methods from one start.
fn map(
    name: &str,
    ranges: [[f64; 2]; 2],
    start: [f64; 2],
    methods: &[(&str, &str, f64)],
    steps: usize,
) -> Result<Map, String> {
    let own = landscape(name)?;
    // The part that is seen, not the whole box, is what contours are drawn of.
    let value = own.clone();
    let mut facts = Facts::in_box(ranges.to_vec());
    facts.critical_points = own.facts().critical_points.clone();
    let seen = Landscape::custom(name, facts, move |x| value.value(x));
    let mut map = report::map(&seen).map_err(text)?.ok_or("it has one coordinate")?;
    for (label, method, lr) in methods {
        let way = way(&own, method, *lr, &start, steps)?;
        map.ways.push(Series::line(label, way.points.iter().map(|x| [x[0], x[1]]).collect()));
    }
    map.marks.push((start, Mark::Start));
    map.size = [720.0, 400.0];
    Ok(map)
}

fn ravine() -> Made {
    let methods = [("gradient descent", "sgd", 0.076), ("smaller rate", "sgd", 0.02)];
    let mut map = map("ellipsoid(n=2, condition=25)", [[-1.0, 5.0], [-2.5, 2.5]], [4.5, 1.5], &methods, 60)?;
    map.title = "A ravine".into();
    map.description = "Gradient descent zigzags between the walls of a narrow valley; at a smaller rate it does not, but creeps.".into();
    Ok(map.svg())
}

fn saddle() -> Made {
    let methods = [("gradient descent", "sgd", 0.1), ("heavy ball", "momentum(momentum=0.9)", 0.03)];
    let mut map = map("double_well_2d", [[-1.5, 1.5], [-1.5, 1.5]], [1.2, 1e-3], &methods, 120)?;
    map.title = "A saddle between two wells".into();
    map.description =
        "Two ways come down to the saddle between two minima, stay there for a while, and leave to the side."
            .into();
    Ok(map.svg())
}

fn plateau() -> Made {
    let own = landscape("tanh_flats(n=2)")?;
    let mut chart = Chart::new("A plateau", Axis::linear("step"), Axis::log("value above the lowest"))
        .description("The value stays level for long and then falls at once; adaptive rates get there sooner.");
    for (label, method, lr) in
        [("gradient descent", "sgd", 1.0), ("heavy ball", "momentum(momentum=0.9)", 1.0), ("Adam", "adam", 0.3)]
    {
        let way = way(&own, method, lr, &[2.5, -2.5], 200)?;
        let lowest = own.lowest().in_box().unwrap_or(0.0);
        let points = way.values.iter().enumerate().map(|(k, v)| [k as f64, (v - lowest).max(1e-9)]).collect();
        chart = chart.with(Series::line(label, points));
    }
    Ok(chart.svg())
}

fn variance() -> Made {
    let device = Device::flex();
    let (images, _) = digits().batch(&(0..256).collect::<Vec<_>>(), &device);
    let images = (images.clone() - images.clone().mean_dim(0)) * 2.0;
    let sizes = [vec![64], vec![64; 30]].concat();
    let config = MlpConfig { activation: Activation::Relu, ..MlpConfig::new(sizes) };
    let model = config.init(1, &device).map_err(text)?;
    let mut chart = Chart::new("Signal through thirty relu layers", Axis::linear("layer"), Axis::log("variance of activations"))
        .description("Under Kaiming's scheme the variance stays level; under Xavier's it halves in each layer, and under fixed deviations it explodes or vanishes.");
    for scheme in ["normal(std=0.01)", "normal(std=0.3)", "xavier_normal", "kaiming_normal"] {
        let own: AnyScheme = scheme.parse().map_err(text)?;
        let model = Plan::all(own).apply(&model, 1).map_err(text)?;
        let report = propagate(&model, &images, |model: &Mlp, x: &Tensor<2>, probe: &Probe<2>| {
            let mut x = x.clone();
            for (k, layer) in model.layers.iter().enumerate() {
                x = probe.see(&format!("layers.{k}.weight"), model.activation.forward(layer.forward(x)));
            }
        });
        let report = report.map_err(text)?;
        let points =
            report.layers.iter().enumerate().map(|(k, layer)| [(k + 1) as f64, layer.forward]).collect();
        chart = chart.with(Series::line(scheme, points));
    }
    Ok(chart.svg())
}

/// A noisy wave: the same numbers every time.
fn data() -> Vec<f64> {
    let mut state = 1u64;
    let mut noise = || {
        let mut sum = 0.0;
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sum += (state >> 11) as f64 / (1u64 << 53) as f64;
        }
        sum - 6.0
    };
    (0..120).map(|t| 2.0 + (f64::from(t) / 18.0).sin() + 0.35 * noise()).collect()
}

/// The exponentially weighted average of numbers.
fn average(numbers: &[f64], beta: f64, correct: bool) -> Vec<[f64; 2]> {
    let (mut s, mut all) = (0.0, vec![]);
    for (k, x) in numbers.iter().enumerate() {
        s = beta * s + (1.0 - beta) * x;
        let correction = if correct { 1.0 - beta.powi(k as i32 + 1) } else { 1.0 };
        all.push([k as f64 + 1.0, s / correction]);
    }
    all
}

fn raw(numbers: &[f64]) -> Series {
    let points: Vec<[f64; 2]> = numbers.iter().enumerate().map(|(k, x)| [k as f64 + 1.0, *x]).collect();
    Series::line("data", points).style(7)
}

fn ewa() -> Made {
    let numbers = data();
    let mut chart = Chart::new("Exponentially weighted averages", Axis::linear("t"), Axis::linear("value"))
        .description("Over noisy data a small β follows every jump, a large one is smooth and late.")
        .with(raw(&numbers));
    for (k, beta) in [0.5, 0.9, 0.98].into_iter().enumerate() {
        chart = chart.with(Series::line(&format!("β = {beta}"), average(&numbers, beta, true)).style(k));
    }
    Ok(chart.svg())
}

fn bias_correction() -> Made {
    let numbers: Vec<f64> = data().into_iter().take(60).collect();
    let chart = Chart::new("Bias correction at β = 0.95", Axis::linear("t"), Axis::linear("value"))
        .description("Without correction the average starts near zero and needs dozens of steps to reach the data; with it, it is there at once.")
        .with(raw(&numbers))
        .with(Series::line("without", average(&numbers, 0.95, false)).style(1))
        .with(Series::line("with", average(&numbers, 0.95, true)).style(0));
    Ok(chart.svg())
}

fn saddle_escape() -> Made {
    let own = landscape("saddle_index_k(n=2, k=1)")?;
    let away = super::facts::falling(&own)?;
    let mut start = [1.0, 1.0];
    start[away] = 1e-6;
    let mut chart = Chart::new("Leaving a strict saddle", Axis::linear("step"), Axis::log("distance from the stable manifold").from_to(1e-7, 10.0))
        .description("From a millionth away, the heavy ball leaves first, plain descent later, and the averaged form of momentum last, all at one rate.");
    for (label, method) in super::facts::FORMS {
        let way = way(&own, method, 0.1, &start, 240)?;
        let points = way
            .points
            .iter()
            .enumerate()
            .map(|(k, x)| [k as f64, x[away].abs()])
            .filter(|p| p[1] < 10.0)
            .collect();
        chart = chart.with(Series::line(label, points));
    }
    Ok(chart.svg())
}

fn momentum_ravine() -> Made {
    let methods = [("gradient descent", "sgd", 0.076), ("heavy ball, β = 0.6", "momentum(momentum=0.6)", 0.06)];
    let mut map = map("ellipsoid(n=2, condition=25)", [[-1.0, 5.0], [-2.5, 2.5]], [4.5, 1.5], &methods, 30)?;
    map.title = "Thirty steps in a ravine".into();
    map.description = "Momentum lets the swings across the valley cancel and the steps along it add up.".into();
    Ok(map.svg())
}

fn adagrad_rate() -> Made {
    let mut chart = Chart::new("Speed on a constant slope", Axis::log("step"), Axis::log("length of a step"))
        .description("The steps of AdaGrad shrink like one over the root of their number; those of RMSProp keep their length.");
    for (label, method) in [("AdaGrad", "notes_adagrad"), ("RMSProp", "notes_rmsprop")] {
        let way = way(&slope(), method, 0.1, &[0.0], 10_000)?;
        let speed = |k: usize| [k as f64 + 1.0, way.points[k + 1][0] - way.points[k][0]];
        let at = (0..).map(|k| 10f64.powf(f64::from(k) / 12.0) as usize).take_while(|k| *k < 10_000);
        chart = chart.with(Series::line(label, at.map(speed).collect()));
    }
    Ok(chart.svg())
}

/// Values over steps on a ravine, each method at the best of a grid of rates.
fn best_on_ravine(title: &str, description: &str, methods: &[(&str, &str)]) -> Made {
    let own = landscape("ellipsoid(n=5)")?;
    let start = vec![3.0; 5];
    let mut chart =
        Chart::new(title, Axis::log("step"), Axis::log("value").from_to(1e-9, 1e8)).description(description);
    for (label, method) in methods {
        let mut best: Option<Path> = None;
        for k in 0..28 {
            let way = way(&own, method, 10f64.powf(-7.0 + f64::from(k) / 3.0), &start, 2000)?;
            let steps = |way: &Path| way.values.iter().position(|v| *v <= 1e-8).unwrap_or(usize::MAX);
            let last = |way: &Path| if way.values.len() == 2001 { way.values[2000] } else { f64::INFINITY };
            let is_better = |old: &Path| (steps(&way), last(&way)) < (steps(old), last(old));
            if best.as_ref().is_none_or(is_better) {
                best = Some(way);
            }
        }
        let way = best.ok_or("no rate was tried")?;
        // A line ends where the target is hit: a run would be stopped there.
        let end = way.values.iter().position(|v| *v <= 1e-8).map_or(way.values.len(), |at| at + 1);
        let points =
            way.values[..end].iter().enumerate().skip(1).map(|(k, v)| [k as f64, v.max(1e-9)]).collect();
        chart = chart.with(Series::line(label, points));
    }
    Ok(chart.svg())
}

fn rmsprop() -> Made {
    best_on_ravine(
        "AdaGrad and RMSProp on a badly scaled ravine",
        "Both cross a ravine of condition one million at their best rates; descent does not get down.",
        &[("gradient descent", "sgd"), ("AdaGrad", "notes_adagrad"), ("RMSProp", "notes_rmsprop")],
    )
}

fn adam() -> Made {
    best_on_ravine(
        "The five of the notes on a badly scaled ravine",
        "At their best rates the adaptive three get down where descent and momentum stay high.",
        &[
            ("gradient descent", "sgd"),
            ("momentum", "momentum"),
            ("AdaGrad", "notes_adagrad"),
            ("RMSProp", "notes_rmsprop"),
            ("Adam", "notes_adam"),
        ],
    )
}

/// The README's picture: ways on a saddle and in a ravine, side by side.
pub fn picture() -> Made {
    let methods = [
        ("gradient descent", "sgd", 0.1),
        ("heavy ball", "momentum(momentum=0.9)", 0.03),
        ("Adam", "adam", 0.08),
    ];
    let mut left = map("double_well_2d", [[-1.5, 1.5], [-1.5, 1.5]], [1.2, 1e-2], &methods, 150)?;
    let methods = [
        ("gradient descent", "sgd", 1.2e-3),
        ("heavy ball", "momentum(momentum=0.9)", 5e-4),
        ("Adam", "adam", 0.08),
    ];
    let mut right = map("rosenbrock(n=2)", [[-1.8, 1.6], [-0.6, 1.8]], [-1.2, 1.0], &methods, 150)?;
    (left.title, right.title) = ("A saddle".into(), "A ravine".into());
    left.description = "Ways of three optimizers over a saddle.".into();
    right.description = "Ways of three optimizers through a curved ravine.".into();
    left.legend = false;
    (left.size, right.size) = ([400.0, 360.0], [540.0, 360.0]);
    let place = |svg: String, x: f64| svg.replacen("<svg ", &format!("<svg x=\"{x}\" "), 1);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 940 360\" width=\"940\" height=\"360\" role=\"img\" \
         aria-label=\"Ways of three optimizers over a saddle and through a ravine\">{}{}</svg>\n",
        place(left.svg(), 0.0),
        place(right.svg(), 400.0)
    ))
}
