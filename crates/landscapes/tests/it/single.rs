//! Where f32 underflows or loses a term, as the notes of these landscapes say.

use burn::tensor::{DType, Device};
use thalweg_landscapes::analysis::{Surface, eigenvectors};
use thalweg_landscapes::{Landscape, parse};

fn gradient(text: &str, x: &[f64], dtype: DType) -> (f64, Vec<f64>) {
    let landscape: Landscape = parse(text).unwrap();
    Surface::of(&landscape).on(&Device::flex(), dtype).gradient(x).unwrap()
}

/// The note says so.
fn noted(text: &str) {
    assert!(parse(text).unwrap().entry().unwrap().note.contains("f32"), "{text}");
}

#[test]
fn plateaus_have_no_gradient_in_f32() {
    for (text, x) in
        [("easom", vec![-5.0, -5.0]), ("tanh_flats(n=2)", vec![9.5, -9.5]), ("quartic_flat(n=1)", vec![1e-16])]
    {
        noted(text);
        assert!(gradient(text, &x, DType::F32).1.iter().all(|g| *g == 0.0), "{text}");
        assert!(gradient(text, &x, DType::F64).1.iter().all(|g| *g != 0.0), "{text}");
    }
}

#[test]
fn badly_scaled_terms_are_lost_in_f32() {
    // Beside 10⁶, a step of 0.01 is below rounding.
    noted("brown_badly_scaled");
    let at = |x: f64, dtype| gradient("brown_badly_scaled", &[x, 0.0], dtype).1[0];
    assert_eq!(at(1e6 + 0.01, DType::F32), 0.0);
    assert!(at(1e6 + 0.01, DType::F64) > 0.0);

    // e⁻¹⁷ is lost beside one, so that nothing says how far y is.
    noted("powell_badly_scaled");
    let value = |y: f64, dtype| gradient("powell_badly_scaled", &[0.0, y], dtype).0;
    assert_eq!(value(17.0, DType::F32), value(18.0, DType::F32));
    assert_ne!(value(17.0, DType::F64), value(18.0, DType::F64));

    noted("mgh_meyer");
    assert!(gradient("mgh(problem=10)", &[0.02, 8000.0, 0.0], DType::F32).0.is_infinite());
    assert!(gradient("mgh(problem=10)", &[0.02, 8000.0, 0.0], DType::F64).0.is_finite());
}

#[test]
fn conditioning_beyond_f32_hides_directions() {
    noted("hilbert_quadratic");
    let n = 8;
    let matrix: Vec<f64> = (0..n * n).map(|at| 1.0 / (at / n + at % n + 1) as f64).collect();
    let flattest = &eigenvectors(&matrix, n).vectors[0];
    let value = |dtype| gradient("hilbert_quadratic(n=8)", flattest, dtype).0;
    let exact = value(DType::F64);
    assert!(exact > 0.0 && (value(DType::F32) - exact).abs() > 10.0 * exact, "{exact} {}", value(DType::F32));
}

#[test]
fn rugged_functions_lose_their_finest_part_in_f32() {
    let gap = |text: &str, x: &[f64]| {
        noted(text);
        let slope = |dtype| gradient(text, x, dtype).1[0];
        (slope(DType::F32) - slope(DType::F64)).abs() / slope(DType::F64).abs()
    };
    assert!(gap("bbob(f=19, dim=2)", &[-4.9, 4.8]) > 1e-2);
    assert!(gap("bbob(f=23, dim=2)", &[1.234567, -2.345678]) > 1e-2);
}
