use std::collections::HashMap;

use burn::module::{Flag, Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::{Bool, Int, Tensor};

use crate::run::Handle;
use crate::trace::capture::without_autodiff;

/// One tensor of a module, in the order of Burn's traversal.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub id: ParamId,
    pub path: String,
    /// Whether training moves it: a float that requires a gradient, and no running statistic.
    pub trainable: bool,
    pub is_float: bool,
}

/// What a module is made of, without its tensors.
#[derive(Clone)]
pub(crate) struct Layout {
    pub slots: Vec<Slot>,
    /// Layers' own switches, which Burn turns off in a copy for inference.
    flags: HashMap<ParamId, bool>,
}

/// The tensors of a module in the order of Burn's traversal, as they are on its device.
pub(crate) fn handles_of<M: Module>(model: &M) -> Vec<Handle> {
    struct Collect(Vec<Handle>);
    impl ModuleVisitor for Collect {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.push(param.val().into_dispatch());
        }

        fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
            self.0.push(param.val().into_dispatch());
        }

        fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
            self.0.push(param.val().into_dispatch());
        }
    }
    let mut all = Collect(vec![]);
    model.visit(&mut all);
    all.0
}

#[derive(Default)]
struct Reader {
    path: Vec<String>,
    slots: Vec<Slot>,
    flags: HashMap<ParamId, bool>,
}

impl Reader {
    fn push(&mut self, id: ParamId, trainable: bool, is_float: bool) {
        self.slots.push(Slot { id, path: self.path.join("."), trainable, is_float });
    }
}

impl ModuleVisitor for Reader {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.push(param.id, param.val().is_require_grad(), true);
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.push(param.id, false, false);
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.push(param.id, false, false);
    }

    fn visit_flag(&mut self, param: &Param<Flag>) {
        self.flags.insert(param.id, param.is_enabled());
    }
}

struct Writer<'a> {
    handles: std::vec::IntoIter<Handle>,
    flags: &'a HashMap<ParamId, bool>,
}

impl Writer<'_> {
    fn next(&mut self) -> Handle {
        self.handles.next().expect("one tensor for each that the same traversal has read")
    }
}

impl ModuleMapper for Writer<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, _, mapper) = param.consume();
        Param::from_mapped_value(id, Tensor::from_dispatch(self.next()), mapper)
    }

    fn map_int<const D: usize>(&mut self, param: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
        let (id, _, mapper) = param.consume();
        Param::from_mapped_value(id, Tensor::from_dispatch(self.next()), mapper)
    }

    fn map_bool<const D: usize>(&mut self, param: Param<Tensor<D, Bool>>) -> Param<Tensor<D, Bool>> {
        let (id, _, mapper) = param.consume();
        Param::from_mapped_value(id, Tensor::from_dispatch(self.next()), mapper)
    }

    fn map_flag(&mut self, param: Param<Flag>) -> Param<Flag> {
        let enabled = self.flags.get(&param.id).copied().unwrap_or(false);
        param.with_value(enabled)
    }
}

/// Whether the module is where Burn trains: its layers are in training mode and `ModuleOptimizer` takes it.
pub(crate) fn on_autodiff<M: Module>(model: &M) -> bool {
    model.devices().iter().any(|d| d.is_autodiff())
}

impl Layout {
    pub fn of<M: Module>(model: &M) -> Self {
        let mut own = Reader::default();
        model.visit(&mut own);
        // Only a copy in training mode tells what requires a gradient, for a model on a plain device as well.
        let mut trained = Reader::default();
        model.valid().train().visit(&mut trained);
        let slots =
            own.slots.into_iter().zip(trained.slots).map(|(slot, t)| Slot { trainable: t.trainable, ..slot });
        Layout { slots: slots.collect(), flags: own.flags }
    }

    pub fn trainable(&self) -> impl Iterator<Item = usize> {
        (0..self.slots.len()).filter(|k| self.slots[*k].trainable)
    }

    /// Floats that training does not move: running statistics and frozen parameters.
    pub fn fixed_floats(&self) -> impl Iterator<Item = usize> {
        (0..self.slots.len()).filter(|k| self.slots[*k].is_float && !self.slots[*k].trainable)
    }

    /// A module like `model` made of other tensors. It shares nothing with it: mapping a clone would write running
    /// statistics through to `model`, while a copy for inference has cells of its own.
    pub fn rebuild<M: Module>(&self, model: &M, handles: Vec<Handle>) -> M {
        model.valid().map(&mut Writer { handles: handles.into_iter(), flags: &self.flags })
    }

    /// `model` with other tensors, on the device where it is.
    pub fn replace<M: Module>(&self, model: &M, handles: Vec<Handle>) -> M {
        let inner = handles.into_iter().map(without_autodiff).collect();
        let module = self.rebuild(model, inner);
        if on_autodiff(model) { module.train() } else { module }
    }
}

/// A module taken apart into its tensors, in the order of Burn's traversal, for code that moves many of them alike.
///
/// ```
/// use burn::nn::LinearConfig;
/// use burn::tensor::Device;
/// use thalweg_autodiff::module::Parts;
///
/// let model = LinearConfig::new(3, 2).init(&Device::flex());
/// let parts = Parts::of(&model);
/// assert_eq!(parts.paths().collect::<Vec<_>>(), ["weight", "bias"]);
/// assert!(parts.trainable().eq([0, 1]));
/// let same = parts.assemble(&model, parts.tensors(&model));
/// assert_eq!(same.weight.val().to_data(), model.weight.val().to_data());
/// ```
#[derive(Clone)]
pub struct Parts {
    pub(super) layout: Layout,
}

impl Parts {
    /// Reads what the module is made of; its values do not matter.
    pub fn of<M: Module>(model: &M) -> Self {
        Parts { layout: Layout::of(model) }
    }

    /// The path of each tensor, for instance `layers.0.weight`.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.layout.slots.iter().map(|slot| slot.path.as_str())
    }

    /// The tensors that training moves: floats that require a gradient.
    pub fn trainable(&self) -> impl Iterator<Item = usize> {
        self.layout.trainable()
    }

    /// The floats that training does not move: running statistics, which layers update by themselves, and frozen
    /// parameters.
    pub fn fixed_floats(&self) -> impl Iterator<Item = usize> {
        self.layout.fixed_floats()
    }

    /// The tensors as they are on the module's device.
    pub fn tensors<M: Module>(&self, model: &M) -> Vec<Handle> {
        handles_of(model)
    }

    /// The identity of tensor `k` in the module.
    pub fn id(&self, k: usize) -> ParamId {
        self.layout.slots[k].id
    }

    /// `model` with other tensors, on the device where `model` is.
    pub fn assemble<M: Module>(&self, model: &M, tensors: Vec<Handle>) -> M {
        self.layout.replace(model, tensors)
    }

    /// `model` with other tensors as they are, for instance traced ones.
    pub fn assemble_as_is<M: Module>(&self, model: &M, tensors: Vec<Handle>) -> M {
        self.layout.rebuild(model, tensors)
    }
}
