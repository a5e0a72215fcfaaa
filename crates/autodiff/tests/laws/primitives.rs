//! Every primitive occurs in some case's graph or derivative, so none escapes the laws.

use std::collections::BTreeSet;

use crate::cases::{self, Inputs};
use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg_autodiff::primitives::{Elementwise, Prim};
use thalweg_autodiff::{Func, constant, trace, vjp, vmap};

fn collect(func: &Func, seen: &mut BTreeSet<String>) {
    assert_eq!(func.verify(), Ok(()));
    // The text is a language: reading it gives the same graph.
    let read = Func::parse(&format!("{func:#}")).unwrap_or_else(|why| panic!("{why}\n{func}"));
    assert_eq!((read.eqns(), read.inputs(), read.outputs()), (func.eqns(), func.inputs(), func.outputs()));
    seen.extend(func.eqns().iter().map(|eqn| eqn.prim.name()));
}

#[test]
fn every_primitive_is_exercised() {
    let device = Device::flex();
    let mut seen = BTreeSet::new();
    for case in cases::all() {
        let input = |(shape, low, high): &(&[usize], f64, f64)| {
            let n: usize = shape.iter().product();
            let values: Vec<f64> = (0..n).map(|i| low + (high - low) * (i as f64 + 0.5) / n as f64).collect();
            Tensor::<1>::from_data(TensorData::new(values, [n]), (&device, DType::F32))
        };
        let x: Vec<Tensor<1>> = case.inputs.iter().map(input).collect();
        let f = |flat| (case.f)(&Inputs { flat, shapes: case.inputs });
        let ct = f(x.clone());
        collect(trace(f, &x).unwrap().func(), &mut seen);
        collect(
            trace(|x: Vec<Tensor<1>>| vjp(f)(&x, &constant(&ct)).map(|(_, g)| g), &x).unwrap().func(),
            &mut seen,
        );
    }
    // Draws and their keys have tests of their own; here they only need to occur.
    let x = Tensor::<2>::ones([2, 3], &device);
    let noisy = |x: Tensor<1>| x.clone() * x.random_like(burn::tensor::Distribution::Default);
    collect(
        trace(|x: Tensor<2>| vmap::<Tensor<1>, _, _, _, Tensor<2>>(noisy)(&x), &x).unwrap().func(),
        &mut seen,
    );
    collect(trace(|x: Tensor<2>| thalweg_autodiff::stop_gradient(x) * 2.0, &x).unwrap().func(), &mut seen);

    let missing: Vec<String> = (Elementwise::ALL.iter().map(|op| Prim::Elementwise(*op).name()))
        .chain(OTHERS.iter().map(|name| name.to_string()))
        .filter(|name| !seen.contains(name))
        .collect();
    assert!(missing.is_empty(), "no case has {missing:?}");
}

#[test]
fn every_operation_of_burn_is_covered_or_refused_by_name() {
    let covered: BTreeSet<&str> = cases::all().iter().flat_map(|case| case.covers.iter().copied()).collect();
    let refused: BTreeSet<&str> = cases::REFUSED.iter().map(|(name, _)| *name).collect();
    let absent: Vec<&&str> =
        cases::OPERATIONS.iter().filter(|op| !covered.contains(**op) && !refused.contains(**op)).collect();
    assert!(absent.is_empty(), "silently absent: {absent:?}");
}

/// Names of the primitives that are not elementwise, but for aliases, which finished graphs do not have.
const OTHERS: &[&str] = &[
    "input",
    "full",
    "constant",
    "convert",
    "broadcast",
    "reshape",
    "permute",
    "flip",
    "slice",
    "slice_assign",
    "cat",
    "sum",
    "prod",
    "max",
    "min",
    "any",
    "all",
    "argmax",
    "argmin",
    "cumsum",
    "cumprod",
    "cummax",
    "cummin",
    "argsort",
    "gather",
    "scatter_add",
    "scatter_assign",
    "scatter_mul",
    "scatter_max",
    "scatter_min",
    "index_select",
    "index_add",
    "matmul",
    "conv",
    "conv_input",
    "conv_weight",
    "average_pool",
    "average_pool_adjoint",
    "max_pool_indices",
    "softmax",
    "log_softmax",
    "random",
    "split_key",
    "stop_gradient",
];
