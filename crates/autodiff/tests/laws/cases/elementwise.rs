use burn::tensor::{DType, Tensor};

use super::{ANY, Inputs, cases};

const V: super::Input = (&[2, 3], ANY.0, ANY.1);
const P: super::Input = (&[2, 3], 0.5, 2.0);
const U: super::Input = (&[2, 3], -0.8, 0.8);
const ROW: super::Input = (&[1, 3], 0.5, 2.0);

fn one(x: &Inputs, f: fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
    f(x.t(0))
}

fn two(x: &Inputs, f: fn(Tensor<2>, Tensor<2>) -> Tensor<2>) -> Tensor<2> {
    f(x.t(0), x.t(1))
}

cases! {
    "add" ["float_add"] [V, ROW] |x| two(x, |a, b| a + b),
    "add_scalar" ["float_add_scalar"] [V] |x| one(x, |a| a + 1.5),
    "sub" ["float_sub"] [V, ROW] |x| two(x, |a, b| a - b),
    "sub_scalar" ["float_sub_scalar"] [V] |x| one(x, |a| a - 1.5),
    "mul" ["float_mul"] [V, ROW] |x| two(x, |a, b| a * b),
    "mul by itself" ["float_mul"] [V] |x| one(x, |a| a.clone() * a),
    "mul_scalar" ["float_mul_scalar"] [V] |x| one(x, |a| a * -2.5),
    "div" ["float_div"] [V, ROW] |x| two(x, |a, b| a / b),
    "div_scalar" ["float_div_scalar"] [V] |x| one(x, |a| a / 3.0)
        ; Oracle: "burn-autodiff rounds the reciprocal of a number to f32",
    "remainder" ["float_remainder"] [(&[2, 3], 2.1, 2.9), (&[1, 3], 1.0, 1.04)]
        |x| two(x, |a, b| a.clone().remainder(b) * a),
    "remainder_scalar" ["float_remainder_scalar"] [(&[2, 3], 2.1, 2.9)]
        |x| one(x, |a| a.clone().remainder_scalar(1.0) * a),
    "neg" ["float_neg"] [V] |x| one(x, |a| -a.clone() * a),
    "recip" ["float_recip"] [P] |x| one(x, Tensor::recip),
    "powf" ["float_powf"] [P, (&[1, 3], -2.0, 3.0)] |x| two(x, |a, b| a.powf(b)),
    "powf_scalar" ["float_powf_scalar_impl"] [P] |x| one(x, |a| a.powf_scalar(2.5)),
    "powi_scalar" ["float_powi_scalar", "float_powi_scalar_impl"] [V] |x| one(x, |a| a.powi_scalar(3)),
    "powi_scalar 0" ["float_powi_scalar"] [V] |x| one(x, |a| a.clone().powi_scalar(0) + a),
    "powi_scalar -2" ["float_powi_scalar"] [P] |x| one(x, |a| a.powi_scalar(-2)),
    "powers of several exponents" ["float_powf"] [P] |x: &Inputs| {
        let exponent = x.ints(&[0, 1, 2, 3, -1, 2], [2, 3]);
        x.t::<2>(0).powf(exponent.float().cast(x.flat[0].dtype()))
    },
    "sqrt" ["float_sqrt"] [P] |x| one(x, Tensor::sqrt),
    "exp" ["float_exp"] [V] |x| one(x, Tensor::exp),
    "log" ["float_log"] [P] |x| one(x, Tensor::log),
    "log1p" ["float_log1p"] [(&[2, 3], -0.5, 2.0)] |x| one(x, Tensor::log1p),
    "abs" ["float_abs"] [P] |x| one(x, |a| a.clone().abs() * (-a).abs()),
    "sign" ["float_sign"] [P] |x| one(x, |a| a.clone().sign() * a),
    "sin" ["float_sin"] [V] |x| one(x, Tensor::sin),
    "cos" ["float_cos"] [V] |x| one(x, Tensor::cos),
    "tan" ["float_tan"] [(&[2, 3], -1.0, 1.0)] |x| one(x, Tensor::tan),
    "asin" ["float_asin"] [U] |x| one(x, Tensor::asin),
    "acos" ["float_acos"] [U] |x| one(x, Tensor::acos),
    "atan" ["float_atan"] [V] |x| one(x, Tensor::atan),
    "sinh" ["float_sinh"] [V] |x| one(x, Tensor::sinh),
    "cosh" ["float_cosh"] [V] |x| one(x, Tensor::cosh),
    "tanh" ["float_tanh"] [V] |x| one(x, Tensor::tanh),
    "asinh" ["float_asinh"] [V] |x| one(x, Tensor::asinh),
    "acosh" ["float_acosh"] [(&[2, 3], 1.5, 3.0)] |x| one(x, Tensor::acosh),
    "atanh" ["float_atanh"] [U] |x| one(x, Tensor::atanh),
    "atan2" ["float_atan2"] [V, ROW] |x| two(x, |a, b| a.atan2(b)),
    "hypot" ["float_hypot"] [V, ROW] |x| two(x, |a, b| a.hypot(b)),
    "erf" ["float_erf"] [V] |x| one(x, Tensor::erf),
    "round" ["float_round"] [(&[2, 3], 0.1, 0.4)] |x| one(x, |a| a.clone().round() + a),
    "floor" ["float_floor"] [(&[2, 3], 0.1, 0.9)] |x| one(x, |a| a.clone().floor() + a),
    "ceil" ["float_ceil"] [(&[2, 3], 0.1, 0.9)] |x| one(x, |a| a.clone().ceil() * a),
    "trunc" ["float_trunc"] [(&[2, 3], 1.1, 1.9)] |x| one(x, |a| a.clone().fmod_scalar(1.0) * a),
    "cast" ["float_cast"] [V] |x: &Inputs| {
        let own = x.flat[0].dtype();
        let other = if own == DType::F64 { DType::F32 } else { DType::F64 };
        x.t::<2>(0).cast(other).cast(own) * x.t::<2>(0)
    }
        ; Inside: "the way through f32 loses the digits of f64",
    "clamp" ["float_clamp"] [V] |x| one(x, |a| a.clone().clamp(-5.0, 0.3) * a),
    "clamp_min" ["float_clamp_min"] [V] |x| one(x, |a| a.clone().clamp_min(0.2) * a),
    "clamp_max" ["float_clamp_max"] [V] |x| one(x, |a| a.clone().clamp_max(0.2) * a),
    "max_pair" ["float_mask_where"] [V, ROW] |x| two(x, |a, b| a.clone().max_pair(b.expand([2, 3])) * a),
    "mask_where" ["float_mask_where"] [V, V] |x| two(x, |a, b| {
        let mask = a.clone().greater(b.clone());
        a.clone().mask_where(mask, b.clone() * a)
    }),
    "mask_fill" ["float_mask_fill"] [V] |x| one(x, |a| {
        let mask = a.clone().lower_elem(0.1);
        a.clone().mask_fill(mask, 2.0) * a
    }),
    "comparisons feed floats" [] [V, V] |x| two(x, |a, b| {
        let le = a.clone().lower_equal(b.clone());
        let ge = a.clone().greater_equal(b.clone());
        let ne = a.clone().not_equal(b.clone());
        let eq = a.clone().equal(b.clone());
        let lt = a.clone().lower(b.clone());
        let mixed = le.bool_and(ge.bool_not()).bool_or(ne.clone().bool_xor(eq)).bool_and(lt.bool_or(ne));
        let odd = a.clone().is_nan().bool_or(b.clone().is_inf());
        mixed.bool_and(odd.bool_not()).float().cast(a.dtype()) * a * b
    }),
    "whole numbers feed floats" [] [V] |x: &Inputs| {
        let i = x.ints(&[1, 2, 3, 4, 5, 6], [2, 3]);
        let j = x.ints(&[2, 2, 1, 1, 2, 1], [2, 3]);
        let bits = i.clone().bitwise_and(j.clone()) + i.clone().bitwise_or(j.clone()) + i.clone().bitwise_xor(j.clone());
        let shifts = i.clone().bitwise_left_shift(j.clone()) + i.clone().bitwise_right_shift(j.clone());
        let powers = i.clone().powi(j.clone()) + i.clone().bitwise_not() - i.remainder(j);
        (bits + shifts * powers).float().cast(x.flat[0].dtype()) * x.t::<2>(0)
    },
}
