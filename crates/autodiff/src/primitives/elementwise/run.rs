use burn_backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn_backend::{Scalar, TensorMetadata};
use burn_std::BoolDType;

use crate::device::{B, Handle};
use crate::ir::{Literal, TensorType};

type Unary = fn(Handle) -> Handle;
type Binary = fn(Handle, Handle) -> Handle;
type Compare = fn(Handle, Handle, BoolDType) -> Handle;
type WithScalar = fn(Handle, Scalar) -> Handle;
type CompareScalar = fn(Handle, Scalar, BoolDType) -> Handle;

/// How Burn runs an elementwise primitive, per kind of operand; kinds that the class excludes are `None`.
pub(crate) enum Run {
    Unary { float: Option<Unary>, int: Option<Unary>, bool: Option<Unary> },
    Binary { float: Option<Binary>, int: Option<Binary>, bool: Option<Binary>, scalar: [Option<WithScalar>; 2] },
    Compare { float: Compare, int: Compare, bool: Option<Binary>, scalar: [CompareScalar; 2] },
    Select,
}

impl Run {
    pub const fn float1(f: Unary) -> Run {
        Run::Unary { float: Some(f), int: None, bool: None }
    }

    pub const fn number1(float: Unary, int: Unary) -> Run {
        Run::Unary { float: Some(float), int: Some(int), bool: None }
    }

    pub const fn whole1(int: Unary) -> Run {
        Run::Unary { float: None, int: Some(int), bool: None }
    }

    pub const fn logic1(bool: Unary) -> Run {
        Run::Unary { float: None, int: None, bool: Some(bool) }
    }

    pub const fn float2(f: Binary) -> Run {
        Run::Binary { float: Some(f), int: None, bool: None, scalar: [None, None] }
    }

    pub const fn number2(float: Binary, int: Binary, float_scalar: WithScalar, int_scalar: WithScalar) -> Run {
        Run::Binary {
            float: Some(float),
            int: Some(int),
            bool: None,
            scalar: [Some(float_scalar), Some(int_scalar)],
        }
    }

    pub const fn whole2(int: Binary, scalar: WithScalar) -> Run {
        Run::Binary { float: None, int: Some(int), bool: None, scalar: [None, Some(scalar)] }
    }

    pub const fn logic2(bool: Binary) -> Run {
        Run::Binary { float: None, int: None, bool: Some(bool), scalar: [None, None] }
    }

    pub const fn compare(float: Compare, int: Compare, f: CompareScalar, i: CompareScalar) -> Run {
        Run::Compare { float, int, bool: None, scalar: [f, i] }
    }

    /// Whether a constant operand number `at`, of type `ty`, may be given to [`Run::call_scalar`] as a number.
    pub fn takes_scalar(&self, at: usize, ty: &TensorType) -> bool {
        match self {
            Run::Binary { scalar, .. } => {
                at == 1 && !ty.is_bool() && scalar[usize::from(!ty.is_float())].is_some()
            }
            Run::Compare { .. } => at == 1 && !ty.is_bool(),
            Run::Select => at > 0,
            Run::Unary { .. } => false,
        }
    }

    pub fn call(&self, args: Vec<Handle>, out: &TensorType) -> Handle {
        let mut args = args.into_iter();
        let mut next = || args.next().expect("the number of operands, by the shape rule");
        let x = next();
        let (float, bool) = (x.dtype().is_float(), x.dtype().is_bool());
        let defined = "an operand kind that the shape rule admits";
        match self {
            Run::Unary { float: f, int, bool: b } => (if float {
                f
            } else if bool {
                b
            } else {
                int
            }
            .expect(defined))(x),
            Run::Binary { float: f, int, bool: b, .. } => (if float {
                f
            } else if bool {
                b
            } else {
                int
            }
            .expect(defined))(x, next()),
            Run::Compare { bool: Some(b), .. } if bool => b(x, next()),
            Run::Compare { float: f, int, .. } => (if float { f } else { int })(x, next(), out.dtype.into()),
            Run::Select => select(x, next(), next(), out),
        }
    }

    /// The operands with the constant one, number `at`, left out: the second, or one of a selection's values.
    pub fn call_scalar(&self, args: Vec<Handle>, at: usize, scalar: Literal, out: &TensorType) -> Handle {
        let mut args = args.into_iter();
        let mut next = || args.next().expect("the number of operands, by the shape rule");
        let x = next();
        let kind = usize::from(!x.dtype().is_float());
        let scalar = scalar_of(scalar);
        match self {
            Run::Binary { scalar: f, .. } => (f[kind].expect("checked by takes_scalar"))(x, scalar),
            Run::Compare { scalar: f, .. } => (f[kind])(x, scalar, out.dtype.into()),
            Run::Select => {
                let (mask, value) = (if at == 1 { x } else { B::bool_not(x) }, next());
                crate::device::by_kind!(out.dtype,
                    float => B::float_mask_fill(value, mask, scalar),
                    int => B::int_mask_fill(value, mask, scalar),
                    bool => B::bool_mask_fill(value, mask, scalar))
            }
            Run::Unary { .. } => unreachable!("checked by takes_scalar"),
        }
    }
}

pub(crate) fn scalar_of(literal: Literal) -> Scalar {
    match literal {
        Literal::Float(bits) => f64::from_bits(bits).into(),
        Literal::Int(i) => i.into(),
        Literal::Bool(b) => Scalar::Bool(b),
    }
}

fn select(mask: Handle, yes: Handle, no: Handle, out: &TensorType) -> Handle {
    crate::device::by_kind!(out.dtype,
        float => B::float_mask_where(no, mask, yes),
        int => B::int_mask_where(no, mask, yes),
        bool => B::bool_mask_where(no, mask, yes))
}
