//! A plan, applied to a module.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{DType, Tensor, TensorData};
use thalweg_autodiff::module::ParamLayout;

use super::{Plan, Rule, select};
use crate::error::{Error, Result};
use crate::place::{Kind, Place};
use crate::scheme::AnyScheme;
use crate::schemes::Zeros;

/// What a plan does to one parameter; nothing if it stays as it is.
pub(super) struct Task {
    pub place: Place,
    pub scheme: Option<AnyScheme>,
}

/// The float tensors of a module, in the order of Burn's traversal; nothing for tensors of another kind and for running
/// statistics.
#[derive(Default)]
struct Reader {
    path: Vec<String>,
    owners: Vec<String>,
    places: Vec<Option<Place>>,
}

impl ModuleVisitor for Reader {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.push(name.to_string());
        self.owners.push(container.to_string());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
        self.owners.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let owners: Vec<String> =
            self.owners.iter().filter_map(|owner| owner.strip_prefix("Struct:")).map(String::from).collect();
        // As the layer uses it; a weight in column order is stored transposed until it is first read.
        let place = Place::in_module(self.path.join("."), param.val().shape().to_vec(), owners);
        let name = self.path.last().map_or("", String::as_str);
        let is_statistic =
            place.owners.last().is_some_and(|owner| owner == "BatchNorm") && name.starts_with("running_");
        self.places.push((!is_statistic).then_some(place));
    }

    fn visit_int<const D: usize>(&mut self, _: &Param<Tensor<D, burn::tensor::Int>>) {
        self.places.push(None);
    }

    fn visit_bool<const D: usize>(&mut self, _: &Param<Tensor<D, burn::tensor::Bool>>) {
        self.places.push(None);
    }
}

/// The parameters of a module, in the order of Burn's traversal, each with its layer's weight.
pub(super) fn places<M: Module>(plan: &Plan, model: &M) -> Vec<Option<Place>> {
    let mut reader = Reader::default();
    model.visit(&mut reader);
    let mut places = reader.places;
    for place in places.iter_mut().flatten() {
        let geometry = plan.geometry.iter().find(|(pattern, _)| select::matches(pattern, &place.path));
        if let Some((_, geometry)) = geometry {
            place.set_geometry(*geometry);
        }
    }
    let weights: Vec<Place> =
        places.iter().flatten().filter(|place| place.kind == Kind::Weight).cloned().collect();
    let layer = |path: &str| path.rsplit_once('.').map_or(String::new(), |(layer, _)| layer.to_string());
    for place in places.iter_mut().flatten().filter(|place| place.kind == Kind::Bias) {
        let own = layer(&place.path);
        place.weight = weights.iter().find(|weight| layer(&weight.path) == own).cloned().map(Box::new);
    }
    places
}

/// What the plan does to each parameter, in the order of Burn's traversal.
pub(super) fn tasks<M: Module>(plan: &Plan, model: &M) -> Result<Vec<Option<Task>>> {
    let places = places(plan, model);
    for pattern in plan.geometry.iter().map(|(pattern, _)| pattern.as_str()) {
        must_select(pattern, pattern, &places, |place| select::matches(pattern, &place.path))?;
    }
    for Rule { selector, .. } in &plan.rules {
        if let Some(pattern) = selector.pattern() {
            must_select(&selector.to_string(), pattern, &places, |place| selector.selects(place))?;
        }
    }
    let rule = |place: &Place| plan.rules.iter().find(|rule| rule.selector.selects(place));
    let task = |place: Place| {
        let scheme = match rule(&place) {
            Some(rule) => Some(rule.scheme.clone()),
            None if place.weight.as_deref().is_some_and(|weight| rule(weight).is_some()) => Some(Zeros.into()),
            None => None,
        };
        Task { place, scheme }
    };
    Ok(places.into_iter().map(|place| place.map(task)).collect())
}

fn must_select(
    selector: &str,
    pattern: &str,
    places: &[Option<Place>],
    selects: impl Fn(&Place) -> bool,
) -> Result<()> {
    let paths = || places.iter().flatten().map(|place| place.path.as_str());
    if places.iter().flatten().any(selects) {
        return Ok(());
    }
    Err(Error::Unknown(
        match (paths().find(|path| select::matches(pattern, path)), thalweg_text::nearest(pattern, paths())) {
            (Some(path), _) => format!(
                "`{selector}` selects no parameter of this kind: `{path}` is another; name it in full, or give its kind in \
             brackets, as in `*[bias]`."
            ),
            (None, Some(near)) => format!("`{selector}` selects no parameter; did you mean `{near}`?"),
            (None, None) => {
                let all: Vec<&str> = paths().take(8).collect();
                format!("`{selector}` selects no parameter; their paths are like {}.", all.join(", "))
            }
        },
    ))
}

/// Makes new tensors one at a time, in the type and on the device of the old ones.
struct Writer<F> {
    make: F,
    at: usize,
    written: Result<Vec<(usize, burn::tensor::DispatchTensor)>>,
}

impl<F: FnMut(usize, DType) -> Result<Option<TensorData>>> ModuleVisitor for Writer<F> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Ok(written) = &mut self.written {
            let old = param.val();
            match (self.make)(self.at, old.dtype()) {
                Ok(Some(data)) => {
                    let new = Tensor::<D>::from_data(data, (&old.device(), old.dtype()));
                    written.push((self.at, new.into_dispatch()));
                }
                Ok(None) => {}
                Err(error) => self.written = Err(error),
            }
        }
        self.at += 1;
    }

    fn visit_int<const D: usize>(&mut self, _: &Param<Tensor<D, burn::tensor::Int>>) {
        self.at += 1;
    }

    fn visit_bool<const D: usize>(&mut self, _: &Param<Tensor<D, burn::tensor::Bool>>) {
        self.at += 1;
    }
}

pub(super) fn apply<M: Module>(plan: &Plan, model: &M, seed: u64) -> Result<M> {
    let tasks = tasks(plan, model)?;
    replace(model, |at, dtype| match &tasks[at] {
        Some(Task { place, scheme: Some(scheme) }) => scheme.data(place, seed, dtype).map(Some),
        _ => Ok(None),
    })
}

/// `model` with what `make` gives for its float tensors, by their number in Burn's traversal and their type.
pub(super) fn replace<M: Module>(
    model: &M,
    make: impl FnMut(usize, DType) -> Result<Option<TensorData>>,
) -> Result<M> {
    let mut writer = Writer { make, at: 0, written: Ok(vec![]) };
    model.visit(&mut writer);
    let parts = ParamLayout::of(model);
    let mut tensors = parts.tensors(model)?;
    for (k, tensor) in writer.written? {
        tensors[parts.traversal()[k]] = tensor;
    }
    Ok(parts.build(model, tensors))
}
