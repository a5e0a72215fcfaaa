use burn::tensor::{DispatchTensor, Int, Tensor, TensorData};
use thalweg_autodiff::{TensorType, executor};

use super::linalg::add;
use super::{Layout, Listed, Memory, Oracle, Progress, Solver};
use crate::error::Result;
use crate::recipe::AnyRecipe;
use crate::state::{State, Value};
use crate::transform::{Step, Transform};

solver! {
    /// Any optimizer as a solver: one gradient a step, from which the optimizer's transforms make the update.
    ///
    /// Tree-wide ones run as well, and those that need the value of the loss. State is kept among the solver's, in `f64`,
    /// which holds every `f32` exactly.
    pub struct Lifted = "lifted" {
        /// The optimizer.
        inner: AnyRecipe, in Any;
    }
}

/// The elements of a remembered tensor.
fn elements(value: Value) -> Result<Vec<f64>> {
    let tensor = match value {
        Value::Float(tensor) => tensor.into_dispatch(),
        Value::Int(tensor) => tensor.into_dispatch(),
    };
    Ok(executor::download(tensor)?.iter::<f64>().collect())
}

/// A tensor of the kind, type and device of another one.
fn like(value: &Value, elements: &[f64]) -> DispatchTensor {
    let (tensor, device) = match value {
        Value::Float(tensor) => (tensor.clone().into_dispatch(), tensor.device()),
        Value::Int(tensor) => (tensor.clone().into_dispatch(), tensor.device()),
    };
    let TensorType { dtype, .. } = executor::type_of(&tensor);
    executor::upload(TensorData::new(elements.to_vec(), [elements.len()]).convert_dtype(dtype), &device)
}

/// The update that a transform makes of a gradient at `x`; its state lies in `memory`, under names that begin with
/// `prefix`.
pub(super) fn update(
    transform: &dyn Transform,
    layout: &Layout,
    x: &[f64],
    loss: f64,
    gradient: &[f64],
    (memory, prefix): (&mut Memory, &str),
    lr: f64,
) -> Result<Vec<f64>> {
    let params = layout.parameters(x)?;
    let gradients = layout.parameters(gradient)?.into_iter().map(|g| g.value).collect();
    let name = |k: usize, path: &str| format!("{prefix}{k}.{path}");
    let mut states: Vec<State> = params.iter().map(|p| transform.init(p)).collect();
    for (k, state) in states.iter_mut().enumerate() {
        let restored: Vec<DispatchTensor> = state
            .leaves()
            .iter()
            .map_while(|(path, value)| memory.vector(&name(k, path)).map(|old| like(value, old)))
            .collect();
        state.replace(&mut restored.into_iter());
    }
    let count = memory.count(&format!("{prefix}count"));
    let like = &params[0].value;
    let scalar = |x: f64| Tensor::<1>::from_floats([0.0], &like.device()).cast(like.dtype()) + x;
    let step = Step {
        lr: scalar(lr),
        count: Tensor::<1, Int>::from_ints([count as i32], &like.device()),
        loss: Some(scalar(loss)),
        measures: vec![],
    };
    let updates = transform.update_all(gradients, &mut states, &params, &step);
    for (k, state) in states.iter().enumerate() {
        for (path, value) in state.leaves() {
            memory.set(&name(k, &path), elements(value)?);
        }
    }
    let mut all = vec![];
    for update in updates {
        all.extend(elements(Value::Float(update))?);
    }
    Ok(all)
}

/// One step of an optimizer with a gradient that was taken anywhere.
pub(super) fn apply(
    recipe: &AnyRecipe,
    oracle: &dyn Oracle,
    x: &mut [f64],
    (loss, gradient): (f64, &[f64]),
    memory: &mut Memory,
    lr: f64,
) -> Result<()> {
    let update = update(&recipe.transform()?, oracle.layout(), x, loss, gradient, (memory, "base."), lr)?;
    add(x, -1.0, &update);
    Ok(())
}

impl Listed for Lifted {
    const CITATION: &'static str = "";
}

impl Solver for Lifted {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        let (value, gradient) = oracle.gradient(x)?;
        apply(&self.inner, oracle, x, (value, &gradient), memory, lr)?;
        Ok(Progress::on(value, &gradient))
    }

    fn lr(&self) -> f64 {
        self.inner.lr()
    }
}
