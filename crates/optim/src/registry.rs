//! All recipes, by name.

use crate::error::{Result, unknown};
use crate::recipe::{AnyRecipe, Entry};
use crate::recipes;

/// Every recipe there is, folder by folder.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    recipes::FOLDERS.iter().flat_map(|folder| folder.iter())
}

/// What is known of the recipe of this name.
///
/// # Errors
/// [`Error::Unknown`](crate::Error::Unknown), with the name that was probably meant.
pub fn entry(name: &str) -> Result<&'static Entry> {
    entries().find(|e| e.name == name).ok_or_else(|| {
        unknown("optimizer", name, entries().map(|e| e.name), "`thalweg list optimizers` names them all")
    })
}

/// Reads a recipe: `adam(lr=1e-3, beta1=0.9)`. What is not given has its default. The recipe's `Display` prints the
/// shortest text that reads back.
///
/// ```
/// let adam = thalweg_optim::parse("adam(lr=0.01, beta1=0.9)")?;
/// assert_eq!(adam.to_string(), "adam(lr=0.01)");
/// let error = thalweg_optim::parse("adm(lr=0.01)").unwrap_err();
/// assert_eq!(error.to_string(), "There is no optimizer `adm`; did you mean `adam`?");
/// # Ok::<(), thalweg_optim::Error>(())
/// ```
///
/// # Errors
/// [`Error::Syntax`](crate::Error::Syntax), [`Error::Unknown`](crate::Error::Unknown) with the name that was probably
/// meant, and [`Error::Hyperparameter`](crate::Error::Hyperparameter).
pub fn parse(text: &str) -> Result<AnyRecipe> {
    text.parse()
}
