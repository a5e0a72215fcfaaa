//! What the analysis finds is what is known.

use burn::tensor::{DType, Device, Tensor};
use thalweg_landscapes::analysis::{
    Search, Slice, Surface, basin_map, contour_levels, contour_lines, critical_points, eigenvalues,
    eigenvectors, field, inertia, lipschitz, spectrum,
};
use thalweg_landscapes::{Error, Landscape, parse};

fn landscape(text: &str) -> Landscape {
    parse(text).unwrap()
}

/// A symmetric matrix without structure.
fn symmetric(n: usize) -> Vec<f64> {
    let entry = |i: usize, j: usize| (3.7 * (i + j) as f64 + 1.3 * (i * j) as f64).sin();
    (0..n * n).map(|at| entry(at / n, at % n)).collect()
}

#[test]
fn eigenpairs_satisfy_their_equation() {
    for n in [1, 2, 3, 10, 40] {
        let a = symmetric(n);
        let eigen = eigenvectors(&a, n);
        let only = eigenvalues(&a, n);
        for (k, (value, v)) in eigen.values.iter().zip(&eigen.vectors).enumerate() {
            assert!((value - only[k]).abs() < 1e-12 * n as f64);
            for i in 0..n {
                let product: f64 = (0..n).map(|j| a[i * n + j] * v[j]).sum();
                assert!((product - value * v[i]).abs() < 1e-12 * n as f64);
            }
            for (l, w) in eigen.vectors.iter().enumerate() {
                let dot: f64 = v.iter().zip(w).map(|(a, b)| a * b).sum();
                assert!((dot - f64::from(u8::from(k == l))).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn eigenvalues_of_the_second_difference_are_known() {
    let n = 100;
    let entry = |i: usize, j: usize| match i.abs_diff(j) {
        0 => 2.0,
        1 => -1.0,
        _ => 0.0,
    };
    let a: Vec<f64> = (0..n * n).map(|at| entry(at / n, at % n)).collect();
    for (k, value) in eigenvalues(&a, n).into_iter().enumerate() {
        let known = 2.0 - 2.0 * ((k + 1) as f64 * std::f64::consts::PI / (n + 1) as f64).cos();
        assert!((value - known).abs() < 1e-13, "{value} {known}");
    }
    assert_eq!(eigenvalues(&[0.0; 9], 3), [0.0; 3]);
}

#[test]
fn inertia_does_not_change_under_stretching() {
    let n = 4;
    let a = [2.0, 1.0, 0.0, 0.0, 1.0, -1.0, 0.5, 0.0, 0.0, 0.5, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let stretched =
        |by: f64| -> Vec<f64> { (0..n * n).map(|at| a[at] * by.powi((at / n + at % n) as i32)).collect() };
    for by in [1.0, 1e-1, 1e3] {
        assert_eq!(inertia(&stretched(by), n, 1e-12), (1, 1));
    }
}

#[test]
fn large_hessians_go_through_the_lanczos_process() {
    let saddle = landscape("saddle_index_k(n=2500, k=3)");
    let found = spectrum(&Surface::of(&saddle), &vec![0.0; 2500]).unwrap();
    assert!(!found.complete);
    assert!((found.values[0] + 1.0).abs() < 1e-9 && (found.values[found.values.len() - 1] - 1.0).abs() < 1e-9);
    assert!(matches!(found.condition(), Err(Error::Analysis(_))));

    let n = 2500;
    let ellipsoid = landscape("ellipsoid(n=2500, condition=1e4)");
    let found = spectrum(&Surface::of(&ellipsoid), &vec![1.0; n]).unwrap();
    let known: Vec<f64> = (0..n).map(|i| 1e4f64.powf(i as f64 / (n - 1) as f64)).collect();
    for (value, error) in found.values.iter().zip(&found.errors) {
        let nearest = known.iter().map(|k| (k - value).abs()).fold(f64::INFINITY, f64::min);
        assert!(nearest <= error + 1e-8, "{value} is {nearest} off, not {error}");
    }
    assert!((found.values[found.values.len() - 1] - 1e4).abs() < 1e-3);
}

#[test]
fn dense_spectra_have_the_known_condition() {
    for (text, x, known) in [
        ("rosenbrock", vec![1.0; 2], 2508.009601277298),
        ("matyas", vec![0.0; 2], 25.0),
        ("zakharov(n=5)", vec![0.0; 5], 14.75),
        ("nesterov_worst(n=10)", vec![0.0; 10], 48.374150078708),
    ] {
        let landscape = landscape(text);
        let condition = spectrum(&Surface::of(&landscape), &x).unwrap().condition().unwrap();
        assert!((condition - known).abs() < 1e-8 * known, "{text}: {condition}");
    }
    let flat = landscape("quartic_flat(n=2)");
    assert!(matches!(spectrum(&Surface::of(&flat), &[0.0; 2]).unwrap().condition(), Err(Error::Analysis(_))));
}

/// These state all critical points that are in their boxes.
#[test]
fn all_critical_points_of_small_landscapes_are_found() {
    for text in [
        "double_well_2d",
        "muller_brown",
        "himmelblau",
        "three_hump_camel",
        "six_hump_camel",
        "goldstein_price",
        "branin",
        "mccormick",
        "bird",
        "styblinski_tang(n=3)",
        "rotate(six_hump_camel, seed=2)",
    ] {
        let landscape = landscape(text);
        let search = Search { starts: 1500, ..Search::default() };
        let found = critical_points(&Surface::of(&landscape), landscape.bounds(), &search).unwrap();
        for stated in &landscape.facts().critical_points {
            let near = |x: &[f64]| x.iter().zip(&stated.x).all(|(a, b)| (a - b).abs() < 1e-6);
            let point = found.iter().find(|p| near(&p.x));
            let point = point.unwrap_or_else(|| panic!("{text}: {stated:?} was not found"));
            assert_eq!((point.index, point.nullity), (stated.index, stated.nullity), "{text}: {stated:?}");
        }
        // A turned box has corners beyond the one that the list is about.
        if landscape.inner().is_none() {
            assert_eq!(found.len(), landscape.facts().critical_points.len(), "{text}");
        }
    }
}

#[test]
fn degenerate_points_are_found_and_called_so() {
    let landscape = landscape("monkey_confined");
    let found = critical_points(&Surface::of(&landscape), landscape.bounds(), &Search::default()).unwrap();
    assert_eq!(found.iter().filter(|p| (p.index, p.nullity) == (0, 0)).count(), 3);
    let rest: Vec<_> = found.iter().filter(|p| p.nullity > 0).collect();
    assert!(rest.len() == 1 && rest[0].nullity == 2 && rest[0].x.iter().all(|x| x.abs() < 1e-3), "{rest:?}");
}

#[test]
fn a_closure_is_a_surface() {
    let f = |x: Tensor<1>| x.clone().square().sum() * 0.1 - x.cos().sum();
    let surface = Surface::new(1, f);
    let found = critical_points(&surface, &[[-8.0, 8.0]], &Search::default()).unwrap();
    // x/5 = −sin x: at zero, and at two ripples on each side, of which the inner is a maximum.
    let indices: Vec<usize> = found.iter().map(|p| p.index).collect();
    assert_eq!(indices, [0, 0, 0, 1, 1], "{found:?}");
    assert!(found.iter().all(|p| (p.x[0] / 5.0 + p.x[0].sin()).abs() < 1e-14));
    let wrong = critical_points(&surface, &[[-8.0, 8.0]; 2], &Search::default());
    assert!(matches!(wrong, Err(Error::Point(_))));
    assert!(matches!(surface.gradient(&[f64::NAN]), Err(Error::Point(_))));
    let single = Surface::new(1, f).on(&Device::flex(), DType::F32);
    assert!((single.gradient(&[1.0]).unwrap().0 - surface.gradient(&[1.0]).unwrap().0).abs() < 1e-6);
}

#[test]
fn searches_repeat() {
    let landscape = landscape("muller_brown");
    let run = |seed| {
        let search = Search { seed, ..Search::default() };
        critical_points(&Surface::of(&landscape), landscape.bounds(), &search).unwrap()
    };
    assert_eq!(run(1), run(1));
    assert_eq!(run(1).len(), run(2).len());
}

#[test]
fn basins_are_those_of_the_gradient_flow() {
    let wells = landscape("double_well_2d");
    let slice = Slice::axes(&[0.0, 0.0], wells.bounds(), 0, 1);
    let map = basin_map(&Surface::of(&wells), &slice, 8, 8).unwrap();
    for ([_, y], label) in map.places.iter().zip(&map.labels) {
        let minimum = &map.minima[label.unwrap()];
        assert!((minimum[1] - y.signum()).abs() < 1e-6, "{y} flows to {minimum:?}");
    }

    let himmelblau = landscape("himmelblau");
    let slice = Slice::axes(&[0.0, 0.0], himmelblau.bounds(), 0, 1);
    let map = basin_map(&Surface::of(&himmelblau), &slice, 24, 24).unwrap();
    assert_eq!(map.minima.len(), 4);
    assert!(map.values.iter().all(|v| v.abs() < 1e-10) && map.labels.iter().all(Option::is_some));

    // From an exactly symmetric start the flow ends in the saddle, which is no basin.
    let map =
        basin_map(&Surface::of(&wells), &Slice { ranges: [[-1.0, 1.0], [0.0, 0.0]], ..slice }, 3, 1).unwrap();
    assert!(map.minima.is_empty() && map.labels.iter().all(Option::is_none), "{map:?}");
}

#[test]
fn contour_lines_lie_on_the_level() {
    let bowl = Surface::new(2, |x: Tensor<1>| x.square().sum());
    let slice = Slice::axes(&[0.0, 0.0], &[[-2.0, 2.0]; 2], 0, 1);
    let grid = field(&bowl, &slice, 81, 81).unwrap();
    let lines = contour_lines(&grid, 1.0);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].first(), lines[0].last());
    assert!(lines[0].iter().all(|[s, t]| (s.hypot(*t) - 1.0).abs() < 1e-3));
    // Cut by the edge, the circle is four open arcs.
    let arcs = contour_lines(&grid, 5.0);
    assert_eq!(arcs.len(), 4);
    assert!(arcs.iter().all(|arc| arc.first() != arc.last()));
    for ([s, t], g) in grid.places.iter().zip(&grid.gradients) {
        assert!((g[0] - 2.0 * s).abs() < 1e-12 && (g[1] - 2.0 * t).abs() < 1e-12);
    }

    let saddle = Surface::new(2, |x: Tensor<1>| x.prod());
    let lines = contour_lines(&field(&saddle, &slice, 40, 40).unwrap(), 0.5);
    assert_eq!(lines.len(), 2);
}

#[test]
fn contour_levels_do_not_see_monotone_changes() {
    let landscape = landscape("rosenbrock");
    let slice = Slice::axes(&[1.0, 1.0], landscape.bounds(), 0, 1);
    let values = field(&Surface::of(&landscape), &slice, 41, 41).unwrap().values;
    let levels = contour_levels(&values, 9);
    assert!(levels.windows(2).all(|pair| pair[0] < pair[1]) && levels.len() == 9);
    let below = |level: f64, values: &[f64]| values.iter().filter(|v| **v < level).count();
    let logs: Vec<f64> = values.iter().map(|v| v.ln_1p()).collect();
    for (level, of_logs) in levels.iter().zip(contour_levels(&logs, 9)) {
        assert!(below(*level, &values).abs_diff(below(of_logs, &logs)) <= 1);
    }
    assert!(contour_levels(&[], 3).is_empty() && contour_levels(&[f64::NAN, 1.0], 3) == [1.0]);
}

#[test]
fn lipschitz_constants_of_quadratics_are_exact() {
    let booth = landscape("booth");
    let found = lipschitz(&Surface::of(&booth), booth.bounds(), 20, 0).unwrap();
    assert!((found.gradient - 18.0).abs() < 1e-9);
    let large = landscape("nesterov_worst(n=100)");
    let found = lipschitz(&Surface::of(&large), large.bounds(), 2, 0).unwrap();
    assert!(found.gradient > 3.9 && found.gradient <= 4.0 && found.value > 0.0);
}
