//! Data: two sets of images in the crate, full sets from a folder, generated ones, and the order in which batches
//! come.
//!
//! ```
//! use burn::tensor::Device;
//! use thalweg_train::data::{self, BatchSampler, Dataset};
//!
//! let (train, test) = data::digits().split(1437, 0)?;
//! assert_eq!((train.len(), test.len()), (1437, 360));
//! let mut batches = BatchSampler::new(train.len(), 64, 1)?;
//! let (images, labels) = train.batch(batches.next_indices(), &Device::flex());
//! assert_eq!((images.dims(), labels.dims()), ([64, 64], [64]));
//! # Ok::<(), thalweg_train::Error>(())
//! ```
//!
//! * [`digits`] and [`fashion`] need no file; [`mnist_from_dir`] reads the full MNIST and Fashion-MNIST.
//! * [`two_moons`], [`spirals`], [`parity`] and [`teacher_student`] are made from a seed, with the same numbers on every
//!   machine.
//! * Any other data trains as well: implement [`Dataset`].

mod builtin;
mod dataset;
mod idx;
mod matrix;
mod random;
mod sampler;
mod synthetic;

pub use builtin::{FASHION_CLASSES, digits, fashion};
pub use dataset::{Dataset, Labels, Targets, TensorDataset};
pub use idx::mnist_from_dir;
pub use matrix::Matrix;
pub use sampler::{BatchSampler, SamplerState};
pub use synthetic::{parity, spirals, teacher_student, two_moons};
