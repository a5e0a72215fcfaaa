//! Every optimizer on tensors and numbers at the edges: without elements, in half precision.

use burn::optim::Optimizer;
use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_optim::{AnyRecipe, Driver, Parameter, entries};

/// Every optimizer that its name alone, or one optimizer inside, makes.
fn recipes() -> Vec<AnyRecipe> {
    let read = |name: &str| name.parse().or_else(|_| format!("{name}(sgd(lr=0.1))").parse());
    let all: Vec<AnyRecipe> = entries().filter_map(|entry| read(entry.name).ok()).collect();
    assert!(all.len() > 70, "{} optimizers", all.len());
    all
}

fn parameter(values: &[f64], dtype: DType) -> Parameter {
    Parameter::new(Tensor::<1>::from_data(TensorData::from(values), (&Device::flex(), dtype)))
}

fn steps(recipe: &AnyRecipe, params: Vec<Parameter>, gradients: &[&[f64]], dtype: DType) -> Vec<Vec<f64>> {
    let mut driver = Driver::new(recipe.transform().unwrap(), params).unwrap();
    for _ in 0..3 {
        let each = gradients.iter().map(|g| parameter(g, dtype).value).collect();
        let loss = Tensor::<1>::from_data(TensorData::from([1.0]), (&Device::flex(), dtype));
        driver.step(recipe.lr(), each, Some(loss)).unwrap();
    }
    driver.params().iter().map(|p| p.value.to_data().iter::<f64>().collect()).collect()
}

#[test]
fn a_tensor_without_elements_changes_nothing() {
    for recipe in recipes() {
        let full = || parameter(&[1.0, -2.0, 0.5], DType::F64);
        let gradient: &[f64] = &[0.3, -0.1, 0.2];
        let alone = steps(&recipe, vec![full()], &[gradient], DType::F64);
        let beside = steps(&recipe, vec![parameter(&[], DType::F64), full()], &[&[], gradient], DType::F64);
        assert_eq!(beside, vec![Vec::new(), alone[0].clone()], "{recipe}");
        let only = steps(&recipe, vec![parameter(&[], DType::F64)], &[&[]], DType::F64);
        assert!(only.concat().is_empty(), "{recipe}");
        if let Ok(optimizer) = recipe.optimizer() {
            let none = parameter(&[], DType::F64).value;
            let (moved, _) = optimizer.step(0.1, none.clone(), none, None);
            assert_eq!(moved.dims(), [0], "{recipe}");
        }
    }
}

/// In f16 the usual `eps` is zero and squares overflow from 256 on.
#[test]
fn half_precision_gives_neither_nan_nor_a_step_of_zero() {
    for (recipe, dtype) in recipes().into_iter().flat_map(|r| [(r.clone(), DType::F16), (r, DType::BF16)]) {
        let params = || vec![parameter(&[1.0, -2.0, 0.5], dtype), parameter(&[0.25; 6], dtype)];
        let gradients: [&[f64]; 2] = [&[0.0, -0.1, 300.0], &[0.0; 6]];
        let moved = steps(&recipe, params(), &gradients, dtype);
        assert!(moved.iter().flatten().all(|x| x.is_finite()), "{recipe} in {dtype:?}: {moved:?}");
    }
    for clip in ["clip_grad_norm(max_norm=1)", "clip_by_global_norm(max_norm=1)"] {
        let recipe: AnyRecipe = format!("chain([{clip}, sgd(lr=1)])").parse().unwrap();
        let mut driver =
            Driver::new(recipe.transform().unwrap(), vec![parameter(&[0.0, 0.0], DType::F16)]).unwrap();
        driver.step(1.0, vec![parameter(&[300.0, 400.0], DType::F16).value], None).unwrap();
        let moved: Vec<f64> = driver.params()[0].value.to_data().iter().collect();
        // Half a unit in the last place of f16.
        assert!((moved[0] + 0.6).abs() < 2.5e-4 && (moved[1] + 0.8).abs() < 2.5e-4, "{clip}: {moved:?}");
    }
}
