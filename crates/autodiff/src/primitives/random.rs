use burn::tensor::TensorData;
use burn_dispatch::DispatchDevice;

use super::shapes::{list, with_batch_axis};
use crate::device::{self, Handle};
use crate::ir::{Call, Defaults, Expr, Literal, TensorType};
use crate::keys::{Philox, read_keys};
use crate::primitives::{Prim, Rule, RuleArgs};

/// A distribution to draw from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Uniform between the two, the upper excluded.
    Uniform(Literal, Literal),
    /// One with the given probability, else zero.
    Bernoulli(Literal),
    /// Normal with mean and standard deviation.
    Normal(Literal, Literal),
}

/// Random numbers as a function of a key, the number of the draw and the position; the same on every device. The
/// operand is the key; each element of a batch has its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Random {
    /// Which draw of the trace this is; keeps equal draws apart.
    pub stream: u32,
    /// What is drawn.
    pub distribution: Distribution,
    /// The type of the result, for one key.
    pub ty: TensorType,
}

impl Random {
    /// The numbers that `key` stands for, in row-major order of [`Random::ty`].
    pub fn values(&self, key: i64) -> impl Iterator<Item = f64> {
        let mut stream = Philox::new(key, self.stream);
        (0..self.ty.num_elements()).map(move |_| match self.distribution {
            Distribution::Uniform(low, high) => {
                let (low, high) = (low.value(), high.value());
                let x = low + (high - low) * stream.uniform();
                if self.ty.is_float() { x } else { x.floor() }
            }
            Distribution::Bernoulli(p) => f64::from(u8::from(stream.uniform() < p.value())),
            Distribution::Normal(mean, std) => mean.value() + std.value() * stream.normal(),
        })
    }
}

impl Rule for Random {
    fn name(&self) -> String {
        "random".into()
    }

    fn attributes(&self) -> String {
        let distribution = match self.distribution {
            Distribution::Uniform(low, high) => format!("uniform({low},{high})"),
            Distribution::Bernoulli(p) => format!("bernoulli({p})"),
            Distribution::Normal(mean, std) => format!("normal({mean},{std})"),
        };
        format!("stream={},{distribution},shape={}", self.stream, list(&self.ty.shape))
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("random").then(|| {
            let shape = call.numbers("shape")?;
            let of = |name: &str, n: usize| -> Result<Option<Vec<Literal>>, String> {
                let Ok(text) = call.value(name) else { return Ok(None) };
                let values = text.split(',').map(str::parse).collect::<Result<Vec<Literal>, _>>()?;
                (values.len() == n).then_some(Some(values)).ok_or(format!("{name} takes {n} numbers"))
            };
            let distribution = match (of("uniform", 2)?, of("bernoulli", 1)?, of("normal", 2)?) {
                (Some(v), _, _) => Distribution::Uniform(v[0], v[1]),
                (_, Some(v), _) => Distribution::Bernoulli(v[0]),
                (_, _, Some(v)) => Distribution::Normal(v[0], v[1]),
                _ => return Err("it names no distribution".into()),
            };
            Ok(Random { stream: call.number("stream")? as u32, distribution, ty: call.out.with_shape(shape) })
        })
    }

    fn infer(&self, args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        let Some((1, batch)) = args[0].shape.split_last() else { return Err(format!("the key {}", args[0])) };
        Ok(self.ty.with_shape([batch, &self.ty.shape].concat()))
    }

    fn linearize<'b>(&self, _at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn vmap<'b>(&self, _batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        x[0].b.push(Prim::Random(self.clone()), &[with_batch_axis(x[0], batched[0])])
    }

    fn run(&self, mut args: Vec<Handle>, out: &TensorType, device: &DispatchDevice) -> Handle {
        let keys = read_keys(args.swap_remove(0));
        let values: Vec<f64> = keys.into_iter().flat_map(|key| self.values(key)).collect();
        let data = TensorData::new(values, out.shape.clone()).convert_dtype(out.dtype);
        device::upload(data, out, device)
    }
}
