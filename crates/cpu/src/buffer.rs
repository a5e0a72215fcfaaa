//! Where every value in memory lies. Temporary values share one arena: two may take the same place if they are never
//! needed at the same time.

use std::collections::{BTreeMap, BTreeSet};

/// The number of a value in memory; the program has a pointer for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BufferId(u32);

impl BufferId {
    pub fn new(index: usize) -> Self {
        BufferId(index as u32)
    }

    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Who holds the memory of a buffer.
#[derive(Clone, Debug)]
pub(crate) enum Storage {
    /// The caller, or what the last run has left for this one.
    Input(usize),
    /// The program, as long as it lives: results.
    Own { bytes: usize },
    /// The program, filled when it is made.
    Constant { content: Vec<u8> },
    /// The arena, from one item of the schedule to another, both included.
    Arena { bytes: usize, from: usize, to: usize },
}

/// Bytes on whole lines of the cache.
pub(crate) fn align_up(bytes: usize) -> usize {
    bytes.next_multiple_of(64)
}

/// Up to so many temporary values are placed by size, which compares each with all others.
const MAX_BY_SIZE: usize = 2000;

/// A temporary value: its buffer, its bytes, and the first and last item that need it.
#[derive(Clone, Copy)]
struct LiveRange {
    buffer: usize,
    bytes: usize,
    from: usize,
    to: usize,
}

/// An offset for each temporary value, and the size of the arena.
pub(crate) fn assign_offsets(storage: &[Storage]) -> (Vec<usize>, usize) {
    let span = |(buffer, storage): (usize, &Storage)| match storage {
        Storage::Arena { bytes, from, to } => {
            Some(LiveRange { buffer, bytes: align_up(*bytes), from: *from, to: *to })
        }
        _ => None,
    };
    let spans: Vec<LiveRange> = storage.iter().enumerate().filter_map(span).collect();
    let mut offsets = vec![0; storage.len()];
    let total =
        if spans.len() <= MAX_BY_SIZE { by_size(spans, &mut offsets) } else { by_time(spans, &mut offsets) };
    (offsets, total)
}

/// The largest are placed first, each at the lowest place that is free while it is needed.
fn by_size(mut spans: Vec<LiveRange>, offsets: &mut [usize]) -> usize {
    spans.sort_by(|a, b| b.bytes.cmp(&a.bytes).then(a.buffer.cmp(&b.buffer)));
    let mut placed: Vec<(usize, LiveRange)> = vec![];
    let mut total = 0;
    for span in spans {
        let mut taken: Vec<(usize, usize)> = placed
            .iter()
            .filter(|(_, other)| other.from <= span.to && span.from <= other.to)
            .map(|(offset, other)| (*offset, other.bytes))
            .collect();
        taken.sort_unstable();
        let mut at = 0;
        for (offset, length) in taken {
            if at + span.bytes <= offset {
                break;
            }
            at = at.max(offset + length);
        }
        offsets[span.buffer] = at;
        total = total.max(at + span.bytes);
        placed.push((at, span));
    }
    total
}

/// In the order in which they are needed, each in the smallest gap that what is needed no more has left.
fn by_time(mut spans: Vec<LiveRange>, offsets: &mut [usize]) -> usize {
    spans.sort_by_key(|span| (span.from, span.buffer));
    let mut total = 0;
    // Gaps by offset and by length, and what is in use by its last item.
    let mut gaps: BTreeMap<usize, usize> = BTreeMap::new();
    let mut lengths: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut used: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
    for span in spans {
        while let Some(&(to, offset, bytes)) = used.first().filter(|(to, ..)| *to < span.from) {
            used.remove(&(to, offset, bytes));
            // Joined with the gaps beside it.
            let (mut start, mut end) = (offset, offset + bytes);
            if let Some((before, length)) = gaps.range(..offset).next_back().map(|(o, l)| (*o, *l))
                && before + length == offset
            {
                gaps.remove(&before);
                lengths.remove(&(length, before));
                start = before;
            }
            if let Some(length) = gaps.remove(&end) {
                lengths.remove(&(length, end));
                end += length;
            }
            gaps.insert(start, end - start);
            lengths.insert((end - start, start));
        }
        let at = match lengths.range((span.bytes, 0)..).next().copied() {
            Some((length, offset)) => {
                gaps.remove(&offset);
                lengths.remove(&(length, offset));
                if length > span.bytes {
                    gaps.insert(offset + span.bytes, length - span.bytes);
                    lengths.insert((length - span.bytes, offset + span.bytes));
                }
                offset
            }
            None => {
                total += span.bytes;
                total - span.bytes
            }
        };
        offsets[span.buffer] = at;
        used.insert((span.to, at, span.bytes));
    }
    total
}

/// What a running command may touch: where each buffer lies, and scratch of its own.
#[derive(Clone, Copy)]
pub(crate) struct Buffers<'m> {
    pub pointers: &'m [*mut u8],
    /// Scratch for every thread, one after the other.
    pub scratch: *mut u8,
    pub scratch_per_thread: usize,
    /// Scratch for what tasks hand to each other.
    pub partials: *mut u8,
}

// SAFETY: commands write to what is assigned to them alone, and threads of one command to parts that do not overlap.
unsafe impl Sync for Buffers<'_> {}

impl Buffers<'_> {
    pub fn pointer(&self, buffer: BufferId) -> *mut u8 {
        self.pointers[buffer.index()]
    }

    pub fn scratch_of(&self, thread: usize) -> *mut u8 {
        // SAFETY: there is scratch for every thread of the pool.
        unsafe { self.scratch.add(thread * self.scratch_per_thread) }
    }
}

#[cfg(test)]
mod tests {
    use super::{LiveRange, Storage, assign_offsets, by_size, by_time};

    /// Whatever is needed when, no two values that are needed together overlap.
    #[test]
    fn values_that_are_needed_together_never_overlap() {
        let mut state = 1_u64;
        let mut draw = |n: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % n
        };
        for count in [0, 1, 7, 60, 200] {
            let spans: Vec<LiveRange> = (0..count)
                .map(|buffer| {
                    let from = draw(40);
                    LiveRange { buffer, bytes: 64 * draw(9), from, to: from + draw(12) }
                })
                .collect();
            for place in [by_size, by_time] {
                let mut offsets = vec![0; count];
                let total = place(spans.clone(), &mut offsets);
                for (k, a) in spans.iter().enumerate() {
                    assert!(offsets[k] + a.bytes <= total);
                    for b in &spans[k + 1..] {
                        let together = a.from <= b.to && b.from <= a.to && a.bytes.min(b.bytes) > 0;
                        let (x, y) = (offsets[k], offsets[b.buffer]);
                        assert!(!together || x + a.bytes <= y || y + b.bytes <= x, "{k} and {}", b.buffer);
                    }
                }
            }
        }
    }

    #[test]
    fn values_share_a_place_only_if_they_are_never_needed_together() {
        let arena = |bytes, from, to| Storage::Arena { bytes, from, to };
        let storage = [arena(128, 0, 1), arena(128, 1, 2), arena(128, 2, 3), arena(64, 0, 3)];
        let (offsets, total) = assign_offsets(&storage);
        assert_eq!(total, 128 + 128 + 64);
        assert_eq!(offsets[0], offsets[2]);
        assert_ne!(offsets[0], offsets[1]);
    }
}
