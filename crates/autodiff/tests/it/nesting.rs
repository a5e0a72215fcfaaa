//! Operators inside operators, and every shape of argument.

use burn::tensor::{Bool, DType, Device, Int, Tensor, TensorData, activation::softmax};
use thalweg_autodiff::{
    Result, check_grads, compiled_devices, constant, grad, hessian, hvp, jacobian, jvp, trace, value_and_grad,
    vjp, vmap,
};

fn scalar(v: f64) -> Tensor<1> {
    vector(&[v])
}

fn vector(v: &[f64]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(v.to_vec(), [v.len()]), (&Device::flex(), DType::F64))
}

fn matrix<const R: usize>(rows: [&[f64]; R]) -> Tensor<2> {
    let values = rows.concat();
    let columns = values.len() / R;
    Tensor::from_data(TensorData::new(values, [R, columns]), (&Device::flex(), DType::F64))
}

fn numbers<const D: usize>(t: &Tensor<D>) -> Vec<f64> {
    t.to_data().iter().collect()
}

fn close<const D: usize>(t: &Tensor<D>, expected: &[f64]) {
    let got = numbers(t);
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-10 * (1.0 + b.abs());
    assert!(
        got.len() == expected.len() && got.iter().zip(expected).all(near),
        "got {got:?}, expected {expected:?}"
    );
}

#[test]
fn gradients_nest_to_any_order() -> Result<()> {
    let f = |x: Tensor<1>| x.powi_scalar(5);
    let x = scalar(1.5);
    close(&grad(f)(&x)?, &[5.0 * 1.5f64.powi(4)]);
    close(&grad(grad(f))(&x)?, &[20.0 * 1.5f64.powi(3)]);
    close(&grad(grad(grad(f)))(&x)?, &[60.0 * 1.5f64.powi(2)]);
    close(&grad(grad(grad(grad(f))))(&x)?, &[120.0 * 1.5]);
    close(&grad(grad(grad(grad(grad(f)))))(&x)?, &[120.0]);
    close(&grad(grad(grad(grad(grad(grad(f))))))(&x)?, &[0.0]);
    Ok(())
}

#[test]
fn forward_and_reverse_mix() -> Result<()> {
    let f = |x: Tensor<1>| (x.clone().sin() * x.clone().prod()).sum();
    let (x, v) = (vector(&[0.3, 1.2, -0.7]), vector(&[1.0, -2.0, 0.5]));
    let (_, forward_over_reverse) = hvp(f)(&x, &v)?;
    let reverse_over_forward = grad(|x: Tensor<1>| jvp(f)(&x, &constant(&v)).map(|(_, t)| t))(&x)?;
    let (_, forward_over_gradient) = jvp(grad(f))(&x, &v)?;
    let reverse_over_reverse = vjp(grad(f))(&x, &v)?.1;
    for other in [reverse_over_forward, forward_over_gradient, reverse_over_reverse] {
        close(&other, &numbers(&forward_over_reverse));
    }
    let h: Tensor<2> = hessian(f)(&x)?;
    close(&h.clone().matmul(v.reshape([3, 1])).reshape([3]), &numbers(&forward_over_reverse));
    close(&h.clone().transpose(), &numbers(&h));
    check_grads(f, &x, 4)
}

#[test]
fn perturbations_are_not_confused() -> Result<()> {
    // d/dx (x · d/dy (x + y)) = 1, at y = x.
    let f = |x: Tensor<1>| grad(|y: Tensor<1>| x.clone() + y)(&x).map(|d| x.clone() * d);
    close(&grad(f)(&scalar(3.0))?, &[1.0]);
    // d/dx (x · d/dy (x·y)) = 2x.
    let f = |x: Tensor<1>| grad(|y: Tensor<1>| x.clone() * y)(&x).map(|d| x.clone() * d);
    close(&grad(f)(&scalar(3.0))?, &[6.0]);
    // The same by forward mode inside.
    let f = |x: Tensor<1>| jvp(|y: Tensor<1>| x.clone() * y)(&x, &x.ones_like()).map(|(_, d)| x.clone() * d);
    close(&grad(f)(&scalar(3.0))?, &[6.0]);
    // An argument that is handed on to an inner operator and captured by it.
    let f = |x: Tensor<1>| grad(|y: Tensor<1>| (y.clone() * y * x.clone()).sum())(&x).map(|d| d.sum());
    close(&grad(f)(&scalar(3.0))?, &[12.0]);
    Ok(())
}

#[test]
fn batch_stands_inside_and_outside() -> Result<()> {
    let f = |x: Tensor<1>| (x.clone().exp() * x.sum()).sum();
    let xs = matrix([&[0.1, 0.2], &[0.3, -0.4], &[1.0, 0.5]]);
    let gs: Tensor<2> = vmap(grad(f))(&xs)?;
    let hs: Tensor<3> = vmap(|x: Tensor<1>| -> Result<Tensor<2>> { hessian(f)(&x) })(&xs)?;
    for lane in 0..3 {
        let x: Tensor<1> = xs.clone().narrow(0, lane, 1).reshape([2]);
        close(&gs.clone().narrow(0, lane, 1), &numbers(&grad(f)(&x)?));
        let h: Tensor<2> = hessian(f)(&x)?;
        close(&hs.clone().narrow(0, lane, 1), &numbers(&h));
    }
    let total = |xs: Tensor<2>| -> Result<Tensor<1>> { Ok(vmap::<_, _, _, _, Tensor<2>>(f)(&xs)?.sum()) };
    close(&grad(total)(&xs)?, &numbers(&gs));
    // Captured by all lanes, and differentiated around them.
    let shared = |w: Tensor<1>| -> Result<Tensor<1>> {
        let ys: Tensor<2> = vmap(|x: Tensor<1>| (x * w.clone()).sin().sum())(&constant(&xs))?;
        Ok(ys.sum())
    };
    let direct = |w: Tensor<1>| (constant(&xs) * w.reshape([1, 2])).sin().sum();
    let w = vector(&[0.7, -1.1]);
    close(&grad(shared)(&w)?, &numbers(&grad(direct)(&w)?));
    let nested: Tensor<3> =
        vmap(|x: Tensor<1>| -> Result<Tensor<2>> { vmap(|y: Tensor<1>| y * x.clone())(&constant(&xs)) })(&xs)?;
    let outer = xs.clone().reshape([3, 1, 2]) * xs.clone().reshape([1, 3, 2]);
    close(&nested, &numbers(&outer));
    Ok(())
}

#[test]
fn a_loss_may_hold_derivatives() -> Result<()> {
    // A gradient penalty: the norm of an input gradient, differentiated by weights.
    let x = vector(&[0.2, -0.5]);
    let penalty = |w: Tensor<1>| -> Result<Tensor<1>> {
        let g = grad(|x: Tensor<1>| (x * w.clone()).tanh().sum())(&constant(&x))?;
        Ok((g.clone() * g).sum())
    };
    check_grads(penalty, &vector(&[0.9, 1.4]), 2)?;
    let h: Tensor<2> = hessian(penalty)(&vector(&[0.9, 1.4]))?;
    assert_eq!(h.dims(), [2, 2]);
    Ok(())
}

#[test]
fn arguments_and_results_are_any_tree() -> Result<()> {
    type Args = (Tensor<1>, Vec<Tensor<2>>, [Tensor<1>; 2], Option<Tensor<1>>, ());
    let f = |(a, bs, [c, d], e, ()): Args| {
        let b = bs.into_iter().map(|b| b.powi_scalar(2).sum()).reduce(|a, b| a + b).unwrap();
        a.sum() * b + (c * d).sum() + e.map_or(scalar(0.0), |e| e.powi_scalar(3).sum())
    };
    let args = (
        vector(&[2.0]),
        vec![matrix([&[1.0, 2.0]]), matrix([&[3.0], &[4.0]])],
        [vector(&[5.0]), vector(&[6.0])],
        Some(vector(&[2.0])),
        (),
    );
    let (a, bs, [c, d], e, ()) = grad(f)(&args)?;
    close(&a, &[30.0]);
    close(&bs[0], &[4.0, 8.0]);
    close(&bs[1], &[12.0, 16.0]);
    close(&c, &[6.0]);
    close(&d, &[5.0]);
    close(&e.unwrap(), &[12.0]);
    let ((y, _), (t, none)) =
        jvp(|x: Tensor<1>| (x.clone().sin(), None::<Tensor<1>>))(&scalar(0.5), &scalar(1.0))?;
    close(&y, &[0.5f64.sin()]);
    close(&t, &[0.5f64.cos()]);
    assert!(none.is_none());
    Ok(())
}

#[test]
fn identity_repetition_and_independence() -> Result<()> {
    let x = vector(&[1.0, 2.0]);
    let (y, t) = jvp(|x: Tensor<1>| x)(&x, &vector(&[3.0, 4.0]))?;
    close(&y, &[1.0, 2.0]);
    close(&t, &[3.0, 4.0]);
    let (a, b) = grad(|(a, b): (Tensor<1>, Tensor<1>)| (a * b).sum())(&(x.clone(), x.clone()))?;
    close(&a, &[1.0, 2.0]);
    close(&b, &[1.0, 2.0]);
    let ((p, q), _) = jvp(|x: Tensor<1>| (x.clone(), x))(&x, &x)?;
    close(&p, &numbers(&q));
    // What does not depend on the argument has derivative zero.
    close(&grad(|x: Tensor<1>| x.ones_like().sum())(&x)?, &[0.0, 0.0]);
    close(&grad(|_: Tensor<1>| scalar(7.0))(&x)?, &[0.0, 0.0]);
    let (_, t) = jvp(|_: Tensor<1>| scalar(7.0))(&x, &x)?;
    close(&t, &[0.0]);
    Ok(())
}

#[test]
fn captured_constants_are_not_mixed_up() -> Result<()> {
    let x = vector(&[1.0, 2.0]);
    for c in [2.0, 5.0, -1.0] {
        let data = vector(&[c, 2.0 * c]);
        close(&grad(|x: Tensor<1>| (x * c).sum())(&x)?, &[c, c]);
        close(&grad(|x: Tensor<1>| (x * constant(&data)).sum())(&x)?, &[c, 2.0 * c]);
        close(
            &grad(|x: Tensor<1>| (x.clone() * data.clone().to_device(&x.device())).sum())(&x)?,
            &[c, 2.0 * c],
        );
    }
    Ok(())
}

#[test]
fn both_modes_of_the_jacobian_agree() -> Result<()> {
    let wide = |x: Tensor<1>| softmax(x.clone().repeat_dim(0, 2) * x.sum(), 0);
    let narrow = |x: Tensor<1>| x.clone().narrow(0, 0, 2) * x.exp().sum();
    let x = vector(&[0.3, -0.2, 0.9]);
    let unit = |n: usize, k: usize| vector(&(0..n).map(|i| f64::from(u8::from(i == k))).collect::<Vec<_>>());
    let forward: Tensor<2> = jacobian(wide)(&x)?;
    assert_eq!(forward.dims(), [6, 3]);
    for k in 0..6 {
        close(&forward.clone().narrow(0, k, 1), &numbers(&vjp(wide)(&x, &unit(6, k))?.1));
    }
    let reverse: Tensor<2> = jacobian(narrow)(&x)?;
    assert_eq!(reverse.dims(), [2, 3]);
    for k in 0..3 {
        close(&reverse.clone().slice([0..2, k..k + 1]), &numbers(&jvp(narrow)(&x, &unit(3, k))?.1));
    }
    let shaped: Tensor<4> = jacobian(|x: Tensor<2>| x.clone().matmul(x))(&matrix([&[1.0, 2.0], &[3.0, 4.0]]))?;
    assert_eq!(shaped.dims(), [2, 2, 2, 2]);
    Ok(())
}

#[test]
fn whole_numbers_and_truth_values_go_through_batch() -> Result<()> {
    type Lane = (Tensor<1>, Tensor<1, Int>, Tensor<1, Bool>);
    type Lanes = (Tensor<2>, Tensor<2, Int>, Tensor<2, Bool>);
    let device = Device::flex();
    let f = |(x, i, m): Lane| (x.clone().select(0, i.clone()).mask_fill(m.clone(), 0.0), i + 1, m.bool_not());
    let lanes: Lanes = (
        matrix([&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]]),
        Tensor::from_ints([[2, 0], [1, 1]], &device),
        Tensor::from_bool(TensorData::from([[false, true], [false, false]]), &device),
    );
    let (x, i, m): Lanes = vmap(f)(&lanes)?;
    close(&x, &[3.0, 0.0, 5.0, 5.0]);
    assert_eq!(i.to_data().iter::<i64>().collect::<Vec<_>>(), [3, 1, 2, 2]);
    assert_eq!(m.to_data().iter::<bool>().collect::<Vec<_>>(), [true, false, true, true]);
    Ok(())
}

#[test]
fn f64_stays_f64() -> Result<()> {
    let f = |x: Tensor<1>| (x.clone().tanh() * 0.1 + softmax(x, 0)).powf_scalar(1.5).mean();
    let text = trace(|x: Tensor<1>| hvp(f)(&x, &x), &vector(&[0.1, 0.2]))?.to_string();
    assert!(text.contains("f64[2]") && !text.contains("f32"), "{text}");
    Ok(())
}

#[test]
fn high_ranks_and_other_devices_work() -> Result<()> {
    for device in compiled_devices().into_iter().chain([Device::flex().autodiff()]) {
        let x = Tensor::<6>::ones([1, 2, 1, 3, 1, 2], &device) * 0.5;
        let (y, g) = value_and_grad(|x: Tensor<6>| x.clone().permute([5, 4, 3, 2, 1, 0]).exp().sum())(&x)?;
        assert!((y.into_scalar::<f32>() - 12.0 * 0.5f32.exp()).abs() < 1e-4);
        assert_eq!(g.device(), x.device());
    }
    Ok(())
}
