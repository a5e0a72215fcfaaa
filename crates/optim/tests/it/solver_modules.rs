//! Solvers over the parameters of Burn modules.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use thalweg_autodiff::executor;
use thalweg_optim::solvers::{Counted, NewtonCg, Oracle, minimize_oracle, module_oracle};

#[test]
fn modules_are_minimized_by_their_parameters() {
    let device = Device::flex();
    let model = LinearConfig::new(3, 2).init(&device);
    let x = Tensor::<2>::from_floats(
        [[1.0, 2.0, 0.5], [3.0, -1.0, 1.0], [0.0, 1.0, -2.0], [1.5, 0.5, 0.0]],
        &device,
    );
    let y = Tensor::<2>::from_floats([[1.0, 0.0], [0.5, 2.0], [-1.0, 1.0], [0.3, 0.3]], &device);
    let loss = |m: &Linear, (x, y): &(Tensor<2>, Tensor<2>)| (m.forward(x.clone()) - y.clone()).square().mean();
    let oracle = module_oracle(loss, &model, (x.clone(), y.clone())).unwrap();
    assert_eq!(oracle.point(&model).unwrap().len(), 8);
    let counted = Counted::new(&oracle);
    let start = oracle.point(&model).unwrap();
    let found =
        minimize_oracle(&counted, start.clone(), &NewtonCg { gtol: 1e-5, ..NewtonCg::default() }, 30).unwrap();
    let solved = oracle.module(&found.x).unwrap();
    // A linear model with as many weights as data fits them.
    assert!(found.value < 1e-9 && found.outcome.is_converged(), "{}: {}", found.value, found.outcome);
    let direct: f64 = loss(&solved, &(x, y)).into_scalar::<f32>().into();
    assert!((direct - found.value).abs() < 1e-9);
    assert!(
        counted.counts().products > 0 && oracle.point(&model).unwrap() == start,
        "the model is left as it was"
    );
}

#[test]
fn a_batch_counts_once_in_running_statistics() {
    #[derive(Module, Debug)]
    struct Net {
        linear: Linear,
        norm: BatchNorm,
    }
    let device = Device::flex().autodiff();
    let net =
        Net { linear: LinearConfig::new(2, 2).init(&device), norm: BatchNormConfig::new(2).init(&device) };
    let x = Tensor::<2>::from_floats([[1.0, 2.0], [3.0, -1.0], [0.0, 1.0]], &device);
    let loss =
        |m: &Net, x: &Tensor<2>| (m.norm.forward::<2>(m.linear.forward(x.clone())) - 0.5).square().mean();
    let mut oracle = module_oracle(loss, &net, x.clone()).unwrap();
    let mean = |net: &Net| executor::download(net.norm.running_mean.value_sync().into_dispatch()).unwrap();
    let start = oracle.point(&net).unwrap();
    let asked_once = {
        oracle.gradient(&start).unwrap();
        mean(&oracle.module(&start).unwrap())
    };
    let elsewhere: Vec<f64> = start.iter().map(|x| x + 1.0).collect();
    oracle.gradient(&elsewhere).unwrap();
    assert_eq!(mean(&oracle.module(&start).unwrap()), asked_once);
    assert_ne!(mean(&net), asked_once);
    oracle.next(x, 1);
    oracle.gradient(&start).unwrap();
    assert_ne!(mean(&oracle.module(&start).unwrap()), asked_once);
}
