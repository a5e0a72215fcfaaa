//! Settings of optax that no case of the goldens has: figures of optax 0.2.8 in f64, by the calls that stand here. GaLore's SVD is
//! in f64 as well, where optax takes f32; rates with a warm-up are exact in f32, in which optax computes schedules.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_optim::{Driver, Parameter, from_reference};

fn parameter(values: &[f64], shape: &[usize]) -> Parameter {
    let value = Tensor::from_data(TensorData::from(values), (&Device::flex(), DType::F64));
    Parameter { value, shape: shape.to_vec() }
}

/// Steps from given parameters with the gradient `sin(1.7 θ) + 0.3 θ`.
fn run(call: &str, params: Vec<Parameter>, steps: usize) -> Vec<f64> {
    let recipe = from_reference(call).unwrap();
    let mut driver = Driver::new(recipe.transform().unwrap(), params).unwrap();
    for _ in 0..steps {
        let gradient = |p: &Parameter| (p.value.clone() * 1.7).sin() + p.value.clone() * 0.3;
        let gradients = driver.params().iter().map(gradient).collect();
        driver.step(recipe.lr(), gradients, None).unwrap();
    }
    driver.params().iter().flat_map(|p| p.value.to_data().iter::<f64>().collect::<Vec<_>>()).collect()
}

#[track_caller]
fn agrees(call: &str, got: Vec<f64>, want: &[f64]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() < 1e-12, "{call}: {got}, optax has {want}");
    }
}

#[test]
fn schedule_free_with_a_warm_up() {
    let three = || vec![parameter(&[1.0, -2.0, 0.5], &[3])];
    let call = "optax.contrib.schedule_free_sgd(0.5, warmup_steps=4, weight_decay=0.1)";
    agrees(call, run(call, three(), 6), &[-0.021217391356054494, -1.0693926070403925, -0.023741925760307404]);
    let call = "optax.contrib.schedule_free_adamw(0.125, warmup_steps=4, weight_decay=0.1)";
    agrees(call, run(call, three(), 6), &[0.7042609560904952, -1.6085316885002239, 0.24497455489468395]);
}

fn matrix_and_vector() -> Vec<Parameter> {
    vec![parameter(&[1.0, -2.0, 0.5, 0.3, 0.1, -0.7], &[3, 2]), parameter(&[0.4, -0.6], &[2])]
}

#[test]
fn muon_with_a_rate_of_its_own_for_vectors() {
    let call = "optax.contrib.muon(0.05, adam_learning_rate=0.2)";
    let want = [
        0.7774236305147048,
        -1.9359118907359045,
        0.354429684758913,
        0.21047368834723396,
        0.0667729187059542,
        -0.5149078651349759,
        -0.10600361486266441,
        0.1708916301150934,
    ];
    agrees(call, run(call, matrix_and_vector(), 5), &want);
}

#[test]
fn galore_with_a_new_basis_every_other_step() {
    let call = "optax.contrib.galore(0.05, rank=1, update_proj_gap=2, scale=0.5, weight_decay=0.1)";
    let want = [
        0.8700096010478141,
        -1.8452357630009892,
        0.43672006556688847,
        0.34348290772828927,
        0.05941769944781218,
        -0.6445550527072867,
        0.14800940583119532,
        -0.3399934357199394,
    ];
    agrees(call, run(call, matrix_and_vector(), 5), &want);
}
