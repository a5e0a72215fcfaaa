//! Which landscapes the laws are tried on.

use thalweg_landscapes::{Dims, Entry, Error, Family, Landscape, entries};

/// The numbers of coordinates at which an entry is tried: its default, its least, and 5 for BBOB.
fn dimensions(entry: &Entry) -> Vec<Option<usize>> {
    match entry.dims {
        Dims::Fixed(_) | Dims::Of(_) => vec![None],
        Dims::Free { .. } if entry.family == Family::Bbob => vec![Some(2), Some(5)],
        Dims::Free { least, default, .. } if least < default => vec![Some(least), Some(default)],
        Dims::Free { default, .. } => vec![Some(default), Some(default + 1)],
    }
}

/// Every entry, at a few dimensions.
pub fn all() -> Vec<Landscape> {
    let of = |entry: &'static Entry| {
        dimensions(entry).into_iter().filter_map(move |n| match n {
            None => Some(entry.landscape(&[]).unwrap()),
            Some(n) if entry.dims.allows(n) => match entry.landscape(&[("n", n as f64)]) {
                // The other parameters may need more coordinates.
                Err(Error::Parameter(_)) => None,
                landscape => Some(landscape.unwrap()),
            },
            Some(_) => None,
        })
    };
    entries().flat_map(of).collect()
}

/// Whether a difference is allowed; a NaN is not.
pub fn within(gap: f64, allowed: f64) -> bool {
    gap.abs() <= allowed
}

/// Runs a law on every landscape, and fails with all that do not satisfy it.
pub fn hold(landscapes: Vec<Landscape>, law: impl Fn(&Landscape) -> Result<(), String>) {
    let broken: Vec<String> = (landscapes.iter())
        .filter_map(|landscape| law(landscape).err().map(|why| format!("{landscape}: {why}")))
        .collect();
    assert!(broken.is_empty(), "{} of {} landscapes:\n{}", broken.len(), landscapes.len(), broken.join("\n"));
}
