//! Which scheme for which parameter of a module.

mod apply;
mod explain;
pub(crate) mod parameters;
mod select;
mod text;

use burn::module::Module;

pub use explain::{Explanation, Row};
pub use select::Selector;

use crate::error::Result;
use crate::place::Geometry;
use crate::scheme::AnyScheme;

/// One rule of a plan: what it selects, and the scheme there.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it selects.
    pub selector: Selector,
    /// The scheme there.
    pub scheme: AnyScheme,
}

/// Which scheme for which parameter of a module; [`plan!`](crate::plan!) writes one.
///
/// The first rule that selects a parameter counts. Where none does, a bias whose layer's weight is selected becomes zero, and
/// everything else stays as it is. Running statistics and integers are never touched.
///
/// ```
/// use burn::nn::LinearConfig;
/// use burn::tensor::Device;
/// use thalweg_init::schemes::Kaiming;
/// use thalweg_init::plan;
///
/// let model = LinearConfig::new(5, 3).init(&Device::flex());
/// let plan = plan! { _ => Kaiming::normal().relu() };
/// let model = plan.apply(&model, 42)?;
/// assert_eq!(model.bias.unwrap().val().to_data().try_to_vec::<f32>().unwrap(), [0.0; 3]);
/// # Ok::<(), thalweg_init::Error>(())
/// ```
///
/// As text, rules are separated by `;` or stand on lines of their own: `*.bias => zeros; _ => kaiming_normal`. Serde reads
/// and writes that text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    rules: Vec<Rule>,
    geometry: Vec<(String, Geometry)>,
}

impl Plan {
    /// A plan without rules: it changes nothing.
    pub fn new() -> Self {
        Plan::default()
    }

    /// A plan of one scheme for all weights and embeddings, with biases of zero.
    pub fn all(scheme: impl Into<AnyScheme>) -> Self {
        Plan::new().rule(Selector::Rest, scheme)
    }

    /// The plan with one more rule, after those that it has.
    pub fn rule(mut self, selector: impl Into<Selector>, scheme: impl Into<AnyScheme>) -> Self {
        self.rules.push(Rule { selector: selector.into(), scheme: scheme.into() });
        self
    }

    /// The plan, told what cannot be read from the weights of convolutions at the paths of a pattern: groups and strides,
    /// which fans depend on. Without that a convolution is taken to have one group and stride 1, as PyTorch takes it.
    pub fn geometry(mut self, pattern: &str, geometry: Geometry) -> Self {
        self.geometry.push((pattern.into(), geometry));
        self
    }

    /// Its rules, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// `model` with first values by this plan, on the device where it is and in the dtypes that it has.
    ///
    /// A parameter's values depend on the seed, its path, its shape and its scheme, and on nothing else: they are the same on
    /// every device and with any number of threads, and the same for f32 as for f64 up to rounding.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) for a pattern that selects nothing, with the paths that it nearly selects;
    /// [`Error::Fan`](crate::Error::Fan), [`Error::Shape`](crate::Error::Shape) and
    /// [`Error::Setting`](crate::Error::Setting) where a scheme does not go with a parameter.
    pub fn apply<M: Module>(&self, model: &M, seed: u64) -> Result<M> {
        apply::apply(self, model, seed)
    }

    /// What [`apply`](Self::apply) would do to each parameter; prints as a table.
    ///
    /// ```
    /// use burn::nn::LinearConfig;
    /// use burn::tensor::Device;
    /// use thalweg_init::{plan, schemes::Xavier};
    ///
    /// let model = LinearConfig::new(5, 3).init(&Device::flex());
    /// let table = plan! { _ => Xavier::uniform() }.explain(&model)?.to_string();
    /// assert_eq!(table.lines().nth(1).unwrap(), "weight  [5, 3]       5        3  xavier_uniform  uniform within ±0.866025");
    /// # Ok::<(), thalweg_init::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn explain<M: Module>(&self, model: &M) -> Result<Explanation> {
        explain::explain(self, model)
    }
}

/// Writes a [`Plan`]: selectors and schemes, one rule a line.
///
/// A selector is a pattern of paths, a [`Kind`](crate::Kind), both as a tuple, or `_` for all weights and embeddings.
///
/// ```
/// use thalweg_init::{Kind, plan};
/// use thalweg_init::schemes::{Kaiming, Normal, Ones, Zeros};
///
/// let plan = plan! {
///     "head.*" => Zeros,
///     Kind::NormScale => Ones,
///     Kind::Embedding => Normal { std: 0.02, ..Default::default() },
///     _ => Kaiming::normal().relu(),
/// };
/// assert_eq!(plan.rules().len(), 4);
/// ```
#[macro_export]
macro_rules! plan {
    (@ $plan:expr;) => { $plan };
    (@ $plan:expr; _ => $scheme:expr $(, $($rest:tt)*)?) => {
        $crate::plan!(@ $plan.rule($crate::Selector::Rest, $scheme); $($($rest)*)?)
    };
    (@ $plan:expr; $selector:expr => $scheme:expr $(, $($rest:tt)*)?) => {
        $crate::plan!(@ $plan.rule($selector, $scheme); $($($rest)*)?)
    };
    ($($rules:tt)*) => { $crate::plan!(@ $crate::Plan::new(); $($rules)*) };
}
