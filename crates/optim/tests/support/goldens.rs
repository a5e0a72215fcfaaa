//! Trajectories of reference implementations: the problems they were made on, and how ours are held against them.

mod solving;

use std::collections::HashMap;

use burn::tensor::{DType, Device, Tensor, TensorData};
use serde_json::Value;
use thalweg_autodiff::{Traced, trace, value_and_grad};
use thalweg_optim::{AnyRecipe, Driver, Error, Parameter, Transform, from_reference, solvers};

/// Relative to the larger of one and the reference, times the growth of a perturbation of the start.
const TOLERANCE: f64 = 1e-12;

/// For what the reference computes partly in single precision.
const LOW: f64 = 1e-7;

/// Where a perturbation of the start has grown more than this, the trajectory says nothing.
const CHAOS: f64 = 1e6;

/// What a case has shown.
pub enum Verdict {
    /// Every number agrees.
    Agrees,
    /// One does not, or the optimizer cannot be built.
    Differs { at: String, expected: String, got: String },
    /// There is no such optimizer or problem here.
    Unknown(String),
}

/// A file of trajectories.
pub fn matches(content: &Value) -> bool {
    content["meta"]["problems"].is_object() && content["cases"][0]["traj"].is_array()
}

/// Holds each case of a file against its reference.
pub fn check(content: &Value, mut each: impl FnMut(&Value, Verdict)) {
    let mut problems = Problems { meta: &content["meta"], known: HashMap::new() };
    for case in content["cases"].as_array().into_iter().flatten() {
        each(case, verdict(case, &mut problems));
    }
}

/// The recipe of a case.
pub fn recipe(case: &Value) -> Result<AnyRecipe, Error> {
    let call = |name: &str| case[name].as_str();
    let parts = ["pre", "call", "avg"].iter().filter_map(|name| call(name).map(from_reference));
    let parts = parts.collect::<Result<Vec<AnyRecipe>, Error>>()?;
    match &parts[..] {
        [only] => Ok(only.clone()),
        several => {
            let texts: Vec<String> = several.iter().map(AnyRecipe::to_string).collect();
            thalweg_optim::parse(&format!("chain([{}])", texts.join(", ")))
        }
    }
}

fn verdict(case: &Value, problems: &mut Problems) -> Verdict {
    let named = format!("{}@{}", text(case, "opt"), text(case, "lib"));
    if case["role"] == "known_bug" {
        return Verdict::Unknown(format!("{named}, whose reference has a defect"));
    }
    let differs = |at: &str, expected: String, got: String| Verdict::Differs { at: at.into(), expected, got };
    let method = match recipe(case) {
        // What is neither may have arguments that neither reads.
        Err(Error::Unknown(why)) => match solvers::from_reference(text(case, "call")) {
            Err(Error::Syntax(_)) => Err(Error::Unknown(why)),
            solver => solver.map(Method::Solver),
        },
        recipe => recipe.map(Method::Recipe),
    };
    let method = match method {
        Ok(method) => method,
        Err(Error::Unknown(_)) => return Verdict::Unknown(named),
        Err(error) => return differs("the call", "an optimizer".into(), error.to_string()),
    };
    let (steps, f) = (problems.steps(), problems.function(text(case, "problem")));
    let Some((problem, f)) = problems.get(text(case, "problem")).zip(f) else {
        return Verdict::Unknown(format!("problem {}", text(case, "problem")));
    };
    let found = match method {
        Method::Recipe(recipe) => compare(case, &recipe, problem, &steps),
        Method::Solver(solver) => {
            let start = problem.start.iter().map(|p| p.value.clone()).collect();
            solving::compare(case, &solver, f, &start, &steps)
        }
    };
    match found {
        Ok(None) => Verdict::Agrees,
        Ok(Some((at, expected, got))) => differs(&at, expected.to_string(), got.to_string()),
        Err(error) => differs("a step", "parameters".into(), error.to_string()),
    }
}

/// What is run on a problem.
enum Method {
    Recipe(AnyRecipe),
    Solver(solvers::AnySolver),
}

type Difference = (String, f64, f64);

/// The first of the numbers after step `until`, the `k`-th that is recorded, that is further from the reference than it
/// may be.
fn difference(case: &Value, k: usize, until: u64, what: &str, got: &[f64]) -> Option<Difference> {
    let growth = case["amp"][k].as_f64().unwrap_or(1.0);
    if growth > CHAOS || case[what].is_null() {
        return None;
    }
    let low = text(case, "prec").starts_with("native-low");
    let tolerance = if low { LOW } else { TOLERANCE * growth.max(1.0) };
    let want = numbers(&case[what][k]);
    // A NaN is far from everything.
    let off = |(w, g): &(&f64, &f64)| (*w - *g).is_nan() || (*w - *g).abs() > tolerance * w.abs().max(1.0);
    let (i, (w, g)) = want.iter().zip(got).enumerate().find(|(_, pair)| off(pair))?;
    Some((format!("{what} after step {until} [{i}]"), *w, *g))
}

/// The first number that is further from the reference than it may be.
fn compare(
    case: &Value,
    recipe: &AnyRecipe,
    problem: &Problem,
    steps: &[u64],
) -> Result<Option<Difference>, Error> {
    let is_free = |p: &Parameter| !text(case, "call").contains("matrix_params") || p.shape.len() == 2;
    let free: Vec<bool> = problem.start.iter().map(is_free).collect();
    let chosen = |all: &[Tensor<1>]| -> Vec<Tensor<1>> {
        all.iter().zip(&free).filter(|(_, free)| **free).map(|(t, _)| t.clone()).collect()
    };
    let start = problem.start.iter().filter(|p| is_free(p)).cloned().collect();
    let mut driver = Driver::new(recipe.transform()?, start)?;
    for (k, until) in steps.iter().enumerate() {
        while driver.count() < *until {
            let (loss, gradients) = problem.gradient.call(&problem.all(&values(&driver), &free))?;
            driver.step(recipe.lr(), chosen(&gradients), Some(loss))?;
        }
        for (what, got) in [("traj", values(&driver)), ("eval", driver.eval_params())] {
            let got: Vec<f64> = problem.all(&got, &free).into_iter().flat_map(read).collect();
            if let Some(found) = difference(case, k, *until, what, &got) {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// The problems of a file, traced as they are needed.
struct Problems<'a> {
    meta: &'a Value,
    known: HashMap<String, Option<Problem>>,
}

struct Problem {
    start: Vec<Parameter>,
    gradient: Traced<Vec<Tensor<1>>, (Tensor<1>, Vec<Tensor<1>>)>,
}

impl Problem {
    /// The parameters with those that do not move at their start.
    fn all(&self, moving: &[Tensor<1>], free: &[bool]) -> Vec<Tensor<1>> {
        let mut moving = moving.iter().cloned();
        let each = self.start.iter().zip(free);
        each.map(|(start, free)| {
            if *free { moving.next() } else { None }.unwrap_or_else(|| start.value.clone())
        })
        .collect()
    }
}

impl Problems<'_> {
    fn steps(&self) -> Vec<u64> {
        numbers(&self.meta["record_steps"]).into_iter().map(|s| s as u64).collect()
    }

    fn get(&mut self, name: &str) -> Option<&Problem> {
        if !self.known.contains_key(name) {
            let problem = self.trace(name);
            self.known.insert(name.to_string(), problem);
        }
        self.known[name].as_ref()
    }

    fn trace(&self, name: &str) -> Option<Problem> {
        let problem = &self.meta["problems"][name];
        let shapes = problem["param_shapes"]
            .as_array()?
            .iter()
            .map(|s| numbers(s).iter().map(|n| *n as usize).collect());
        let values = problem["x0"].as_array()?.iter().map(|x| tensor(&numbers(x)));
        let start: Vec<Parameter> =
            values.zip(shapes).map(|(value, shape)| Parameter { value, shape }).collect();
        let f = self.function(name)?;
        let like: Vec<Tensor<1>> = start.iter().map(|p| p.value.clone()).collect();
        let gradient = trace(value_and_grad(f), &like).ok()?;
        Some(Problem { start, gradient })
    }

    /// The formula of a problem, which the file only describes in words; its data are in the file.
    fn function(&self, name: &str) -> Option<Box<dyn Fn(Vec<Tensor<1>>) -> Tensor<1>>> {
        let data = &self.meta["problems"]["_constants"];
        match name {
            "rosenbrock" => Some(Box::new(|p| {
                let (x, y) = two(&p[0]);
                (x.clone() - 1.0).square() + (y - x.square()).square() * 100.0
            })),
            "saddle" => Some(Box::new(|p| {
                let (x, y) = two(&p[0]);
                // Written so that the gradient is rounded as −2y + y³: near a minimum some optimizers amplify that.
                x.square() + y.clone() * y.clone().neg() + y.square().square() * 0.25
            })),
            "quadratic" => {
                let d = numbers(&data["quadratic_d"]);
                Some(Box::new(move |p| {
                    let d = thalweg_autodiff::constant(&tensor(&d));
                    (p[0].clone().square() * d).sum() * 0.5
                }))
            }
            _ => {
                let (x, y) = (matrix(&data[format!("{name}_X")])?, matrix(&data[format!("{name}_Y")])?);
                Some(Box::new(move |p| {
                    let lifted = |m: &Tensor<2>| thalweg_autodiff::constant(m);
                    let (x, y) = (lifted(&x), lifted(&y));
                    let [inputs, outputs] = [x.dims()[1], y.dims()[1]];
                    let w = p[0].clone().reshape([inputs, outputs]);
                    let b = p[1].clone().reshape([1, outputs]);
                    // A product of matrices may be rounded in many ways; the terms one after the other are PyTorch's.
                    let term = |k: usize| x.clone().slice_dim(1, k) * w.clone().slice_dim(0, k);
                    let product = (1..inputs).fold(term(0), |sum, k| sum + term(k));
                    (product + b - y).square().mean()
                }))
            }
        }
    }
}

fn values<T: Transform>(driver: &Driver<T>) -> Vec<Tensor<1>> {
    driver.params().iter().map(|p| p.value.clone()).collect()
}

fn two(v: &Tensor<1>) -> (Tensor<1>, Tensor<1>) {
    (v.clone().slice(0..1), v.clone().slice(1..2))
}

fn tensor(values: &[f64]) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (&Device::flex(), DType::F64))
}

fn matrix(rows: &Value) -> Option<Tensor<2>> {
    let height = rows.as_array()?.len();
    let values = numbers(rows);
    Some(tensor(&values).reshape([height, values.len() / height]))
}

fn read(t: Tensor<1>) -> Vec<f64> {
    t.to_data().iter().collect()
}

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_default()
}

/// Numbers of an array of any nesting, in order; what is no number, as an infinity in JSON, is NaN.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(parts) => parts.iter().flat_map(numbers).collect(),
        Value::Null => vec![f64::NAN],
        other => other.as_f64().into_iter().collect(),
    }
}
