//! Data: two sets of images in the crate, full sets from a folder, generated ones, and the order in which batches
//! come.
//!
//! ```
//! use burn::tensor::Device;
//! use thalweg_train::data::{self, Batches, Source};
//!
//! let (train, test) = data::digits().split(1437, 0)?;
//! assert_eq!((train.len(), test.len()), (1437, 360));
//! let mut batches = Batches::new(train.len(), 64, 1)?;
//! let (images, labels) = train.batch(batches.next_rows(), &Device::flex());
//! assert_eq!((images.dims(), labels.dims()), ([64, 64], [64]));
//! # Ok::<(), thalweg_train::Error>(())
//! ```
//!
//! * [`digits`] and [`fashion`] need no file; [`idx_folder`] reads the full MNIST and Fashion-MNIST.
//! * [`two_moons`], [`spirals`], [`parity`] and [`teacher_student`] are made from a seed, with the same numbers on every
//!   machine.
//! * Any other data trains as well: implement [`Source`].

mod batches;
mod dataset;
mod generated;
mod idx;
mod random;
mod rows;
mod shipped;

pub use batches::{Batches, Order};
pub use dataset::{Dataset, Labels, Source, Targets};
pub use generated::{parity, spirals, teacher_student, two_moons};
pub use idx::idx_folder;
pub use rows::Rows;
pub use shipped::{FASHION_CLASSES, digits, fashion};
