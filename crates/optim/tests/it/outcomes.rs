//! What solvers claim where they end: converged is a minimum, as far as numbers tell.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_optim::solvers::{
    AnySolver, LevenbergMarquardt, Outcome, SOLVERS, Solution, least_squares, minimize, minimize_oracle,
};

fn tensor(values: &[f64]) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (&Device::flex(), DType::F64))
}

type Function = fn(Tensor<1>) -> Tensor<1>;

/// Functions without a minimum where a solver might stop, each with a start.
const HARD: [(&str, Function, &[f64]); 7] = [
    ("log(x − 2)", |x| (x - 2.0).log().sum(), &[3.0]),
    ("Σ exp(50 x²)", |x| (x.square() * 50.0).exp().sum(), &[3.0, -2.0]),
    ("Σ (x − log x)", |x| (x.clone() - x.log()).sum(), &[1e-9, 2.0]),
    ("Σ |x|", |x| x.abs().sum(), &[1.0, 2.0]),
    ("a barrier", |x| -(x.clone().log() + (-x + 1.0).log()).sum(), &[0.001]),
    ("√x", |x| x.sqrt().sum(), &[0.01]),
    // One step of length one leads to −½, where the value is the same and the gradient 0·∞.
    ("x² + 0·√|x + ½|", |x| (x.clone().square() + (x + 0.5).abs().sqrt() * 0.0).sum(), &[0.5]),
];

fn run(solver: &str, f: Function, start: &[f64]) -> Solution<Vec<f64>> {
    let solver: AnySolver = solver.parse().unwrap_or_else(|e| panic!("{solver}: {e}"));
    let found = minimize(f, &tensor(start), &solver, 300).unwrap_or_else(|e| panic!("{solver}: {e}"));
    let Solution { x, value, gradient, steps, counts, outcome } = found;
    Solution { x: x.to_data().iter::<f64>().collect(), value, gradient, steps, counts, outcome }
}

/// The solvers that run on any function, and further forms of some.
fn solvers() -> Vec<String> {
    let needs_more = ["gauss_newton", "levenberg_marquardt"];
    let own = SOLVERS.iter().filter(|e| !needs_more.contains(&e.name)).map(|e| e.name.to_string());
    let plain = own.filter(|name| name.parse::<AnySolver>().is_ok());
    let forms =
        ["lbfgs(search=strong_wolfe)", "lbfgs(search=zoom)", "sam(sgd(lr=5))", "gradient_descent(lr=5)"];
    plain.chain(forms.map(String::from)).collect()
}

#[test]
fn converged_is_never_said_where_numbers_are_not_finite_or_the_gradient_is_large() {
    for solver in solvers() {
        for (name, f, start) in HARD {
            let Solution { x, value, gradient, outcome, .. } = run(&solver, f, start);
            let is_finite = value.is_finite() && gradient.is_finite() && x.iter().all(|x| x.is_finite());
            if outcome.is_converged() {
                let largest = x.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
                let relative = gradient * largest / value.abs().max(1.0);
                assert!(
                    is_finite && relative < 1e-2,
                    "{solver} on {name}: {outcome} at {x:?}, {value}, {gradient}"
                );
            }
            if !is_finite {
                let says = matches!(outcome, Outcome::NonFinite(_));
                assert!(says, "{solver} on {name}: {outcome} at {x:?}, {value}");
            }
        }
    }
}

#[test]
fn a_value_that_is_no_number_ends_a_run_at_once() {
    let found = run("sam(sgd(lr=5))", HARD[4].1, HARD[4].2);
    assert!(
        found.steps < 5 && matches!(found.outcome, Outcome::NonFinite(_)),
        "{} {}",
        found.steps,
        found.outcome
    );
}

#[test]
fn levenberg_and_marquardt_go_on_while_the_scaled_step_is_large() {
    // As SciPy's `leastsq` (MINPACK) does from these starts: (2, −0.7), the sum of squares zero.
    for start in [[1000.0, 5.0], [1.0, 5.0], [100.0, 3.0], [1.0, 0.0], [1.0, -1.0]] {
        let residuals = |x: Tensor<1>| {
            let times = tensor(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
            let seen = (times.clone() * -0.7).exp() * 2.0;
            let (size, rate) = (x.clone().slice(0..1), x.slice(1..2));
            size * (rate * thalweg_autodiff::constant(&times)).exp() - thalweg_autodiff::constant(&seen)
        };
        let start = tensor(&start);
        let f = least_squares(residuals, &start).unwrap();
        let found = minimize_oracle(&f, f.point(&start).unwrap(), &LevenbergMarquardt::default(), 200).unwrap();
        assert!(
            (found.x[0] - 2.0).abs() < 1e-6 && (found.x[1] + 0.7).abs() < 1e-6,
            "from {start}: {} at {:?}",
            found.outcome,
            found.x
        );
    }
}
