//! Compiled programs against the same graphs run by Burn.

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Int, Tensor, TensorData, activation};
use thalweg_autodiff::{Result, Traced, Tree, executor, grad, hessian, trace};
use thalweg_cpu::{Options, Program};

use crate::common::tensor;

fn floats(data: &TensorData) -> Vec<f64> {
    data.iter::<f64>().collect()
}

/// Runs a traced function both ways and compares all results.
fn agree<A: Tree, R: Tree>(name: &str, traced: &Traced<A, R>, args: &A, tolerance: f64) {
    let inputs = traced.flatten_args(args).unwrap();
    let data: Vec<TensorData> = inputs.iter().map(|h| executor::download(h.clone()).unwrap()).collect();
    let expected = executor::interpret(traced.func(), inputs, &Device::flex()).unwrap();
    for (round, unroll) in [true, false].into_iter().enumerate() {
        let mut program =
            Program::with_options(traced.func(), &[], Options { scalarize: unroll, ..Options::default() })
                .unwrap();
        program.call(&data).unwrap();
        let results = program.call(&data).unwrap();
        for (k, (own, burn)) in results.iter().zip(&expected).enumerate() {
            let burn = executor::download(burn.clone()).unwrap();
            assert_eq!(own.shape(), burn.shape(), "{name}: shape of result {k}");
            assert_eq!(own.dtype(), burn.dtype(), "{name}: type of result {k}");
            for (i, (a, b)) in floats(own).iter().zip(floats(&burn)).enumerate() {
                let close =
                    (a - b).abs() <= tolerance * b.abs().max(1.0) || a.is_nan() && b.is_nan() || *a == b;
                assert!(
                    close,
                    "{name}, round {round}: element {i} of result {k} is {a}, Burn has {b}\n{traced}\n{}",
                    program.explain()
                );
            }
        }
    }
}

fn check<A: Tree, R: Tree>(name: &str, f: impl Fn(A) -> R, args: A) {
    let traced = trace(f, &args).unwrap_or_else(|e| panic!("{name}: {e}"));
    agree(name, &traced, &args, 2e-5);
}

#[test]
fn elementwise_chains_and_broadcasts() {
    for n in [1, 7, 100, 4096, 70_000] {
        check("chain", |x: Tensor<1>| (x.clone() * 2.0 + 1.0).tanh() - x.exp() * 0.5, tensor([n], 1));
    }
    check(
        "rows",
        |(x, b): (Tensor<2>, Tensor<2>)| activation::relu(x + b),
        (tensor([32, 64], 1), tensor([1, 64], 2)),
    );
    check(
        "long rows",
        |(x, b): (Tensor<2>, Tensor<2>)| (x + b).exp(),
        (tensor([9, 5000], 1), tensor([1, 5000], 2)),
    );
    check("columns", |(x, b): (Tensor<2>, Tensor<2>)| x * b, (tensor([33, 7], 1), tensor([33, 1], 2)));
    check("long columns", |(x, b): (Tensor<2>, Tensor<2>)| x * b, (tensor([3, 9000], 1), tensor([3, 1], 2)));
    check("transposed", |x: Tensor<2>| x.clone().transpose().exp() + x.transpose(), tensor([37, 19], 3));
    check(
        "several",
        |x: Tensor<2>| (x.clone().sin(), x.clone().cos() * x.clone(), x.sqrt()),
        tensor([40, 3], 4),
    );
}

#[test]
fn reductions_along_any_axes() {
    for shape in [[3, 4, 5], [70, 40, 30], [1, 5000, 4], [5, 1, 6000]] {
        let x = tensor(shape, 5);
        check("all", |x: Tensor<3>| x.exp().sum(), x.clone());
        for axis in 0..3 {
            check("sum", move |x: Tensor<3>| (x * 2.0).sum_dim(axis), x.clone());
            check("max", move |x: Tensor<3>| x.max_dim(axis), x.clone());
            check(
                "mean",
                move |x: Tensor<3>| (x.clone() - x.mean_dim(axis)).powi_scalar(2).sum_dim(axis),
                x.clone(),
            );
        }
        check("prod", |x: Tensor<3>| (x * 0.1 + 1.0).prod_dim(1), x.clone());
        check("outer two", |x: Tensor<3>| x.sum_dim(0).sum_dim(1), x.clone());
        check("outer and inner", |x: Tensor<3>| x.sum_dim(0).sum_dim(2), x);
    }
}

#[test]
fn products_of_matrices() {
    for [m, k, n] in
        [[2, 3, 4], [1, 10, 5], [5, 10, 1], [1, 1, 1], [33, 65, 17], [128, 784, 256], [64, 600, 40]]
    {
        let (a, b) = (tensor([m, k], 1), tensor([k, n], 2));
        check("plain", |(a, b): (Tensor<2>, Tensor<2>)| a.matmul(b), (a.clone(), b.clone()));
        let f = |(a, b): (Tensor<2>, Tensor<2>)| a.transpose().matmul(b.transpose());
        check("both transposed", f, (tensor([k, m], 3), tensor([n, k], 4)));
        let loss = |a: Tensor<2>| move |b: Tensor<2>| a.clone().matmul(b).tanh().sum();
        let args = (a, b);
        check("gradient", move |(a, b): (Tensor<2>, Tensor<2>)| grad(loss(a))(&b).unwrap(), args);
    }
    let (a, b) = (tensor([3, 4, 5], 1), tensor([3, 5, 6], 2));
    check("batched", |(a, b): (Tensor<3>, Tensor<3>)| a.matmul(b), (a, b.clone()));
    check("one for all", |(a, b): (Tensor<3>, Tensor<3>)| a.matmul(b), (tensor([1, 4, 5], 1), b));
}

#[test]
fn convolutions_and_their_adjoints() {
    for (stride, padding, dilation, groups) in [(1, 0, 1, 1), (2, 1, 1, 2), (1, 2, 2, 1), (3, 1, 1, 4)] {
        let options = ConvOptions::new([stride, 1], [padding, 1], [dilation, 1], groups);
        let f = move |(x, w): (Tensor<4>, Tensor<4>)| conv2d(x, w, None, options.clone());
        let args = (tensor([3, 4, 11, 9], 1), tensor([8, 4 / groups, 3, 2], 2));
        check("conv2d", f.clone(), args.clone());
        let loss = move |args: (Tensor<4>, Tensor<4>)| f(args).tanh().sum();
        check(
            "conv2d, gradients",
            move |args: (Tensor<4>, Tensor<4>)| grad(&loss)(&args).unwrap(),
            args.clone(),
        );
        let traced = trace(
            |args: (Tensor<4>, Tensor<4>)| {
                conv2d(args.0, args.1, None, ConvOptions::new([1; 2], [0; 2], [1; 2], groups))
            },
            &args,
        )
        .unwrap();
        assert!(!Program::new(traced.func(), &[]).unwrap().explain().contains("falls back"));
    }
}

#[test]
fn parts_and_indices() {
    let x = tensor([6, 8], 1);
    check("slice", |x: Tensor<2>| x.slice([1..5, 2..7]).exp(), x.clone());
    check(
        "assign",
        |x: Tensor<2>| x.clone().slice_assign([1..3, 0..8], x.slice([3..5, 0..8]) * 2.0),
        x.clone(),
    );
    check("cat", |x: Tensor<2>| Tensor::cat(vec![x.clone(), x.clone() * 2.0, x], 1), x.clone());
    check("flip", |x: Tensor<2>| x.flip([0, 1]) + 1.0, x.clone());
    let indices = |x: &Tensor<2>| {
        Tensor::<2, Int>::from_ints(
            [[0, 7, 3], [2, 2, 1], [4, 4, 4], [6, 5, 0], [7, 7, 0], [1, 2, 3]],
            &x.device(),
        )
    };
    check("gather", move |x: Tensor<2>| x.clone().gather(1, indices(&x)), x.clone());
    let rows = |x: &Tensor<2>| Tensor::<1, Int>::from_ints([5, 0, 0, 2], &x.device());
    check("select", move |x: Tensor<2>| x.clone().select(0, rows(&x)), x.clone());
    let picked = move |x: Tensor<2>| x.clone().select(0, rows(&x)).powi_scalar(2).sum();
    check("select, gradient", move |x: Tensor<2>| grad(picked)(&x).unwrap(), x.clone());
    let gathered = move |x: Tensor<2>| x.clone().gather(1, indices(&x)).exp().sum();
    check("gather, gradient", move |x: Tensor<2>| grad(gathered)(&x).unwrap(), x.clone());
    check(
        "softmax",
        |x: Tensor<2>| (activation::softmax(x.clone(), 1), activation::log_softmax(x, 0)),
        x.clone(),
    );
    check("falls back", |x: Tensor<2>| x.clone().cumsum(1) + x.sort(0), x);
}

#[test]
fn an_index_outside_is_an_error_that_names_it() -> Result<()> {
    let x = tensor([4], 1);
    let indices = Tensor::<1, Int>::from_ints([0, 3], &Device::flex());
    let args = (x, indices);
    let traced = trace(|(x, i): (Tensor<1>, Tensor<1, Int>)| x.select(0, i), &args)?;
    let mut program = Program::new(traced.func(), &[])?;
    let data = args.0.to_data();
    let error = program.call(&[data, TensorData::from([0_i32, 4])]).unwrap_err().to_string();
    assert!(error.contains("An index is 4") && error.contains("4 elements"), "{error}");
    Ok(())
}

#[test]
fn derivatives_of_small_functions() {
    let f = |x: Tensor<1>| {
        let (a, b) = (x.clone().slice(0..1), x.slice(1..2));
        (b - a.clone() * a.clone()).powi_scalar(2) * 100.0 + (a * -1.0 + 1.0).powi_scalar(2)
    };
    check("value", f, tensor([2], 1));
    check("gradient", move |x: Tensor<1>| grad(f)(&x).unwrap(), tensor([2], 1));
    check("Hessian", move |x: Tensor<1>| -> Tensor<2> { hessian(f)(&x).unwrap() }, tensor([2], 1));
}

#[test]
fn results_that_are_inputs_or_constants() {
    let args = (tensor([3], 1), tensor([2, 2], 2));
    check(
        "inputs",
        |(a, b): (Tensor<1>, Tensor<2>)| (b.clone().transpose(), a.clone(), a.zeros_like() + 3.0, b),
        args,
    );
}

#[test]
fn carried_results_are_the_next_inputs() -> Result<()> {
    // Momentum: two states, of which the second reads the first before it moves.
    let step = |(x, v): (Tensor<1>, Tensor<1>)| {
        let g = x.clone() * 2.0;
        let v = v * 0.9 + g;
        (x - v.clone() * 0.1, v)
    };
    let state = (tensor([1000], 1), tensor([1000], 2));
    let traced = trace(step, &state)?;
    for (carried, unroll) in
        [(vec![(0, 0), (1, 1)], true), (vec![(1, 1), (0, 0)], false), (vec![(0, 0), (1, 1)], false)]
    {
        let mut program = Program::with_options(
            traced.func(),
            &carried,
            Options { scalarize: unroll, ..Options::default() },
        )?;
        program.set_input(0, &state.0.to_data())?;
        program.set_input(1, &state.1.to_data())?;
        program.run_n(5, None)?;
        let mut expected = state.clone();
        for _ in 0..5 {
            expected = step(expected);
        }
        program.input(0)?.assert_approx_eq::<f32>(&expected.0.to_data(), Default::default());
        program.output(1)?.assert_approx_eq::<f32>(&expected.1.to_data(), Default::default());
    }
    // Lanes of several elements that change places as they are.
    let state = (tensor([50, 3], 1), tensor([50, 3], 2));
    let exchange = trace(|(x, v): (Tensor<2>, Tensor<2>)| (v, x), &state)?;
    let mut program = Program::new(exchange.func(), &[(0, 0), (1, 1)])?;
    program.set_input(0, &state.0.to_data())?;
    program.set_input(1, &state.1.to_data())?;
    program.run_n(3, None)?;
    assert_eq!((program.input(0)?, program.input(1)?), (state.1.to_data(), state.0.to_data()));
    let still = trace(|(x, v): (Tensor<2>, Tensor<2>)| (x.clone(), v + x), &state)?;
    let mut program = Program::new(still.func(), &[(0, 0), (1, 1)])?;
    let mut data = [state.0.to_data(), state.1.to_data()];
    program.run_in_place(&mut data, None)?;
    assert_eq!(data, [state.0.to_data(), (state.1 + state.0).to_data()]);
    Ok(())
}

#[test]
fn states_that_change_places() -> Result<()> {
    let mut state = (tensor([1000], 1), tensor([1000], 2));
    let swap = trace(|(x, v): (Tensor<1>, Tensor<1>)| (v * 1.0, x + 1.0), &state)?;
    let mut program = Program::new(swap.func(), &[(0, 0), (1, 1)])?;
    program.set_input(0, &state.0.to_data())?;
    program.set_input(1, &state.1.to_data())?;
    program.run_n(3, None)?;
    for _ in 0..3 {
        state = (state.1, state.0 + 1.0);
    }
    program.input(0)?.assert_approx_eq::<f32>(&state.0.to_data(), Default::default());
    program.input(1)?.assert_approx_eq::<f32>(&state.1.to_data(), Default::default());
    Ok(())
}

#[test]
fn results_that_are_parts_or_carried_twice() -> Result<()> {
    for unroll in [true, false] {
        let options = Options { scalarize: unroll, ..Options::default() };
        // The result is the first half of what is computed, so it must not be computed in the input's place.
        let args = (tensor([40], 1), tensor([80], 2));
        let part = trace(|(_, y): (Tensor<1>, Tensor<1>)| y.exp().narrow(0, 0, 40), &args)?;
        let mut program = Program::with_options(part.func(), &[(0, 0)], options)?;
        program.set_input(0, &args.0.to_data())?;
        program.set_input(1, &args.1.to_data())?;
        program.run_n(2, None)?;
        let expected = args.1.clone().exp().narrow(0, 0, 40);
        program.input(0)?.assert_approx_eq::<f32>(&expected.to_data(), Default::default());
        program.input(1)?.assert_approx_eq::<f32>(&args.1.to_data(), Default::default());

        let args = (tensor([20, 20], 1), tensor([20, 20], 2));
        let product = trace(|(x, y): (Tensor<2>, Tensor<2>)| x.matmul(y) * 0.1, &args)?;
        let mut program = Program::with_options(product.func(), &[(0, 0), (0, 1)], options)?;
        program.set_input(0, &args.0.to_data())?;
        program.set_input(1, &args.1.to_data())?;
        program.run_n(2, None)?;
        let once = args.0.matmul(args.1) * 0.1;
        let twice = once.clone().matmul(once) * 0.1;
        program.input(0)?.assert_approx_eq::<f32>(&twice.to_data(), Default::default());
        program.input(1)?.assert_approx_eq::<f32>(&twice.to_data(), Default::default());
        let plain =
            trace(|(x, y): (Tensor<2>, Tensor<2>)| x.matmul(y), &(tensor([20, 20], 1), tensor([20, 20], 2)))?;
        let mut program = Program::with_options(plain.func(), &[(0, 0), (0, 1)], options)?;
        program.set_input(0, &tensor([20, 20], 1).to_data())?;
        program.set_input(1, &tensor([20, 20], 2).to_data())?;
        program.run(None)?;
        assert_eq!(program.input(0)?, program.input(1)?);
        let error = Program::with_options(plain.func(), &[(0, 0), (0, 0)], options).unwrap_err().to_string();
        assert!(error.contains("Two results are carried to input number 0"), "{error}");
    }
    Ok(())
}

/// Inputs as tensors of the Flex device, wherever their elements lie, and of its autodiff device.
#[test]
fn tensors_are_taken_in_however_they_lie() {
    let x = tensor([6, 4], 9);
    let traced = trace(|x: Tensor<2>| x * 2.0, &x).unwrap();
    let mut program = Program::new(traced.func(), &[]).unwrap();
    let wide = tensor([6, 8], 10);
    let tensors = [
        x.clone(),
        tensor([4, 6], 11).transpose(),
        wide.clone().slice([0..6, 2..6]),
        tensor([9, 4], 12).slice([3..9, 0..4]),
        Tensor::from_data(x.to_data(), &Device::flex().autodiff()).require_grad(),
    ];
    for (k, tensor) in tensors.into_iter().enumerate() {
        let wanted: Vec<f64> = floats(&tensor.to_data()).iter().map(|x| 2.0 * x).collect();
        program.set_tensor(0, &tensor.into_dispatch()).unwrap();
        program.run(None).unwrap();
        assert_eq!(floats(&program.output(0).unwrap()), wanted, "tensor {k}");
    }
    let error = program.set_tensor(0, &wide.into_dispatch()).unwrap_err().to_string();
    assert!(error.contains("Input number 0 is") && error.contains("f32[6,8]"), "{error}");
}
