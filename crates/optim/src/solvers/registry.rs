use std::fmt;

use super::{Memory, Oracle, Progress, Solver};
use crate::error::{Result, unknown};
use crate::named::{Named, SettingInfo, textual};
use crate::reference::Signature;
use crate::text::Call;

/// A solver with a name, settings and a source.
pub trait Listed: Named + Solver + Clone + 'static {
    /// Its source in BibTeX, or nothing for what has no source.
    const CITATION: &'static str;

    /// The signatures of the reference implementations that it equals, as [`Entry::references`](crate::Entry::references)
    /// explains.
    const REFERENCES: &'static [&'static str] = &[];

    /// Our call for one of another library, which has this signature.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) and [`Error::Syntax`](crate::Error::Syntax) for arguments that have no
    /// counterpart.
    fn translate(signature: &str, call: &Call) -> Result<Call> {
        let accepts = |setting: &str, value: &crate::text::Value| {
            let arguments = vec![(Some(setting.to_string()), value.clone())];
            Self::from_call(&Call { name: Self::NAME.into(), arguments }).is_ok()
        };
        Signature::read(signature)?.apply(Self::NAME, call, &accepts)
    }
}

/// A solver that can be had by name.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// What it does: its documentation, of which the first line is a summary.
    pub doc: &'static str,
    /// Its settings.
    pub settings: &'static [SettingInfo],
    /// Its source in BibTeX, or nothing for what has no source.
    pub citation: &'static str,
    /// The signatures of the reference implementations that it equals, as [`Entry::references`](crate::Entry::references)
    /// explains.
    pub references: &'static [&'static str],
    /// Builds it from its name and settings.
    pub build: fn(&Call) -> Result<AnySolver>,
    /// Our call for one of another library.
    translate: fn(&str, &Call) -> Result<Call>,
}

const fn of<T: Listed>() -> Entry {
    Entry {
        name: T::NAME,
        doc: T::DOC,
        settings: T::SETTINGS,
        citation: T::CITATION,
        references: T::REFERENCES,
        build: |call| T::from_call(call).map(AnySolver::new),
        translate: T::translate,
    }
}

/// All solvers.
pub static SOLVERS: &[Entry] = &[
    of::<super::GradientDescent>(),
    of::<super::PerturbedDescent>(),
    of::<super::Lbfgs>(),
    of::<super::LbfgsZoom>(),
    of::<super::NewtonCg>(),
    of::<super::SaddleFreeNewton>(),
    of::<super::GaussNewton>(),
    of::<super::LevenbergMarquardt>(),
    of::<super::Sophia>(),
    of::<super::SophiaH>(),
    of::<super::AdaHessian>(),
    of::<super::Sam>(),
    of::<super::LookSam>(),
    of::<super::FriendlySam>(),
    of::<super::Gsam>(),
    of::<super::Wsam>(),
    of::<super::Lifted>(),
];

/// The solver of this name.
///
/// # Errors
/// [`Error::Unknown`](crate::Error::Unknown) with the name that was probably meant.
pub fn entry(name: &str) -> Result<&'static Entry> {
    let names = || SOLVERS.iter().map(|e| e.name);
    let list = format!("the solvers are {}", names().collect::<Vec<_>>().join(", "));
    SOLVERS.iter().find(|e| e.name == name).ok_or_else(|| unknown("solver", name, names(), &list))
}

/// The solver that equals a call of PyTorch, optax or pytorch_optimizer, as that stands in Python.
///
/// ```
/// let call = "torch.optim.LBFGS(params, lr=0.3, history_size=3, line_search_fn='strong_wolfe')";
/// let solver = thalweg_optim::solvers::from_reference(call)?;
/// assert_eq!(solver.to_string(), "lbfgs(lr=0.3, history=3, search=strong_wolfe)");
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unknown`](crate::Error::Unknown) for a call that no solver equals; else as [`Listed::translate`].
pub fn from_reference(text: &str) -> Result<AnySolver> {
    let call = crate::text::read(text)?;
    let all = || SOLVERS.iter().flat_map(|e| e.references.iter().map(move |r| (e, *r)));
    let path = |signature: &'static str| signature.split('(').next().unwrap_or_default();
    let (entry, signature) = all().find(|(_, signature)| path(signature) == call.name).ok_or_else(|| {
        unknown(
            "counterpart of",
            &call.name,
            all().map(|(_, r)| path(r)),
            "write a solver of this library by its own name",
        )
    })?;
    AnySolver::build(&(entry.translate)(signature, &call)?)
}

/// What every solver offers behind a pointer.
trait Boxed: Solver {
    fn clone_box(&self) -> Box<dyn Boxed>;
    fn call(&self) -> Call;
}

impl<T: Solver + Named + Clone + 'static> Boxed for T {
    fn clone_box(&self) -> Box<dyn Boxed> {
        Box::new(self.clone())
    }

    fn call(&self) -> Call {
        self.to_call()
    }
}

/// Any solver of the registry: read from text, printed, and saved by serde as that text.
///
/// ```
/// use thalweg_optim::solvers::AnySolver;
/// let solver: AnySolver = "newton_cg(radius=0.5, gtol=1e-8)".parse()?;
/// assert_eq!(solver.to_string(), "newton_cg(radius=0.5)");
/// let error = "newtoncg".parse::<AnySolver>().unwrap_err();
/// assert_eq!(error.to_string(), "There is no solver `newtoncg`; did you mean `newton_cg`?");
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
pub struct AnySolver(Box<dyn Boxed>);

impl AnySolver {
    /// Any solver from one of the types of this module.
    pub fn new(solver: impl Solver + Named + Clone + 'static) -> Self {
        AnySolver(Box::new(solver))
    }

    /// A solver from its name and settings.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) for a name or a setting that does not exist,
    /// [`Error::Hyperparameter`](crate::Error::Hyperparameter) for a setting that is missing or not what it must be.
    pub fn build(call: &Call) -> Result<Self> {
        (entry(&call.name)?.build)(call)
    }

    /// Its name, and those settings that are not at their defaults.
    pub fn call(&self) -> Call {
        self.0.call()
    }
}

impl Solver for AnySolver {
    fn step(&self, oracle: &dyn Oracle, x: &mut Vec<f64>, memory: &mut Memory, lr: f64) -> Result<Progress> {
        self.0.step(oracle, x, memory, lr)
    }

    fn lr(&self) -> f64 {
        self.0.lr()
    }

    fn needs_residuals(&self) -> bool {
        self.0.needs_residuals()
    }

    fn judged(&self, x: &[f64], memory: &Memory) -> Vec<f64> {
        self.0.judged(x, memory)
    }
}

impl Clone for AnySolver {
    fn clone(&self) -> Self {
        AnySolver(self.0.clone_box())
    }
}

impl fmt::Debug for AnySolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

textual! { AnySolver, "a solver such as `lbfgs(history=10)`" }
