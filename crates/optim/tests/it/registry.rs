//! Every recipe of the registry is held to the same laws.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_autodiff::compiled_devices;
use thalweg_optim::setting::Domain;
use thalweg_optim::{AnyRecipe, Chain, Driver, Entry, Parameter, Transform, entries, parse};

use crate::common::{figures, numbers};
use crate::goldens::{self, Verdict};

/// From a single number to five axes.
const SHAPES: [&[usize]; 6] = [&[1], &[5], &[4, 3], &[2, 3, 2], &[2, 2, 3, 2], &[2, 1, 2, 2, 2]];

fn flat(values: &[f64], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::from(values), (device, DType::F64))
}

fn parameters(shapes: &[&[usize]], device: &Device) -> Vec<Parameter> {
    let each = shapes.iter().enumerate();
    each.map(|(k, shape)| {
        let n = shape.iter().product();
        Parameter { value: flat(&numbers(n, k as u64 + 1), device), shape: shape.to_vec() }
    })
    .collect()
}

/// Gradients of a function that is neither convex nor separable from the step.
fn gradients(driver: &Driver<Chain>) -> Vec<Tensor<1>> {
    driver.params().iter().map(|p| (p.value.clone() * 1.7).sin() + p.value.clone() * 0.3).collect()
}

fn read(driver: &Driver<Chain>) -> Vec<Vec<f64>> {
    driver.params().iter().map(|p| p.value.to_data().iter().collect()).collect()
}

fn loss(device: &Device, step: u64) -> Option<Tensor<1>> {
    Some(flat(&[1.0 + 1.0 / (step + 1) as f64], device))
}

fn driver(recipe: &AnyRecipe, shapes: &[&[usize]], device: &Device) -> Driver<Chain> {
    Driver::new(recipe.transform().unwrap(), parameters(shapes, device)).unwrap()
}

fn run(driver: &mut Driver<Chain>, lr: f64, steps: u64, device: &Device) {
    for _ in 0..steps {
        let (gradients, loss) = (gradients(driver), loss(device, driver.count()));
        driver.step(lr, gradients, loss).unwrap();
    }
}

fn recipes() -> impl Iterator<Item = (&'static Entry, AnyRecipe)> {
    entries().map(|entry| (entry, (entry.default)()))
}

#[test]
fn trajectories_of_the_references_are_met() {
    let content = figures("optimizers.json.gz");
    assert!(goldens::matches(&content));
    let (mut agree, mut wrong) = (0, vec![]);
    goldens::check(&content, |case, verdict| match verdict {
        Verdict::Agrees => agree += 1,
        Verdict::Unknown(what) => wrong.push(what),
        Verdict::Differs { at, expected, got } => {
            wrong.push(format!("{}, {at}: expected {expected}, got {got}", case["id"]));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(agree > 140, "{agree} cases");
}

#[test]
fn what_is_printed_reads_back() {
    for (entry, recipe) in recipes() {
        assert_eq!(recipe.to_string(), entry.name, "defaults are not printed");
        for setting in entry.settings.iter().filter(|s| s.domain != Domain::Any) {
            let Some(0.5) = Some(0.5).filter(|_| setting.domain.contains(0.5)) else { continue };
            let Ok(changed) = recipe.with(setting.name, 0.5.into()) else { continue };
            let again = parse(&changed.to_string()).unwrap();
            assert_eq!(again, changed);
            assert_eq!(again.get(setting.name), changed.get(setting.name));
            let json = serde_json::to_string(&changed).unwrap();
            assert_eq!(serde_json::from_str::<AnyRecipe>(&json).unwrap(), changed);
        }
    }
}

#[test]
fn names_are_unique_and_documented() {
    let mut names: Vec<&str> = entries().map(|e| e.name).collect();
    names.sort_unstable();
    names.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
    for entry in entries() {
        assert!(entry.summary().len() > 10, "{} has no summary", entry.name);
        assert!(entry.settings.iter().all(|s| !s.doc.is_empty() && s.default.is_some()), "{}", entry.name);
        let count = |c: char| entry.citation.chars().filter(|own| *own == c).count();
        assert_eq!(count('{'), count('}'), "the BibTeX of {}", entry.name);
        let known =
            ["transforms", "wrappers", "notes"].contains(&entry.group) || entry.citation.starts_with('@');
        assert!(known, "{} has no source", entry.name);
    }
}

#[test]
fn hyperparameters_out_of_range_are_refused_with_a_sentence() {
    let refused = |text: String, mentions: &str| {
        let error = parse(&text).and_then(|r| r.transform().map(drop)).expect_err(&text).to_string();
        assert!(error.contains(mentions) && error.ends_with(['.', '?']), "{text}: {error}");
    };
    for (entry, _) in recipes() {
        for setting in entry.settings.iter().filter(|s| s.domain != Domain::Any) {
            let name = setting.name;
            for value in
                [f64::NAN, f64::INFINITY, -1.0, 1.0].into_iter().filter(|v| !setting.domain.contains(*v))
            {
                let value = if value.is_infinite() { "inf".into() } else { value.to_string() };
                refused(format!("{}({name}={value})", entry.name), name);
            }
            refused(format!("{}({name}=often)", entry.name), name);
        }
        for name in entry.settings.iter().map(|setting| setting.name) {
            // A list in a list is of no setting's type.
            refused(format!("{}({name}=[[[1]]])", entry.name), name);
        }
        if let Some(setting) = entry.settings.first() {
            refused(format!("{}({}x=1)", entry.name, setting.name), setting.name);
        }
    }
    refused("adom".into(), "did you mean");
    refused("adam(lr=0.1, lr=0.2)".into(), "given twice");
    refused("adam(lr=".into(), "expected");
}

#[test]
fn going_on_is_the_same_as_going_through() {
    let device = Device::flex();
    for (entry, recipe) in recipes() {
        let shapes = &SHAPES[..4];
        let mut through = driver(&recipe, shapes, &device);
        run(&mut through, recipe.lr(), 4, &device);
        let (params, states) = (through.params().to_vec(), through.states().to_vec());
        let mut on = Driver::resume(recipe.transform().unwrap(), params, states, 4).unwrap();
        run(&mut through, recipe.lr(), 4, &device);
        run(&mut on, recipe.lr(), 4, &device);
        assert_eq!(read(&through), read(&on), "{}", entry.name);
    }
}

#[test]
fn devices_agree() {
    let flex = Device::flex();
    // Without the single number and without a matrix of less than full rank, on which rounding alone decides.
    let shapes = &SHAPES[1..2];
    for ((entry, recipe), other) in
        recipes().flat_map(|r| compiled_devices().into_iter().map(move |device| (r.clone(), device)))
    {
        let (mut a, mut b) = (driver(&recipe, shapes, &flex), driver(&recipe, shapes, &other));
        run(&mut a, recipe.lr(), 5, &flex);
        run(&mut b, recipe.lr(), 5, &other);
        for (x, y) in read(&a).concat().iter().zip(read(&b).concat()) {
            assert!((x - y).abs() <= 1e-10 * x.abs().max(1.0), "{}: {x} on flex, {y} on {other:?}", entry.name);
        }
    }
}

#[test]
fn tensors_of_any_rank_move_and_stay_finite() {
    let device = Device::flex();
    for (entry, recipe) in recipes() {
        let mut driver = driver(&recipe, &SHAPES, &device);
        let start = read(&driver);
        run(&mut driver, recipe.lr(), 13, &device);
        let moved = read(&driver);
        assert!(moved.concat().iter().all(|x| x.is_finite()), "{}: {moved:?}", entry.name);
        let stays = |(a, b): (&Vec<f64>, &Vec<f64>)| a == b;
        let still = start.iter().zip(&moved).filter(|pair| stays(*pair)).count();
        // A matrix of one row has no mean over its outputs to differ from, and averages do not move what they average.
        assert!(still < SHAPES.len() || entry.name == "chain", "{}: nothing moves", entry.name);
    }
}

#[test]
fn gradients_of_zero_leave_everything_finite() {
    let device = Device::flex();
    for (entry, recipe) in recipes() {
        let mut driver = driver(&recipe, &SHAPES, &device);
        for _ in 0..12 {
            let zeros = driver.params().iter().map(|p| p.value.zeros_like()).collect();
            let loss = loss(&device, driver.count());
            driver.step(recipe.lr(), zeros, loss).unwrap();
        }
        assert!(read(&driver).concat().iter().all(|x| x.is_finite()), "{}", entry.name);
    }
}

#[test]
fn nan_in_one_tensor_stays_there() {
    let device = Device::flex();
    for (entry, recipe) in recipes() {
        if recipe.transform().unwrap().is_tree_wide() {
            continue;
        }
        let mut driver = driver(&recipe, &SHAPES, &device);
        for _ in 0..3 {
            let mut all = gradients(&driver);
            all[1] = all[1].clone() * f64::NAN;
            let loss = loss(&device, driver.count());
            driver.step(recipe.lr(), all, loss).unwrap();
        }
        let others = read(&driver).into_iter().enumerate().filter(|(k, _)| *k != 1);
        assert!(others.flat_map(|(_, x)| x).all(f64::is_finite), "{}", entry.name);
    }
}

#[test]
fn no_parameters_are_no_error() {
    for (entry, recipe) in recipes() {
        let mut driver = Driver::new(recipe.transform().unwrap(), vec![]).unwrap();
        let loss = loss(&Device::flex(), 0);
        assert!(driver.step(recipe.lr(), vec![], loss).is_ok(), "{}", entry.name);
    }
}
