//! The same values in every precision, and the same laws as Burn's own initializers. Those draw from the generator of the
//! whole process, so that this is a program of its own.

use burn::nn::{Linear, LinearConfig};
use burn::tensor::{DType, Device, Tensor, bf16, f16};
use thalweg_init::{AnyScheme, Axes, ENTRIES, Place, Plan};

#[test]
fn other_precisions_are_the_f64_values_rounded() {
    let place = Place::new(&[300, 400], Axes::BURN);
    for text in ["xavier_uniform", "kaiming_normal", "truncated_normal", "orthogonal", "constant(value=0.1)"] {
        let scheme: AnyScheme = text.parse().unwrap();
        let exact = scheme.values(&place, 5).unwrap();
        let data = |dtype| scheme.data(&place, 5, dtype).unwrap();
        assert!(data(DType::F64).try_to_vec::<f64>().unwrap() == exact, "{text}");
        let single: Vec<f32> = exact.iter().map(|x| *x as f32).collect();
        assert!(data(DType::F32).try_to_vec::<f32>().unwrap() == single, "{text}");
        let half: Vec<f16> = exact.iter().map(|x| f16::from_f64(*x)).collect();
        assert!(data(DType::F16).try_to_vec::<f16>().unwrap() == half, "{text}");
        let brain: Vec<bf16> = exact.iter().map(|x| bf16::from_f64(*x)).collect();
        assert!(data(DType::BF16).try_to_vec::<bf16>().unwrap() == brain, "{text}");
    }
}

#[test]
fn a_plan_keeps_the_precision_of_each_parameter() {
    let device = Device::flex();
    for dtype in [DType::F64, DType::F32, DType::F16, DType::BF16] {
        let mut model: Linear = LinearConfig::new(30, 20).init(&device);
        model.weight = model.weight.map(|weight| weight.cast(dtype));
        let applied = Plan::all("normal".parse::<AnyScheme>().unwrap()).apply(&model, 3).unwrap();
        assert_eq!(applied.weight.val().dtype(), dtype);
        let values: Vec<f64> = applied.weight.val().into_data().iter().collect();
        let (mean, square) = values.iter().fold((0.0, 0.0), |(a, b), x| (a + x, b + x * x));
        let n = values.len() as f64;
        // Five standard errors of the mean and of the mean square.
        assert!((mean / n).abs() < 5.0 / n.sqrt(), "{dtype:?}: {}", mean / n);
        assert!((square / n - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{dtype:?}: {}", square / n);
    }
}

/// Burn draws by its own generator, so what agrees is the law: the moments within five standard errors.
#[test]
fn what_burn_has_as_well_has_the_same_law() {
    let (device, place) = (Device::flex(), Place::new(&[200, 300], Axes::BURN));
    device.seed(11);
    let mut same = vec![];
    for entry in ENTRIES {
        let text = if entry.name == "constant" { "constant(value=0.3)" } else { entry.name };
        let Ok(scheme) = text.parse::<AnyScheme>() else { continue };
        let Ok(initializer) = scheme.burn() else { continue };
        same.push(entry.name);
        let layer = LinearConfig::new(200, 300).with_initializer(initializer).init(&device);
        let values: Vec<f64> = Tensor::into_data(layer.weight.val()).iter().collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let std = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        let law = scheme.law(&place).unwrap();
        let [want_mean, want_std] = match (law.mean(), law.std()) {
            (Some(mean), Some(std)) => [mean, std],
            // A matrix with orthonormal rows: its entries have mean square `1/columns`.
            _ => [0.0, 1.0 / 300f64.sqrt()],
        };
        let error = 5.0 * want_std / n.sqrt() + 1e-6;
        assert!((mean - want_mean).abs() <= error, "{text}: mean {mean}, not {want_mean}");
        assert!((std - want_std).abs() <= error, "{text}: deviation {std}, not {want_std}");
    }
    let want = [
        "constant",
        "kaiming_normal",
        "kaiming_uniform",
        "normal",
        "ones",
        "orthogonal",
        "uniform",
        "xavier_normal",
        "xavier_uniform",
        "zeros",
    ];
    assert_eq!(same, want);
    let refused = "siren".parse::<AnyScheme>().unwrap().burn().unwrap_err().to_string();
    assert!(
        refused.contains("`siren` is none of Burn's initializers") && refused.contains("Plan::apply"),
        "{refused}"
    );
    let average: AnyScheme = "kaiming_normal(mode=fan_avg)".parse().unwrap();
    assert!(average.burn().is_err());
}

/// PyTorch's `uniform_` has given its upper bound in half precision: rounding comes after the cut.
#[test]
fn uniform_stays_below_its_upper_bound_in_every_precision() {
    let place = Place::new(&[1000, 2000], Axes::BURN);
    for (text, low, high) in
        [("uniform", 0.0, 1.0), ("uniform(low=-1, high=0)", -1.0, 0.0), ("uniform(low=2, high=3)", 2.0, 3.0)]
    {
        let scheme: AnyScheme = text.parse().unwrap();
        for dtype in [DType::F32, DType::F16, DType::BF16] {
            let data = scheme.data(&place, 5, dtype).unwrap();
            assert!(data.iter::<f64>().all(|x| (low..high).contains(&x)), "{text} in {dtype:?}");
        }
    }
}
