//! Critical points of two landscapes, found and classified by derivatives.
//!
//! Himmelblau's function has nine: Newton's method, `x ← x − H⁻¹g`, finds them from a grid of starts, since it does not
//! care whether a critical point is a minimum. The Hessian's eigenvalues then tell them apart: the Morse index counts
//! the negative ones, the nullity those that vanish. The monkey saddle's only critical point is degenerate.
//!
//! Run it with `cargo run --release --example derivatives`.

use burn::tensor::{DType, Device, Tensor, TensorData};
use thalweg::prelude::*;

type Result<T> = std::result::Result<T, thalweg::autodiff::Error>;

fn himmelblau(x: Tensor<1>) -> Tensor<1> {
    let (x, y): (Tensor<1>, Tensor<1>) = (x.clone().narrow(0, 0, 1), x.narrow(0, 1, 1));
    let (a, b) = (x.clone().powi_scalar(2) + y.clone() - 11.0, x + y.powi_scalar(2) - 7.0);
    a.powi_scalar(2) + b.powi_scalar(2)
}

/// Three valleys and three ridges meet at the origin: x³ − 3xy².
fn monkey_saddle(x: Tensor<1>) -> Tensor<1> {
    let (x, y): (Tensor<1>, Tensor<1>) = (x.clone().narrow(0, 0, 1), x.narrow(0, 1, 1));
    x.clone().powi_scalar(3) - x * y.powi_scalar(2) * 3.0
}

fn point(at: [f64; 2]) -> Tensor<1> {
    Tensor::from_data(TensorData::from(at), (&Device::flex(), DType::F64))
}

fn numbers<const D: usize>(t: &Tensor<D>) -> Vec<f64> {
    t.to_data().iter().collect()
}

/// Value, gradient and the Hessian `[[a, b], [b, d]]` as `[a, b, d]`.
struct Local {
    value: f64,
    gradient: [f64; 2],
    hessian: [f64; 3],
}

fn local(f: fn(Tensor<1>) -> Tensor<1>, at: [f64; 2]) -> Result<Local> {
    let (value, gradient) = value_and_grad(f)(&point(at))?;
    let hessian: Tensor<2> = hessian(f)(&point(at))?;
    let (g, h) = (numbers(&gradient), numbers(&hessian));
    Ok(Local { value: value.into_scalar(), gradient: [g[0], g[1]], hessian: [h[0], h[1], h[3]] })
}

impl Local {
    /// The eigenvalues of a symmetric 2×2 matrix, the smaller first.
    fn eigenvalues(&self) -> [f64; 2] {
        let [a, b, d] = self.hessian;
        let (middle, spread) = ((a + d) / 2.0, ((a - d) / 2.0).hypot(b));
        [middle - spread, middle + spread]
    }

    fn newton_step(&self) -> Option<[f64; 2]> {
        let ([a, b, d], [g, h]) = (self.hessian, self.gradient);
        let determinant = a * d - b * b;
        (determinant.abs() > 1e-9).then(|| [(b * h - d * g) / determinant, (b * g - a * h) / determinant])
    }

    /// Morse index and nullity; an eigenvalue is zero within rounding of the larger one.
    fn index_and_nullity(&self) -> (usize, usize) {
        let eigenvalues = self.eigenvalues();
        let zero = 1e-9 * eigenvalues[0].abs().max(eigenvalues[1].abs()).max(1.0);
        let count = |p: &dyn Fn(f64) -> bool| eigenvalues.iter().filter(|e| p(**e)).count();
        (count(&|e| e < -zero), count(&|e| e.abs() <= zero))
    }
}

/// Critical points inside a box that Newton's method reaches from a grid.
fn critical_points(f: fn(Tensor<1>) -> Tensor<1>, half_width: f64) -> Result<Vec<[f64; 2]>> {
    let mut found: Vec<[f64; 2]> = vec![];
    let grid = |k: i32| half_width * f64::from(k) / 4.0;
    for start in (-4..=4).flat_map(|i| (-4..=4).map(move |j| [grid(i), grid(j)])) {
        let mut at = start;
        for _ in 0..60 {
            let Some(step) = local(f, at)?.newton_step() else { break };
            at = [at[0] + step[0], at[1] + step[1]];
        }
        let here = local(f, at)?;
        let arrived = here.gradient.iter().all(|g| g.abs() < 1e-8) && at.iter().all(|x| x.abs() <= half_width);
        if arrived && !found.iter().any(|p| (p[0] - at[0]).hypot(p[1] - at[1]) < 1e-5) {
            found.push(at);
        }
    }
    found.sort_by(|p, q| p[0].total_cmp(&q[0]));
    Ok(found)
}

fn report(name: &str, f: fn(Tensor<1>) -> Tensor<1>, points: &[[f64; 2]]) -> Result<Vec<(usize, usize)>> {
    println!("\n{name}");
    println!("{:>10} {:>10} {:>12} {:>12} {:>12}  kind", "x", "y", "f", "eigenvalue", "eigenvalue");
    let mut kinds = vec![];
    for at in points {
        let here = local(f, *at)?;
        let ([low, high], (index, nullity)) = (here.eigenvalues(), here.index_and_nullity());
        let kind = match (index, nullity) {
            (0, 0) => "minimum".into(),
            (1, 0) => "saddle of index 1".into(),
            (2, 0) => "maximum".into(),
            (index, nullity) => format!("degenerate: index {index}, nullity {nullity}"),
        };
        println!("{:>10.6} {:>10.6} {:>12.6} {low:>12.4} {high:>12.4}  {kind}", at[0], at[1], here.value);
        kinds.push((index, nullity));
    }
    Ok(kinds)
}

fn main() -> Result<()> {
    let points = critical_points(himmelblau, 5.0)?;
    let kinds = report("Himmelblau's function", himmelblau, &points)?;
    let count = |kind| kinds.iter().filter(|k| **k == kind).count();
    let (minima, saddles, maxima) = (count((0, 0)), count((1, 0)), count((2, 0)));
    println!("{minima} minima, {saddles} saddles, {maxima} maximum");
    assert_eq!((minima, saddles, maxima), (4, 4, 1));

    let kinds = report("Monkey saddle", monkey_saddle, &[[0.0, 0.0]])?;
    assert_eq!(kinds, [(0, 2)]);
    // What the Hessian cannot see, the third derivative does: along the x axis, d³f = 6.
    let along_x = |x: Tensor<1>| monkey_saddle(Tensor::cat(vec![x.clone(), x.zeros_like()], 0));
    let x = Tensor::<1>::from_data(TensorData::from([0.0f64]), (&Device::flex(), DType::F64));
    let third: f64 = grad(grad(grad(along_x)))(&x)?.into_scalar();
    println!("third derivative along the x axis: {third}");
    assert_eq!(third, 6.0);
    Ok(())
}
