//! What PyTorch's layers do by default, on Burn's layers of the same sizes.

use burn::module::Module;
use burn::nn::attention::MultiHeadAttentionConfig;
use burn::nn::conv::{Conv1dConfig, Conv2dConfig, ConvTranspose2dConfig};
use burn::nn::{EmbeddingConfig, GruConfig, LinearConfig, LstmConfig};
use burn::tensor::Device;
use serde_json::Value;
use thalweg_init::schemes::TorchDefault;
use thalweg_init::{Explanation, Kind, plan};

use super::{Disagreement, Verdict, law, same};

/// The layer of a name such as `layer_default:Conv2d(16,32,3,groups=4)`.
pub fn check(case: &Value) -> Verdict {
    let name = case["name"].as_str().unwrap_or_default();
    let call =
        name.split_once(':').and_then(|(_, call)| call.strip_suffix(')')).ok_or(Disagreement::Unknown)?;
    let (layer, arguments) = call.split_once('(').ok_or(Disagreement::Unknown)?;
    let number = |text: &str| text.rsplit('=').next().and_then(|n| n.trim().parse::<usize>().ok());
    let sizes: Vec<usize> = arguments.split(',').filter_map(number).collect();
    let device = Device::flex();
    let rows = match (layer, &sizes[..]) {
        ("Linear", [i, o]) => explain(&LinearConfig::new(*i, *o).init(&device)),
        ("Conv1d", [i, o, k]) => explain(&Conv1dConfig::new(*i, *o, *k).init(&device)),
        ("Conv2d", [i, o, k]) => explain(&Conv2dConfig::new([*i, *o], [*k, *k]).init(&device)),
        ("Conv2d", [i, o, k, groups]) if arguments.contains("groups=") => {
            explain(&Conv2dConfig::new([*i, *o], [*k, *k]).with_groups(*groups).init(&device))
        }
        ("ConvTranspose2d", [i, o, k]) => {
            explain(&ConvTranspose2dConfig::new([*i, *o], [*k, *k]).init(&device))
        }
        ("Embedding", [n, d]) => explain(&EmbeddingConfig::new(*n, *d).init(&device)),
        ("LSTM", [i, h]) => explain(&LstmConfig::new(*i, *h, true).init(&device)),
        ("GRU", [i, h]) => explain(&GruConfig::new(*i, *h, true).init(&device)),
        ("MultiheadAttention", [d, heads]) => explain(&MultiHeadAttentionConfig::new(*d, *heads).init(&device)),
        _ => return Err(Disagreement::Unknown),
    };
    rows?.rows.iter().try_for_each(|row| {
        let Some((_, own)) = &row.scheme else { return Err(Disagreement::Unknown) };
        let bound = own.bounds().map_or(f64::NAN, |(_, high)| high);
        if layer == "MultiheadAttention" {
            return attention(case, &row.place.path, row.place.kind, bound);
        }
        law(case, own)?;
        // Where the biases' bound is not given, it is the weights'.
        let weight = case["weight_bound"].as_f64();
        let want = if row.place.kind == Kind::Bias { case["bias_bound"].as_f64().or(weight) } else { weight };
        want.map_or(Ok(()), |want| same(&format!("bound of `{}`", row.place.path), want, bound))
    })
}

fn explain<M: Module>(model: &M) -> Result<Explanation, thalweg_init::Error> {
    plan! { Kind::Bias => TorchDefault, _ => TorchDefault }.explain(model)
}

/// The reference lists the sampler's calls: the output's default first, and last the packed queries, keys and values.
fn attention(case: &Value, path: &str, kind: Kind, bound: f64) -> Verdict {
    let calls = case["sampler_calls"].as_array().ok_or(Disagreement::Unknown)?;
    let high = |k: usize| calls.get(k).and_then(|call| call[1][1].as_f64()).unwrap_or(f64::NAN);
    match (kind, path) {
        (Kind::Bias, _) => same(&format!("bound of `{path}`"), 0.0, bound),
        (_, "output.weight") => same(&format!("bound of `{path}`"), high(0), bound),
        _ => same(&format!("bound of `{path}`"), high(calls.len() - 1), bound),
    }
}
