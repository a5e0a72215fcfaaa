//! Products joined with what follows them have the bits of one operation after the other.

use burn::tensor::{DType, Device, Tensor, TensorData, activation};
use thalweg_autodiff::{Result, Tree, executor, trace};
use thalweg_cpu::{Isa, Options, Program};

fn matrix(shape: [usize; 2], seed: u32, dtype: DType) -> Tensor<2> {
    let number = |i: u32| {
        (i.wrapping_mul(7).wrapping_add(seed).wrapping_mul(2_654_435_761) >> 8) as f64 / (1 << 23) as f64 - 1.0
    };
    let numbers: Vec<f64> = (0..(shape[0] * shape[1]) as u32).map(number).collect();
    Tensor::from_data(TensorData::new(numbers, shape), (&Device::flex(), dtype))
}

/// What the compiled function gives, and what it does.
fn run<A: Tree>(
    f: impl Fn(A) -> Tensor<2>,
    args: &A,
    isa: Isa,
    threads: usize,
) -> Result<(TensorData, String)> {
    let traced = trace(f, args)?;
    let inputs: Vec<TensorData> =
        traced.flatten_args(args)?.into_iter().map(executor::download).collect::<Result<_>>()?;
    let mut program =
        Program::with_options(traced.func(), &[], Options { isa, scalarize: false })?.with_threads(threads);
    let result = program.call(&inputs)?.remove(0);
    Ok((result, program.explain()))
}

type Pair = (Tensor<2>, Tensor<2>);

/// A function of a product and another matrix, the name that the joined step has, and whether the other matrix may be a row.
type Follows = (&'static str, fn(Pair) -> Tensor<2>, bool);

const FOLLOWS: [Follows; 4] = [
    (" add\n", |(p, y)| p + y, true),
    (" add\n", |(p, y)| y + p, true),
    (" add_relu\n", |(p, y)| activation::relu(p + y), true),
    (" relu_grad\n", |(p, y)| p.mask_fill(y.lower_equal_elem(0.0), 0.0), false),
];

#[test]
fn a_product_is_finished_to_the_bits_of_single_operations() -> Result<()> {
    // Products by own kernels, in one part and in several, of few columns, of a row and of a column, of long inner axes and of
    // no rows to add up; by rows and by columns; by panels, in one block and in several, whole and cut.
    let shapes = [
        [32, 64, 64],
        [64, 256, 128],
        [64, 128, 10],
        [1, 40, 30],
        [30, 40, 1],
        [1, 2, 1],
        [100, 700, 300],
        [20, 700, 300],
        [170, 2100, 33],
        [600, 300, 33],
    ];
    for (dtype, [m, k, n]) in shapes.into_iter().flat_map(|s| [(DType::F32, s), (DType::F64, s)]) {
        for transposed in [false, true] {
            let a = matrix([m, k], 1, dtype);
            let b = matrix(if transposed { [n, k] } else { [k, n] }, 2, dtype);
            let product =
                move |a: Tensor<2>, b: Tensor<2>| a.matmul(if transposed { b.transpose() } else { b });
            for (step, follows, row) in FOLLOWS {
                let others = if row { vec![[m, n], [1, n]] } else { vec![[m, n]] };
                for (other, isa) in
                    others.into_iter().flat_map(|o| Isa::available().into_iter().map(move |i| (o, i)))
                {
                    let y = matrix(other, 3, dtype);
                    let (p, _) = run(|(a, b): Pair| product(a, b), &(a.clone(), b.clone()), isa, 1)?;
                    let p = Tensor::from_data(p, (&Device::flex(), dtype));
                    let (wanted, _) = run(follows, &(p, y.clone()), isa, 1)?;
                    for threads in [1, 2] {
                        let joined = |(a, b, y): (Tensor<2>, Tensor<2>, Tensor<2>)| follows((product(a, b), y));
                        let (got, text) = run(joined, &(a.clone(), b.clone(), y.clone()), isa, threads)?;
                        let name = format!("{m}×{k}×{n} {dtype:?} {isa} transposed {transposed}{step}{text}");
                        assert_eq!(got, wanted, "{name}");
                        assert!(text.contains(step) && !text.contains("loop over"), "{name}");
                    }
                }
            }
        }
    }
    Ok(())
}

/// A product that something else reads as well, or that a loop reads anyway, stays by itself.
#[test]
fn what_is_needed_elsewhere_is_not_changed() -> Result<()> {
    let (a, b, y) =
        (matrix([8, 16], 1, DType::F32), matrix([16, 32], 2, DType::F32), matrix([8, 32], 3, DType::F32));
    let twice = |(a, b, y): (Tensor<2>, Tensor<2>, Tensor<2>)| {
        let p = a.matmul(b);
        activation::relu(p.clone() + y) * p
    };
    let in_a_loop = |(a, b, y): (Tensor<2>, Tensor<2>, Tensor<2>)| (a.matmul(b) + y).tanh();
    for f in [twice as fn(_) -> _, in_a_loop] {
        let args = (a.clone(), b.clone(), y.clone());
        let (got, text) = run(f, &args, Isa::detect(), 1)?;
        let wanted = f(args).to_data();
        wanted.assert_approx_eq::<f32>(&got, burn::tensor::Tolerance::absolute(1e-5));
        assert!(text.contains("·[16,32]\n") && text.contains("loop over 256"), "{text}");
    }
    Ok(())
}
