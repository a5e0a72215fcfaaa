//! The text of graphs that operators make, whole, so that work that a transform adds is seen in review.
//!
//! Where a change of a rule alters a text here on purpose, print the new graph, read it, and paste it.

use burn::tensor::activation::{gelu, log_softmax, sigmoid, softmax};
use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use thalweg_autodiff::primitives::{Elementwise, Prim};
use thalweg_autodiff::{Func, Result, constant, grad, hessian, hvp, trace, vmap};

/// First weight and bias, second weight and bias.
type Weights = (Tensor<2>, Tensor<1>, Tensor<2>, Tensor<1>);
/// Points and what the network should give there.
type Data = (Tensor<2>, Tensor<2>);

/// The mean squared error of a network of two layers, from 3 numbers by 4 hidden units to 2.
fn loss((w1, b1, w2, b2): Weights, (x, target): Data) -> Tensor<1> {
    let hidden = (x.matmul(w1) + b1.unsqueeze()).tanh();
    let y = hidden.matmul(w2) + b2.unsqueeze();
    (y - target).powi_scalar(2).mean()
}

fn ones<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    let count = shape.iter().product();
    Tensor::from_data(TensorData::new(vec![1.0; count], shape), (&Device::flex(), DType::F64))
}

fn weights() -> Weights {
    (ones([3, 4]), ones([4]), ones([4, 2]), ones([2]))
}

fn data() -> Data {
    (ones([5, 3]), ones([5, 2]))
}

fn vector<const N: usize>(values: [f64; N]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [N]), (&Device::flex(), DType::F64))
}

fn small(x: Tensor<1>) -> Tensor<1> {
    (x.clone().exp() * x.sum()).sum()
}

/// Fails with the whole text, ready to be pasted after it has been read.
fn reads(func: &Func, expected: &str) {
    let (text, expected) = (func.to_string(), expected.trim_start_matches('\n'));
    assert!(text == expected, "the graph now reads\n{text}\nbut the test has\n{expected}");
}

#[test]
fn gradient_of_a_network() -> Result<()> {
    let gradient = |(w, d): (Weights, Data)| grad(|w| loss(w, d.clone()))(&w);
    let traced = trace(gradient, &(weights(), data()))?;
    // Two products forward and three backward: nothing asks for the derivative by the points. The loss is not computed.
    reads(
        traced.func(),
        "
fn(%0: f64[3,4], %1: f64[4], %2: f64[4,2], %3: f64[2], %4: f64[5,3], %5: f64[5,2]) -> (%31, %29, %24, %22)
  %6: f64[5,4] = matmul %4 %0
  %7: f64[1,4] = reshape([1,4]) %1
  %8: f64[5,4] = broadcast([5,4]) %7
  %9: f64[5,4] = add %6 %8
  %10: f64[5,4] = tanh %9
  %11: f64[5,2] = matmul %10 %2
  %12: f64[1,2] = reshape([1,2]) %3
  %13: f64[5,2] = broadcast([5,2]) %12
  %14: f64[5,2] = add %11 %13
  %15: f64[5,2] = sub %14 %5
  %16: f64[5,4] = mul %10 %10
  %17: f64[5,4] = full(1.0)
  %18: f64[5,4] = sub %17 %16
  %19: f64[5,2] = full(0.2)
  %20: f64[5,2] = mul %15 %19
  %21: f64[1,2] = sum(axes=[0]) %20
  %22: f64[2] = reshape([2]) %21
  %23: f64[4,5] = permute([1,0]) %10
  %24: f64[4,2] = matmul %23 %20
  %25: f64[2,4] = permute([1,0]) %2
  %26: f64[5,4] = matmul %20 %25
  %27: f64[5,4] = mul %18 %26
  %28: f64[1,4] = sum(axes=[0]) %27
  %29: f64[4] = reshape([4]) %28
  %30: f64[3,5] = permute([1,0]) %4
  %31: f64[3,4] = matmul %30 %27
",
    );
    Ok(())
}

#[test]
fn hessian_product_of_a_network() -> Result<()> {
    let product = |(w, v, d): (Weights, Weights, Data)| hvp(|w| loss(w, d.clone()))(&w, &v);
    let traced = trace(product, &(weights(), weights(), data()))?;
    // Eleven products where a gradient has five.
    reads(
        traced.func(),
        "
fn(%0: f64[3,4], %1: f64[4], %2: f64[4,2], %3: f64[2], %4: f64[3,4], %5: f64[4], %6: f64[4,2], %7: f64[2], %8: f64[5,3], %9: f64[5,2]) -> (%24, %64, %63, %54, %50)
  %10: f64[5,4] = matmul %8 %0
  %11: f64[1,4] = reshape([1,4]) %1
  %12: f64[5,4] = broadcast([5,4]) %11
  %13: f64[5,4] = add %10 %12
  %14: f64[5,4] = tanh %13
  %15: f64[5,2] = matmul %14 %2
  %16: f64[1,2] = reshape([1,2]) %3
  %17: f64[5,2] = broadcast([5,2]) %16
  %18: f64[5,2] = add %15 %17
  %19: f64[5,2] = sub %18 %9
  %20: f64[5,2] = mul %19 %19
  %21: f64[1,1] = sum(axes=[0,1]) %20
  %22: f64[1,1] = full(10.0)
  %23: f64[1,1] = div %21 %22
  %24: f64[1] = reshape([1]) %23
  %25: f64[5,4] = mul %14 %14
  %26: f64[5,4] = full(1.0)
  %27: f64[5,4] = sub %26 %25
  %28: f64[5,2] = full(0.2)
  %29: f64[5,2] = mul %19 %28
  %30: f64[4,5] = permute([1,0]) %14
  %31: f64[2,4] = permute([1,0]) %2
  %32: f64[5,4] = matmul %29 %31
  %33: f64[3,5] = permute([1,0]) %8
  %34: f64[5,4] = matmul %8 %4
  %35: f64[1,4] = reshape([1,4]) %5
  %36: f64[5,4] = broadcast([5,4]) %35
  %37: f64[5,4] = add %34 %36
  %38: f64[5,4] = mul %27 %37
  %39: f64[5,2] = matmul %38 %2
  %40: f64[5,2] = matmul %14 %6
  %41: f64[5,2] = add %39 %40
  %42: f64[1,2] = reshape([1,2]) %7
  %43: f64[5,2] = broadcast([5,2]) %42
  %44: f64[5,2] = add %41 %43
  %45: f64[5,4] = mul %14 %38
  %46: f64[5,4] = add %45 %45
  %47: f64[5,4] = neg %46
  %48: f64[5,2] = mul %44 %28
  %49: f64[1,2] = sum(axes=[0]) %48
  %50: f64[2] = reshape([2]) %49
  %51: f64[4,5] = permute([1,0]) %38
  %52: f64[4,2] = matmul %51 %29
  %53: f64[4,2] = matmul %30 %48
  %54: f64[4,2] = add %52 %53
  %55: f64[2,4] = permute([1,0]) %6
  %56: f64[5,4] = matmul %48 %31
  %57: f64[5,4] = matmul %29 %55
  %58: f64[5,4] = add %56 %57
  %59: f64[5,4] = mul %32 %47
  %60: f64[5,4] = mul %27 %58
  %61: f64[5,4] = add %59 %60
  %62: f64[1,4] = sum(axes=[0]) %61
  %63: f64[4] = reshape([4]) %62
  %64: f64[3,4] = matmul %33 %61
",
    );
    Ok(())
}

#[test]
fn gradients_side_by_side() -> Result<()> {
    let gradients = |xs: Tensor<2>| -> Result<Tensor<2>> { vmap(grad(small))(&xs) };
    // The same equations as for one lane, with one more axis.
    reads(
        trace(gradients, &ones([3, 2]))?.func(),
        "
fn(%0: f64[3,2]) -> (%7)
  %1: f64[3,2] = exp %0
  %2: f64[3,1] = sum(axes=[1]) %0
  %3: f64[3,2] = broadcast([3,2]) %2
  %4: f64[3,2] = mul %1 %3
  %5: f64[3,1] = sum(axes=[1]) %1
  %6: f64[3,2] = broadcast([3,2]) %5
  %7: f64[3,2] = add %4 %6
",
    );
    Ok(())
}

#[test]
fn hessian_by_lanes_of_unit_vectors() -> Result<()> {
    let matrix = |x: Tensor<1>| -> Result<Tensor<2>> { hessian(small)(&x) };
    // What no tangent reaches is computed once, for all lanes: `exp` and the first sum.
    reads(
        trace(matrix, &ones([2]))?.func(),
        "
fn(%0: f64[2]) -> (%17)
  %1: f64[2,2] = constant([1.0,0.0,0.0,1.0])
  %2: f64[2] = exp %0
  %3: f64[1] = sum(axes=[0]) %0
  %4: f64[2] = broadcast([2]) %3
  %5: f64[1,2] = reshape([1,2]) %2
  %6: f64[2,2] = broadcast([2,2]) %5
  %7: f64[2,2] = mul %1 %6
  %8: f64[2,1] = sum(axes=[1]) %1
  %9: f64[2,2] = broadcast([2,2]) %8
  %10: f64[1,2] = reshape([1,2]) %4
  %11: f64[2,2] = broadcast([2,2]) %10
  %12: f64[2,2] = mul %7 %11
  %13: f64[2,2] = mul %6 %9
  %14: f64[2,2] = add %12 %13
  %15: f64[2,1] = sum(axes=[1]) %7
  %16: f64[2,2] = broadcast([2,2]) %15
  %17: f64[2,2] = add %14 %16
",
    );
    Ok(())
}

/// The first equation that could have been left out, if there is one.
fn waste(func: &Func) -> Option<String> {
    let mut used = vec![false; func.eqns().len()];
    func.inputs().iter().chain(func.outputs()).for_each(|v| used[v.index()] = true);
    func.eqns().iter().flat_map(|e| &e.args).for_each(|a| used[a.index()] = true);
    let prim = |k: usize, at: usize| &func.eqns()[func.eqns()[k].args[at].index()].prim;
    let is = |p: &Prim, number: f64| matches!(p, Prim::Full(full) if full.value.value() == number);
    (0..used.len()).find_map(|k| {
        let eqn = &func.eqns()[k];
        let why = match &eqn.prim {
            _ if !used[k] => "is not used",
            _ if func.eqns()[..k].contains(eqn) => "is there twice",
            Prim::Alias(_) => "has done its work",
            Prim::Permute(_) if matches!(prim(k, 0), Prim::Permute(_)) => "reorders what is reordered",
            Prim::Reshape(_) if matches!(prim(k, 0), Prim::Reshape(_)) => "reshapes what is reshaped",
            Prim::Broadcast(_) if matches!(prim(k, 0), Prim::Broadcast(_)) => "stretches what is stretched",
            Prim::Permute(p) if p.axes.is_sorted() => "changes nothing",
            Prim::Reshape(_) | Prim::Broadcast(_) if *func.ty(eqn.args[0]) == eqn.ty => "changes nothing",
            Prim::Elementwise(Elementwise::Mul) if is(prim(k, 0), 1.0) || is(prim(k, 1), 1.0) => {
                "multiplies by one"
            }
            Prim::Elementwise(Elementwise::Neg) if *prim(k, 0) == Prim::Elementwise(Elementwise::Neg) => {
                "negates twice"
            }
            Prim::Elementwise(_) if (0..eqn.args.len()).all(|at| matches!(prim(k, at), Prim::Full(_))) => {
                "computes with numbers only"
            }
            _ => return None,
        };
        Some(format!("%{k} = {} {why}", eqn.prim))
    })
}

/// Gradient and Hessian product of `f` hold no equation that the rules could have spared.
fn is_lean<const D: usize>(f: impl Fn(Tensor<D>) -> Tensor<1>, shape: [usize; D]) -> Result<()> {
    let x = ones(shape);
    let product = |x: Tensor<D>| hvp(&f)(&x, &x).map(|(_, product)| product);
    for traced in [trace(grad(&f), &x)?, trace(product, &x)?] {
        assert_eq!(waste(traced.func()), None, "{traced}");
    }
    Ok(())
}

#[test]
fn graphs_hold_no_dead_or_double_work() -> Result<()> {
    is_lean(|x: Tensor<2>| loss(constant(&weights()), (x, constant(&data().1))), [5, 3])?;
    // Attention with one tensor as query, key and value.
    is_lean(
        |x: Tensor<3>| {
            softmax(x.clone().matmul(x.clone().swap_dims(1, 2)) / 2.0, 2).matmul(x).powi_scalar(2).sum()
        },
        [2, 3, 4],
    )?;
    // Layer normalisation before an activation.
    is_lean(
        |x: Tensor<3>| {
            let centred = x.clone() - x.mean_dim(2);
            let variance = centred.clone().powi_scalar(2).mean_dim(2);
            gelu(centred / (variance + 1e-5).sqrt()).sum()
        },
        [2, 3, 4],
    )?;
    // Cross-entropy of fixed labels.
    is_lean(
        |x: Tensor<2>| {
            let labels = Tensor::<2, Int>::from_ints([[0], [1], [1]], &x.device());
            -log_softmax(x, 1).gather(1, labels).mean()
        },
        [3, 2],
    )?;
    // A recurrence over rows.
    is_lean(
        |xs: Tensor<2>| {
            let row = |k: usize| xs.clone().narrow(0, k, 1);
            (1..4).fold(row(0), |h, k| sigmoid(h * row(k) + row(0))).sum()
        },
        [4, 3],
    )
}

#[test]
fn text_that_is_no_graph_is_refused_with_its_line() {
    for (text, why) in [
        ("", "Line 1 of the graph's text: the text is empty."),
        ("fn %0", "Line 1 of the graph's text: the first line is not of the form `fn(%0: f32[2]) -> (%1)`."),
        ("fn(%0: f31[2]) -> (%0)", "Line 1 of the graph's text: there is no element type `f31`."),
        (
            "fn(%0: f32[2]) -> (%1)\n  %1: f32[2] = exp %2",
            "Line 2 of the graph's text: %2 is used before it is defined.",
        ),
        (
            "fn(%0: f32[2]) -> (%1)\n\n  %1: f32[2] = sum(axis=0) %0",
            "Line 3 of the graph's text: there is no primitive `sum` with these attributes.",
        ),
        (
            "fn(%0: f32[2]) -> (%1)\n  %1: f32[2] = slice([0..2;0]) %0",
            "Line 2 of the graph's text: `0..2;0` has a step of zero.",
        ),
        (
            "fn() -> (%0)\n  %0: f32[20] = constant(elements=20)",
            "Line 2 of the graph's text: it leaves out the elements of a constant, which `{:#}` prints.",
        ),
        (
            "fn(%0: f32[2]) -> (%1)\n  %1: f32[3] = exp %0",
            "Line 1 of the graph's text: equation %1 = exp is malformed: its type is f32[3], but the operands give f32[2].",
        ),
    ] {
        assert_eq!(Func::parse(text).unwrap_err().to_string(), why, "{text}");
    }
    // Whatever is cut out of a text, reading it ends with a sentence or a graph.
    let traced = trace(grad(small), &ones([2])).unwrap().func().to_string();
    for start in 0..traced.len() {
        let _ = Func::parse(&traced[start..]);
        let _ = Func::parse(&traced[..start]);
        let _ = Func::parse(&[&traced[..start], &traced[start + 1..]].concat());
    }
}

#[test]
fn numbers_are_read_to_their_bits() -> Result<()> {
    for value in [0.1, -0.0, 1e300, 5e-324, f64::INFINITY, f64::NAN, 1.0 / 3.0] {
        let data = vector([value, 2.0 * value]);
        let traced = trace(|x: Tensor<1>| x * constant(&data) + value, &ones([2]))?;
        let read = Func::parse(&traced.func().to_string())?;
        assert_eq!(read.eqns(), traced.func().eqns(), "{value}");
    }
    Ok(())
}
