//! Recipes as optimizers of Burn: in `ModuleOptimizer`, in groups, through records.

use burn::module::{Module, Param};
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_optim::{Driver, Parameter, Recipe, entries, parse, recipes::Adam};

use crate::common::numbers;

#[derive(Module, Debug)]
struct Model {
    wide: Param<Tensor<2>>,
    narrow: Param<Tensor<1>>,
}

/// The first parameter is large enough to be compiled, the second is not.
fn model(device: &Device, dtype: DType) -> Model {
    let wide = TensorData::new(numbers(80 * 60, 1), [80, 60]);
    let narrow = TensorData::new(numbers(7, 2), [7]);
    Model {
        wide: Param::from_tensor(Tensor::from_data(wide, (device, dtype))),
        narrow: Param::from_tensor(Tensor::from_data(narrow, (device, dtype))),
    }
}

fn gradients(model: &Model) -> GradientsParams {
    let loss = (model.wide.val().powi_scalar(2) * 0.7).sin().sum() + model.narrow.val().cos().sum();
    GradientsParams::from_grads(loss.backward(), model)
}

fn values(model: &Model) -> Vec<u64> {
    let wide = model.wide.val().to_data().iter::<f64>().collect::<Vec<_>>();
    wide.into_iter().chain(model.narrow.val().to_data().iter::<f64>()).map(f64::to_bits).collect()
}

#[test]
fn records_continue_bit_for_bit_for_every_recipe() {
    let device = Device::flex().autodiff();
    let mut tried = 0;
    for entry in entries() {
        let recipe = (entry.default)();
        let Ok(optimizer) = recipe.optimizer() else { continue };
        for dtype in [DType::F32, DType::F64] {
            let fresh = || -> ModuleOptimizer { optimizer.clone().into() };
            let (mut one, mut a) = (fresh(), model(&device, dtype));
            let mut half = None;
            for step in 0..6 {
                let g = gradients(&a);
                a = one.step(recipe.lr(), a, g);
                if step == 2 {
                    half = Some((one.to_record(), a.clone()));
                }
            }
            let (record, mut b) = half.unwrap();
            let mut two = fresh().load_record(record);
            for _ in 3..6 {
                let g = gradients(&b);
                b = two.step(recipe.lr(), b, g);
            }
            assert_eq!(values(&a), values(&b), "{} in {dtype:?}", entry.name);
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried} recipes tried");
}

#[test]
fn frozen_parameters_are_left_alone_by_every_recipe() {
    let device = Device::flex().autodiff();
    let mut tried = 0;
    for entry in entries() {
        let recipe = (entry.default)();
        let Ok(optimizer) = recipe.optimizer() else { continue };
        let mut optimizer: ModuleOptimizer = optimizer.into();
        let mut model = model(&device, DType::F64);
        model.narrow = model.narrow.set_require_grad(false);
        let frozen: Vec<f64> = model.narrow.val().to_data().iter().collect();
        for _ in 0..3 {
            let loss = (model.wide.val().powi_scalar(2) * 0.7).sin().sum() + model.narrow.val().cos().sum();
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimizer.step(recipe.lr(), model, gradients);
        }
        let after: Vec<f64> = model.narrow.val().to_data().iter().collect();
        assert!(frozen == after, "{} moves a frozen parameter", entry.name);
        assert!(!model.narrow.is_require_grad(), "{} thaws it", entry.name);
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn a_module_optimizer_does_what_the_driver_does() {
    let device = Device::flex().autodiff();
    let recipe = parse("adamw(lr=0.01)").unwrap();
    let mut optimizer: ModuleOptimizer = recipe.optimizer().unwrap().into();
    let mut a = model(&device, DType::F64);
    let flat = |m: &Model| vec![Parameter::new(m.wide.val().inner()), Parameter::new(m.narrow.val().inner())];
    let mut driver = Driver::new(recipe.transform().unwrap(), flat(&a)).unwrap();
    for _ in 0..10 {
        let g = gradients(&a);
        let wide = g.get::<2>(a.wide.id).unwrap().reshape([80 * 60]);
        let narrow = g.get::<1>(a.narrow.id).unwrap();
        driver.step(0.01, vec![wide, narrow], None).unwrap();
        a = optimizer.step(0.01, a, g);
    }
    for (own, expected) in flat(&a).iter().zip(driver.params()) {
        let pairs =
            own.value.to_data().iter::<f64>().zip(expected.value.to_data().iter::<f64>()).collect::<Vec<_>>();
        assert!(pairs.iter().all(|(x, y)| (x - y).abs() < 1e-12), "the two differ");
    }
}

#[test]
fn what_burn_cannot_drive_is_refused_with_a_sentence() {
    let clipped = parse("chain([clip_by_global_norm(max_norm=1), sgd(lr=0.1)])").unwrap();
    let error = clipped.optimizer().unwrap_err().to_string();
    assert!(error.contains("all tensors together") && error.contains("Trainer"), "{error}");
    assert!(Adam::default().optimizer().is_ok());
}
