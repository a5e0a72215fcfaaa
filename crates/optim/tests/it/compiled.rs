//! Every optimizer of the registry gives the same numbers compiled and eager.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_optim::{CompiledDriver, Driver, Parameter, Transform, entries};

use crate::common::numbers;

// No single numbers: a trust ratio moves those exactly to zero, where it jumps, so that one rounding decides.
const SHAPES: [&[usize]; 4] = [&[6, 4], &[4], &[2], &[2, 3, 2]];
const STEPS: usize = 12;

fn parameters(dtype: DType) -> Vec<Parameter> {
    let parameter = |(k, shape): (usize, &&[usize])| {
        let n: usize = shape.iter().product();
        let data = TensorData::new(numbers(n, k as u64 + 1), [n]);
        Parameter { value: Tensor::from_data(data, (&Device::flex(), dtype)), shape: shape.to_vec() }
    };
    SHAPES.iter().enumerate().map(parameter).collect()
}

/// The largest difference after some steps, relative to the larger of one and the parameter; `None` where the optimizer
/// computes on the host.
fn difference(transform: impl Transform, again: impl Transform, lr: f64, dtype: DType) -> Option<f64> {
    if !transform.is_traceable() {
        return None;
    }
    let mut eager = Driver::new(transform, parameters(dtype)).unwrap();
    let mut compiled = CompiledDriver::new(&again, &parameters(dtype)).unwrap();
    for step in 0..STEPS {
        let gradients: Vec<TensorData> = eager
            .params()
            .iter()
            .enumerate()
            .map(|(k, p)| {
                let n = p.value.dims()[0];
                TensorData::new(numbers(n, (100 * step + k) as u64 + 7), [n]).convert_dtype(dtype)
            })
            .collect();
        let loss = 3.0 / (step + 1) as f64;
        let tensors =
            gradients.iter().map(|g| Tensor::from_data(g.clone(), (&Device::flex(), dtype))).collect();
        let value = Tensor::from_data(TensorData::from([loss]), (&Device::flex(), dtype));
        eager.step(lr, tensors, Some(value)).unwrap();
        compiled.step(lr, &gradients, Some(loss)).unwrap();
    }
    let own = compiled.params().unwrap();
    let pairs = eager
        .params()
        .iter()
        .zip(own)
        .flat_map(|(a, b)| a.value.to_data().iter::<f64>().zip(b.iter::<f64>()).collect::<Vec<_>>());
    Some(pairs.fold(
        0.0,
        |most: f64, (a, b)| {
            if (a - b).is_nan() { f64::NAN } else { most.max((a - b).abs() / a.abs().max(1.0)) }
        },
    ))
}

#[test]
fn compiled_equals_eager() {
    let mut failures = vec![];
    let mut compared = 0;
    for entry in entries() {
        let recipe = (entry.default)();
        for (dtype, tolerance) in [(DType::F64, 1e-10), (DType::F32, 1e-3)] {
            let chain = || recipe.transform().unwrap();
            match difference(chain(), chain(), recipe.lr(), dtype) {
                Some(found) if found <= tolerance => compared += 1,
                Some(found) => failures.push(format!("{} in {dtype:?}: {found:e}", entry.name)),
                None => {}
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(compared > 50, "{compared} optimizers compared");
}
