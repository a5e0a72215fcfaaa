//! Calls of other libraries: nothing that they say is dropped in silence.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_optim::{AnyRecipe, Driver, Parameter, from_reference, schedules, solvers};

/// One step from 1 with the gradient 2.
fn step(recipe: &AnyRecipe) -> f64 {
    let one = |x: f64| Tensor::<1>::from_data(TensorData::from([x]), (&Device::flex(), DType::F64));
    let mut driver = Driver::new(recipe.transform().unwrap(), vec![Parameter::new(one(1.0))]).unwrap();
    driver.step(recipe.lr(), vec![one(2.0)], None).unwrap();
    driver.params()[0].value.to_data().iter::<f64>().next().unwrap()
}

#[test]
fn signs_of_scale_are_those_of_optax() {
    // Made with optax 0.2.8: `apply_updates` after one update.
    for (call, want) in [
        ("optax.chain(optax.scale(-1.0), optax.sgd(0.1))", 1.2),
        ("optax.chain(optax.sgd(0.1), optax.scale(-1.0))", 1.2),
        ("optax.scale(0.1)", 1.2),
        ("optax.scale(-0.1)", 0.8),
        ("optax.chain(optax.scale_by_adam(), optax.scale(0.1))", 1.1),
        ("optax.chain(optax.scale_by_adam(), optax.scale(-0.1))", 0.9),
        ("optax.chain(optax.chain(optax.clip(1.0), optax.scale_by_adam()), optax.scale(-0.1))", 0.9),
        ("optax.chain(optax.sgd(0.1), optax.scale(0.5))", 0.9),
        ("optax.chain(optax.clip(1.0), optax.sgd(0.1))", 0.9),
        ("optax.chain(optax.add_decayed_weights(0.5), optax.scale(-0.1))", 0.75),
        ("optax.MultiSteps(optax.scale(-0.1), 1)", 0.8),
        ("optax.MultiSteps(optax.chain(optax.scale_by_adam(), optax.scale(-0.1)), 1)", 0.9),
        ("optax.chain(optax.MultiSteps(optax.clip(1.0), 1), optax.sgd(0.1))", 0.9),
    ] {
        let recipe = from_reference(call).unwrap_or_else(|e| panic!("{call}: {e}"));
        let got = step(&recipe);
        assert!((got - want).abs() < 1e-7, "{call} is {recipe}: {got}, not {want}");
    }
    let plain = from_reference("optax.chain(optax.clip(1.0), optax.sgd(0.1))").unwrap();
    assert_eq!(plain.to_string(), "chain([clip_by_value, sgd(lr=0.1)])");
}

#[test]
fn what_has_no_counterpart_is_an_error() {
    for call in [
        "optax.adamw(1e-3, weight_decay=0.1, mask=no_bias)",
        "optax.adamw(1e-3, 0.9, 0.999, 1e-8, 0.0, None, 0.1, no_bias)",
        "optax.lars(0.1, weight_decay_mask=no_bias)",
        "optax.lion(1e-3, mask=no_bias)",
        "torch.optim.Adam(params, 1e-3, decoupled_weight_decay=True)",
        "pytorch_optimizer.AdaHessian(params, 0.1, (0.9, 0.999), 0.0, False)",
        "pytorch_optimizer.SAM(params, torch.optim.SGD(params), use_gc=True)",
    ] {
        let error = from_reference(call)
            .map(|r| r.to_string())
            .or_else(|e| solvers::from_reference(call).map(|s| s.to_string()).map_err(|_| e));
        assert!(error.is_err(), "{call} is {error:?}");
    }
    let error = from_reference("optax.lion(1e-3, mask=no_bias)").unwrap_err().to_string();
    assert!(error.starts_with("`mask=no_bias` of `optax.lion` has no counterpart here"), "{error}");
    // What is said as it is by default is understood.
    assert!(from_reference("optax.adamw(1e-3, weight_decay=0.1, mask=None)").is_ok());
    let places = "pytorch_optimizer.AdaHessian(params, 0.1, (0.9, 0.999), 0.0, True, False, 0.5)";
    assert_eq!(solvers::from_reference(places).unwrap().to_string(), "adahessian(power=0.5, diagonal=exact)");
}

#[test]
fn arguments_that_python_refuses_are_refused() {
    for call in [
        "torch.optim.Adam(params, 1e-3, lr=2e-3)",
        "torch.optim.Adam(params, betas=(0.9,))",
        "torch.optim.Adam(params, betas=0.9)",
        "torch.optim.Adam(params, betas=(0.9, 0.99, 0.999))",
    ] {
        let read = from_reference(call);
        assert!(read.is_err(), "{call} is {}", read.unwrap());
    }
}

#[test]
fn schedules_keep_what_is_said_or_say_that_they_cannot() {
    let read = |call: &str| schedules::from_reference(call, 0.1);
    use schedules::Schedule;
    for call in [
        "OneCycleLR(opt, 1.0, total_steps=10, cycle_momentum=False)",
        "CyclicLR(opt, 0.1, 1.0, cycle_momentum=False)",
    ] {
        assert_eq!(read(call).unwrap().momentum(3), None, "{call}");
    }
    for call in [
        "CyclicLR(opt, 0.1, 1.0, scale_fn=my_fn)",
        "StepLR(opt, step_size=0)",
        "CyclicLR(opt, 0.1, 1.0, step_size_up=0)",
        "CosineAnnealingLR(opt, T_max=0)",
        "optax.exponential_decay(0.1, transition_steps=0, decay_rate=0.5)",
        "PolynomialLR(opt, total_iters=5, power=-1)",
        "CosineAnnealingWarmRestarts(opt, T_0=0)",
        "optax.warmup_cosine_decay_schedule(0.0, 0.1, 5, 5)",
        "StepLR(opt, step_size=3, last_epoch=10)",
        "StepLR(opt, 3, step_size=4)",
    ] {
        let found = read(call);
        assert!(found.is_err(), "{call} is {}", found.unwrap());
    }
    assert!(read("StepLR(opt, step_size=3, last_epoch=-1)").is_ok());
}
