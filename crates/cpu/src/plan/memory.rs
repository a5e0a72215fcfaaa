//! Where every value in memory lies. Temporary values share one arena: two may take the same place if they are never
//! needed at the same time.

/// The number of a value in memory; the program has a pointer for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Slot(u32);

impl Slot {
    pub fn new(index: usize) -> Self {
        Slot(index as u32)
    }

    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Who holds the memory of a slot.
#[derive(Clone, Debug)]
pub(crate) enum Home {
    /// The caller, or what the last run has left for this one.
    Input(usize),
    /// The program, as long as it lives: results.
    Own { bytes: usize },
    /// The program, filled when it is made.
    Constant { content: Vec<u8> },
    /// The arena, from one unit of the plan to another, both included.
    Arena { bytes: usize, from: usize, to: usize },
}

/// Bytes on whole lines of the cache.
pub(crate) fn on_lines(bytes: usize) -> usize {
    bytes.next_multiple_of(64)
}

/// An offset for each temporary value, and the size of the arena. The largest are placed first, each at the lowest
/// place that is free while it is needed.
pub(crate) fn place(homes: &[Home]) -> (Vec<usize>, usize) {
    let mut offsets = vec![0; homes.len()];
    let span = |k: usize| match &homes[k] {
        Home::Arena { bytes, from, to } => Some((on_lines(*bytes), *from, *to)),
        _ => None,
    };
    let mut order: Vec<(usize, usize, usize, usize)> =
        (0..homes.len()).filter_map(|k| span(k).map(|(bytes, from, to)| (k, bytes, from, to))).collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut placed: Vec<(usize, usize, usize, usize)> = vec![];
    let mut total = 0;
    for (k, bytes, from, to) in order {
        let mut taken: Vec<(usize, usize)> = placed
            .iter()
            .filter(|(_, _, f, t)| *f <= to && from <= *t)
            .map(|(offset, bytes, _, _)| (*offset, *bytes))
            .collect();
        taken.sort_unstable();
        let mut at = 0;
        for (offset, length) in taken {
            if at + bytes <= offset {
                break;
            }
            at = at.max(offset + length);
        }
        offsets[k] = at;
        total = total.max(at + bytes);
        placed.push((at, bytes, from, to));
    }
    (offsets, total)
}

#[cfg(test)]
mod tests {
    use super::{Home, place};

    #[test]
    fn values_share_a_place_only_if_they_are_never_needed_together() {
        let arena = |bytes, from, to| Home::Arena { bytes, from, to };
        let homes = [arena(128, 0, 1), arena(128, 1, 2), arena(128, 2, 3), arena(64, 0, 3)];
        let (offsets, total) = place(&homes);
        assert_eq!(total, 128 + 128 + 64);
        assert_eq!(offsets[0], offsets[2]);
        assert_ne!(offsets[0], offsets[1]);
    }
}
