//! How many steps descent, momentum, perturbed descent and saddle-free Newton need to leave an inflection, a strict saddle
//! and a chain of saddles.
//!
//! Momentum is told in two forms that differ in one factor: the *average* `S ← βS + (1 − β)g` of the study notes, whose
//! gain on a steady gradient is one, and the *accumulation* `v ← βv + g` of the heavy ball, whose gain is `1/(1 − β)`.
//! Only the second crosses an inflection and leaves a saddle sooner than plain descent; at an equal rate the first leaves
//! it later.
//!
//! Run it with `cargo run --release --example escape_saddle`.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg::landscapes;
use thalweg::optim::solvers::{AnySolver, Memory, Oracle, Solver, oracle};

/// Whether a point is out of what holds it.
type Condition<'a> = dyn Fn(&[f64]) -> bool + 'a;

type Error = Box<dyn std::error::Error>;

/// The methods, each at one rate; `{lr}` stands for it.
const METHODS: [(&str, &str); 5] = [
    ("gradient descent", "lifted(sgd(lr={lr}))"),
    ("averaged momentum", "lifted(chain([ema(decay=0.9, debias=false), sgd(lr={lr})]))"),
    ("heavy ball", "lifted(momentum(lr={lr}, momentum=0.9))"),
    ("perturbed descent", "perturbed_descent(lr={lr}, gradient=0.01, radius=0.01, interval=50)"),
    ("saddle-free Newton", "saddle_free_newton"),
];

const MOST: usize = 3000;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// It was out after so many steps.
    Left(usize),
    /// The method saw no reason to go on.
    Stopped(usize),
    /// It was still there after the last step.
    Stayed,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            End::Left(steps) => f.pad(&steps.to_string()),
            End::Stopped(steps) => f.pad(&format!("stops at {steps}")),
            End::Stayed => f.pad("never"),
        }
    }
}

/// Steps until each of the conditions has held once.
fn run(f: &dyn Oracle, solver: &AnySolver, start: &[f64], out: &[&Condition]) -> Result<Vec<End>, Error> {
    let (mut x, mut memory) = (start.to_vec(), Memory::default());
    let mut ends = vec![End::Stayed; out.len()];
    for step in 1..=MOST {
        let outcome = solver.step(f, &mut x, &mut memory, solver.lr())?.outcome;
        for (end, is_out) in ends.iter_mut().zip(out) {
            match *end {
                End::Stayed if is_out(&x) => *end = End::Left(step),
                End::Stayed if outcome.is_some() => *end = End::Stopped(step),
                _ => {}
            }
        }
        if outcome.is_some() || !ends.contains(&End::Stayed) {
            break;
        }
    }
    Ok(ends)
}

/// All methods on one function: a row for each condition, a column for each method.
fn compare(
    title: &str,
    f: impl Fn(Tensor<1>) -> Tensor<1>,
    start: &[f64],
    lr: f64,
    rows: &[(&str, &Condition)],
) -> Result<Vec<Vec<End>>, Error> {
    let like = Tensor::<1>::from_data(TensorData::from(start), (&Device::flex(), DType::F64));
    let f = oracle(f, &like)?;
    let conditions: Vec<&Condition> = rows.iter().map(|(_, is_out)| *is_out).collect();
    let mut columns = vec![];
    for (_, method) in METHODS {
        let solver: AnySolver = method.replace("{lr}", &lr.to_string()).parse()?;
        columns.push(run(&f, &solver, start, &conditions)?);
    }
    println!("\n{title}");
    for (k, (name, _)) in rows.iter().enumerate() {
        let cells: Vec<String> = columns.iter().map(|ends| format!("{:>18}", ends[k])).collect();
        println!("{name:<26}{}", cells.join(" "));
    }
    Ok(columns)
}

fn main() -> Result<(), Error> {
    let names: Vec<String> = METHODS.iter().map(|(name, _)| format!("{name:>18}")).collect();
    println!("{:<26}{}", "steps, at most 3000", names.join(" "));

    let cube = |x: Tensor<1>| x.powi_scalar(3).sum();
    let out = |x: &[f64]| x[0] < -1.0;
    let ends = compare("Inflection: f = x³ from 1, rate 0.03", cube, &[1.0], 0.03, &[("until x < −1", &out)])?;
    assert!(matches!(ends[2][0], End::Left(_)), "accumulation crosses the inflection");
    assert!(
        ends[0][0] == End::Stayed && ends[1][0] == End::Stayed,
        "neither plain descent nor the average does"
    );

    // The figures of the study notes' claim: 145 steps of plain descent, 226 of the average, 52 of the heavy ball.
    let saddle = |x: Tensor<1>| {
        let (along, across) = (x.clone().slice(0..1), x.slice(1..2));
        (along.square() - across.square()) * 0.5
    };
    let out = |x: &[f64]| x[1].abs() >= 1.0;
    let rows: &[(&str, &Condition)] = &[("until |y| ≥ 1", &out)];
    let title = "Strict saddle: f = ½(x² − y²) from (1, 1e-6), rate 0.1, β = 0.9";
    let ends = compare(title, saddle, &[1.0, 1e-6], 0.1, rows)?;
    assert_eq!([ends[0][0], ends[1][0], ends[2][0]], [145, 226, 52].map(End::Left));
    let ends = compare("The same from (1, 0), on its stable manifold", saddle, &[1.0, 0.0], 0.1, rows)?;
    assert!(ends[..3].iter().all(|ends| ends[0] == End::Stayed), "without noise or curvature nothing leaves");
    assert!(ends[3..].iter().all(|ends| matches!(ends[0], End::Left(_))));

    // After Du et al., Gradient descent can take exponential time to escape saddle points (2017): a saddle for each
    // coordinate, passed one after the other. L = 2, γ = 1, τ = e, rate 1/(4L).
    let chain = landscapes::parse("saddle_chain(n=6, l=2)")?;
    let passed: Vec<(String, Box<Condition>)> = (0..6)
        .map(|k| {
            let is_out: Box<Condition> = Box::new(move |x| x[k].abs() >= 2.0 * std::f64::consts::E);
            (format!("until saddle {} is passed", k + 1), is_out)
        })
        .collect();
    let rows: Vec<(&str, &Condition)> =
        passed.iter().map(|(name, is_out)| (name.as_str(), is_out.as_ref())).collect();
    let start = [0.940026, 0.370566, 0.319542, 0.97412, 0.443104, 0.40082];
    let ends = compare("Chain of six saddles, rate 1/8", |x| chain.value(x), &start, 0.125, &rows)?;
    assert_eq!(ends[0][..5], [8, 40, 171, 706, 2905].map(End::Left), "a factor of four from saddle to saddle");
    assert_eq!(ends[0][5], End::Stayed);
    assert_eq!(ends[2], [5, 13, 20, 26, 35, 49].map(End::Left), "the heavy ball needs about as long for each");
    assert!(ends[3..].iter().flatten().all(|end| matches!(end, End::Left(_))), "these two pass all");
    Ok(())
}
