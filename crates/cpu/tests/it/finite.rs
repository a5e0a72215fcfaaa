//! Sums of `x·0`, which find numbers that are not finite, are one pass over `x`.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_autodiff::trace;
use thalweg_cpu::{Isa, Options, Program};

#[test]
fn every_number_that_is_not_finite_is_found() {
    let (rows, columns) = (37, 150);
    let device = Device::flex();
    for dtype in [DType::F32, DType::F64] {
        let example = Tensor::<2>::zeros([rows, columns], (&device, dtype));
        let along: [fn(Tensor<2>) -> Tensor<2>; 3] =
            [|x| (x * 0.0).sum_dim(0), |x| (x * 0.0).sum_dim(1), |x| (x * 0.0).sum().reshape([1, 1])];
        for (isa, k) in Isa::available().into_iter().flat_map(|isa| (0..3).map(move |k| (isa, k))) {
            let traced = trace(along[k], &example).unwrap();
            let mut program =
                Program::with_options(traced.func(), &[], Options { isa, scalarize: false }).unwrap();
            let explained = program.explain();
            assert!(explained.contains(": isfinite\n"), "{explained}");
            for bad in [None, Some(f64::NAN), Some(f64::INFINITY), Some(f64::NEG_INFINITY)] {
                for at in [0, 1, 31, 32, 149, 150, 4095, 4096, rows * columns - 1] {
                    // Large ones whose sum overflows, subnormal ones and both zeros are finite.
                    let finite = [f64::from(f32::MAX), -0.0, 1e-45, -3.0, f64::from(f32::MAX)];
                    let mut x: Vec<f64> = (0..rows * columns).map(|i| finite[i % finite.len()]).collect();
                    if let Some(bad) = bad {
                        x[at] = bad;
                    }
                    let data = TensorData::new(x, [rows, columns]).convert_dtype(dtype);
                    let found: Vec<f64> = program.call(&[data]).unwrap()[0].iter().collect();
                    let hit = [at % columns, at / columns, 0][k];
                    for (i, found) in found.into_iter().enumerate() {
                        let is_hit = bad.is_some() && i == hit;
                        let right = if is_hit { found.is_nan() } else { found.to_bits() == 0 };
                        assert!(right, "{bad:?} at {at}, sum {i} along {k} of {dtype:?} on {isa}: {found}");
                    }
                }
            }
        }
    }
}

#[test]
fn products_that_others_read_as_well_stay() {
    let device = Device::flex();
    let x = Tensor::<1>::from_floats([1.0, -2.0, 3.0], &device);
    let traced = trace(
        |x: Tensor<1>| {
            let none = x * 0.0;
            (none.clone().sum(), none)
        },
        &x,
    )
    .unwrap();
    let mut program =
        Program::with_options(traced.func(), &[], Options { scalarize: false, ..Options::default() }).unwrap();
    assert!(!program.explain().contains("finite"), "{}", program.explain());
    let results = program.call(&[TensorData::from([1.0_f32, -2.0, f32::INFINITY])]).unwrap();
    let none: Vec<f32> = results[1].iter().collect();
    assert!(none[0] == 0.0 && none[1] == 0.0 && none[2].is_nan(), "{none:?}");
    assert!(results[0].iter::<f32>().all(f32::is_nan));
}
