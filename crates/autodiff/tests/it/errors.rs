//! Errors are sentences with a remedy, and leave nothing behind.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::optim::GradientsParams;
use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use thalweg_autodiff::module::{self, ParamGrads};
use thalweg_autodiff::{
    Error, Result, compiled_devices, constant, grad, hessian, jacobian, jvp, trace, value_and_grad, vjp, vmap,
};

fn x() -> Tensor<1> {
    Tensor::from_floats([1.0, 2.0], &Device::flex())
}

/// The text of the error, which must name all of `parts`; and the next trace works.
#[track_caller]
fn refused<T>(result: Result<T>, parts: &[&str]) {
    let error = result.err().expect("this must be refused");
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing in: {text}");
    }
    assert!(text.ends_with('.'), "not a sentence: {text}");
    let g = grad(|x: Tensor<1>| (x.clone() * x).sum())(&x()).unwrap();
    assert_eq!(g.to_data().try_to_vec::<f32>().unwrap(), [2.0, 4.0]);
}

#[test]
fn host_reads() {
    let told = ["reads a tensor's value", "mask_where"];
    refused(grad(|x: Tensor<1>| x.clone() * x.sum().into_scalar::<f32>())(&x()), &told);
    refused(grad(|x: Tensor<1>| Tensor::<1>::from_data(x.to_data(), &x.device()).sum())(&x()), &told);
    refused(grad(|x: Tensor<1>| x.clone().int().one_hot::<2>(3).float().sum() * x.sum())(&x()), &told);
    refused(grad(|x: Tensor<1>| x.clone().greater_elem(0.0).argwhere().float().sum() * x.sum())(&x()), &told);
    refused(
        grad(|x: Tensor<1>| {
            x.device().seed(3);
            x.sum()
        })(&x()),
        &told,
    );
}

#[test]
fn tensors_of_other_devices() {
    let told = ["lives on another device", "constant(&tensor)"];
    for device in compiled_devices() {
        let c = Tensor::<1>::from_floats([3.0, 4.0], &device);
        let m = Tensor::<2>::ones([2, 2], &device);
        for x in [x(), Tensor::from_inner(x())] {
            refused(grad(|x: Tensor<1>| (x * c.clone()).sum())(&x), &told);
            refused(grad(|x: Tensor<1>| (c.clone() * x).sum())(&x), &told);
            refused(grad(|x: Tensor<1>| x.reshape([1, 2]).matmul(m.clone()).sum())(&x), &told);
            refused(grad(|x: Tensor<1>| Tensor::cat(vec![x, c.clone()], 0).sum())(&x), &told);
            refused(grad(|x: Tensor<1>| x.mask_where(c.clone().equal_elem(3.0), c.clone()).sum())(&x), &told);
        }
        // The remedy works, also from one device to another's trace where both are of one kind.
        if device == Device::flex() {
            let g = grad(|x: Tensor<1>| (x * constant(&c)).sum())(&x()).unwrap();
            assert_eq!(g.to_data(), c.to_data());
        }
    }
    for device in &compiled_devices()[1..] {
        let other = Tensor::<1>::ones([2], device);
        refused(
            grad(|(a, b): (Tensor<1>, Tensor<1>)| (a * b).sum())(&(x(), other)),
            &["different devices", "to_device"],
        );
    }
}

#[test]
fn unsupported_operations_are_named() {
    let gather = |x: Tensor<1>| {
        let i = Tensor::<2, Int>::from_ints([[0], [1]], &x.device());
        x.gather_nd::<2, 1>(i).sum()
    };
    refused(grad(gather)(&x()), &["`GatherNd`", "cannot be traced", "`gather`"]);
    let scatter = |x: Tensor<1>| {
        let i = Tensor::<2, Int>::from_ints([[0], [1]], &x.device());
        x.clone().scatter_nd(i, x, burn::tensor::IndexingUpdateOp::Add).sum()
    };
    refused(grad(scatter)(&x()), &["`ScatterNd`", "`scatter`"]);
    let sampled = |x: Tensor<4>| {
        let grid = Tensor::<4>::zeros([1, 2, 2, 2], &x.device());
        x.grid_sample_2d(grid, burn::tensor::ops::GridSampleOptions::default()).sum()
    };
    refused(grad(sampled)(&Tensor::<4>::ones([1, 1, 2, 2], &Device::flex())), &["`GridSample2d`", "`gather`"]);
    let resized = |x: Tensor<4>| {
        use burn::tensor::ops::{InterpolateMode, InterpolateOptions};
        let options = InterpolateOptions::new(InterpolateMode::Bilinear).with_output_size([4, 4]);
        burn::tensor::module::interpolate(x, options).sum()
    };
    refused(grad(resized)(&Tensor::<4>::ones([1, 1, 2, 2], &Device::flex())), &["`Interpolate`", "transposed"]);
}

#[test]
fn results_that_do_not_fit() {
    let one = ["one float number", "jacobian"];
    refused(grad(|x: Tensor<1>| x)(&x()), &one);
    refused(value_and_grad(|x: Tensor<1>| x.sum().int())(&x()), &one);
    refused(grad(|x: Tensor<1>| (x.clone().sum(), x.sum()))(&x()), &["2 tensors"]);
    refused(jacobian::<_, _, _, 3>(|x: Tensor<1>| x)(&x()), &["`Tensor<2>`", "`Tensor<3>` does not fit"]);
    refused(hessian::<_, _, _, 5>(|x: Tensor<1>| x.sum())(&x()), &["`Tensor<2>`", "`Tensor<5>` does not fit"]);
    refused(jacobian::<_, _, _, 2>(|x: Tensor<1>| x.int())(&x()), &["all of floats"]);
    let lanes = Tensor::<2>::ones([3, 2], &Device::flex());
    refused(vmap::<Tensor<1>, _, _, _, Tensor<3>>(|x: Tensor<1>| x)(&lanes), &["rank 2", "`Tensor<3>`"]);
    refused(vmap::<Tensor<2>, _, _, _, Tensor<2>>(|x: Tensor<2>| x)(&lanes), &["rank 1", "`Tensor<2>`"]);
}

#[test]
fn arguments_that_do_not_fit() {
    let ints = Tensor::<1, Int>::from_ints([1, 2], &Device::flex());
    refused(grad(|i: Tensor<1, Int>| i.float().sum())(&ints), &["no float argument", ".float()"]);
    refused(
        grad(|(x, i): (Tensor<1>, Tensor<1, Int>)| (x * i.float()).sum())(&(x(), ints)),
        &["tensor number 1", "not of floats", "constant"],
    );
    let longer = Tensor::<1>::ones([3], &Device::flex());
    let f64s = x().cast(DType::F64);
    refused(jvp(|x: Tensor<1>| x)(&x(), &longer), &["tangent", "f32[3]", "f32[2]"]);
    refused(jvp(|x: Tensor<1>| x)(&x(), &f64s), &["tangent", "f64[2]", "f32[2]"]);
    refused(vjp(|x: Tensor<1>| x.sum())(&x(), &longer), &["adjoint", "f32[3]", "f32[1]"]);
    refused(jvp(|x: Vec<Tensor<1>>| x)(&vec![x()], &vec![x(), x()]), &["2 tensors where 1"]);
    refused(trace(|(): ()| x(), &()), &["no tensor"]);
    refused(grad(|_: Vec<Tensor<1>>| x().sum())(&vec![]), &["no float argument"]);
}

#[test]
fn lanes_that_do_not_fit() {
    let f = |(a, b): (Tensor<1>, Tensor<1>)| a + b;
    let ones = |n: usize| Tensor::<2>::ones([n, 2], &Device::flex());
    type Pairs = (Tensor<2>, Tensor<2>);
    refused(
        vmap::<_, _, _, Pairs, Tensor<2>>(f)(&(ones(2), ones(3))),
        &["leading axes of one length", "arguments is 3", "first has 2"],
    );
    refused(vmap::<_, _, _, Pairs, Tensor<2>>(f)(&(ones(0), ones(0))), &["nothing to map over", "length 0"]);
    refused(
        vmap::<Tensor<1>, _, _, Tensor<1>, Tensor<1>>(|x: Tensor<1>| x)(&x()),
        &["leading axis", "reshape it"],
    );
}

#[test]
fn traced_functions_know_their_arguments() {
    let f = trace(|x: Tensor<1>| x * 2.0, &x()).unwrap();
    refused(f.call(&Tensor::ones([3], &Device::flex())), &["f32[3]", "traced for f32[2]", "Trace it again"]);
    refused(f.call(&x().cast(DType::F64)), &["f64[2]", "traced for f32[2]"]);
}

#[test]
fn user_errors_and_panics_come_through() {
    let failing = |x: Tensor<1>| -> std::result::Result<Tensor<1>, String> {
        if x.dims() == [2] { Err("the model is not ready.".into()) } else { Ok(x) }
    };
    refused(grad(failing)(&x()), &["the model is not ready."]);
    let inner = |x: Tensor<1>| grad(|x: Tensor<1>| x)(&x);
    assert!(matches!(trace(inner, &x()), Err(Error::Output(_))));
    #[derive(Debug, PartialEq)]
    struct Payload(u32);
    let panic = std::panic::catch_unwind(|| {
        grad(|x: Tensor<1>| -> Tensor<1> {
            let _ = x;
            std::panic::panic_any(Payload(17))
        })(&x())
    });
    assert_eq!(panic.unwrap_err().downcast_ref::<Payload>(), Some(&Payload(17)));
    refused(grad(|x: Tensor<1>| x)(&x()), &[]);
}

#[test]
fn modules_that_do_not_fit() {
    let device = Device::flex();
    let model = LinearConfig::new(2, 1).init(&device);
    let data = Tensor::<2>::ones([3, 2], &device);
    let loss = |m: &Linear, x: &Tensor<2>| m.forward(x.clone()).sum();
    refused(
        module::value_and_grad::<_, _, _, GradientsParams>(loss)(&model, &data),
        &["plain device", "model.train()", "module::ParamGrads"],
    );
    let frozen = model.clone().train().freeze();
    refused(module::grad::<_, _, _, ParamGrads>(loss)(&frozen, &data), &["no trainable parameter", "frozen"]);
    let params: ParamGrads = module::grad(loss)(&model, &data).unwrap();
    refused(params.get::<2, burn::tensor::Float>("wieght"), &["`wieght`", "`weight`, `bias`"]);
    refused(params.get::<3, burn::tensor::Float>("weight"), &["rank 2", "`Tensor<3>`"]);
    let traced = module::trace_value_and_grad(loss, &model, &data).unwrap();
    refused(traced.call::<ParamGrads>(&model, &Tensor::ones([4, 2], &device)), &["f32[4,2]", "f32[3,2]"]);
}

#[test]
fn failures_use_up_nothing() {
    // More than the number of capture devices that a process has.
    for _ in 0..70_000 {
        assert!(grad(|x: Tensor<1>| x)(&x()).is_err());
    }
    let threads = (0..4).map(|k| {
        std::thread::spawn(move || {
            let data = TensorData::new(vec![k as f32; 2], [2]);
            let x = Tensor::<1>::from_data(data, &Device::flex());
            for _ in 0..200 {
                let g = grad(|x: Tensor<1>| (x.clone() * x.clone() * x).sum())(&x).unwrap();
                assert_eq!(g.to_data().try_to_vec::<f32>().unwrap(), [3.0 * (k * k) as f32; 2]);
            }
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|t| t.join().unwrap());
}
