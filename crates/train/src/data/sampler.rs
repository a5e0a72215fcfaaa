use serde::{Deserialize, Serialize};

use super::random::Numbers;
use crate::error::{Error, Result};

/// A place in the order of the examples; all that is needed to go on from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamplerState {
    /// What the shuffling of every epoch follows from.
    pub seed: u64,
    /// The number of the current epoch, from zero.
    pub epoch: u64,
    /// How many examples of the current epoch have been given out.
    pub position: usize,
}

/// The numbers of the examples, batch by batch, in a new random order in each epoch.
///
/// Every example comes once in an epoch, and the last batch of an epoch is smaller where the number of examples is no
/// multiple of the batch's size. The order of an epoch follows from the seed and the epoch's number alone, so that it
/// can go on from any [`SamplerState`].
///
/// ```
/// use thalweg_train::data::BatchSampler;
///
/// let mut batches = BatchSampler::new(10, 4, 7)?;
/// let sizes: Vec<usize> = (0..6).map(|_| batches.next_indices().len()).collect();
/// assert_eq!(sizes, [4, 4, 2, 4, 4, 2]);
///
/// let place = batches.state();
/// let expected = batches.next_indices().to_vec();
/// assert_eq!(BatchSampler::new(10, 4, 0)?.resume(place)?.next_indices(), expected);
/// # Ok::<(), thalweg_train::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct BatchSampler {
    size: usize,
    order: SamplerState,
    /// The epoch that `rows` is the order of, which is made when it is first needed.
    shuffled: Option<u64>,
    rows: Vec<usize>,
    len: usize,
}

impl BatchSampler {
    /// Batches of `size` examples out of `len`, shuffled by `seed`.
    ///
    /// # Errors
    /// [`Error::Setting`] if there are no examples, or a batch has none.
    pub fn new(len: usize, size: usize, seed: u64) -> Result<Self> {
        if len == 0 || size == 0 {
            return Err(Error::Setting(format!(
                "Batches of {size} examples out of {len} are empty; both numbers must be at least 1."
            )));
        }
        Ok(BatchSampler {
            size,
            order: SamplerState { seed, epoch: 0, position: 0 },
            shuffled: None,
            rows: vec![],
            len,
        })
    }

    /// The same batches from another place on, which may have another seed.
    ///
    /// # Errors
    /// [`Error::Setting`] for a place behind the last example.
    pub fn resume(mut self, order: SamplerState) -> Result<Self> {
        if order.position >= self.len {
            return Err(Error::Setting(format!(
                "The place to go on from has given out {} examples of its epoch, but the data has {}. Resume with the \
                 data that was trained on.",
                order.position, self.len
            )));
        }
        self.order = order;
        Ok(self)
    }

    /// The numbers of the next batch's examples.
    pub fn next_indices(&mut self) -> &[usize] {
        let SamplerState { seed, epoch, position } = self.order;
        if self.shuffled != Some(epoch) {
            self.rows = Numbers::new(seed, epoch).permutation(self.len);
            self.shuffled = Some(epoch);
        }
        let end = self.len.min(position + self.size);
        self.order = match end == self.len {
            true => SamplerState { seed, epoch: epoch + 1, position: 0 },
            false => SamplerState { seed, epoch, position: end },
        };
        &self.rows[position..end]
    }

    /// Where the next batch starts.
    pub fn state(&self) -> SamplerState {
        self.order
    }

    /// How many batches have been given out in all epochs, for batches of this size from the start.
    pub(crate) fn done(&self) -> u64 {
        let SamplerState { epoch, position, .. } = self.order;
        epoch * self.batches_per_epoch() as u64 + (position / self.size) as u64
    }

    /// How many batches an epoch has.
    pub fn batches_per_epoch(&self) -> usize {
        self.len.div_ceil(self.size)
    }
}
