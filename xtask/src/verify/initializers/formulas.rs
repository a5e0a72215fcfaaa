//! What papers and Keras give as formulas, at some sizes.

use burn::module::Param;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{DType, Device, Tensor, TensorData};
use serde_json::Value;
use thalweg_init::schemes::*;
use thalweg_init::{AnyScheme, Axes, Kind, Lsuv, Place, Scheme, VarianceOf};

use super::{Disagreement, SEED, Verdict, all_same, law, numbers, same, sample, shape};

/// Holds one formula; the name tells which.
pub fn check(case: &Value) -> Verdict {
    let name = case["name"].as_str().unwrap_or_default();
    let parameter = |name: &str| case["params"][name].as_f64();
    let size = |name: &str| parameter(name).map_or(0, |n| n as usize);
    let place = by_fans(size("fan_in").max(1), size("fan_out").max(1));
    let n = |name: &str| case[name].as_f64().unwrap_or(f64::NAN);
    let holds = |scheme: AnyScheme| {
        law(case, &scheme.law(&place)?)?;
        sample(&scheme, &place)
    };
    let keras = |text: &str| holds(text.parse()?);
    match name {
        "keras GlorotUniform" => keras("xavier_uniform"),
        "keras GlorotNormal" => keras("variance_scaling(mode=fan_avg)"),
        "keras HeUniform" => keras("kaiming_uniform"),
        "keras HeNormal" => keras("variance_scaling(scale=2)"),
        "keras LecunUniform" => keras("lecun_uniform"),
        "keras LecunNormal" => keras("lecun_normal"),
        "keras RandomUniform" => keras("uniform(low=-0.05, high=0.05)"),
        "keras RandomNormal" => keras("normal(std=0.05)"),
        "keras TruncatedNormal" => keras("truncated_normal(std=0.05)"),
        "keras VarianceScaling" => keras_variance_scaling(case),
        "ConvNeXt/ViT default" => keras("trunc_normal(std=0.02)"),
        "SIREN first layer" => holds(SirenFirst.into()),
        "SIREN hidden layer" => holds(Siren { omega: parameter("w0").unwrap_or(30.0) }.into()),
        "GPT-2 residual projection" => holds(Gpt2Residual { blocks: size("L"), std: 0.02 }.into()),
        "Small init (Nguyen & Salazar)" => holds(SmallInit { width: size("d") }.into()),
        "Wang init (GPT-J/NeoX output layers)" => {
            holds(WangInit { layers: size("L"), width: size("d") }.into())
        }
        "SkipInit/ReZero" => law(case, &ReZero.law(&place)?),
        "forget-gate bias one (Jozefowicz)" => law(case, &ForgetGateBias::default().law(&place)?),
        "muP (Adam) hidden weights" => {
            let std = |role| Mup { role, gain: 1.0 }.law(&place).map(|law| law.std().unwrap_or(f64::NAN));
            same("hidden_std", n("hidden_std"), std(Role::Hidden)?)?;
            same("output_std", n("output_std"), std(Role::Output)?)
        }
        "DeepNorm (decoder-only)" => {
            deep_norm(case, "", DeepNorm { layers: size("L"), stack: Stack::Alone, decoder_layers: 0 })
        }
        "DeepNorm (encoder-decoder)" => {
            let encoder = DeepNorm { layers: size("N"), stack: Stack::Encoder, decoder_layers: size("M") };
            deep_norm(case, "enc_", encoder)?;
            deep_norm(case, "dec_", DeepNorm { layers: size("M"), stack: Stack::Decoder, decoder_layers: 0 })
        }
        "Fixup" => {
            let fixup = Fixup { branches: size("L"), layers: size("m") };
            let relative = ratio(&fixup, &Kaiming::normal(), &by_fans(64, 32))?;
            same("scale", n("scale"), relative)
        }
        "T-Fixup" => {
            let place = by_fans(64, 32);
            for (name, stack) in [("decoder_scale", Stack::Decoder), ("encoder_scale", Stack::Encoder)] {
                let scheme = TFixup { layers: size("N"), stack };
                same(name, n(name), ratio(&scheme, &Xavier::uniform(), &place)?)?;
                let mut table = by_fans(1, 64);
                table.kind = Kind::Embedding;
                let std = scheme.law(&table)?.std().unwrap_or(f64::NAN);
                same("std of embeddings", n(name) / 8.0, std)?;
            }
            Ok(())
        }
        "Chrono (LSTM gates)" => chrono(case, parameter("Tmax").unwrap_or(f64::NAN)),
        "IRNN" => {
            let (scale, size) = (parameter("alpha").unwrap_or(1.0), 5);
            let want: Vec<f64> =
                (0..size * size).map(|i| if i % size == i / size { scale } else { 0.0 }).collect();
            let place = Place::new(&[size, size], Axes::BURN);
            all_same("value", &want, &AnyScheme::from(Irnn { scale }).values(&place, SEED)?)
        }
        "ZerO" => {
            let place = Place::new(&shape(case).ok_or(Disagreement::Unknown)?, Axes::TORCH);
            all_same("value", &numbers(&case["value"]), &AnyScheme::from(ZerO).values(&place, SEED)?)
        }
        "bilinear upsampling kernel" => {
            let taps = shape(case).ok_or(Disagreement::Unknown)?;
            let place = Place::new(&[&[1, 1], &taps[..]].concat(), Axes::BURN);
            let kernel = AnyScheme::from(Bilinear::default()).values(&place, SEED)?;
            all_same("value", &numbers(&case["value"]), &kernel)
        }
        "ICNR (sub-pixel)" => icnr(),
        "mimetic self-attention" => mimetic(size("d"), size("k")),
        "LSUV (Mishkin & Matas)" => lsuv(case),
        _ => Err(Disagreement::Unknown),
    }
}

/// Of both pairs the product is the best approximation of rank `k` to what the full rank gives: it and the rest have
/// neither rows nor columns in common, and no singular value of the rest is above one of its own.
fn mimetic(width: usize, rank: usize) -> Verdict {
    let factor = |part: Part, rank: usize| {
        let name = match part {
            Part::Query => "query",
            Part::Key => "key",
            Part::Value => "value",
            Part::Output => "output",
        };
        let shape = if part == Part::Output { [rank, width] } else { [width, rank] };
        let mut place = Place::new(&shape, Axes::BURN);
        place.path = format!("attention.{name}.weight");
        AnyScheme::from(Mimetic { part, alpha: 0.7, beta: 0.4, heads: 1 }).values(&place, SEED)
    };
    // `a bᵀ`, of matrices with `n` columns each.
    let times = |a: &[f64], b: &[f64], n: usize| -> Vec<f64> {
        let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        a.chunks(n).flat_map(|row| b.chunks(n).map(|other| dot(row, other)).collect::<Vec<_>>()).collect()
    };
    let turned = |a: &[f64], columns: usize| -> Vec<f64> {
        (0..columns).flat_map(|j| a.iter().skip(j).step_by(columns).copied().collect::<Vec<_>>()).collect()
    };
    for pair in [[Part::Query, Part::Key], [Part::Value, Part::Output]] {
        let product = |rank: usize| -> Result<Vec<f64>, Disagreement> {
            let [first, second] = [factor(pair[0], rank)?, factor(pair[1], rank)?];
            let second = if pair[1] == Part::Output { turned(&second, width) } else { second };
            Ok(times(&first, &second, rank))
        };
        let (whole, part) = (product(width)?, product(rank)?);
        let rest: Vec<f64> = whole.iter().zip(&part).map(|(a, b)| a - b).collect();
        let zeros = vec![0.0; width * width];
        all_same("rows in common", &zeros, &times(&part, &rest, width))?;
        all_same("columns in common", &zeros, &times(&turned(&part, width), &turned(&rest, width), width))?;
        let sign = if pair[0] == Part::Query { 1.0 } else { -1.0 };
        let trace: f64 = (0..width).map(|i| whole[i * width + i]).sum();
        // The normal part of the trace has deviation 0.7.
        if (trace - sign * 0.4 * width as f64).abs() > 5.0 * 0.7 {
            same("trace", sign * 0.4 * width as f64, trace)?;
        }
        let square = |a: &[f64]| a.iter().map(|x| x * x).sum::<f64>();
        if square(&part) * ((width - rank) as f64) < square(&rest) * rank as f64 {
            same("the share of the largest singular values", square(&whole), square(&part))?;
        }
    }
    Ok(())
}

/// A matrix of these fans.
fn by_fans(fan_in: usize, fan_out: usize) -> Place {
    Place::new(&[fan_in, fan_out], Axes::BURN)
}

/// What a scheme's standard deviation is of another's.
fn ratio(scheme: &impl Scheme, of: &impl Scheme, place: &Place) -> Result<f64, Disagreement> {
    let std = |law: thalweg_init::Law| law.std().unwrap_or(f64::NAN);
    Ok(std(scheme.law(place)?) / std(of.law(place)?))
}

fn deep_norm(case: &Value, prefix: &str, scheme: DeepNorm) -> Verdict {
    let n = |name: &str| case[format!("{prefix}{name}")].as_f64().unwrap_or(f64::NAN);
    same("alpha", n("alpha"), scheme.alpha())?;
    same("beta", n("beta"), ratio(&scheme, &Xavier::normal(), &by_fans(64, 32))?)
}

fn keras_variance_scaling(case: &Value) -> Verdict {
    let parameter = |name: &str| case["params"][name].as_f64().unwrap_or(f64::NAN);
    let place = by_fans(parameter("n") as usize, 1);
    for (name, distribution) in [
        ("uniform_bound", Distribution::Uniform),
        ("normal_std", Distribution::Normal),
        ("trunc_parent_std", Distribution::TruncatedNormal),
    ] {
        let scheme = VarianceScaling { scale: parameter("scale"), mode: Mode::FanIn, distribution };
        let got = match scheme.law(&place)? {
            thalweg_init::Law::Uniform { high, .. } => high,
            thalweg_init::Law::Normal { std, .. } | thalweg_init::Law::TruncatedNormal { std, .. } => std,
            _ => f64::NAN,
        };
        same(name, case[name].as_f64().unwrap_or(f64::NAN), got)?;
        sample(&scheme.into(), &place)?;
    }
    Ok(())
}

fn chrono(case: &Value, horizon: f64) -> Verdict {
    let forget = Chrono { horizon, gate: Gate::Forget };
    let n = |name: &str| case[name].as_f64().unwrap_or(f64::NAN);
    same("forget_bias_low", n("forget_bias_low"), forget.bounds().0)?;
    same("forget_bias_high", n("forget_bias_high"), forget.bounds().1)?;
    let place = Place::new(&[1000], Axes::BURN);
    let biases = AnyScheme::from(forget).values(&place, SEED)?;
    let negative = AnyScheme::from(Chrono { horizon, gate: Gate::Input }).values(&place, SEED)?;
    let opposite: Vec<f64> = biases.iter().map(|x| -x).collect();
    all_same("minus the forget gate's bias", &opposite, &negative)?;
    match biases.iter().all(|x| (n("forget_bias_low")..=n("forget_bias_high")).contains(x)) {
        true => Ok(()),
        false => Err(Disagreement::Differs("biases within the bounds".into(), "others".into())),
    }
}

/// The filters that form one output channel are alike, and others are not.
fn icnr() -> Verdict {
    let (upscale, channels, filter) = (3, 4, 2 * 5 * 5);
    let place = Place::new(&[channels * upscale * upscale, 2, 5, 5], Axes::TORCH);
    let values = AnyScheme::from(Icnr { upscale }).values(&place, SEED)?;
    let filters: Vec<&[f64]> = values.chunks(filter).collect();
    for (k, own) in filters.iter().enumerate() {
        let first = k / (upscale * upscale) * upscale * upscale;
        all_same(&format!("filter {k}"), filters[first], own)?;
        if filters[..first].contains(own) {
            return Err(Disagreement::Differs(
                "filters of their own for each channel".into(),
                format!("filter {k} twice"),
            ));
        }
    }
    Ok(())
}

/// One linear layer without a bias, in double precision, divided as often as it needs.
fn lsuv(case: &Value) -> Verdict {
    let shapes: Vec<Vec<f64>> = case["shapes"].as_array().into_iter().flatten().map(numbers).collect();
    let [inputs, weight] = &shapes[..] else { return Err(Disagreement::Unknown) };
    let device = Device::flex();
    let matrix = |values: &Value, shape: &[f64]| {
        let data = TensorData::new(numbers(values), [shape[0] as usize, shape[1] as usize]);
        Tensor::<2>::from_data(data, (&device, DType::F64))
    };
    let mut model = LinearConfig::new(weight[0] as usize, weight[1] as usize).with_bias(false).init(&device);
    model.weight = Param::from_tensor(matrix(&case["W0"], weight));
    let x = matrix(&case["X"], inputs);
    let is_sample = case["variance"].as_str().is_some_and(|text| text.starts_with("unbiased"));
    let variance = if is_sample { VarianceOf::Sample } else { VarianceOf::Population };
    let lsuv = Lsuv { variance, ..Lsuv::default() };
    let outputs = |model: &Linear| vec![("weight".into(), model.forward(x.clone()))];
    let (_, untouched) = Lsuv { tries: 0, ..lsuv }.rescale(&model, outputs)?;
    same("initial_var", case["initial_var"].as_f64().unwrap_or(f64::NAN), untouched[0].variance)?;
    let (model, steps) = lsuv.rescale(&model, outputs)?;
    same("passes", 1.0, steps[0].tries as f64)?;
    let got: Vec<f64> = model.weight.val().into_data().iter().collect();
    all_same("W_after_one_pass", &numbers(&case["W_after_one_pass"]), &got)
}
