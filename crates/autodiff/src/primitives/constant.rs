use std::hash::{Hash, Hasher};
use std::ops::RangeInclusive;
use std::sync::Arc;

use burn::tensor::{DType, TensorData};
use burn_dispatch::DispatchDevice;

use crate::device::{self, Handle};
use crate::ir::{Call, Defaults, Expr, Literal, TensorType, elements};
use crate::primitives::{Rule, RuleArgs};

/// A constant tensor: what the traced code created from host data or moved in from another device.
#[derive(Clone, Debug)]
pub struct Constant {
    /// The elements.
    pub data: Arc<TensorData>,
}

/// Up to so many elements are shown.
const SHOWN: usize = 16;

impl Constant {
    /// All elements as text, each so that reading it back gives its bits.
    pub(crate) fn elements(&self) -> String {
        let data = &self.data;
        let all: Vec<String> = match data.dtype() {
            DType::F32 => data.iter::<f32>().map(|x| format!("{x:?}")).collect(),
            d if d.is_float() => data.iter::<f64>().map(|x| format!("{x:?}")).collect(),
            d if d.is_bool() => data.iter::<bool>().map(|x| x.to_string()).collect(),
            _ => data.iter::<i64>().map(|x| x.to_string()).collect(),
        };
        format!("[{}]", all.join(","))
    }
}

impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.data, &other.data);
        Arc::ptr_eq(a, b) || a.shape() == b.shape() && a.dtype() == b.dtype() && a.as_bytes() == b.as_bytes()
    }
}

impl Eq for Constant {}

impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.data.shape().to_vec().hash(state);
        self.data.as_bytes().hash(state);
    }
}

impl Rule for Constant {
    fn name(&self) -> String {
        "constant".into()
    }

    /// Its elements; of more than sixteen only how many there are.
    fn attributes(&self) -> String {
        match self.data.num_elements() {
            n if n > SHOWN => format!("elements={n}"),
            _ => self.elements(),
        }
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        call.is("constant").then(|| {
            let left_out = |_| "it leaves out the elements of a constant, which `{:#}` prints".to_string();
            let text = call.value("").and_then(elements).map_err(left_out)?;
            let values = text.into_iter().map(str::parse).collect::<Result<Vec<Literal>, _>>()?;
            if values.len() != call.out.num_elements() {
                return Err(format!("it has {} elements for {}", values.len(), call.out));
            }
            let shape = call.out.shape.clone();
            let data = match call.out.dtype {
                d if d.is_float() => TensorData::new(values.iter().map(|v| v.value()).collect(), shape),
                d if d.is_bool() => TensorData::new(values.iter().map(|v| v.value() != 0.0).collect(), shape),
                _ => {
                    let whole = |v: &Literal| if let Literal::Int(i) = v { *i } else { v.value() as i64 };
                    TensorData::new(values.iter().map(whole).collect(), shape)
                }
            };
            Ok(Constant { data: Arc::new(data.convert_dtype(call.out.dtype)) })
        })
    }

    fn arity(&self) -> RangeInclusive<usize> {
        0..=0
    }

    fn infer(&self, _args: &[&TensorType], _: &Defaults) -> Result<TensorType, String> {
        Ok(TensorType::new(self.data.shape().to_vec(), self.data.dtype()))
    }

    fn linearize<'b>(&self, _at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        None
    }

    fn vmap<'b>(&self, _batch_size: usize, _x: &[Expr<'b>], _batched: &[bool]) -> Expr<'b> {
        unreachable!("a constant has no operands, so it is never batched")
    }

    fn run(&self, _args: Vec<Handle>, out: &TensorType, device: &DispatchDevice) -> Handle {
        device::upload((*self.data).clone(), out, device)
    }
}
