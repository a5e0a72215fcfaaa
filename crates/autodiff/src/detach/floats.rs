//! The same graph in another float type: in f64 the two gradients of a check differ by what they say and not by rounding,
//! in f32 by both, which tells how much of a gradient is rounding.

use std::sync::Arc;

use burn::tensor::{DType, TensorData};

use crate::ir::{Eqn, Func, TensorType};
use crate::primitives::{Constant, Convert, Full, Input, Prim, Random};

/// The graph with one type in place of every float type; conversions between float types change nothing in it.
pub(super) fn with_floats(func: &Func, dtype: DType) -> Func {
    let with = |ty: &TensorType| if ty.is_float() { ty.with_dtype(dtype) } else { ty.clone() };
    let eqn = |eqn: &Eqn| {
        let ty = with(&eqn.ty);
        let prim = match &eqn.prim {
            Prim::Input(p) => Prim::Input(Input { index: p.index, ty: with(&p.ty) }),
            Prim::Full(p) => Prim::Full(Full { value: p.value, ty: with(&p.ty) }),
            Prim::Constant(p) if eqn.ty.is_float() => {
                let data = TensorData::clone(&p.data).convert_dtype(dtype);
                Prim::Constant(Constant { data: Arc::new(data) })
            }
            Prim::Convert(p) if p.dtype.is_float() => Prim::Convert(Convert { dtype }),
            Prim::Random(p) => Prim::Random(Random { ty: with(&p.ty), ..p.clone() }),
            prim => prim.clone(),
        };
        Eqn { prim, args: eqn.args.clone(), ty }
    };
    let eqns = func.eqns().iter().map(eqn).collect();
    Func { eqns, inputs: func.inputs().to_vec(), outputs: func.outputs().to_vec(), defaults: func.defaults }
}
