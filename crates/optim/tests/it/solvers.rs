//! Every solver of the registry: text, resumption, devices, convergence, saddles, and what it says when it stops.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_autodiff::compiled_devices;
use thalweg_optim::setting::Domain;
use thalweg_optim::solvers::{
    AnySolver, Counted, Diagonal, LevenbergMarquardt, LineSearch, Memory, NewtonCg, Oracle, Outcome, SOLVERS,
    SaddleFreeNewton, Solution, Solver, Sophia, entry, from_reference, least_squares, minimize,
    minimize_oracle, oracle,
};
use thalweg_optim::{Driver, Parameter, parse, text};

/// One text for each solver of the registry, with settings that are not defaults.
const EXAMPLES: &[&str] = &[
    "gradient_descent(search=strong_wolfe)",
    "perturbed_descent(lr=1e-3, gradient=0.1, radius=0.01, interval=10)",
    "lbfgs(max_iter=3, history=2, search=strong_wolfe)",
    "lbfgs_zoom(history=3)",
    "newton_cg(radius=0.5)",
    "saddle_free_newton(damping=0.1, seed=3)",
    "gauss_newton(rank=1e-12)",
    "levenberg_marquardt(damping=0.01)",
    "sophia(lr=0.01, update_interval=2, seed=1)",
    "sophia_h(lr=1e-3, p=1, update_period=3)",
    "adahessian(lr=0.01, power=0.5)",
    "sam(adam(lr=0.01), rho=0.01, ascents=2)",
    "look_sam(sgd(momentum=0.9), k=3)",
    "friendly_sam(sgd, rho=0.01)",
    "gsam(sgd, alpha=0.2)",
    "wsam(sgd, decouple=false)",
    "lifted(adam(lr=0.02))",
];

fn tensor(values: &[f64], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (device, DType::F64))
}

/// Rosenbrock's function as a sum of squares, `½ (100 (y − x²)² + (1 − x)²)`.
fn residuals(x: Tensor<1>) -> Tensor<1> {
    let (a, b) = (x.clone().slice(0..1), x.slice(1..2));
    Tensor::cat(vec![(b - a.clone().square()) * 10.0, a.neg() + 1.0], 0)
}

fn rosenbrock(x: Tensor<1>) -> Tensor<1> {
    residuals(x).square().sum() * 0.5
}

/// A strict saddle at the origin between minima at `(0, ±1)` of value −¼.
fn double_well(x: Tensor<1>) -> Tensor<1> {
    let (a, b) = (x.clone().slice(0..1), x.slice(1..2));
    a.square() * 0.5 - b.clone().square() * 0.5 + b.powi_scalar(4) * 0.25
}

fn examples() -> Vec<AnySolver> {
    EXAMPLES.iter().map(|text| text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))).collect()
}

fn run(solver: &AnySolver, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, steps: usize) {
    for _ in 0..steps {
        solver.step(oracle, x, memory, solver.lr()).unwrap_or_else(|e| panic!("{solver}: {e}"));
    }
}

#[test]
fn every_solver_has_an_example() {
    for entry in SOLVERS {
        assert!(examples().iter().any(|s| s.call().name == entry.name), "{}", entry.name);
        assert!(entry.name == "lifted" || entry.citation.starts_with('@'), "{}", entry.name);
    }
}

#[test]
fn text_and_serde_give_back_the_same() {
    for (solver, text) in examples().into_iter().zip(EXAMPLES) {
        assert_eq!(solver.to_string(), *text);
        let json = serde_json::to_string(&solver).unwrap();
        assert_eq!(serde_json::from_str::<AnySolver>(&json).unwrap(), solver);
    }
}

#[test]
fn a_saved_memory_continues_exactly() {
    let start = tensor(&[-1.2, 1.0], &Device::flex());
    let f = least_squares(residuals, &start).unwrap();
    for solver in examples() {
        let (mut whole, mut memory) = (f.point(&start).unwrap(), Memory::default());
        run(&solver, &f, &mut whole, &mut memory, 4);
        let (mut resumed, saved) = (whole.clone(), serde_json::to_string(&memory).unwrap());
        let mut restored: Memory = serde_json::from_str(&saved).unwrap();
        run(&solver, &f, &mut whole, &mut memory, 4);
        run(&solver, &f, &mut resumed, &mut restored, 4);
        assert_eq!(whole, resumed, "{solver}");
        assert_eq!(memory, restored, "{solver}");
    }
}

#[test]
fn devices_agree() {
    for solver in examples() {
        let end = |device: &Device| {
            let start = tensor(&[-1.2, 1.0], device);
            let f = least_squares(residuals, &start).unwrap();
            let (mut x, mut memory) = (f.point(&start).unwrap(), Memory::default());
            run(&solver, &f, &mut x, &mut memory, 5);
            x
        };
        let flex = end(&Device::flex());
        for other in compiled_devices().iter().map(end) {
            let agree = flex.iter().zip(&other).all(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(1.0));
            assert!(agree, "{solver}: {flex:?}, {other:?}");
        }
    }
}

#[test]
fn single_precision_descends_as_well() {
    for solver in examples() {
        let start = tensor(&[-1.2, 1.0], &Device::flex()).cast(DType::F32);
        let f = least_squares(residuals, &start).unwrap();
        let (mut x, mut memory) = (f.point(&start).unwrap(), Memory::default());
        let before = f.value(&x).unwrap();
        run(&solver, &f, &mut x, &mut memory, 30);
        let after = f.value(&x).unwrap();
        assert!(after < before, "{solver}: {after} after {before}");
    }
}

#[test]
fn nothing_breaks_where_the_gradient_is_zero() {
    for solver in examples() {
        let start = tensor(&[1.0, 1.0], &Device::flex());
        let f = least_squares(residuals, &start).unwrap();
        let (mut x, mut memory) = (f.point(&start).unwrap(), Memory::default());
        run(&solver, &f, &mut x, &mut memory, 2);
        let moved = x.iter().map(|x| (x - 1.0).abs()).fold(0.0, f64::max);
        // A shake moves by its radius; a decay of weights moves by what it is.
        assert!(moved <= 0.02, "{solver} moved to {x:?}");
    }
}

#[test]
fn second_order_solvers_and_searches_find_the_minimum() {
    let start = tensor(&[-1.2, 1.0], &Device::flex());
    let f = least_squares(residuals, &start).unwrap();
    for (text, most) in [
        ("lbfgs(search=strong_wolfe)", 5),
        ("lbfgs(search=armijo)", 20),
        ("lbfgs(search=zoom)", 20),
        ("lbfgs_zoom", 60),
        ("newton_cg", 40),
        ("saddle_free_newton", 40),
        ("gauss_newton", 20),
        ("levenberg_marquardt", 40),
    ] {
        let solver: AnySolver = text.parse().unwrap();
        let found = minimize_oracle(&f, f.point(&start).unwrap(), &solver, most).unwrap();
        assert!(found.outcome.is_converged(), "{text}: {}", found.outcome);
        assert!(found.value < 1e-9, "{text}: {}", found.value);
    }
    for search in ["armijo", "strong_wolfe", "zoom"] {
        let solver: AnySolver = format!("gradient_descent(search={search})").parse().unwrap();
        let found = minimize_oracle(&f, f.point(&start).unwrap(), &solver, 300).unwrap();
        assert!(found.value < 0.5, "{search}: {}", found.value);
        assert_eq!(found.outcome, Outcome::OutOfSteps(300), "{search}");
    }
}

/// The Wolfe conditions hold for what a search gives, from good and bad first steps.
#[test]
fn searches_keep_their_promises() {
    use thalweg_optim::solvers::line_search::{Limits, Line};
    let start = tensor(&[-1.2, 1.0], &Device::flex());
    let f = oracle(rosenbrock, &start).unwrap();
    let x = f.point(&start).unwrap();
    let (value, gradient) = f.gradient(&x).unwrap();
    let direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let line = Line { oracle: &f, x: &x, direction: &direction };
    let start = line.trial(0.0, value, gradient);
    for first in [1e-8, 1e-3, 1.0, 1e3] {
        for search in [LineSearch::Armijo, LineSearch::StrongWolfe, LineSearch::Zoom] {
            let (trial, asked) = search.search(&line, &start, first, Limits::default()).unwrap();
            let case = format!("{search:?} from {first}: {trial:?}");
            assert!(trial.t > 0.0 && trial.value <= start.value + 1e-4 * trial.t * start.slope, "{case}");
            assert!(asked <= 60, "{case}, {asked} evaluations");
            if search != LineSearch::Armijo {
                assert!(trial.slope.abs() <= 0.9 * start.slope.abs(), "{case}");
            }
        }
    }
}

#[test]
fn strict_saddles_are_left_by_those_that_say_so() {
    let saddle = tensor(&[0.0, 0.0], &Device::flex());
    let found = minimize(double_well, &saddle, &SaddleFreeNewton::default(), 50).unwrap();
    assert!(
        found.outcome.is_converged() && (found.value + 0.25).abs() < 1e-12,
        "{}: {}",
        found.value,
        found.outcome
    );
    let found = minimize(double_well, &saddle, &NewtonCg::default(), 50).unwrap();
    assert!(found.value == 0.0 && found.outcome.to_string().contains("curvature was not looked at"));
    let shaken: AnySolver = "perturbed_descent(lr=0.1, gradient=1e-6, interval=200)".parse().unwrap();
    let found = minimize(double_well, &saddle, &shaken, 2000).unwrap();
    assert!((found.value + 0.25).abs() < 1e-6, "{}: {}", found.value, found.outcome);
    assert!(found.outcome.is_converged(), "{}", found.outcome);
    // On the stable manifold, near it, Newton's method is drawn in; its saddle-free form is not.
    let near = tensor(&[0.5, 1e-9], &Device::flex());
    let found = minimize(double_well, &near, &SaddleFreeNewton::default(), 50).unwrap();
    assert!((found.value + 0.25).abs() < 1e-12, "{}", found.value);
}

#[test]
fn large_saddles_are_left_by_lanczos() {
    // 300 parameters, three of them with negative curvature at the origin; more than are decomposed whole.
    let n = 300;
    let curvature: Vec<f64> = (0..n).map(|i| if i % 100 == 7 { -1.0 } else { 1.0 + i as f64 / 30.0 }).collect();
    let weights = tensor(&curvature, &Device::flex());
    let f = move |x: Tensor<1>| {
        let quadratic = (x.clone().square() * thalweg_autodiff::constant(&weights)).sum() * 0.5;
        quadratic + x.powi_scalar(4).sum() * 0.25
    };
    let start = tensor(&vec![0.0; n], &Device::flex());
    let solver = SaddleFreeNewton { dense: 64, krylov: 40, ..SaddleFreeNewton::default() };
    let found = minimize(f, &start, &solver, 100).unwrap();
    assert!((found.value + 0.75).abs() < 1e-9, "{}: {}", found.value, found.outcome);
    assert!(found.outcome.is_converged(), "{}", found.outcome);
}

#[test]
fn what_cannot_be_minimized_is_said_at_once() {
    let start = tensor(&[-1.0, 2.0], &Device::flex());
    for solver in
        examples().iter().filter(|s| !s.to_string().contains("gauss") && !s.to_string().contains("marq"))
    {
        let found: Solution<_> = minimize(|x: Tensor<1>| x.log().sum(), &start, solver, 100).unwrap();
        assert_eq!(found.steps, 0, "{solver}");
        assert!(matches!(found.outcome, Outcome::NonFinite(_)), "{solver}: {}", found.outcome);
        assert!(found.outcome.to_string().starts_with("Not finite: the function is NaN at the start;"));
    }
    let infinite = tensor(&[f64::INFINITY, 2.0], &Device::flex());
    let found = minimize(rosenbrock, &infinite, &NewtonCg::default(), 9).unwrap();
    assert!(found.outcome.to_string().contains("element 0 of the start is inf"));
    let error = minimize(rosenbrock, &start, &LevenbergMarquardt::default(), 9).unwrap_err().to_string();
    assert!(error.contains("declares no residuals") && error.contains("`least_squares`"), "{error}");
    // A rate that is too large is said to be so.
    let wild: AnySolver = "lifted(sgd(lr=10))".parse().unwrap();
    let found = minimize(|x: Tensor<1>| x.powi_scalar(4).sum(), &start, &wild, 100).unwrap();
    assert!(found.outcome.to_string().contains("take a smaller learning rate"), "{}", found.outcome);
}

#[test]
fn a_value_of_zero_is_no_reason_to_stop() {
    // Zero at the start, and a minimum of −1 at (1, 1).
    let f = |x: Tensor<1>| (x.clone() - 1.0).square().sum() * 0.5 - 1.0;
    let start = tensor(&[0.0, 0.0], &Device::flex());
    for text in
        ["lbfgs(search=strong_wolfe)", "lbfgs_zoom", "newton_cg", "saddle_free_newton", "gradient_descent"]
    {
        let solver: AnySolver = text.parse().unwrap();
        let found = minimize(f, &start, &solver, 30).unwrap();
        assert!(
            (found.value + 1.0).abs() < 1e-12 && found.steps > 0,
            "{text}: {} {}",
            found.value,
            found.outcome
        );
    }
    // Residuals that vanish at the start are a solution.
    let solved = tensor(&[1.0, 1.0], &Device::flex());
    let f = least_squares(residuals, &solved).unwrap();
    let found = minimize_oracle(&f, vec![1.0, 1.0], &LevenbergMarquardt::default(), 9).unwrap();
    assert!(found.outcome.is_converged() && found.value == 0.0);
}

#[test]
fn every_setting_refuses_what_it_must_not_be() {
    for solver in examples() {
        let entry = entry(&solver.call().name).unwrap();
        for setting in entry.settings {
            for value in [text::Value::Number(f64::NAN), text::Value::Number(-1.0), text::Value::List(vec![])] {
                assert!(setting.domain != Domain::Finite, "{}: a setting of any sign", entry.name);
                let mut call = solver.call();
                call.arguments.retain(|(name, _)| name.as_deref() != Some(setting.name));
                if setting.by_place {
                    call.arguments.retain(|(name, _)| name.is_some());
                }
                call.arguments.push((Some(setting.name.into()), value));
                let error = AnySolver::build(&call).expect_err(&call.to_string()).to_string();
                assert!(error.ends_with('.') && error.contains(entry.name), "{call}: {error}");
            }
        }
    }
    let error = |text: &str| text.parse::<AnySolver>().unwrap_err().to_string();
    assert_eq!(error("lbfg"), "There is no solver `lbfg`; did you mean `lbfgs`?");
    assert!(error("newton_cg(radios=1)").ends_with("did you mean `radius`?"));
    assert!(error("sam(rho=0.1)").starts_with("`sam` needs `inner`, an optimizer"));
    assert!(error("sam(adam(lr=-1))").contains("`lr` of `adam`"), "{}", error("sam(adam(lr=-1))"));
    let error = from_reference("torch.optim.LBFGSB(params)").unwrap_err().to_string();
    assert!(error.contains("did you mean `torch.optim.LBFGS`?"), "{error}");
}

#[test]
fn a_lifted_optimizer_is_the_optimizer() {
    let start = tensor(&[-1.2, 1.0], &Device::flex());
    let f = oracle(rosenbrock, &start).unwrap();
    for text in ["adam(lr=0.02)", "sgd(lr=1e-3, momentum=0.9, nesterov=true)"] {
        let (recipe, solver) = (parse(text).unwrap(), format!("lifted({text})").parse::<AnySolver>().unwrap());
        let mut driver = Driver::new(recipe.transform().unwrap(), vec![Parameter::new(start.clone())]).unwrap();
        let (mut x, mut memory) = (f.point(&start).unwrap(), Memory::default());
        for step in 0..20 {
            let (_, gradient) = f.gradient(&x).unwrap();
            driver.step(recipe.lr(), vec![tensor(&gradient, &Device::flex())], None).unwrap();
            solver.step(&f, &mut x, &mut memory, solver.lr()).unwrap();
            let driven: Vec<f64> = driver.params()[0].value.to_data().iter().collect();
            assert_eq!(driven, x, "{text} after {step} steps");
        }
    }
}

#[test]
fn estimates_of_the_diagonal() {
    let start = tensor(&[-1.2, 1.0], &Device::flex());
    let f = oracle(rosenbrock, &start).unwrap();
    let x = f.point(&start).unwrap();
    let hessian = f.hessian(&x).unwrap();
    let first_step = |diagonal, samples, seed| {
        let solver = Sophia { diagonal, samples, seed, ..Sophia::default() };
        let (mut x, mut memory) = (x.clone(), Memory::default());
        let counted = Counted::new(&f);
        solver.step(&counted, &mut x, &mut memory, 0.0).unwrap();
        // After one step the average holds a hundredth of the diagonal.
        let scaled: Vec<f64> = memory.vector("h").unwrap().iter().map(|h| h / 0.01).collect();
        (scaled, counted.counts().products)
    };
    let (exact, products) = first_step(Diagonal::Exact, 1, 0);
    assert!((exact[0] - hessian[0]).abs() < 1e-9 && (exact[1] - hessian[3]).abs() < 1e-9 && products == 2);
    for kind in [Diagonal::Rademacher, Diagonal::Gaussian] {
        assert_eq!(first_step(kind, 3, 5), first_step(kind, 3, 5));
        assert_ne!(first_step(kind, 3, 5).0, first_step(kind, 3, 6).0);
        let (mean, products) = first_step(kind, 4000, 1);
        assert_eq!(products, 4000);
        // The standard error of the first element is about 480/√4000 with signs, 1,900/√4000 with normal numbers.
        assert!(
            (mean[0] - hessian[0]).abs() < 120.0 && (mean[1] - hessian[3]).abs() < 40.0,
            "{kind:?}: {mean:?}"
        );
    }
}
