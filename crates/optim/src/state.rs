//! What an optimizer remembers of one tensor: named tensors, nested as its transforms are chained.

use burn::tensor::{Bool, Device, DispatchTensor, Int, Tensor};

use crate::tensors::either;

/// One remembered tensor.
#[derive(Clone, Debug)]
pub enum Value {
    /// Floats, flat, in the element type of the parameter.
    Float(Tensor<1>),
    /// Whole numbers, flat.
    Int(Tensor<1, Int>),
}

/// The state of a transform for one tensor. It holds tensors only, so that it can be traced, saved and moved.
#[derive(Clone, Debug, Default)]
pub struct State {
    values: Vec<(&'static str, Value)>,
    parts: Vec<State>,
}

impl State {
    /// A state of named tensors of floats.
    pub fn of<const N: usize>(values: [(&'static str, Tensor<1>); N]) -> Self {
        State { values: values.into_iter().map(|(name, v)| (name, Value::Float(v))).collect(), parts: vec![] }
    }

    /// This state with the states of what a wrapper holds.
    pub fn with_parts(mut self, parts: Vec<State>) -> Self {
        self.parts = parts;
        self
    }

    /// The states of a chain's links.
    pub fn of_parts(parts: Vec<State>) -> Self {
        State { values: vec![], parts }
    }

    /// This state with one more tensor of floats.
    pub fn with(mut self, name: &'static str, value: Tensor<1>) -> Self {
        self.values.push((name, Value::Float(value)));
        self
    }

    /// This state with one more tensor of whole numbers.
    pub fn with_int(mut self, name: &'static str, value: Tensor<1, Int>) -> Self {
        self.values.push((name, Value::Int(value)));
        self
    }

    /// The states of a chain's links.
    pub fn parts(&self) -> &[State] {
        &self.parts
    }

    /// The states of a chain's links.
    pub fn parts_mut(&mut self) -> &mut [State] {
        &mut self.parts
    }

    /// The `k`-th part of every state, out of it.
    pub fn take_parts(states: &mut [State], k: usize) -> Vec<State> {
        states.iter_mut().map(|state| std::mem::take(&mut state.parts[k])).collect()
    }

    /// Puts back what [`State::take_parts`] took.
    pub fn put_parts(states: &mut [State], k: usize, parts: impl IntoIterator<Item = State>) {
        states.iter_mut().zip(parts).for_each(|(state, part)| state.parts[k] = part);
    }

    /// This state where `condition` holds, and `other`, of the same names, elsewhere.
    pub fn where_or(self, condition: &Tensor<1, Bool>, other: State) -> State {
        let pairs = self.values.into_iter().zip(other.values);
        let values = pairs.map(|((name, yes), (_, no))| {
            let value = match (yes, no) {
                (Value::Float(yes), Value::Float(no)) => Value::Float(either(condition.clone(), yes, no)),
                (Value::Int(yes), Value::Int(no)) => Value::Int(either(condition.clone(), yes, no)),
                (yes, _) => yes,
            };
            (name, value)
        });
        let parts = self.parts.into_iter().zip(other.parts);
        State { values: values.collect(), parts: parts.map(|(yes, no)| yes.where_or(condition, no)).collect() }
    }

    /// A remembered tensor of floats.
    ///
    /// # Panics
    /// If the transform's `init` has given none of this name, which is a defect of the transform.
    pub fn float(&self, name: &str) -> Tensor<1> {
        match self.values.iter().find(|(own, _)| *own == name) {
            Some((_, Value::Float(value))) => value.clone(),
            _ => panic!("the transform's `init` gives no floats named `{name}`"),
        }
    }

    /// A remembered tensor of whole numbers.
    ///
    /// # Panics
    /// As [`State::float`].
    pub fn int(&self, name: &str) -> Tensor<1, Int> {
        match self.values.iter().find(|(own, _)| *own == name) {
            Some((_, Value::Int(value))) => value.clone(),
            _ => panic!("the transform's `init` gives no whole numbers named `{name}`"),
        }
    }

    /// Replaces a remembered tensor of floats.
    pub fn set(&mut self, name: &str, value: Tensor<1>) {
        if let Some((_, own)) = self.values.iter_mut().find(|(own, _)| *own == name) {
            *own = Value::Float(value);
        }
    }

    /// Moves a remembered average, `x ← β x + (1 − β) new`, and returns it.
    pub fn average(&mut self, name: &str, beta: f64, new: Tensor<1>) -> Tensor<1> {
        let average = self.float(name) * beta + new * (1.0 - beta);
        self.set(name, average.clone());
        average
    }

    /// Replaces a remembered tensor of whole numbers.
    pub fn set_int(&mut self, name: &str, value: Tensor<1, Int>) {
        if let Some((_, own)) = self.values.iter_mut().find(|(own, _)| *own == name) {
            *own = Value::Int(value);
        }
    }

    /// The same on another device; tensors that are there already stay as they are.
    pub fn to_device(mut self, device: &Device) -> Self {
        for (_, value) in &mut self.values {
            match value {
                Value::Float(tensor) if tensor.device() != *device => {
                    *tensor = tensor.clone().to_device(device);
                }
                Value::Int(tensor) if tensor.device() != *device => {
                    *tensor = tensor.clone().to_device(device);
                }
                _ => {}
            }
        }
        self.parts = self.parts.into_iter().map(|part| part.to_device(device)).collect();
        self
    }

    /// All tensors by path, for instance `1.m`, in a fixed order.
    pub fn leaves(&self) -> Vec<(String, Value)> {
        let own = self.values.iter().map(|(name, value)| (name.to_string(), value.clone()));
        let parts = self.parts.iter().enumerate().flat_map(|(k, part)| {
            part.leaves().into_iter().map(move |(path, value)| (format!("{k}.{path}"), value))
        });
        own.chain(parts).collect()
    }

    /// Takes all tensors out, in the order of [`State::leaves`], so that each has one owner; [`State::replace`] puts others in
    /// their places.
    pub(crate) fn take(&mut self) -> Vec<DispatchTensor> {
        let mut all = vec![];
        for (_, value) in &mut self.values {
            all.push(match value {
                Value::Float(tensor) => {
                    let placeholder = Tensor::zeros([1], (&tensor.device(), tensor.dtype()));
                    std::mem::replace(tensor, placeholder).into_dispatch()
                }
                Value::Int(tensor) => {
                    let placeholder = Tensor::zeros([1], &tensor.device());
                    std::mem::replace(tensor, placeholder).into_dispatch()
                }
            });
        }
        all.extend(self.parts.iter_mut().flat_map(State::take));
        all
    }

    /// Replaces all tensors, in the order of [`State::leaves`]; a tensor of another kind than the one that it replaces
    /// is left out. Tensors that are missing leave the rest of the state as it is.
    pub fn replace(&mut self, values: &mut dyn Iterator<Item = DispatchTensor>) {
        for (_, value) in &mut self.values {
            let Some(new) = values.next() else { return };
            *value = match value {
                Value::Float(_) => Value::Float(Tensor::from_dispatch(new)),
                Value::Int(_) => Value::Int(Tensor::from_dispatch(new)),
            };
        }
        self.parts.iter_mut().for_each(|part| part.replace(values));
    }
}
