//! In debug builds, the first run of a program is held against the interpreter.

use burn::tensor::{Device, TensorData};
use thalweg_autodiff::executor::{download, interpret, upload};
use thalweg_autodiff::{Error, Func, Result};

use super::Program;

/// Larger programs are not compared, since the interpreter would take longer than what waits for it allows.
const MAX_ELEMENTS: usize = 1 << 20;
/// The interpreter takes no more.
const MAX_AXES: usize = 6;
/// What rounding may leave where terms cancel.
const NEGLIGIBLE: f64 = 1e-4;

/// The inputs that a program is about to run on, and its graph.
pub(crate) struct Reference {
    func: Func,
    inputs: Vec<TensorData>,
}

impl Reference {
    /// `None` for a graph that is not compared.
    pub fn new(func: Func, program: &Program) -> Option<Self> {
        let elements: usize = func.eqns().iter().map(|eqn| eqn.ty.num_elements()).sum();
        if elements > MAX_ELEMENTS || func.eqns().iter().any(|eqn| eqn.ty.rank() > MAX_AXES) {
            return None;
        }
        let input = |k: usize| {
            let ty = &program.input_types[k];
            let unused =
                || TensorData::from_bytes_vec(vec![0; super::bytes_of(ty)], ty.shape.clone(), ty.dtype);
            program.input(k).unwrap_or_else(|_| unused())
        };
        let inputs = (0..func.inputs().len()).map(input).collect();
        Some(Reference { func, inputs })
    }

    /// Compares a program's results, before they are carried, with those of the interpreter.
    ///
    /// Rounding may be magnified by what follows it, so that of floats most elements must be far from the interpreter's
    /// before something is said.
    pub fn compare(self, program: &Program) -> Result<()> {
        let device = Device::flex();
        let inputs = self.inputs.into_iter().map(|data| upload(data, &device)).collect();
        let is_exact = !self.func.eqns().iter().any(|eqn| eqn.ty.is_float());
        for (k, right) in interpret(&self.func, inputs, &device)?.into_iter().enumerate() {
            let own = program.read(program.outputs[k], &program.output_types[k]);
            let (own, right): (Vec<f64>, Vec<f64>) = (own.iter().collect(), download(right)?.iter().collect());
            let largest = right.iter().filter(|x| x.is_finite()).fold(0.0, |m: f64, x| m.max(x.abs()));
            let apart = |(a, b): &(&f64, &f64)| {
                a.is_finite() && b.is_finite() && (*a - *b).abs() > 0.01 * largest + NEGLIGIBLE
            };
            let count = own.iter().zip(&right).filter(apart).count();
            if is_exact && own != right || 2 * count > own.len() {
                let ty = &program.output_types[k];
                return Err(Error::Internal(format!(
                    "result {k} of a compiled program, {ty}, is not what the interpreter gives"
                )));
            }
        }
        Ok(())
    }
}
