use std::collections::HashMap;

use burn::module::{Flag, Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::{Bool, Int, Tensor};

use crate::device::Handle;
use crate::error::{Error, Result};
use crate::executor::download;
use crate::trace::Session;
use crate::trace::capture::{self, without_autodiff};

/// One tensor of a module.
#[derive(Clone, Debug)]
pub(crate) struct ModuleTensor {
    pub id: ParamId,
    /// The path of its first occurrence.
    pub path: String,
    /// Whether it is trained: a float parameter that requires a gradient.
    pub trainable: bool,
    pub is_float: bool,
}

/// What a module is made of, without its tensors.
#[derive(Clone)]
pub(crate) struct ModuleLayout {
    /// The module's tensors in the order of Burn's traversal; parameters that are tied are one.
    pub slots: Vec<ModuleTensor>,
    /// The slot of each tensor of the traversal.
    order: Vec<usize>,
    /// Layers' own switches, which Burn turns off in a copy for inference.
    flags: HashMap<ParamId, bool>,
}

/// All tensors that a traversal of the module meets, as they are on its device.
fn visited<M: Module>(model: &M) -> Vec<Handle> {
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
    slots: Vec<ModuleTensor>,
    flags: HashMap<ParamId, bool>,
}

impl Reader {
    fn push(&mut self, id: ParamId, trainable: bool, is_float: bool) {
        self.slots.push(ModuleTensor { id, path: self.path.join("."), trainable, is_float });
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
    layout: &'a ModuleLayout,
    handles: &'a [Handle],
    position: usize,
}

impl Writer<'_> {
    fn next(&mut self) -> Handle {
        self.position += 1;
        self.handles[self.layout.order[self.position - 1]].clone()
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
        let enabled = self.layout.flags.get(&param.id).copied().unwrap_or(false);
        param.with_value(enabled)
    }
}

/// Whether two tensors of one parameter identity are one parameter: both are trained, and they hold the same values.
/// A frozen copy, such as a teacher, is a tensor of its own.
fn are_tied([a, b]: [&ModuleTensor; 2], [x, y]: [&Handle; 2]) -> bool {
    let same_values = || match (capture::recorded(x), capture::recorded(y)) {
        (Some(x), Some(y)) => x.id() == y.id(),
        (None, None) => matches!((download(x.clone()), download(y.clone())), (Ok(x), Ok(y)) if x == y),
        _ => false,
    };
    a.id == b.id && a.trainable && b.trainable && same_values()
}

/// Whether the module is where Burn trains: its layers are in training mode and `ModuleOptimizer` takes it.
pub(crate) fn on_autodiff<M: Module>(model: &M) -> bool {
    model.devices().iter().any(|d| d.is_autodiff())
}

impl ModuleLayout {
    pub fn of<M: Module>(model: &M) -> Self {
        let mut own = Reader::default();
        model.visit(&mut own);
        // Only a copy in training mode tells what requires a gradient, for a model on a plain device as well.
        let mut trained = Reader::default();
        model.valid().train().visit(&mut trained);
        let all: Vec<ModuleTensor> = own
            .slots
            .into_iter()
            .zip(trained.slots)
            .map(|(s, t)| ModuleTensor { trainable: t.trainable, ..s })
            .collect();
        let handles = visited(model);
        let mut layout = ModuleLayout { slots: vec![], order: vec![], flags: own.flags };
        let mut first: HashMap<ParamId, Vec<usize>> = HashMap::new();
        for (k, slot) in all.iter().enumerate() {
            let alike = first.entry(slot.id).or_default();
            let tied = |j: &&usize| are_tied([&all[**j], slot], [&handles[**j], &handles[k]]);
            if let Some(j) = alike.iter().find(tied) {
                layout.order.push(layout.order[*j]);
                continue;
            }
            alike.push(k);
            layout.order.push(layout.slots.len());
            layout.slots.push(slot.clone());
        }
        layout
    }

    /// The tensors of a module with this layout, as they are on its device.
    ///
    /// # Errors
    /// [`Error::Argument`] if the module has another number of tensors.
    pub fn tensors<M: Module>(&self, model: &M) -> Result<Vec<Handle>> {
        let all = visited(model);
        if all.len() != self.order.len() {
            return Err(Error::Argument(format!(
                "The module has {} tensors, but the one that was traced had {}. Trace it again for this module.",
                all.len(),
                self.order.len()
            )));
        }
        let mut handles: Vec<Handle> = Vec::with_capacity(self.slots.len());
        for (slot, handle) in self.order.iter().zip(all) {
            if *slot == handles.len() {
                handles.push(handle);
            }
        }
        Ok(handles)
    }

    pub fn trainable(&self) -> impl Iterator<Item = usize> {
        (0..self.slots.len()).filter(|k| self.slots[*k].trainable)
    }

    /// That a module requires gradients of the same tensors as the one that this layout is of.
    pub fn check_trainable<M: Module>(&self, model: &M) -> Result<()> {
        let mut now = Reader::default();
        model.valid().train().visit(&mut now);
        // Tied parameters are one slot, but each is met by the traversal.
        let then = self.order.iter().map(|slot| &self.slots[*slot]);
        let changed = then.zip(&now.slots).find(|(then, now)| then.trainable != now.trainable);
        match changed {
            None => Ok(()),
            Some((slot, now)) => {
                let says = |trainable| if trainable { "trained" } else { "frozen" };
                Err(Error::Argument(format!(
                    "`{}` was {} when the gradient was traced, and is {} now; trace it again.",
                    slot.path,
                    says(slot.trainable),
                    says(now.trainable)
                )))
            }
        }
    }

    /// Floats that are not trained: running statistics and frozen parameters.
    pub fn non_trainable_floats(&self) -> impl Iterator<Item = usize> {
        (0..self.slots.len()).filter(|k| self.slots[*k].is_float && !self.slots[*k].trainable)
    }

    /// For each tensor of a traversal, its slot.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    fn write<M: Module>(&self, model: M, handles: &[Handle]) -> M {
        model.map(&mut Writer { layout: self, handles, position: 0 })
    }

    /// A module like `model` made of other tensors. It shares nothing with it: mapping a clone would write running
    /// statistics through to `model`, while a copy for inference has cells of its own.
    pub fn rebuild<M: Module>(&self, model: &M, handles: &[Handle]) -> M {
        self.write(model.valid(), handles)
    }

    /// A module like `model` made of traced tensors. Tensors that are no parameters, which no traversal meets, become
    /// constants of the trace.
    pub fn rebuild_traced<M: Module>(&self, model: &M, handles: &[Handle], session: &Session) -> M {
        // Moving the module takes all of its tensors to the capture device. Parameters are there already, so that no
        // data of theirs is copied; without burn-autodiff around them, since Burn cannot move them otherwise.
        let plain: Vec<Handle> = handles.iter().map(capture::plain).collect();
        let moved = self.rebuild(model, &plain).to_device(&session.device());
        self.write(moved, handles)
    }

    /// `model` with other tensors, on the device where it is.
    pub fn replace<M: Module>(&self, model: &M, handles: Vec<Handle>) -> M {
        let inner: Vec<Handle> = handles.into_iter().map(without_autodiff).collect();
        let module = self.rebuild(model, &inner);
        if on_autodiff(model) { module.train() } else { module }
    }
}

/// A module taken apart into its tensors, in the order of Burn's traversal, for code that moves many of them alike.
///
/// ```
/// use burn::nn::LinearConfig;
/// use burn::tensor::Device;
/// use thalweg_autodiff::module::ParamLayout;
///
/// let model = LinearConfig::new(3, 2).init(&Device::flex());
/// let parts = ParamLayout::of(&model);
/// assert_eq!(parts.paths().collect::<Vec<_>>(), ["weight", "bias"]);
/// assert!(parts.trainable().eq([0, 1]));
/// let same = parts.build(&model, parts.tensors(&model)?);
/// assert_eq!(same.weight.val().to_data(), model.weight.val().to_data());
/// # Ok::<(), thalweg_autodiff::Error>(())
/// ```
#[derive(Clone)]
pub struct ParamLayout {
    pub(super) layout: ModuleLayout,
}

impl ParamLayout {
    /// Reads what the module is made of; its values do not matter.
    pub fn of<M: Module>(model: &M) -> Self {
        ParamLayout { layout: ModuleLayout::of(model) }
    }

    /// The path of each tensor, for instance `layers.0.weight`.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.layout.slots.iter().map(|slot| slot.path.as_str())
    }

    /// The tensors that are trained: floats that require a gradient.
    pub fn trainable(&self) -> impl Iterator<Item = usize> {
        self.layout.trainable()
    }

    /// The floats that are not trained: running statistics, which layers update by themselves, and frozen parameters.
    pub fn non_trainable_floats(&self) -> impl Iterator<Item = usize> {
        self.layout.non_trainable_floats()
    }

    /// The tensors as they are on the module's device.
    ///
    /// # Errors
    /// [`Error::Argument`] if the module has another number of tensors than the one that was read.
    pub fn tensors<M: Module>(&self, model: &M) -> Result<Vec<Handle>> {
        self.layout.tensors(model)
    }

    /// For each tensor of Burn's traversal, its number here: parameters that are tied share one.
    pub fn traversal(&self) -> &[usize] {
        self.layout.order()
    }

    /// The identity of tensor `k` in the module.
    pub fn id(&self, k: usize) -> ParamId {
        self.layout.slots[k].id
    }

    /// `model` with other tensors, on the device where `model` is.
    pub fn build<M: Module>(&self, model: &M, tensors: Vec<Handle>) -> M {
        self.layout.replace(model, tensors)
    }
}
