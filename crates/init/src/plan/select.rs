//! Which parameters a rule is for.

use crate::place::{Kind, Place};

/// Which parameters a rule is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Those whose path matches a pattern, in which `*` stands for any characters and `?` for one.
    ///
    /// A pattern that does not end in a plain name (`encoder.*`) selects weights and embeddings only, so that biases stay
    /// zero; one that does (`*.bias`, `head.weight`) selects whatever bears that name. `*.bias` selects `bias` too.
    Path(String),
    /// All of a kind.
    Kind(Kind),
    /// Those of a kind whose path matches a pattern.
    Both(String, Kind),
    /// All weights and embeddings.
    Rest,
}

impl From<&str> for Selector {
    fn from(pattern: &str) -> Self {
        Selector::Path(pattern.into())
    }
}

impl From<Kind> for Selector {
    fn from(kind: Kind) -> Self {
        Selector::Kind(kind)
    }
}

impl From<(&str, Kind)> for Selector {
    fn from((pattern, kind): (&str, Kind)) -> Self {
        Selector::Both(pattern.into(), kind)
    }
}

impl Selector {
    /// Whether it is for this parameter.
    pub fn selects(&self, place: &Place) -> bool {
        let is_weight = matches!(place.kind, Kind::Weight | Kind::Embedding);
        match self {
            Selector::Path(pattern) => {
                let name = pattern.rsplit('.').next().unwrap_or_default();
                matches(pattern, &place.path) && (is_weight || !name.contains(['*', '?']))
            }
            Selector::Kind(kind) => place.kind == *kind,
            Selector::Both(pattern, kind) => place.kind == *kind && matches(pattern, &place.path),
            Selector::Rest => is_weight,
        }
    }

    /// The pattern, if it has one.
    pub(super) fn pattern(&self) -> Option<&str> {
        match self {
            Selector::Path(pattern) | Selector::Both(pattern, _) => Some(pattern),
            Selector::Kind(_) | Selector::Rest => None,
        }
    }
}

/// Whether a path matches a pattern; a leading `*.` may stand for nothing.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let whole = |pattern: &str| glob(pattern.as_bytes(), path.as_bytes());
    whole(pattern) || pattern.strip_prefix("*.").is_some_and(whole)
}

/// After each `*` the match may start later; only the last one needs to be tried again.
fn glob(pattern: &[u8], path: &[u8]) -> bool {
    let (mut p, mut s, mut again) = (0, 0, None);
    while s < path.len() {
        match pattern.get(p) {
            Some(b'*') => {
                again = Some((p + 1, s));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == path[s] => (p, s) = (p + 1, s + 1),
            _ => match again {
                Some((after, start)) => {
                    (p, s) = (after, start + 1);
                    again = Some((after, start + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, want) in [
            ("*.bias", "layers.0.bias", true),
            ("*.bias", "bias", true),
            ("*.bias", "layers.0.bias_scale", false),
            ("layers.?.weight", "layers.3.weight", true),
            ("layers.?.weight", "layers.13.weight", false),
            ("a*b*c", "axxbxxbxc", true),
            ("a*b*c", "axxbxxbx", false),
            ("*", "", true),
            ("", "weight", false),
        ] {
            assert_eq!(matches(pattern, path), want, "{pattern} on {path}");
        }
    }
}
