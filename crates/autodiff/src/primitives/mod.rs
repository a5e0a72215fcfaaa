//! The closed set of primitives and what each must know about itself.
//!
//! A primitive is a file here and a line of the list below; an elementwise one is a row of the table in
//! `elementwise/table.rs`. A file says everything about its primitive: shape rule, derivative, adjoint, batching rule, text,
//! and how it runs on a Burn device.

pub(crate) mod shapes;

use std::fmt;
use std::ops::RangeInclusive;

use burn_dispatch::DispatchDevice;

use crate::device::Handle;
use crate::ir::{Builder, Call, Defaults, Expr, TensorType};

/// Where a rule is applied: the primitive's operands, its result, and the tangents of the operands
/// (`None` where an operand does not depend on what is differentiated).
pub(crate) struct RuleArgs<'a, 'b> {
    pub prim: &'a Prim,
    pub x: &'a [Expr<'b>],
    pub y: Expr<'b>,
    pub t: &'a [Option<Expr<'b>>],
}

impl<'b> RuleArgs<'_, 'b> {
    /// The tangent of a primitive that is linear in each operand by itself: one term per tangent.
    pub fn multilinear(&self) -> Option<Expr<'b>> {
        let terms = self.t.iter().enumerate().filter_map(|(k, t)| {
            let mut args = self.x.to_vec();
            args[k] = (*t)?;
            Some(self.y.b.push(self.prim.clone(), &args))
        });
        terms.reduce(|a, b| a + b)
    }

    /// The tangent of a primitive that is linear in its float operands together: zeros stand for missing tangents.
    pub fn jointly_linear(&self) -> Option<Expr<'b>> {
        self.t.iter().any(Option::is_some).then(|| {
            let tangent = |(x, t): (&Expr<'b>, &Option<Expr<'b>>)| match t {
                Some(t) => *t,
                None if x.is_float() => x.zeros(),
                None => *x,
            };
            let args: Vec<Expr> = self.x.iter().zip(self.t).map(tangent).collect();
            self.y.b.push(self.prim.clone(), &args)
        })
    }
}

/// Adjoints of a linear primitive's operands; `None` for operands that are not linear there.
pub(crate) type Adjoints<'b> = Vec<Option<Expr<'b>>>;

/// What a primitive must know: text, shape, derivative, adjoint, batching, running.
///
/// There is one derivative rule, `linearize`; it may only use the tangents linearly. Reverse mode transposes what
/// `linearize` has written, so every primitive that a rule applies to a tangent needs `transpose`.
pub(crate) trait Rule {
    fn name(&self) -> String;

    /// The parameters as the graph's text shows them, for instance `axes=[0]`.
    fn attributes(&self) -> String {
        String::new()
    }

    /// Reads back what `name` and `attributes` print; `None` where the text is of another primitive.
    fn parse(call: &Call<'_>) -> Option<Result<Self, String>>
    where
        Self: Sized;

    /// How many operands it takes.
    fn arity(&self) -> RangeInclusive<usize> {
        1..=1
    }

    /// The type of the result, for as many operands as [`Rule::arity`] says.
    fn infer(&self, args: &[&TensorType], defaults: &Defaults) -> Result<TensorType, String>;

    /// A value that equals this one bit for bit and is cheaper.
    fn simplify<'b>(&self, _b: &'b Builder, _args: &[Expr<'b>]) -> Option<Expr<'b>> {
        None
    }

    /// The tangent of the result; `None` where it is zero everywhere.
    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>>;

    /// The adjoints of the operands marked in `linear`, for the adjoint `ct` of the result; `None` where the
    /// primitive is not linear in them.
    fn transpose<'b>(&self, _x: &[Expr<'b>], _linear: &[bool], _ct: Expr<'b>) -> Option<Adjoints<'b>> {
        None
    }

    /// The primitive over a batch: operands marked in `batched` have a leading batch axis, and so has the result.
    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b>;

    /// Runs on a Burn device. `args` are uniquely owned where this is their last use.
    fn run(&self, args: Vec<Handle>, out: &TensorType, device: &DispatchDevice) -> Handle;
}

macro_rules! primitives {
    ($($module:ident: $Name:ident $(, $Other:ident)*;)*) => {
        $(pub(crate) mod $module;)*
        $(pub use $module::{$Name $(, $Other)*};)*

        /// A primitive with its parameters.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Prim {
            $(#[doc = concat!("See [`", stringify!($Name), "`].")] $Name($Name),)*
        }

        impl Prim {
            fn rule(&self) -> &dyn Rule {
                match self { $(Prim::$Name(p) => p,)* }
            }

            /// The primitive that the text is of.
            pub(crate) fn parse(call: &Call<'_>) -> Result<Prim, String> {
                $(if let Some(own) = <$Name as Rule>::parse(call) {
                    return own.map(Prim::$Name);
                })*
                Err(format!("there is no primitive `{}` with these attributes", call.name))
            }
        }
    };
}

// Each line is a file, its primitive, and what else the file makes public.
primitives! {
    input: Input;
    full: Full;
    constant: Constant;
    elementwise: Elementwise;
    convert: Convert;
    broadcast: Broadcast;
    reshape: Reshape;
    permute: Permute;
    flip: Flip;
    slice: Slice, SliceRange;
    slice_assign: SliceAssign;
    cat: Cat;
    reduce: Reduce, Reduction;
    arg_reduce: ArgReduce, ArgReduceOp;
    cumulative: Cumulative, CumulativeOp;
    argsort: ArgSort;
    gather: Gather;
    scatter: Scatter, ScatterOp;
    index_select: IndexSelect;
    index_add: IndexAdd;
    matmul: Matmul;
    conv: Conv, ConvKind;
    average_pool: AveragePool, Direction, PoolWindow;
    max_pool_indices: MaxPoolIndices;
    softmax: Softmax, SoftmaxKind;
    random: Random, Distribution;
    split_key: SplitKey;
    stop_gradient: StopGradient;
    alias: Alias;
}

impl Prim {
    /// The primitive's name as the graph's text shows it.
    pub fn name(&self) -> String {
        self.rule().name()
    }

    pub(crate) fn infer(&self, args: &[&TensorType], defaults: &Defaults) -> Result<TensorType, String> {
        if !self.rule().arity().contains(&args.len()) {
            return Err(format!("{} operands", args.len()));
        }
        self.rule().infer(args, defaults)
    }

    pub(crate) fn simplify<'b>(&self, b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        self.rule().simplify(b, args)
    }

    pub(crate) fn linearize<'b>(
        &self,
        x: &[Expr<'b>],
        y: Expr<'b>,
        t: &[Option<Expr<'b>>],
    ) -> Option<Expr<'b>> {
        self.rule().linearize(&RuleArgs { prim: self, x, y, t })
    }

    pub(crate) fn transpose<'b>(&self, x: &[Expr<'b>], linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        self.rule().transpose(x, linear, ct)
    }

    pub(crate) fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        self.rule().vmap(batch_size, x, batched)
    }

    pub(crate) fn run(&self, args: Vec<Handle>, out: &TensorType, device: &DispatchDevice) -> Handle {
        self.rule().run(args, out, device)
    }
}

impl fmt::Display for Prim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributes = self.rule().attributes();
        match attributes.is_empty() {
            true => f.write_str(&self.name()),
            false => write!(f, "{}({attributes})", self.name()),
        }
    }
}
