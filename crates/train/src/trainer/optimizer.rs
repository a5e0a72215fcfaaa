use std::fmt;

use burn::optim::ModuleOptimizer;
use thalweg_optim::{AnyRecipe, Transform};

use crate::error::Result;

/// What moves the parameters of a [`Trainer`](super::Trainer).
///
/// Every recipe of `thalweg-optim` becomes one by itself, from its type or from text; a chain of your own by
/// [`Optimizer::custom`], and one of Burn's optimizers by [`Optimizer::burn`].
///
/// ```
/// use burn::optim::AdamConfig;
/// use thalweg_optim::{AnyRecipe, Chain, recipes::Adam, transforms::ScaleByLr};
/// use thalweg_train::Optimizer;
///
/// let typed = Optimizer::from(Adam { beta2: 0.99, ..Adam::default() });
/// let read = Optimizer::from("adam(beta2=0.99)".parse::<AnyRecipe>()?);
/// assert_eq!(typed.to_string(), read.to_string());
/// let own = Optimizer::custom("descent", Chain::new(ScaleByLr));
/// let burns = Optimizer::burn("burn::Adam", AdamConfig::new().init());
/// # let _ = (own, burns);
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
pub struct Optimizer {
    source: Source,
    text: String,
    lr: Option<f64>,
}

enum Source {
    Recipe(AnyRecipe),
    Kind(Kind),
}

/// What a trainer steps by.
pub(crate) enum Kind {
    Transform(Box<dyn Transform>),
    Burn(Box<ModuleOptimizer>),
}

impl Optimizer {
    /// A transform of your own. Its text is what a checkpoint compares, so it should say the settings as well.
    ///
    /// One that cannot be traced, since it reads a tensor's value for instance, runs eagerly after the compiled gradient.
    pub fn custom(text: impl Into<String>, transform: impl Transform + 'static) -> Self {
        let kind = Kind::Transform(Box::new(transform));
        Optimizer { source: Source::Kind(kind), text: text.into(), lr: None }
    }

    /// One of Burn's own optimizers. Its text is what a checkpoint compares, so it should say the settings as well.
    ///
    /// It runs eagerly after the compiled gradient, since it computes with its step count on the host.
    pub fn burn(text: impl Into<String>, optimizer: ModuleOptimizer) -> Self {
        Optimizer { source: Source::Kind(Kind::Burn(Box::new(optimizer))), text: text.into(), lr: None }
    }

    /// The learning rate that its settings name.
    pub(crate) fn lr(&self) -> Option<f64> {
        self.lr
    }

    pub(crate) fn into_kind(self) -> Result<Kind> {
        Ok(match self.source {
            Source::Kind(kind) => kind,
            Source::Recipe(recipe) => Kind::Transform(Box::new(recipe.transform()?)),
        })
    }
}

impl<T: Into<AnyRecipe>> From<T> for Optimizer {
    fn from(recipe: T) -> Self {
        let recipe = recipe.into();
        Optimizer { text: recipe.to_string(), lr: Some(recipe.lr()), source: Source::Recipe(recipe) }
    }
}

impl fmt::Display for Optimizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Optimizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Optimizer({})", self.text)
    }
}
