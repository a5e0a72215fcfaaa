//! Whole numbers and constants: compiled, interpreted and eager are one.

use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use thalweg_autodiff::{Result, executor, trace};
use thalweg_cpu::{Options, Program, compile};

const TYPES: [DType; 8] =
    [DType::I64, DType::I32, DType::I16, DType::I8, DType::U64, DType::U32, DType::U16, DType::U8];

fn whole(values: &[i64], shape: [usize; 2], dtype: DType) -> Tensor<2, Int> {
    let device = Device::flex();
    Tensor::from_data(TensorData::new(values.to_vec(), shape).convert_dtype(dtype), (&device, dtype))
}

fn numbers<const D: usize>(x: Tensor<D, Int>) -> Vec<i64> {
    x.into_data().iter().collect()
}

/// What Burn's Flex answers in i64 whatever it is asked in.
#[test]
fn searches_and_sorts_of_every_type() -> Result<()> {
    type F = fn(Tensor<2, Int>) -> Tensor<2, Int>;
    let values = [5, 9, 3, 2, 1, 0, 3, 8, 7, 6, 9, 1];
    let functions: [(F, &[i64]); 7] = [
        (|x| x.sort(1), &[2, 3, 5, 9, 0, 1, 3, 8, 1, 6, 7, 9]),
        (|x| x.sort_descending(1), &[9, 5, 3, 2, 8, 3, 1, 0, 9, 7, 6, 1]),
        (|x| x.argsort(1), &[3, 2, 0, 1, 1, 0, 2, 3, 3, 1, 0, 2]),
        (|x| x.topk(2, 1), &[9, 5, 8, 3, 9, 7]),
        (|x| x.argmax(1), &[1, 3, 2]),
        (|x| x.argmin(1), &[3, 1, 3]),
        (|x| x.max_dim_with_indices(1).1, &[1, 3, 2]),
    ];
    for dtype in TYPES {
        let x = whole(&values, [3, 4], dtype);
        for (k, (f, right)) in functions.iter().enumerate() {
            assert_eq!(numbers(compile(*f, &x)?.call(&x)?), *right, "function {k} of {dtype:?}, compiled");
            assert_eq!(numbers(trace(*f, &x)?.call(&x)?), *right, "function {k} of {dtype:?}, interpreted");
        }
    }
    Ok(())
}

/// Constants are folded as the device computes, or not at all.
#[test]
fn constants_have_the_bits_of_running() -> Result<()> {
    type F = fn(Tensor<2, Int>) -> Tensor<2, Int>;
    let hash = 0xcbf2_9ce4_8422_2325_u64 as i64;
    let functions: [(F, i64); 8] = [
        // A step of FNV-1a, whose constants have more bits than a float.
        (
            |x| {
                let hash = x.zeros_like() + 0xcbf2_9ce4_8422_2325_u64 as i64;
                hash.bitwise_xor_scalar(7).mul_scalar(0x100_0000_01b3_i64)
            },
            (hash ^ 7).wrapping_mul(0x100_0000_01b3),
        ),
        (|x| x.zeros_like() + i64::MAX - 1, i64::MAX - 1),
        (|x| x.ones_like().mul_scalar(i64::MAX).add_scalar(2), i64::MIN + 1),
        (|x| (x.zeros_like() + 9_007_199_254_740_993_i64).mul_scalar(3), 27_021_597_764_222_979),
        (|x| (x.zeros_like() - 7).remainder_scalar(3), 2),
        (|x| (x.zeros_like() - 7) / 2, -3),
        (|x| (x.ones_like() * 5).bitwise_left_shift_scalar(3), 40),
        (|x| (x.zeros_like() - 9).bitwise_right_shift_scalar(1), -5),
    ];
    for (k, (f, right)) in functions.iter().enumerate() {
        let x = whole(&[3, 4], [1, 2], DType::I64);
        assert_eq!(numbers(trace(*f, &x)?.call(&x)?), [*right; 2], "function {k}, interpreted");
        assert_eq!(numbers(compile(*f, &x)?.call(&x)?), [*right; 2], "function {k}, compiled");
    }
    let small: [(F, i64); 4] = [
        (|x| x.ones_like().mul_scalar(i32::MAX).mul_scalar(i32::MAX), 1),
        (|x| (x.zeros_like().add_scalar(i32::MAX).add_scalar(1)).clamp(-5, 5), -5),
        (|x| (x.zeros_like() - 7).bitwise_and_scalar(12), 8),
        (|x| x.ones_like().neg().sign(), -1),
    ];
    for (k, (f, right)) in small.iter().enumerate() {
        let x = whole(&[3, 4], [1, 2], DType::I32);
        assert_eq!(numbers(trace(*f, &x)?.call(&x)?), [*right; 2], "small function {k}");
    }
    // What no type holds is left to the device.
    let x = whole(&[3, 4], [1, 2], DType::I32);
    let f = |x: Tensor<2, Int>| (x.float().zeros_like() + f32::INFINITY).int();
    assert_eq!(numbers(trace(f, &x)?.call(&x)?), numbers(f(x)));
    Ok(())
}

/// The bits of a function of a filled tensor: eager, interpreted, compiled.
#[track_caller]
fn alike(f: impl Fn(Tensor<1>) -> Tensor<1> + Copy, dtype: DType) -> Result<()> {
    let x = Tensor::<1>::ones([3], (&Device::flex(), dtype));
    let bytes = |y: Tensor<1>| y.into_data().as_bytes().to_vec();
    let right = bytes(f(x.clone()));
    assert_eq!(bytes(trace(f, &x)?.call(&x)?), right, "interpreted");
    assert_eq!(bytes(compile(f, &x)?.call(&x)?), right, "compiled");
    Ok(())
}

#[test]
fn floats_that_are_constants_have_the_bits_of_running() -> Result<()> {
    for dtype in [DType::F32, DType::F64] {
        alike(|x| burn::tensor::activation::relu(x.full_like(f64::NAN)) + x.zeros_like(), dtype)?;
        alike(|x| x.full_like(1.0) / 3.0 * 0.1, dtype)?;
        alike(|x| x.full_like(-7.5).remainder_scalar(2.0), dtype)?;
        alike(|x| x.full_like(f64::NAN).sign(), dtype)?;
    }
    for dtype in [DType::F16, DType::BF16] {
        alike(|x| x.full_like(0.1) + x.full_like(0.2), dtype)?;
        alike(|x| x.full_like(1.0) / 3.0, dtype)?;
        alike(|x| x.full_like(0.1).neg(), dtype)?;
    }
    Ok(())
}

#[test]
fn remainders_and_signs_are_exact() -> Result<()> {
    let x = Tensor::<1>::from_floats([1.0, 1e10, -7.5, 7.5, 0.0, f32::NAN, 5.0, -0.0], &Device::flex());
    let y = Tensor::<1>::from_floats([0.1, 3.0, 2.0, -2.0, 3.0, 2.0, f32::INFINITY, 1.0], &Device::flex());
    type Args = (Tensor<1>, Tensor<1>);
    for (k, f) in [|(x, y): Args| x.remainder(y), |(x, y): Args| x.sign() + y.zeros_like()].iter().enumerate() {
        let args = (x.clone(), y.clone());
        let right: Vec<f32> = f(args.clone()).into_data().iter().collect();
        for unroll in [true, false] {
            let traced = trace(*f, &args)?;
            let inputs =
                traced.flatten_args(&args)?.into_iter().map(executor::download).collect::<Result<Vec<_>>>()?;
            let mut program =
                Program::with_options(traced.func(), &[], Options { scalarize: unroll, ..Options::default() })?;
            let found: Vec<f32> = program.call(&inputs)?[0].iter().collect();
            for (a, b) in found.iter().zip(&right) {
                assert!(a == b || a.is_nan() && b.is_nan(), "function {k}: {found:?} where {right:?} is right");
            }
        }
    }
    Ok(())
}
