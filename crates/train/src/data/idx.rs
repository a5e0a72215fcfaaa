//! The IDX format of MNIST, as <https://yann.lecun.com/exdb/mnist/> describes it: a magic number whose last two bytes
//! are the element type and the number of axes, the lengths of the axes, and the elements; all big-endian.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::dataset::{Labels, TensorDataset};
use super::matrix::Matrix;
use crate::error::{Error, Result};

/// Code of unsigned bytes in the magic number.
const BYTES: u8 = 8;

/// Lengths of the axes and elements of an IDX file of bytes, packed by gzip or not.
fn read(file: &[u8]) -> Result<(Vec<usize>, Vec<u8>), String> {
    let mut bytes = vec![];
    match file {
        [0x1f, 0x8b, ..] => {
            let unpacked = GzDecoder::new(file).read_to_end(&mut bytes);
            unpacked.map_err(|e| format!("cannot be unpacked ({e}); it is truncated or damaged"))?;
        }
        plain => bytes.extend_from_slice(plain),
    }
    let [0, 0, kind, axes, rest @ ..] = bytes.as_slice() else {
        return Err("is no IDX file: it does not start with two zero bytes, a type and a number of axes".into());
    };
    if *kind != BYTES {
        return Err(format!("has elements of type {kind:#04x}, but only unsigned bytes (0x08) are read"));
    }
    let axes = usize::from(*axes);
    if rest.len() < 4 * axes {
        return Err(format!("ends within the lengths of its {axes} axes; it is truncated"));
    }
    let (lengths, elements) = rest.split_at(4 * axes);
    let length = |b: &[u8]| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize;
    let shape: Vec<usize> = lengths.chunks_exact(4).map(length).collect();
    let expected = shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d));
    if expected != Some(elements.len()) {
        return Err(format!(
            "has {} bytes behind its header, which says {shape:?}; it is truncated or damaged",
            elements.len()
        ));
    }
    Ok((shape, elements.to_vec()))
}

/// A set of images and labels out of the content of two IDX files; pixels from 0 to 1.
pub(crate) fn dataset(images: &[u8], labels: &[u8]) -> Result<TensorDataset> {
    of_files(("The file of images", images), ("The file of labels", labels))
}

fn of_files(images: (&str, &[u8]), labels: (&str, &[u8])) -> Result<TensorDataset> {
    let read =
        |(name, content): (&str, &[u8])| read(content).map_err(|why| Error::Data(format!("{name} {why}.")));
    let (shape, pixels) = read(images)?;
    let (label_shape, labels_read) = read(labels)?;
    let (&[n, height, width], &[m]) = (shape.as_slice(), label_shape.as_slice()) else {
        return Err(Error::Data(format!(
            "{} has the shape {shape:?} and {} has {label_shape:?}, but images have three axes and labels one.",
            images.0, labels.0
        )));
    };
    if n != m {
        return Err(Error::Data(format!("{} has {n} images, but {} has {m} labels.", images.0, labels.0)));
    }
    let classes = labels_read.iter().max().map_or(0, |most| usize::from(*most) + 1);
    let pixels = pixels.into_iter().map(|x| f32::from(x) / 255.0).collect();
    let labels = labels_read.into_iter().map(u32::from).collect();
    TensorDataset::new(Matrix::from_f32(pixels, height * width)?, Labels::new(labels, classes.max(10))?)
}

/// Reads a folder of MNIST's four files, or of another set in this format such as Fashion-MNIST: the training set and
/// the test set, with pixels from 0 to 1 and at least ten classes.
///
/// The files are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
/// `t10k-labels-idx1-ubyte`, each as it is or packed as `.gz`, and also with a dot before `idx`.
///
/// # Errors
/// [`Error::Data`] for a file that is missing, damaged, or does not fit its partner; the text names it.
pub fn mnist_from_dir(folder: impl AsRef<Path>) -> Result<(TensorDataset, TensorDataset)> {
    let folder = folder.as_ref();
    let set = |part: &str| {
        let images = find(folder, &format!("{part}-images"), "idx3-ubyte")?;
        let labels = find(folder, &format!("{part}-labels"), "idx1-ubyte")?;
        let names = (format!("`{}`", images.0.display()), format!("`{}`", labels.0.display()));
        of_files((&names.0, &images.1), (&names.1, &labels.1))
    };
    Ok((set("train")?, set("t10k")?))
}

/// The path and content of the first file that exists under one of the names in use.
fn find(folder: &Path, stem: &str, kind: &str) -> Result<(PathBuf, Vec<u8>)> {
    for name in [format!("{stem}-{kind}"), format!("{stem}.{kind}")] {
        for path in [folder.join(&name), folder.join(format!("{name}.gz"))] {
            if path.is_file() {
                let content = std::fs::read(&path);
                let content =
                    content.map_err(|e| Error::Data(format!("`{}` cannot be read: {e}.", path.display())))?;
                return Ok((path, content));
            }
        }
    }
    let folder = folder.display();
    Err(Error::Data(format!(
        "There is no file `{stem}-{kind}` or `{stem}-{kind}.gz` in the folder `{folder}`. Give the folder that holds \
         the four files of MNIST or Fashion-MNIST."
    )))
}
