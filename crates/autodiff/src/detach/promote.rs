//! The same graph in f64, where the two gradients of a check differ by what they say and not by rounding.

use std::sync::Arc;

use burn::tensor::{DType, TensorData};

use crate::ir::{Eqn, Func, Type};
use crate::prim::{Constant, Convert, Full, Input, Prim, Random};

fn wide(ty: &Type) -> Type {
    if ty.is_float() { ty.with_dtype(DType::F64) } else { ty.clone() }
}

/// The graph with f64 in place of every float type; conversions between float types change nothing in it.
pub(super) fn promoted(func: &Func) -> Func {
    let eqn = |eqn: &Eqn| {
        let ty = wide(&eqn.ty);
        let prim = match &eqn.prim {
            Prim::Input(p) => Prim::Input(Input { index: p.index, ty: wide(&p.ty) }),
            Prim::Full(p) => Prim::Full(Full { value: p.value, ty: wide(&p.ty) }),
            Prim::Constant(p) if eqn.ty.is_float() => {
                let data = TensorData::clone(&p.data).convert_dtype(DType::F64);
                Prim::Constant(Constant { data: Arc::new(data) })
            }
            Prim::Convert(p) if p.dtype.is_float() => Prim::Convert(Convert { dtype: DType::F64 }),
            Prim::Random(p) => Prim::Random(Random { ty: wide(&p.ty), ..p.clone() }),
            prim => prim.clone(),
        };
        Eqn { prim, args: eqn.args.clone(), ty }
    };
    let eqns = func.eqns().iter().map(eqn).collect();
    Func { eqns, inputs: func.inputs().to_vec(), outputs: func.outputs().to_vec(), defaults: func.defaults }
}
