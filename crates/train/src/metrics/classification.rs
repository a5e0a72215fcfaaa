use std::fmt;

use burn::tensor::{Int, Tensor};

use crate::data::Labels;
use crate::error::{Error, Result};

/// The share of rows whose largest logit is that of the label.
///
/// `logits` is `[rows, classes]` and `labels` `[rows]`; the result is one number from 0 to 1. Of equal logits the first
/// counts, as Burn's `argmax` has it.
pub fn accuracy(logits: &Tensor<2>, labels: &Tensor<1, Int>) -> Tensor<1> {
    let predicted = logits.clone().argmax(1).flatten::<1>(0, 1);
    predicted.equal(labels.clone()).float().cast(logits.dtype()).mean()
}

/// The share of rows where fewer than `k` logits are larger than that of the label.
///
/// `logits` is `[rows, classes]` and `labels` `[rows]`; the result is one number from 0 to 1.
pub fn top_k_accuracy(logits: &Tensor<2>, labels: &Tensor<1, Int>, k: usize) -> Tensor<1> {
    let own = logits.clone().gather(1, labels.clone().unsqueeze_dim::<2>(1));
    let better = logits.clone().greater(own.expand(logits.dims())).int().sum_dim(1);
    better.lower_elem(k as i64).float().cast(logits.dtype()).mean()
}

/// How often each class was taken for each other: rows are true classes, columns predicted ones.
///
/// ```
/// use thalweg_train::{data::Labels, metrics::ConfusionMatrix};
///
/// let labels = Labels::new(vec![0, 0, 1, 2], 3)?;
/// let matrix = ConfusionMatrix::new(&labels, &[0, 1, 1, 2])?;
/// assert_eq!(matrix.count(0, 1), 1);
/// assert_eq!(matrix.accuracy(), 0.75);
/// assert_eq!(matrix.recall(0), Some(0.5));
/// println!("{matrix}");
/// # Ok::<(), thalweg_train::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    names: Vec<String>,
    counts: Vec<u64>,
}

impl ConfusionMatrix {
    /// Counts predicted classes against labels.
    ///
    /// # Errors
    /// [`Error::Data`] if the numbers of labels and predictions differ, or a prediction is no class.
    pub fn new(labels: &Labels, predicted: &[u32]) -> Result<Self> {
        let classes = labels.classes();
        let given = predicted.len();
        if labels.values().len() != given {
            let n = labels.values().len();
            return Err(Error::Data(format!(
                "There are {n} labels but {given} predictions; give one for each."
            )));
        }
        if let Some(outside) = predicted.iter().find(|p| **p as usize >= classes) {
            return Err(Error::Data(format!(
                "The prediction {outside} is no class: there are {classes}, counted from zero."
            )));
        }
        let mut counts = vec![0; classes * classes];
        for (label, predicted) in labels.values().iter().zip(predicted) {
            counts[*label as usize * classes + *predicted as usize] += 1;
        }
        Ok(ConfusionMatrix { names: labels.names().to_vec(), counts })
    }

    /// Counts the largest logit of each row, `[rows, classes]`, against labels.
    ///
    /// # Errors
    /// As [`ConfusionMatrix::new`].
    pub fn of_logits(labels: &Labels, logits: &Tensor<2>) -> Result<Self> {
        let predicted: Vec<u32> = logits.clone().argmax(1).into_data().iter::<u32>().collect();
        ConfusionMatrix::new(labels, &predicted)
    }

    /// How many examples of class `label` were taken for class `predicted`.
    ///
    /// # Panics
    /// If there is no such class.
    pub fn count(&self, label: usize, predicted: usize) -> u64 {
        self.counts[label * self.names.len() + predicted]
    }

    /// The share of all examples that were taken for what they are; NaN for no example.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..self.names.len()).map(|k| self.count(k, k)).sum();
        right as f64 / self.counts.iter().sum::<u64>() as f64
    }

    /// The share of a class's examples that were taken for it; none if it has no example.
    pub fn recall(&self, class: usize) -> Option<f64> {
        let own = (0..self.names.len()).map(|k| self.count(class, k)).sum();
        share(self.count(class, class), own)
    }

    /// The share of what was taken for a class that is of it; none if nothing was.
    pub fn precision(&self, class: usize) -> Option<f64> {
        let taken = (0..self.names.len()).map(|k| self.count(k, class)).sum();
        share(self.count(class, class), taken)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl fmt::Display for ConfusionMatrix {
    /// A table with the recall of each class at the end of its row, and the precision below its column. Columns are
    /// headed by the classes' numbers where a name is too long, and rows then show both.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.names.len();
        let digits = self.counts.iter().max().map_or(1, |most| most.to_string().len());
        let width = digits.max("100%".len()) + 1;
        let fits = self.names.iter().all(|name| name.chars().count() < width);
        let row = |k: usize| if fits { self.names[k].clone() } else { format!("{k} {}", self.names[k]) };
        let first = (0..n).map(|k| row(k).chars().count()).max().unwrap_or(0).max("precision".len());
        let percent = |share: Option<f64>| share.map_or("–".to_string(), |s| format!("{:.0}%", 100.0 * s));
        write!(f, "{:<first$}", "")?;
        (0..n).try_for_each(|k| {
            if fits { write!(f, "{:>width$}", self.names[k]) } else { write!(f, "{k:>width$}") }
        })?;
        writeln!(f, "  recall")?;
        for label in 0..n {
            write!(f, "{:<first$}", row(label))?;
            for predicted in 0..n {
                match self.count(label, predicted) {
                    0 => write!(f, "{:>width$}", "·")?,
                    count => write!(f, "{count:>width$}")?,
                }
            }
            writeln!(f, "  {:>6}", percent(self.recall(label)))?;
        }
        write!(f, "{:<first$}", "precision")?;
        (0..n).try_for_each(|k| write!(f, "{:>width$}", percent(self.precision(k))))?;
        write!(f, "  {:>5.1}%", 100.0 * self.accuracy())
    }
}
