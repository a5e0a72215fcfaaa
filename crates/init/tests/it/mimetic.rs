//! The projections of attention under the mimetic scheme, held by what their products are.

use thalweg_init::{AnyScheme, Axes, Place};

const WIDTH: usize = 12;

/// The weight `[in, out]` of a projection.
fn weight(part: &str, rank: usize, heads: usize) -> Vec<f64> {
    let shape = if part == "output" { [rank, WIDTH] } else { [WIDTH, rank] };
    let mut place = Place::new(&shape, Axes::BURN);
    place.path = format!("block.attention.{part}.weight");
    let scheme: AnyScheme =
        format!("mimetic(part={part}, alpha=0.5, beta=0.4, heads={heads})").parse().expect("it is a scheme");
    scheme.values(&place, 3).expect("the shape is that of a projection")
}

/// `a bᵀ` over columns `from..to` of `n`.
fn product(a: &[f64], b: &[f64], n: usize, from: usize, to: usize) -> Vec<f64> {
    let row = |x: &[f64], y: &[f64]| (from..to).map(|k| x[k] * y[k]).sum::<f64>();
    a.chunks(n).flat_map(|x| b.chunks(n).map(move |y| row(x, y))).collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, x| most.max(x.abs()))
}

#[test]
fn query_and_key_make_the_best_approximation_of_one_target() {
    let whole = product(&weight("query", WIDTH, 1), &weight("key", WIDTH, 1), WIDTH, 0, WIDTH);
    let trace: f64 = (0..WIDTH).map(|i| whole[i * WIDTH + i]).sum();
    // The trace of the normal part has deviation 0.5.
    assert!((trace - 0.4 * WIDTH as f64).abs() < 5.0 * 0.5, "{trace}");
    let part = product(&weight("query", 4, 1), &weight("key", 4, 1), 4, 0, 4);
    let rest: Vec<f64> = whole.iter().zip(&part).map(|(a, b)| a - b).collect();
    // The rest has no row in common with the approximation, which leaves it nothing to gain.
    assert!(largest(&product(&part, &rest, WIDTH, 0, WIDTH)) < 1e-12);
    assert!(largest(&part) > 0.1 && largest(&rest) > 0.01);
}

#[test]
fn each_head_has_a_product_of_its_own() {
    let (query, key) = (weight("query", 8, 2), weight("key", 8, 2));
    let [first, second] = [0, 4].map(|from| product(&query, &key, 8, from, from + 4));
    let apart: Vec<f64> = first.iter().zip(&second).map(|(a, b)| a - b).collect();
    assert!(largest(&apart) > 0.1);
}

#[test]
fn value_and_output_hand_on_less_of_a_token_itself() {
    let output = weight("output", WIDTH, 1);
    let turned: Vec<f64> = (0..WIDTH * WIDTH).map(|i| output[i % WIDTH * WIDTH + i / WIDTH]).collect();
    let whole = product(&weight("value", WIDTH, 1), &turned, WIDTH, 0, WIDTH);
    let trace: f64 = (0..WIDTH).map(|i| whole[i * WIDTH + i]).sum();
    assert!((trace + 0.4 * WIDTH as f64).abs() < 5.0 * 0.5, "{trace}");
}

#[test]
fn a_projection_that_heads_do_not_divide_is_refused() {
    let scheme: AnyScheme = "mimetic(alpha=0.5, beta=0.4, heads=5)".parse().expect("it is a scheme");
    let error = scheme.values(&Place::new(&[12, 12], Axes::BURN), 1).expect_err("12 is no multiple of 5");
    assert!(error.to_string().contains("`heads = 5` divides"), "{error}");
}
