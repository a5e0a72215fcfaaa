//! Lowers what Burn's capture device has recorded to primitives. Nothing after this module knows an operation of Burn.
//!
//! One file per family of Burn's operations. An operation without a lowering is [`Error::Unsupported`] with its name, and so is
//! one that a later version of Burn should have. What is known to differ from one version of Burn to the next stands in this
//! module: in `calls` those operations of backends that are called in another way.

mod activation;
mod attention;
mod basic;
mod calls;
mod convolution;
mod elementwise;
mod marker;
mod normalization;
mod numeric;
mod peephole;
mod spatial;

pub(crate) use calls::{Windows, average_pool, average_pool_adjoint, bool_scatter_or, bool_select_or};

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use burn::tensor::{Distribution as BurnDistribution, TensorData};
use burn_ir::{OperationIr, RandomOpIr, ScalarIr, TensorId, TensorIr};

use crate::error::{Error, Result};
use crate::ir::{Builder, Expr, Literal, TensorType, Var};
use crate::primitives::elementwise::Elementwise;
use crate::primitives::{Constant, Distribution, Prim, Random};

/// Reads a list of recorded operations onto a builder.
pub(crate) struct Importer<'a, 'b> {
    b: &'b Builder,
    operations: &'a [OperationIr],
    values: &'a BTreeMap<TensorId, TensorData>,
    env: HashMap<TensorId, Expr<'b>>,
    /// Where the equations of each open `vmap` begin, by its first element.
    regions: HashMap<TensorId, usize>,
    /// The softmax that stands in for `exp(x − max(x))` divided by its sum.
    softmaxes: HashMap<Var, Expr<'b>>,
    key: Option<Expr<'b>>,
    draws: u32,
}

pub(crate) fn ty(t: &TensorIr) -> TensorType {
    TensorType::new(t.shape.to_vec(), t.dtype)
}

fn unsupported(op: impl std::fmt::Debug, hint: &str) -> Error {
    let text = format!("{op:?}");
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    Error::Unsupported { op: name, hint: hint.into() }
}

/// The error for an operation that is none of those which this version of the crate was written for.
fn unknown(op: impl std::fmt::Debug) -> Error {
    unsupported(
        op,
        "this version of Thalweg does not know it; use other operations, or `backward()` for this function",
    )
}

fn literal(scalar: ScalarIr, ty: &TensorType) -> Literal {
    match scalar {
        ScalarIr::Int(i) if !ty.is_float() && !ty.is_bool() => Literal::whole(i, ty.dtype),
        scalar => Literal::rounded_to(scalar.elem::<f64>(), ty.dtype),
    }
}

impl<'a, 'b> Importer<'a, 'b> {
    pub fn new(
        b: &'b Builder,
        operations: &'a [OperationIr],
        values: &'a BTreeMap<TensorId, TensorData>,
    ) -> Self {
        Self {
            b,
            operations,
            values,
            env: HashMap::new(),
            regions: HashMap::new(),
            softmaxes: HashMap::new(),
            key: None,
            draws: 0,
        }
    }

    pub fn bind(&mut self, id: TensorId, value: Expr<'b>) {
        self.env.insert(id, value);
    }

    /// The key that random draws use: an input behind all others, made when the first draw needs it.
    pub fn with_key(mut self, key: Expr<'b>) -> Self {
        self.key = Some(key);
        self
    }

    pub fn value(&self, id: TensorId) -> Result<Expr<'b>> {
        self.env
            .get(&id)
            .copied()
            .ok_or(Error::Internal(format!("the recorded tensor {id} is defined nowhere")))
    }

    fn get(&self, t: &TensorIr) -> Result<Expr<'b>> {
        self.value(t.id)
    }

    /// Binds the result of an operation, which must have the type that Burn has promised.
    fn set(&mut self, out: &TensorIr, value: Expr<'b>) -> Result<()> {
        let mut promised = ty(out);
        if promised.is_bool() {
            // How truth values are stored is the executing device's business.
            promised.dtype = self.b.defaults.bool;
        }
        if value.ty() != promised {
            self.b.fault(format!(
                "{} was lowered to a {}, but Burn gives a {promised}",
                value.prim(),
                value.ty()
            ));
        }
        self.env.insert(out.id, value);
        Ok(())
    }

    /// The operand stretched to `shape`.
    fn broadcast_operand(&self, t: &TensorIr, shape: &[usize]) -> Result<Expr<'b>> {
        Ok(self.get(t)?.broadcast(shape))
    }

    fn unary(&mut self, op: Elementwise, input: &TensorIr, out: &TensorIr) -> Result<()> {
        let y = self.get(input)?.unary(op);
        self.set(out, y)
    }

    fn binary(&mut self, op: Elementwise, lhs: &TensorIr, rhs: &TensorIr, out: &TensorIr) -> Result<()> {
        let y = self.broadcast_operand(lhs, &out.shape)?.binary(op, self.broadcast_operand(rhs, &out.shape)?);
        self.set(out, y)
    }

    fn scalar(&mut self, op: Elementwise, lhs: &TensorIr, rhs: ScalarIr, out: &TensorIr) -> Result<()> {
        let x = self.get(lhs)?;
        let y = x.binary(op, self.b.literal(literal(rhs, &x.ty()), x.ty()));
        self.set(out, y)
    }

    fn constant(&self, data: TensorData) -> Expr<'b> {
        self.b.push(Prim::Constant(Constant { data: Arc::new(data) }), &[])
    }

    /// Whole numbers in the device's default type.
    fn indices(&self, values: impl Iterator<Item = usize>, shape: Vec<usize>) -> Expr<'b> {
        let values: Vec<i64> = values.map(|v| v as i64).collect();
        self.constant(TensorData::new(values, shape).convert_dtype(self.b.defaults.int))
    }

    fn random(&mut self, op: &RandomOpIr) -> Result<()> {
        let ty = ty(&op.out);
        let lit = |v: f64| Literal::Float(v.to_bits());
        let distribution = match op.distribution {
            BurnDistribution::Default if ty.is_float() => Distribution::Uniform(lit(0.0), lit(1.0)),
            BurnDistribution::Default => Distribution::Uniform(lit(0.0), lit(255.0)),
            BurnDistribution::Bernoulli(p) => Distribution::Bernoulli(lit(p)),
            BurnDistribution::Uniform(low, high) => Distribution::Uniform(lit(low), lit(high)),
            BurnDistribution::Normal(mean, std) => Distribution::Normal(lit(mean), lit(std)),
        };
        let key = self.key.ok_or(Error::Internal("a random draw without a key".into()))?;
        let draw = self.draws;
        self.draws += 1;
        let value = self.b.push(Prim::Random(Random { stream: draw, distribution, ty }), &[key]);
        self.set(&op.out, value)
    }

    pub fn run(&mut self) -> Result<()> {
        self.operations.iter().try_for_each(|op| self.operation(op))
    }

    fn operation(&mut self, op: &OperationIr) -> Result<()> {
        match op {
            OperationIr::BaseFloat(op) | OperationIr::BaseInt(op) | OperationIr::BaseBool(op) => self.base(op),
            OperationIr::NumericFloat(_, op) | OperationIr::NumericInt(_, op) => self.numeric(op),
            OperationIr::Float(_, op) => self.float(op),
            OperationIr::Int(op) => self.int(op),
            OperationIr::Bool(op) => self.bool(op),
            OperationIr::Activation(op) => self.activation(op),
            OperationIr::Module(op) => self.module(op),
            OperationIr::Custom(op) => self.marker(op),
            OperationIr::Init(op) => {
                // A placeholder is bound already; what else is initialised is a constant with data.
                if let Some(data) = self.values.get(&op.out.id) {
                    let value = self.constant(data.clone());
                    self.set(&op.out, value)?;
                }
                Ok(())
            }
            OperationIr::Drop(_) => Ok(()),
            // Collective operations, which have no meaning in a trace, and whatever another version of Burn has.
            op => Err(unknown(op)),
        }
    }
}
