use std::ops::RangeInclusive;

use burn_dispatch::DispatchDevice;

use super::fold::fold;
use super::{Class, Elementwise};
use crate::device::Handle;
use crate::ir::{Builder, Call, Defaults, Expr, Literal, TensorType};
use crate::primitives::shapes::broadcast_to_batch;
use crate::primitives::{Adjoints, Prim, Rule, RuleArgs};

impl Rule for Elementwise {
    fn name(&self) -> String {
        self.row().name.into()
    }

    fn parse(call: &Call<'_>) -> Option<Result<Self, String>> {
        Elementwise::ALL.iter().find(|op| call.is(op.row().name) && call.has_none()).map(|op| Ok(*op))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        self.row().tangents.len()..=self.row().tangents.len()
    }

    fn infer(&self, args: &[&TensorType], defaults: &Defaults) -> Result<TensorType, String> {
        let row = self.row();
        let (first, values) = match row.class {
            Class::Select if args[0].is_bool() => (args[1], &args[1..]),
            Class::Select => return Err(format!("{} as a mask", args[0])),
            _ => (args[0], args),
        };
        let kind = match row.class {
            Class::Float => first.is_float(),
            Class::Number => !first.is_bool(),
            Class::Int => !first.is_float() && !first.is_bool(),
            Class::Bool => first.is_bool(),
            Class::Compare | Class::Select => true,
        };
        let same = values.iter().all(|a| a.dtype == first.dtype) && args.iter().all(|a| a.shape == first.shape);
        if !kind || !same {
            let args: Vec<String> = args.iter().map(|a| a.to_string()).collect();
            return Err(format!("of {}", args.join(" and ")));
        }
        Ok(if row.class == Class::Compare { first.with_dtype(defaults.bool) } else { first.clone() })
    }

    fn simplify<'b>(&self, b: &'b Builder, args: &[Expr<'b>]) -> Option<Expr<'b>> {
        let literals: Option<Vec<Literal>> = args.iter().map(|a| a.constant()).collect();
        if let Some(values) = literals.filter(|_| *self != Elementwise::Select) {
            let ty = args[0].ty();
            let dtype = if self.row().class == Class::Compare { b.defaults.bool } else { ty.dtype };
            if let Some(value) = fold(*self, &values, ty.dtype) {
                return Some(b.literal(value, ty.with_dtype(dtype)));
            }
        }
        // One order for operands that may change places: equal equations are shared, and numbers stand last, where
        // Burn takes them as they are.
        if matches!(
            self,
            Elementwise::Add | Elementwise::Mul | Elementwise::And | Elementwise::Or | Elementwise::Xor
        ) {
            let place = |x: Expr<'b>| (x.literal().is_some(), x.var);
            if place(args[1]) < place(args[0]) {
                return Some(args[1].binary(*self, args[0]));
            }
        }
        let second = args.get(1).and_then(|a| a.literal());
        match (self, second) {
            (Elementwise::Mul | Elementwise::Div | Elementwise::Pow, Some(1.0))
            | (Elementwise::Sub, Some(0.0)) => Some(args[0]),
            (Elementwise::Mul, Some(-1.0)) => Some(-args[0]),
            (Elementwise::Pow, Some(0.0)) => Some(args[0].lit(1.0)),
            (Elementwise::Pow, Some(2.0)) => Some(args[0].square()),
            (Elementwise::Pow, Some(-1.0)) if args[0].is_float() => Some(args[0].unary(Elementwise::Recip)),
            (Elementwise::Neg, _) => match args[0].prim() {
                Prim::Elementwise(Elementwise::Neg) => Some(args[0].arg(0)),
                _ => None,
            },
            (Elementwise::Add, _) => match (args[0].prim(), args[1].prim()) {
                (_, Prim::Elementwise(Elementwise::Neg)) => Some(args[0] - args[1].arg(0)),
                (Prim::Elementwise(Elementwise::Neg), _) => Some(args[1] - args[0].arg(0)),
                _ => None,
            },
            (Elementwise::Select, _) => match args[0].literal() {
                Some(0.0) => Some(args[2]),
                Some(_) => Some(args[1]),
                None => (args[1].var == args[2].var).then(|| args[1]),
            },
            _ => None,
        }
    }

    fn linearize<'b>(&self, at: &RuleArgs<'_, 'b>) -> Option<Expr<'b>> {
        if let (Elementwise::Select, [_, Some(t), Some(u)]) = (self, at.t) {
            return Some(at.x[0].select(*t, *u));
        }
        let terms = self.row().tangents.iter().zip(at.t).filter_map(|(tangent, t)| Some(((*tangent)?, (*t)?)));
        terms.map(|(tangent, t)| tangent(at.x, at.y, t)).reduce(|a, b| a + b)
    }

    fn transpose<'b>(&self, x: &[Expr<'b>], linear: &[bool], ct: Expr<'b>) -> Option<Adjoints<'b>> {
        let on = |k: usize, adjoint: &dyn Fn() -> Expr<'b>| linear[k].then(adjoint);
        Some(match self {
            Elementwise::Add => vec![on(0, &|| ct), on(1, &|| ct)],
            Elementwise::Sub => vec![on(0, &|| ct), on(1, &|| -ct)],
            Elementwise::Neg => vec![on(0, &|| -ct)],
            Elementwise::Mul if !(linear[0] && linear[1]) => vec![on(0, &|| ct * x[1]), on(1, &|| ct * x[0])],
            Elementwise::Div if !linear[1] => vec![on(0, &|| ct / x[1]), None],
            Elementwise::Select => {
                vec![None, on(1, &|| x[0].select(ct, ct.zeros())), on(2, &|| x[0].select(ct.zeros(), ct))]
            }
            _ => return None,
        })
    }

    fn vmap<'b>(&self, batch_size: usize, x: &[Expr<'b>], batched: &[bool]) -> Expr<'b> {
        let args: Vec<Expr> =
            x.iter().zip(batched).map(|(x, batched)| broadcast_to_batch(*x, *batched, batch_size)).collect();
        x[0].b.push(Prim::Elementwise(*self), &args)
    }

    fn run(&self, args: Vec<Handle>, out: &TensorType, _device: &DispatchDevice) -> Handle {
        self.row().run.call(args, out)
    }
}
