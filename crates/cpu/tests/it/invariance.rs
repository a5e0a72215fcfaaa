//! Results depend neither on the number of threads nor on how many lanes run beside a lane.

use burn::tensor::{Device, Tensor, TensorData, activation};
use thalweg_autodiff::{Result, constant, executor, grad, trace, vmap};
use thalweg_cpu::{Isa, Options, Program};

use crate::common::tensor;

fn bits(data: &TensorData) -> Vec<u32> {
    data.iter::<f32>().map(f32::to_bits).collect()
}

/// A network with everything that is split between threads: products, long rows, reductions of every kind.
fn network((x, w, v): (Tensor<2>, Tensor<2>, Tensor<2>)) -> Tensor<1> {
    let h = activation::gelu(x.matmul(w));
    let h = h.clone() - h.clone().mean_dim(1) + h.clone().mean_dim(0) * 0.1 + h.clone().max_dim(1);
    activation::log_softmax(h.matmul(v), 1).powi_scalar(2).mean()
}

#[test]
fn any_number_of_threads_gives_the_same_bits() -> Result<()> {
    for [rows, inner, columns] in [[300, 500, 700], [64, 784, 256], [2000, 40, 30]] {
        let args = (tensor([rows, inner], 1), tensor([inner, columns], 2), tensor([columns, 10], 3));
        let traced = trace(grad(network), &args)?;
        let inputs: Vec<TensorData> =
            traced.flatten_args(&args)?.into_iter().map(executor::download).collect::<Result<_>>()?;
        for isa in Isa::available() {
            let run = |threads: usize| -> Result<Vec<Vec<u32>>> {
                let results = Program::with_options(traced.func(), &[], Options { isa, scalarize: false })?
                    .with_threads(threads)
                    .call(&inputs)?;
                Ok(results.iter().map(bits).collect())
            };
            let one = run(1)?;
            assert!(one.iter().flatten().any(|b| *b != 0), "the gradient is not zero");
            for threads in 2..5 {
                assert_eq!(one, run(threads)?, "{threads} threads on {isa}");
            }
        }
    }
    Ok(())
}

/// The gradient of a small function without products: it is unrolled for one lane and for many.
fn unrolled(x: Tensor<1>) -> Tensor<1> {
    let (a, b) = (x.clone().narrow(0, 0, 11), x.clone().narrow(0, 1, 11));
    ((b - a.clone() * a.clone()).powi_scalar(2) * 100.0 + (a * -1.0 + 1.0).powi_scalar(2)).sum() + x.exp().max()
}

#[test]
fn a_lane_has_the_same_bits_alone_and_among_others() -> Result<()> {
    let w = tensor([12, 30], 7);
    let v = tensor([30, 5], 8);
    // A vector times matrices of every shape class: long, short, read by rows and by columns.
    let f = |x: Tensor<1>| {
        let h = x.clone().reshape([1, 12]).matmul(constant(&w)).tanh();
        let y = h.clone().matmul(constant(&v)).exp();
        let z = y.matmul(constant(&v).transpose()) + h;
        (z.powi_scalar(2) / 3.0).sum() + x.sin().sum()
    };
    hold(grad(f), "a network")?;
    hold(grad(unrolled), "an unrolled function")
}

fn hold(g: impl Fn(&Tensor<1>) -> Result<Tensor<1>>, name: &str) -> Result<()> {
    let lanes = 67;
    let all = tensor([lanes, 12], 9);
    let run = |x: &Tensor<2>| -> Result<Vec<u32>> {
        let traced = trace(|x: Tensor<2>| -> Result<Tensor<2>> { vmap(&g)(&x) }, x)?;
        let inputs: Vec<TensorData> =
            traced.flatten_args(x)?.into_iter().map(executor::download).collect::<Result<_>>()?;
        Ok(bits(&Program::new(traced.func(), &[])?.call(&inputs)?[0]))
    };
    let together = run(&all)?;
    for count in [1, 2, 3, 16, 33] {
        let part = run(&all.clone().slice([0..count, 0..12]))?;
        assert_eq!(part[..], together[..count * 12], "{count} lanes of {name}");
    }
    let alone = trace(&g, &all.clone().slice([0..1, 0..12]).reshape([12]))?;
    let x = all.slice([0..1, 0..12]).reshape([12]).to_data();
    let mut inputs: Vec<TensorData> = vec![x];
    let lifted = alone.flatten_args(&Tensor::from_data(inputs[0].clone(), &Device::flex()))?;
    inputs.extend(lifted.into_iter().skip(1).map(executor::download).collect::<Result<Vec<_>>>()?);
    assert_eq!(
        bits(&Program::new(alone.func(), &[])?.call(&inputs)?[0])[..],
        together[..12],
        "{name} without lanes"
    );
    Ok(())
}

/// Lanes that share the number of the step and another number, which change places at each step.
#[test]
fn steps_in_one_call_are_single_steps() -> Result<()> {
    type State = (Tensor<2>, Tensor<2>, Tensor<1>, Tensor<1>);
    let step = |(x, v, t, s): State| -> Result<State> {
        let lane = |(x, v): (Tensor<1>, Tensor<1>)| {
            let v = v * 0.9 + (x.clone() * constant(&t)).sin() * constant(&s);
            Ok::<_, thalweg_autodiff::Error>((x - v.clone() * 0.1, v))
        };
        let (x, v) = vmap(lane)(&(x, v))?;
        Ok((x, v, s.clone() + 0.0, t.clone() + 1.0))
    };
    for lanes in [2, 67, 3000] {
        let args = (tensor([lanes, 3], 4), tensor([lanes, 3], 5), tensor([1], 6), tensor([1], 7));
        let traced = trace(step, &args)?;
        let inputs: Vec<TensorData> =
            traced.flatten_args(&args)?.into_iter().map(executor::download).collect::<Result<_>>()?;
        let run = |threads: usize, at_once: bool| -> Result<Vec<Vec<u32>>> {
            let mut program =
                Program::new(traced.func(), &[(0, 0), (1, 1), (2, 2), (3, 3)])?.with_threads(threads);
            inputs.iter().enumerate().try_for_each(|(k, data)| program.set_input(k, data))?;
            if at_once {
                program.run_n(5, None)?;
            } else {
                (0..5).try_for_each(|_| program.run(None))?;
            }
            (0..4).map(|k| Ok(bits(&program.input(k)?))).collect()
        };
        let single = run(1, false)?;
        assert_ne!(single[0], bits(&inputs[0]), "the lanes move");
        for threads in 1..3 {
            assert_eq!(single, run(threads, true)?, "{lanes} lanes, {threads} threads");
        }
    }
    Ok(())
}

#[test]
fn short_steps_stay_on_the_thread_of_the_caller() -> Result<()> {
    let program = |rows: usize, inner: usize, columns: usize| -> Result<Program> {
        let args = (tensor([rows, inner], 1), tensor([inner, columns], 2), tensor([columns, 10], 3));
        Program::with_options(
            trace(grad(network), &args)?.func(),
            &[],
            Options { scalarize: false, ..Options::default() },
        )
    };
    let threads = |program: &Program| {
        let text = program.explain();
        let (_, after) = text.split_once("threads: ").expect("explain says how many threads there are");
        after.split('.').next().and_then(|n| n.parse::<usize>().ok()).expect("a number")
    };
    let (short, long) = (program(32, 64, 64)?, program(300, 500, 700)?);
    assert_eq!(threads(&short), 1);
    assert_eq!(threads(&short.with_threads(usize::MAX)), threads(&long), "as many as there are, if asked for");
    Ok(())
}

type Results<const D: usize> = (Tensor<D>, Tensor<D>, Tensor<D>, Tensor<D>);

/// Holds a function of a matrix, whose results may depend neither on the lanes beside nor on the threads.
fn hold_matrices(shape: [usize; 2], most: usize, lane: impl Fn(Tensor<2>) -> Results<1>) -> Result<()> {
    let [rows, columns] = shape;
    let all = tensor([most, rows, columns], 11);
    let run = |count: usize, threads: usize| -> Result<Vec<Vec<u32>>> {
        let x = all.clone().slice([0..count, 0..rows, 0..columns]);
        let together = |x: Tensor<3>| -> Result<Results<2>> {
            vmap(|x: Tensor<2>| -> Result<Results<1>> { Ok(lane(x)) })(&x)
        };
        let traced = trace(together, &x)?;
        let mut inputs = vec![x.to_data()];
        let lifted = traced.flatten_args(&x)?;
        inputs.extend(lifted.into_iter().skip(1).map(executor::download).collect::<Result<Vec<_>>>()?);
        let results = Program::new(traced.func(), &[])?.with_threads(threads).call(&inputs)?;
        Ok(results.iter().map(bits).collect())
    };
    let together = run(most, 1)?;
    for (count, threads) in [(1, 1), (2, 1), (2, 2), (most - 1, 2)] {
        for (k, part) in run(count, threads)?.iter().enumerate() {
            assert_eq!(part[..], together[k][..part.len()], "result {k} of {count} lanes {rows}×{columns}");
        }
    }
    let x = all.slice([0..1, 0..rows, 0..columns]).reshape([rows, columns]);
    let traced = trace(&lane, &x)?;
    let mut inputs = vec![x.to_data()];
    inputs.extend(
        traced.flatten_args(&x)?.into_iter().skip(1).map(executor::download).collect::<Result<Vec<_>>>()?,
    );
    for (k, alone) in Program::new(traced.func(), &[])?.call(&inputs)?.iter().enumerate() {
        let alone = bits(alone);
        assert_eq!(alone[..], together[k][..alone.len()], "result {k} of a lane {rows}×{columns} alone");
    }
    Ok(())
}

/// What a lane sums up lies in one run of memory or in many, few or many.
#[test]
fn reductions_of_a_lane_have_the_same_bits_alone_and_among_others() -> Result<()> {
    for shape in [[5, 3], [40, 7], [3, 500], [300, 65], [1, 20_000], [20_000, 1], [900, 1100]] {
        let most = if shape[0] * shape[1] > 100_000 { 3 } else { 19 };
        hold_matrices(shape, most, |x| {
            let y = x.clone() * 1.1 + x.clone().powi_scalar(2);
            (
                y.clone().sum_dim(0).flatten(0, 1),
                y.clone().sum_dim(1).flatten(0, 1),
                y.clone().sum(),
                (y.exp() * x.clone()).mean() + x.max(),
            )
        })?;
    }
    Ok(())
}

/// Products of lanes with what they share and with each other, and a layer of a network with its gradient's parts.
#[test]
fn products_of_a_lane_have_the_same_bits_alone_and_among_others() -> Result<()> {
    for shape in [[5, 3], [40, 7], [33, 65], [1, 30], [30, 1], [70, 600]] {
        let (w, b) = (tensor([shape[1], 9], 12), tensor([1, 9], 13));
        hold_matrices(shape, 7, |x| {
            let h = activation::relu(x.clone().matmul(constant(&w)) + constant(&b));
            let back =
                h.clone().matmul(constant(&w).transpose()).mask_fill(x.clone().lower_equal_elem(0.0), 0.0);
            (
                activation::log_softmax(h.clone(), 1).flatten(0, 1),
                x.clone().transpose().matmul(h).flatten(0, 1),
                back.clone().sum_dim(0).flatten(0, 1),
                x.clone().matmul(x.transpose()).flatten::<1>(0, 1) + back.sum(),
            )
        })?;
    }
    Ok(())
}
