//! Values and derivatives are finite, and the same however they are computed.

use burn::tensor::{DType, Device};
use thalweg_autodiff::compiled_devices;
use thalweg_landscapes::analysis::Surface;
use thalweg_landscapes::{Family, Landscape};

use crate::cases::{all, hold, within};

fn points(landscape: &Landscape, count: usize) -> Vec<Vec<f64>> {
    let all: Vec<f64> = landscape.starts(count, 3, &Device::flex(), DType::F64).to_data().iter().collect();
    all.chunks(landscape.dimension()).map(<[f64]>::to_vec).collect()
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(1.0)
}

#[test]
fn values_and_gradients_are_finite_in_the_box() {
    hold(all(), |landscape| {
        let (surface, points) = (Surface::of(landscape), points(landscape, 256));
        let bad =
            |(value, gradient): &(f64, Vec<f64>)| !value.is_finite() || gradient.iter().any(|g| !g.is_finite());
        match surface.gradients(&points).unwrap().iter().position(bad) {
            Some(k) => Err(format!("not finite at {:?}", points[k])),
            None => Ok(()),
        }
    });
}

#[test]
fn gradients_are_finite_at_starts_and_stated_points() {
    hold(all(), |landscape| {
        let facts = landscape.facts();
        let points: Vec<Vec<f64>> =
            facts.critical_points.iter().map(|p| p.x.clone()).chain(facts.start.clone()).collect();
        let gradients = Surface::of(landscape).gradients(&points).unwrap();
        match gradients.iter().position(|(_, g)| g.iter().any(|g| !g.is_finite())) {
            Some(k) => Err(format!("{:?} at {:?}", gradients[k].1, points[k])),
            None => Ok(()),
        }
    });
}

#[test]
fn lanes_are_what_a_loop_gives() {
    hold(all(), |landscape| {
        let (surface, points) = (Surface::of(landscape), points(landscape, 4));
        for (x, (value, gradient)) in points.iter().zip(surface.gradients(&points).unwrap()) {
            let (one, own) = surface.gradient(x).unwrap();
            let scale = own.iter().fold(1f64, |m, g| m.max(g.abs()));
            if !close(one, value, 1e-11) || own.iter().zip(&gradient).any(|(a, b)| (a - b).abs() > 1e-9 * scale)
            {
                return Err(format!("{value}, {gradient:?} in lanes and {one}, {own:?} alone at {x:?}"));
            }
        }
        Ok(())
    });
}

#[test]
fn every_device_gives_what_flex_gives() {
    hold(all(), |landscape| {
        let points = points(landscape, 4);
        let flex = Surface::of(landscape).values(&points).unwrap();
        compiled_devices().iter().try_for_each(|device| {
            let other = Surface::of(landscape).on(device, DType::F64).values(&points).unwrap();
            match flex.iter().zip(&other).position(|(a, b)| !close(*a, *b, 1e-9)) {
                Some(k) => {
                    Err(format!("{} on flex and {} on {device:?} at {:?}", flex[k], other[k], points[k]))
                }
                None => Ok(()),
            }
        })
    });
}

#[test]
fn compiled_is_what_runs_op_by_op() {
    use burn::tensor::Tensor;
    use thalweg_autodiff::{trace, value_and_grad};
    hold(all(), |landscape| {
        let x = landscape.starts(1, 3, &Device::flex(), DType::F64).reshape([landscape.dimension()]);
        let f = value_and_grad(|x: Tensor<1>| landscape.value(x));
        let (value, gradient) = trace(&f, &x).and_then(|f| f.call(&x)).map_err(|e| e.to_string())?;
        let (other, slope) =
            thalweg_cpu::compile(&f, &x).and_then(|f| f.call(&x)).map_err(|e| e.to_string())?;
        let numbers =
            |v: Tensor<1>, g: Tensor<1>| v.to_data().iter().chain(g.to_data().iter()).collect::<Vec<f64>>();
        let (a, b) = (numbers(value, gradient), numbers(other, slope));
        let scale = a.iter().fold(1f64, |m, v| m.max(v.abs()));
        // The Weierstrass function multiplies the rounding of its argument by 3¹¹.
        match a.iter().zip(&b).position(|(a, b)| !within(a - b, 1e-9 * scale)) {
            Some(k) => Err(format!("number {k} is {} op by op and {} compiled", a[k], b[k])),
            None => Ok(()),
        }
    });
}

/// In f32 a value is as good as the function is smooth: rounding of the point and of what adds up to the value.
#[test]
fn f32_gives_what_it_can() {
    let rugged =
        |l: &Landscape| l.family() == Some(Family::Bbob) || l.entry().is_some_and(|e| e.note.contains("f32"));
    hold(all().into_iter().filter(|l| !rugged(l)).collect(), |landscape| {
        let points = points(landscape, 16);
        let exact = Surface::of(landscape).gradients(&points).unwrap();
        let single = Surface::of(landscape).on(&Device::flex(), DType::F32).values(&points).unwrap();
        let largest = exact.iter().fold(1f64, |m, (value, _)| m.max(value.abs()));
        for ((x, (value, gradient)), got) in points.iter().zip(&exact).zip(single) {
            let slope: f64 = gradient.iter().zip(x).map(|(g, x)| (g * x).abs()).sum();
            let allowed = 64.0 * f64::from(f32::EPSILON) * (value.abs() + slope + largest);
            if !within(got - value, allowed) {
                return Err(format!("{got} in f32 and {value} in f64 at {x:?}"));
            }
        }
        Ok(())
    });
}
