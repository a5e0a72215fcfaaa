//! Recipes: named chains of transforms with settings, and what is known of each.

use std::fmt;

use crate::adapter::PerTensor;
use crate::error::Result;
use crate::named::{Named, SettingInfo, textual};
use crate::registry;
use crate::text::{Call, Value};
use crate::transform::Chain;

/// A named chain of transforms with settings.
///
/// Adding one is a file in a folder of `recipes` and its line in that folder's list. The settings are declared by
/// `recipe!`; what is not said there stands here.
pub trait Recipe: Named + Default + Clone + fmt::Debug + Send + Sync + 'static {
    /// Its source in BibTeX, or nothing for what has no source.
    const CITATION: &'static str;

    /// The signatures of the reference implementations that it equals, as [`Entry::references`] explains.
    const REFERENCES: &'static [&'static str];

    /// The chain, for settings that have been checked.
    ///
    /// # Errors
    /// What an optimizer inside gives.
    fn links(&self) -> Result<Chain>;

    /// The chain.
    ///
    /// # Errors
    /// [`Error::Hyperparameter`](crate::Error::Hyperparameter) for a setting that is out of its range or does not go with another.
    fn transform(&self) -> Result<Chain> {
        self.check()?;
        self.links()
    }

    /// The chain as Burn's `Optimizer`.
    ///
    /// # Errors
    /// As [`Recipe::transform`], and [`Error::TreeWide`](crate::Error::TreeWide) for an optimizer that looks at all tensors
    /// together.
    fn optimizer(&self) -> Result<PerTensor> {
        PerTensor::new(self.transform()?)
    }
}

/// What every recipe offers behind a pointer.
trait Boxed: fmt::Debug + Send + Sync {
    fn clone_box(&self) -> Box<dyn Boxed>;
    fn call(&self) -> Call;
    fn full_call(&self) -> Call;
    fn transform(&self) -> Result<Chain>;
}

impl<T: Recipe> Boxed for T {
    fn clone_box(&self) -> Box<dyn Boxed> {
        Box::new(self.clone())
    }

    fn call(&self) -> Call {
        self.to_call()
    }

    fn full_call(&self) -> Call {
        self.to_full_call()
    }

    fn transform(&self) -> Result<Chain> {
        Recipe::transform(self)
    }
}

/// Any recipe of the registry: read from text, printed, and saved by serde as that text.
///
/// ```
/// use thalweg_optim::AnyRecipe;
/// let adam: AnyRecipe = "adam(lr=1e-3, beta1=0.95)".parse()?;
/// assert_eq!(adam.to_string(), "adam(beta1=0.95)");
/// assert_eq!(adam.lr(), 1e-3);
/// let chain = adam.transform()?;
/// # let _ = chain;
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
pub struct AnyRecipe(Box<dyn Boxed>);

impl AnyRecipe {
    /// Any recipe from one of the types of [`recipes`](crate::recipes).
    pub fn new(recipe: impl Recipe) -> Self {
        AnyRecipe(Box::new(recipe))
    }

    /// A recipe from its name and settings.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) for a name or a setting that does not exist, [`Error::Hyperparameter`](crate::Error::Hyperparameter) for a setting that is
    /// not what it must be.
    pub fn build(call: &Call) -> Result<Self> {
        (registry::entry(&call.name)?.build)(call)
    }

    /// Its name, and those settings that are not at their defaults.
    pub fn call(&self) -> Call {
        self.0.call()
    }

    /// The chain of transforms.
    ///
    /// # Errors
    /// [`Error::Hyperparameter`](crate::Error::Hyperparameter) for a setting that is out of its range or does not go with another.
    pub fn transform(&self) -> Result<Chain> {
        self.0.transform()
    }

    /// The chain as Burn's `Optimizer`.
    ///
    /// # Errors
    /// As [`AnyRecipe::transform`], and [`Error::TreeWide`](crate::Error::TreeWide) for an optimizer that looks at all
    /// tensors together.
    pub fn optimizer(&self) -> Result<PerTensor> {
        PerTensor::new(self.transform()?)
    }

    /// A setting by its name, defaults included.
    pub fn get(&self, setting: &str) -> Option<Value> {
        let arguments = self.0.full_call().arguments;
        arguments.into_iter().find(|(name, _)| name.as_deref() == Some(setting)).map(|(_, value)| value)
    }

    /// The same recipe with another value of one setting.
    ///
    /// ```
    /// let adam = thalweg_optim::parse("adam")?.with("lr", 0.1.into())?;
    /// assert_eq!(adam.to_string(), "adam(lr=0.1)");
    /// # Ok::<(), thalweg_optim::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) if it has no such setting, [`Error::Hyperparameter`](crate::Error::Hyperparameter) if the value is not allowed.
    pub fn with(&self, setting: &str, value: Value) -> Result<Self> {
        let mut call = self.0.full_call();
        call.arguments.retain(|(name, _)| name.as_deref() != Some(setting));
        call.arguments.push((Some(setting.into()), value));
        AnyRecipe::build(&call)
    }

    /// The learning rate: its own, or that of the first optimizer inside that has one, or else 1.
    pub fn lr(&self) -> f64 {
        rate(&self.0.full_call()).unwrap_or(1.0)
    }
}

/// The setting `lr` of a call or of what it holds.
fn rate(call: &Call) -> Option<f64> {
    let own = call.arguments.iter().find(|(name, _)| name.as_deref() == Some("lr"));
    if let Some((_, Value::Number(lr))) = own {
        return Some(*lr);
    }
    fn inside(value: &Value) -> Option<f64> {
        match value {
            Value::Call(call) => {
                let recipe = AnyRecipe::build(call).ok()?;
                rate(&recipe.0.full_call())
            }
            Value::List(values) => values.iter().find_map(inside),
            _ => None,
        }
    }
    call.arguments.iter().find_map(|(_, value)| inside(value))
}

impl<T: Recipe> From<T> for AnyRecipe {
    fn from(recipe: T) -> Self {
        AnyRecipe::new(recipe)
    }
}

impl Clone for AnyRecipe {
    fn clone(&self) -> Self {
        AnyRecipe(self.0.clone_box())
    }
}

impl fmt::Debug for AnyRecipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

textual!(AnyRecipe, "an optimizer such as `adam(lr=1e-3)`");

/// What the registry knows of a recipe.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in text.
    pub name: &'static str,
    /// What it is listed under.
    pub group: &'static str,
    /// What it does: its documentation, of which the first line is a summary.
    pub doc: &'static str,
    /// Its settings, in order.
    pub settings: &'static [SettingInfo],
    /// Its source in BibTeX, or nothing for what has no source.
    pub citation: &'static str,
    /// The signatures of the reference implementations that it equals.
    ///
    /// Each is a call as it stands in Python, with the parameters in their order. `b1: beta1` says that our setting of
    /// the parameter `b1` is `beta1`; a list of names takes the elements of a tuple; `= value` gives that library's
    /// default where it is not ours. What follows `;` are settings that are fixed for this reference.
    pub references: &'static [&'static str],
    /// Builds it from its name and settings.
    pub build: fn(&Call) -> Result<AnyRecipe>,
    /// One with all settings at their defaults.
    pub default: fn() -> AnyRecipe,
}

impl Entry {
    /// What is known of a type.
    pub(crate) const fn of<T: Recipe>(group: &'static str) -> Self {
        Entry {
            name: T::NAME,
            group,
            doc: T::DOC,
            settings: T::SETTINGS,
            citation: T::CITATION,
            references: T::REFERENCES,
            build: |call| T::from_call(call).map(AnyRecipe::new),
            default: || AnyRecipe::new(T::default()),
        }
    }

    /// The first line of the documentation.
    pub fn summary(&self) -> &'static str {
        self.doc.trim().lines().next().unwrap_or_default()
    }
}
