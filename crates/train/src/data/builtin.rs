//! The images that come with the crate; `data/README.md` has their sources and licences.

use std::io::Read;

use flate2::read::GzDecoder;

use super::dataset::{Labels, TensorDataset};
use super::idx;
use super::matrix::Matrix;

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../data/", $name))
    };
}

/// The names of Fashion-MNIST's classes, in the order of its labels.
pub const FASHION_CLASSES: [&str; 10] =
    ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

/// 1,797 handwritten digits of 8×8 pixels, from 0 to 1; ten classes.
///
/// "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, UCI Machine Learning Repository,
/// [doi:10.24432/C50P49](https://doi.org/10.24432/C50P49), CC BY 4.0; the part that scikit-learn's `load_digits` gives,
/// in the same order, with pixels divided by 16. Shuffle and [`split`](TensorDataset::split) it for training.
///
/// # Panics
/// Never: the data are a part of this crate, and a test reads them.
pub fn digits() -> TensorDataset {
    let mut text = String::new();
    let mut file = GzDecoder::new(file!("digits.csv.gz").as_slice());
    file.read_to_string(&mut text).expect("the crate's own file is whole");
    let (mut pixels, mut labels) = (vec![], vec![]);
    for line in text.lines() {
        let mut numbers =
            line.split(',').map(|x| x.parse::<u32>().expect("the crate's own file holds numbers"));
        pixels.extend(numbers.by_ref().take(64).map(|x| x as f32 / 16.0));
        labels.extend(numbers);
    }
    let own = "the crate's own file has 64 pixels and a label on each line";
    TensorDataset::new(Matrix::from_f32(pixels, 64).expect(own), Labels::new(labels, 10).expect(own))
        .expect(own)
}

/// The first 4,000 training and the first 1,000 test images of Fashion-MNIST, 28×28 pixels from 0 to 1; ten classes.
///
/// H. Xiao, K. Rasul and R. Vollgraf, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747), MIT licence. The full set
/// is read by [`mnist_from_dir`](super::mnist_from_dir).
///
/// # Panics
/// Never, as [`digits`].
pub fn fashion() -> (TensorDataset, TensorDataset) {
    let set = |images: &[u8], labels: &[u8]| {
        idx::dataset(images, labels)
            .and_then(|set| {
                let names = FASHION_CLASSES.map(String::from).to_vec();
                let labels = Labels::named(set.targets().values().to_vec(), names)?;
                TensorDataset::new(set.features().clone(), labels)
            })
            .expect("the crate's own files are whole")
    };
    (
        set(file!("fashion-train-images-idx3-ubyte.gz"), file!("fashion-train-labels-idx1-ubyte.gz")),
        set(file!("fashion-t10k-images-idx3-ubyte.gz"), file!("fashion-t10k-labels-idx1-ubyte.gz")),
    )
}
