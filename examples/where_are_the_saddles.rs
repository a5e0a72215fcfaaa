//! All critical points of Himmelblau's function and of a closure: found, classified, and what flows into the minima.
//!
//! A saddle is where plain descent stalls, and what it must pass on its way from one valley to another. Newton's method
//! finds minima, saddles and maxima alike; the signs of the Hessian's eigenvalues tell them apart. The gradient flow from
//! every place of the box says how large the basin of each minimum is.
//!
//! Run it with `cargo run --release --example where_are_the_saddles`.

use burn::tensor::Tensor;
use thalweg::landscapes::analysis::{Critical, Search, Slice, Surface, basin_map, critical_points};
use thalweg::landscapes::{Result, parse};

fn kind(point: &Critical) -> String {
    let n = point.x.len();
    match (point.index, point.nullity) {
        (0, 0) => "minimum".into(),
        (index, 0) if index == n => "maximum".into(),
        (index, 0) => format!("saddle of index {index}"),
        (index, nullity) => format!("degenerate: index {index}, nullity {nullity}"),
    }
}

/// Prints what is found in a box, and gives how many points there are of each index.
fn explore(name: &str, surface: &Surface, bounds: &[[f64; 2]]) -> Result<[usize; 3]> {
    let points = critical_points(surface, bounds, &Search::default())?;
    println!("\n{name}: {} critical points", points.len());
    println!("{:>10} {:>10} {:>12} {:>12} {:>12}  kind", "x", "y", "f", "eigenvalue", "eigenvalue");
    for point in &points {
        let [x, y] = [point.x[0], point.x[1]];
        let [low, high] = [point.eigenvalues[0], point.eigenvalues[1]];
        println!("{x:>10.6} {y:>10.6} {:>12.6} {low:>12.4} {high:>12.4}  {}", point.value, kind(point));
    }

    let slice = Slice::axes(&[0.0, 0.0], bounds, 0, 1);
    let map = basin_map(surface, &slice, 60, 60)?;
    for (k, minimum) in map.minima.iter().enumerate() {
        let share =
            map.labels.iter().filter(|label| **label == Some(k)).count() as f64 / map.labels.len() as f64;
        println!("{:>5.1} % of the box flows to ({:.4}, {:.4})", 100.0 * share, minimum[0], minimum[1]);
    }
    Ok([0, 1, 2].map(|index| points.iter().filter(|p| p.index == index && p.nullity == 0).count()))
}

fn main() -> Result<()> {
    let himmelblau = parse("himmelblau")?;
    let found = explore("Himmelblau's function", &Surface::of(&himmelblau), himmelblau.bounds())?;
    assert_eq!(found, [4, 4, 1]);

    // Two coupled double wells: any Burn code will do.
    let wells = |x: Tensor<1>| (x.clone().square() - 1.0).square().sum() + x.prod() * 0.3;
    let found = explore("Two coupled double wells", &Surface::new(2, wells), &[[-2.0, 2.0]; 2])?;
    assert_eq!(found, [4, 4, 1]);
    Ok(())
}
