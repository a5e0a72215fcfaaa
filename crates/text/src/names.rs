//! Names that are misspelt.

/// The known name that is most like this one, if any is: at most half of its letters are wrong, missing, too many or have
/// changed places with a neighbour. Capital letters count as small ones.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(&k.to_lowercase(), &name.to_lowercase()), k))
        .min()?;
    (near.0 <= name.len().max(3) / 2).then_some(near.1)
}

/// That `what` of this name does not exist, with the name that was probably meant, or else with the `list` of all.
///
/// ```
/// let known = ["adam", "sgd"];
/// let list = "there are adam and sgd";
/// assert_eq!(
///     thalweg_text::unknown("optimizer", "adan", known, list),
///     "There is no optimizer `adan`; did you mean `adam`?"
/// );
/// ```
pub fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>, list: &str) -> String {
    match nearest(name, known) {
        Some(near) => format!("There is no {what} `{name}`; did you mean `{near}`?"),
        None => format!("There is no {what} `{name}`; {list}."),
    }
}
