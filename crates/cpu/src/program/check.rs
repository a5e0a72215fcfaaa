//! What a caller gives, looked at before anything is done.

use thalweg_autodiff::{Error, Func, Result, TensorType};

pub(crate) fn bytes_of(ty: &TensorType) -> usize {
    ty.num_elements() * ty.dtype.size()
}

pub(crate) fn no_such(what: &str, k: usize, count: usize) -> Error {
    Error::Argument(format!("The program has {count} {what}s, so there is none with the number {k}."))
}

pub(crate) fn check_pairs(func: &Func, carried: &[(usize, usize)]) -> Result<()> {
    for (output, input) in carried {
        let out =
            func.outputs().get(*output).ok_or_else(|| no_such("result", *output, func.outputs().len()))?;
        let own = func.inputs().get(*input).ok_or_else(|| no_such("input", *input, func.inputs().len()))?;
        if func.ty(*out) != func.ty(*own) {
            return Err(Error::Argument(format!(
                "Result number {output} is {}, so it cannot be carried to input number {input}, which is {}.",
                func.ty(*out),
                func.ty(*own)
            )));
        }
    }
    let twice = (0..carried.len()).find(|k| carried[..*k].iter().any(|(_, input)| *input == carried[*k].1));
    match twice {
        Some(k) => Err(Error::Argument(format!(
            "Two results are carried to input number {}; carry one of them, or none.",
            carried[k].1
        ))),
        None => Ok(()),
    }
}
