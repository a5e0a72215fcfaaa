//! One parameter of a module at a time.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

use super::Plan;
use super::apply::{places, replace};
use crate::error::{Error, Result};
use crate::place::Place;

/// A parameter as it is in a module.
pub(crate) struct Parameter {
    /// Where it stands among the module's tensors.
    pub index: usize,
    pub place: Place,
    pub values: Vec<f64>,
}

/// Reads the parameter at a path.
pub(crate) fn read<M: Module>(model: &M, path: &str) -> Result<Parameter> {
    let places = places(&Plan::new(), model);
    let found = places.iter().position(|place| place.as_ref().is_some_and(|place| place.path == path));
    let Some((index, place)) = found.and_then(|index| Some((index, places[index].clone()?))) else {
        let all = || places.iter().flatten().map(|place| place.path.as_str());
        return Err(Error::Unknown(match thalweg_text::nearest(path, all()) {
            Some(near) => format!("The module has no parameter `{path}`; did you mean `{near}`?"),
            None => format!(
                "The module has no parameter `{path}`; it has {}.",
                all().collect::<Vec<_>>().join(", ")
            ),
        }));
    };
    let mut reader = Values { path: vec![], wanted: path, values: vec![] };
    model.visit(&mut reader);
    Ok(Parameter { index, place, values: reader.values })
}

/// `model` with other values for one of its tensors.
pub(crate) fn write<M: Module>(model: &M, parameter: &Parameter, values: &[f64]) -> Result<M> {
    replace(model, |at, dtype| {
        let data = || TensorData::new(values.to_vec(), parameter.place.shape.clone()).convert_dtype(dtype);
        Ok((at == parameter.index).then(data))
    })
}

struct Values<'a> {
    path: Vec<String>,
    wanted: &'a str,
    values: Vec<f64>,
}

impl ModuleVisitor for Values<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.path.join(".") == self.wanted {
            self.values = param.val().into_data().iter().collect();
        }
    }
}
