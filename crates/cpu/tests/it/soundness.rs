//! What safe code can ask of a program: any instruction set, memory of its own, a run that fails.

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::{Bool, Device, Distribution, Int, Tensor, TensorData};
use thalweg_autodiff::{Result, constant, executor, grad, trace, vmap};
use thalweg_cpu::{Isa, Options, Program, compile};

use crate::common::tensor;

fn bits(data: &TensorData) -> Vec<u32> {
    data.iter::<f32>().map(f32::to_bits).collect()
}

#[test]
fn every_instruction_set_that_the_cpu_has_can_be_asked_for() -> Result<()> {
    let x = tensor([40], 1);
    let traced = trace(|x: Tensor<1>| (x.clone() * x).exp().sum(), &x)?;
    // There is no way to name another one: a value of the type comes from detection.
    assert_eq!(Isa::available().first(), Some(&Isa::BASELINE));
    assert_eq!(Isa::available().last(), Some(&Isa::detect()));
    for isa in Isa::available() {
        let mut program = Program::with_options(traced.func(), &[], Options { isa, scalarize: false })?;
        assert!(program.explain().contains(&isa.to_string()), "{isa}");
        program.call(&[x.to_data()])?;
    }
    Ok(())
}

/// After a panic in one of Burn's own operations, the program has its own memory again.
#[test]
fn a_panic_leaves_no_memory_of_the_caller_behind() -> Result<()> {
    let args = (
        tensor([4], 1),
        Tensor::<1, Int>::from_ints([3, 4, 5, 6], &Device::flex()).cast(burn::tensor::IntDType::I16),
    );
    // Burn divides i16 itself, and panics for a zero.
    let f = |(x, k): (Tensor<1>, Tensor<1, Int>)| (x * 2.0, k.clone().div(k - 3));
    let traced = trace(f, &args)?;
    let mut program = Program::new(traced.func(), &[(0, 0)])?;
    let mut inputs: Vec<TensorData> =
        traced.flatten_args(&args)?.into_iter().map(executor::download).collect::<Result<_>>()?;
    let run = |program: &mut Program, inputs: &mut Vec<TensorData>| program.run_in_place(inputs, None);
    let failed = catch_unwind(AssertUnwindSafe(|| run(&mut program, &mut inputs)));
    drop(inputs);
    assert!(!matches!(failed, Ok(Ok(()))), "a division by zero");
    program.set_input(0, &TensorData::from([1.0_f32, 2.0, 3.0, 4.0]))?;
    assert_eq!(program.input(0)?.try_to_vec::<f32>().unwrap(), [1.0, 2.0, 3.0, 4.0]);
    Ok(())
}

#[test]
fn carried_truth_values_come_back_to_the_caller() -> Result<()> {
    let args =
        (Tensor::<1, Bool>::from_bool(TensorData::from([true, false, true]), &Device::flex()), tensor([3], 1));
    let traced = trace(|(b, x): (Tensor<1, Bool>, Tensor<1>)| (b.bool_not(), x + 1.0), &args)?;
    let mut program = Program::with_options(
        traced.func(),
        &[(0, 0), (1, 1)],
        Options { scalarize: false, ..Options::default() },
    )?;
    let mut inputs: Vec<TensorData> =
        traced.flatten_args(&args)?.into_iter().map(executor::download).collect::<Result<_>>()?;
    let before = inputs[1].clone();
    program.run_in_place(&mut inputs, None)?;
    assert_eq!(inputs[0].iter::<bool>().collect::<Vec<_>>(), [false, true, false]);
    assert_ne!(inputs[1], before);
    Ok(())
}

type State = (Tensor<2>, Tensor<1>, Tensor<1, Int>);

/// A program that was traced at small indices and runs with others, one of which is 9 and outside: the inputs with which the
/// run failed, all carried ones as they were.
fn fails_at_nine(
    f: impl Fn(State) -> (Tensor<2>, Tensor<1>, Tensor<1>),
    indices: [i32; 3],
) -> Result<(Program, [TensorData; 3])> {
    let device = Device::flex();
    let (x, y) = (tensor([4, 3], 1), tensor([5], 2));
    let at = |indices: [i32; 3]| Tensor::<1, Int>::from_ints(indices, &device);
    let traced = trace(f, &(x.clone(), y.clone(), at([0, 1, 1])))?;
    let mut program = Program::new(traced.func(), &[(0, 0), (1, 1)])?;
    let inputs = [x.to_data(), y.to_data(), at(indices).to_data()];
    inputs.iter().enumerate().try_for_each(|(k, data)| program.set_input(k, data))?;
    let error = program.run(None).unwrap_err().to_string();
    assert!(error.contains("An index is 9"), "{error}");
    assert_eq!((program.input(0)?, program.input(1)?), (inputs[0].clone(), inputs[1].clone()));
    Ok((program, inputs))
}

#[test]
fn an_index_outside_leaves_carried_inputs_as_they_were() -> Result<()> {
    let f = |(x, y, i): State| {
        let y = y * 2.0;
        (x.clone() * 0.5, y, x.exp().select(0, i).sum())
    };
    fails_at_nine(f, [0, 1, 9]).map(|_| ())
}

/// An index that the program computes is found to be outside only after other results are there.
#[test]
fn a_computed_index_outside_leaves_carried_inputs_as_they_were() -> Result<()> {
    let f = |(x, y, i): State| (x.clone() * 0.5, y * 2.0, x.exp().select(0, i.clone() * i).sum());
    let (mut program, inputs) = fails_at_nine(f, [0, 1, 3])?;
    program.set_input(2, &Tensor::<1, Int>::from_ints([0, 1, 1], &Device::flex()).to_data())?;
    program.run(None)?;
    let doubled: Vec<f32> = inputs[1].iter::<f32>().map(|y| y * 2.0).collect();
    assert_eq!(program.input(1)?.iter::<f32>().collect::<Vec<_>>(), doubled);
    Ok(())
}

#[test]
fn more_axes_than_a_program_takes_are_an_error() {
    let x = Tensor::<33>::ones([1; 33], &Device::flex());
    let error = compile(|x: Tensor<33>| x * 2.0, &x).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("33 axes") && error.contains("at most 32"), "{error}");
}

#[test]
fn a_draw_that_no_result_needs_has_no_key() -> Result<()> {
    let x = tensor([3], 1);
    let f = |x: Tensor<1>| (x.clone() * 2.0 + x.random_like(Distribution::Default)).sum();
    let compiled = compile(grad(f), &x)?;
    assert_eq!(compiled.call(&x)?.to_data().try_to_vec::<f32>().unwrap(), [2.0, 2.0, 2.0]);
    Ok(())
}

/// `x·a + y·b` with one `a` and `b` for each lane, whose place in memory is another one alone than among others.
#[test]
fn factors_of_a_lane_round_alike_alone_and_among_others() -> Result<()> {
    type Lane = (Tensor<1>, Tensor<1>, Tensor<1>);
    for n in [7, 100, 1000, 5000] {
        let lane = |(m, g, beta): Lane| {
            let blend = m.clone() * beta.clone() + g.clone() * (beta.clone() * -1.0 + 1.0);
            let square = m.clone() * beta.clone() + g.clone() * g.clone() * beta.clone();
            (blend.clone() - m.clone() * beta.clone(), square, blend.exp() * beta.clone() + m * g + beta)
        };
        let all = (tensor([3, n], 1), tensor([3, n], 2), tensor([3, 1], 3));
        let run = |args: &(Tensor<2>, Tensor<2>, Tensor<2>)| -> Result<Vec<Vec<u32>>> {
            let together =
                |args: (Tensor<2>, Tensor<2>, Tensor<2>)| -> Result<(Tensor<2>, Tensor<2>, Tensor<2>)> {
                    vmap(lane)(&args)
                };
            let traced = trace(together, args)?;
            let inputs =
                traced.flatten_args(args)?.into_iter().map(executor::download).collect::<Result<Vec<_>>>()?;
            let options = Options { scalarize: false, ..Options::default() };
            Ok(Program::with_options(traced.func(), &[], options)?.call(&inputs)?.iter().map(bits).collect())
        };
        let together = run(&all)?;
        for k in 0..3 {
            let one =
                (all.0.clone().narrow(0, k, 1), all.1.clone().narrow(0, k, 1), all.2.clone().narrow(0, k, 1));
            for (alone, together) in run(&one)?.iter().zip(&together) {
                assert_eq!(alone[..], together[k * n..(k + 1) * n], "lane {k} of {n}");
            }
        }
    }
    Ok(())
}

/// Two paths through each of sixty steps, and ten thousand operations: compiling ends.
#[test]
fn graphs_with_many_paths_and_operations_compile() -> Result<()> {
    let args = (tensor([1], 1), tensor([2, 2], 2));
    let f = |(x, m): (Tensor<1>, Tensor<2>)| {
        let mut y = x.clone();
        for k in 0..60 {
            y = y.clone() * y + x.clone() * (1.0 + f64::from(k));
        }
        y + m.clone().matmul(m).sum()
    };
    Program::new(trace(f, &args)?.func(), &[])?;
    let args = (tensor([32], 1), tensor([2, 2], 2));
    let f = |(x, m): (Tensor<1>, Tensor<2>)| {
        (0..5000).fold(x.clone(), |y, _| y.sin() + x.clone()).sum() + m.clone().matmul(m).sum()
    };
    Program::new(trace(grad(|x: Tensor<1>| f((x, constant(&args.1)))), &args.0)?.func(), &[])?;
    Ok(())
}
