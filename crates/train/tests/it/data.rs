//! Shipped and generated data, files, and the order of batches.

use std::io::Write;
use std::path::PathBuf;

use burn::tensor::{DType, Device};
use flate2::{Compression, write::GzEncoder};
use thalweg_train::data::{self, BatchSampler, Dataset, Labels, Matrix, SamplerState, Targets, TensorDataset};
use thalweg_train::{Error, Result};

/// A folder of this test, empty.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn counts(labels: &Labels) -> Vec<usize> {
    let mut counts = vec![0; labels.classes()];
    labels.values().iter().for_each(|k| counts[*k as usize] += 1);
    counts
}

#[test]
fn digits_are_those_of_their_source() {
    let digits = data::digits();
    assert_eq!((digits.len(), digits.features().width()), (1797, 64));
    // As scikit-learn documents the classes of `load_digits`.
    assert_eq!(counts(digits.targets()), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert_eq!(
        digits.features().row(0)[..6].iter().map(|x| x * 16.0).collect::<Vec<_>>(),
        [0.0, 0.0, 5.0, 13.0, 9.0, 1.0]
    );
    assert_eq!(digits.targets().values()[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn fashion_is_the_start_of_the_full_set() {
    let (train, test) = data::fashion();
    assert_eq!((train.len(), test.len(), train.features().width()), (4000, 1000, 784));
    assert_eq!(train.targets().values()[..10], [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]);
    assert_eq!(test.targets().values()[..10], [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
    assert_eq!(train.targets().names()[9], "Ankle boot");
    let pixels = train.features().row(0);
    assert!(pixels.iter().all(|x| (0.0..=1.0).contains(x)) && pixels.contains(&1.0));
}

/// An IDX file of bytes.
fn idx(shape: &[u32], elements: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, shape.len() as u8];
    shape.iter().for_each(|d| file.extend(d.to_be_bytes()));
    file.extend(elements);
    file
}

fn packed(file: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(vec![], Compression::default());
    packer.write_all(file).unwrap();
    packer.finish().unwrap()
}

#[test]
fn folders_of_idx_files_are_read() -> Result<()> {
    let path = folder("idx");
    let write = |name: &str, content: &[u8]| std::fs::write(path.join(name), content).unwrap();
    write("train-images-idx3-ubyte", &idx(&[2, 1, 2], &[0, 255, 51, 102]));
    write("train-labels.idx1-ubyte.gz", &packed(&idx(&[2], &[3, 11])));
    write("t10k-images-idx3-ubyte.gz", &packed(&idx(&[1, 1, 2], &[255, 0])));
    write("t10k-labels-idx1-ubyte", &idx(&[1], &[4]));
    let (train, test) = data::mnist_from_dir(&path)?;
    assert_eq!(train.features(), &Matrix::from_f32(vec![0.0, 1.0, 0.2, 0.4], 2)?);
    assert_eq!((train.targets().values(), train.targets().classes()), ([3, 11].as_slice(), 12));
    assert_eq!((test.targets().values(), test.targets().classes()), ([4].as_slice(), 10));
    Ok(())
}

#[track_caller]
fn says<T>(result: Result<T>, parts: &[&str]) {
    let text = result.err().expect("the input is refused").to_string();
    parts.iter().for_each(|part| assert!(text.contains(part), "`{part}` is not in: {text}"));
}

#[test]
fn damaged_files_are_named() {
    let path = folder("damaged");
    let write = |name: &str, content: &[u8]| std::fs::write(path.join(name), content).unwrap();
    let images = "train-images-idx3-ubyte";
    says(data::mnist_from_dir(&path), &["There is no file `train-images-idx3-ubyte` or", "damaged"]);
    write("train-labels-idx1-ubyte", &idx(&[2], &[3, 4]));
    write(images, &idx(&[2, 1, 2], &[0, 255, 51]));
    says(
        data::mnist_from_dir(&path),
        &[images, "3 bytes behind its header, which says [2, 1, 2]; it is truncated"],
    );
    write(images, &[1, 2, 3, 4, 5]);
    says(data::mnist_from_dir(&path), &[images, "is no IDX file"]);
    write(images, &[0, 0, 13, 1, 0, 0, 0, 0]);
    says(data::mnist_from_dir(&path), &["elements of type 0x0d", "only unsigned bytes"]);
    write(images, &[0, 0, 8, 3, 0, 0]);
    says(data::mnist_from_dir(&path), &["ends within the lengths of its 3 axes"]);
    write(images, &packed(&idx(&[2, 1, 2], &[0, 255, 51, 7]))[..20]);
    says(data::mnist_from_dir(&path), &[images, "cannot be unpacked"]);
    write(images, &idx(&[2, 2], &[0, 255, 51, 7]));
    says(data::mnist_from_dir(&path), &["the shape [2, 2]", "images have three axes"]);
    write(images, &idx(&[1, 1, 2], &[0, 255]));
    says(data::mnist_from_dir(&path), &["has 1 images, but", "has 2 labels"]);
    write(images, &idx(&[u32::MAX; 3], &[0, 255]));
    says(data::mnist_from_dir(&path), &["truncated or damaged"]);
}

#[test]
fn impossible_sets_are_refused() -> Result<()> {
    says(Matrix::from_f32(vec![0.0; 5], 2), &["5 numbers cannot be divided into rows of 2"]);
    says(Matrix::from_f64(vec![], 0), &["rows of 0"]);
    says(Labels::new(vec![0, 2], 2), &["Example 1 has the label 2, but there are 2 classes"]);
    says(
        TensorDataset::new(Matrix::from_f32(vec![0.0; 4], 2)?, Labels::new(vec![0], 1)?),
        &["2 examples but 1 targets"],
    );
    let small = data::two_moons(4, 0.0, 0)?;
    says(small.split(5, 0), &["no first 5"]);
    says(small.select(&[4]), &["There is no example 4"]);
    says(data::two_moons(1, 0.0, 0), &["at least 2 points"]);
    says(data::two_moons(9, f64::NAN, 0), &["A noise of NaN"]);
    says(data::spirals(3, 1, 1.0, 0.0, 0), &["at least 2 arms"]);
    says(data::parity(3, 4, 5, 0), &["from 1 to 4 relevant bits"]);
    says(data::teacher_student(3, &[2], 0.0, 0), &["at least two sizes"]);
    says(BatchSampler::new(0, 4, 0), &["Batches of 4 examples out of 0"]);
    let behind = SamplerState { seed: 0, epoch: 0, position: 4 };
    says(BatchSampler::new(4, 2, 0)?.resume(behind), &["given out 4 examples", "the data has 4"]);
    Ok(())
}

#[test]
fn splits_keep_every_example_once() -> Result<()> {
    let all = TensorDataset::new(
        Matrix::from_f64((0..40).map(f64::from).collect(), 2)?,
        Labels::new((0..20).collect(), 20)?,
    )?;
    let (a, b) = all.split(14, 3)?;
    assert_eq!((a.len(), b.len()), (14, 6));
    let mut seen: Vec<u32> = a.targets().values().iter().chain(b.targets().values()).copied().collect();
    assert_ne!(seen, (0..20).collect::<Vec<u32>>());
    for (k, label) in a.targets().values().iter().enumerate() {
        assert_eq!(a.features().row(k), [2.0 * f64::from(*label), 2.0 * f64::from(*label) + 1.0]);
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..20).collect::<Vec<u32>>());
    assert_eq!(all.split(14, 3)?.0, a);
    assert_ne!(all.split(14, 4)?.0, a);
    Ok(())
}

#[test]
fn epochs_hold_every_example_once_in_new_order() -> Result<()> {
    let mut batches = BatchSampler::new(10, 4, 5)?;
    assert_eq!(batches.batches_per_epoch(), 3);
    let mut epoch = || -> Vec<usize> { (0..3).flat_map(|_| batches.next_indices().to_vec()).collect() };
    let (first, second) = (epoch(), epoch());
    assert_ne!(first, second);
    for mut rows in [first, second] {
        rows.sort_unstable();
        assert_eq!(rows, (0..10).collect::<Vec<_>>());
    }
    assert_eq!(batches.state(), SamplerState { seed: 5, epoch: 2, position: 0 });
    Ok(())
}

#[test]
fn orders_go_on_from_any_place() -> Result<()> {
    let mut whole = BatchSampler::new(7, 3, 9)?;
    for _ in 0..8 {
        let text = serde_json::to_string(&whole.state()).unwrap();
        let order: SamplerState = serde_json::from_str(&text).unwrap();
        let mut later = BatchSampler::new(7, 3, 0)?.resume(order)?;
        let expected: Vec<Vec<usize>> = (0..4).map(|_| later.next_indices().to_vec()).collect();
        let mut same = whole.clone();
        assert_eq!((0..4).map(|_| same.next_indices().to_vec()).collect::<Vec<_>>(), expected);
        whole.next_indices();
    }
    Ok(())
}

#[test]
fn batches_have_the_sets_types() -> Result<()> {
    let moons = data::two_moons(6, 0.1, 1)?;
    assert_eq!(moons.batch(&[0], &Device::flex()).0.dtype(), DType::F32);
    let moons = moons.to_f64();
    let (x, labels) = moons.batch(&[5, 0], &Device::flex());
    assert_eq!((x.dims(), x.dtype()), ([2, 2], DType::F64));
    assert_eq!(
        x.to_data().try_to_vec::<f64>().unwrap(),
        [moons.features().row(5), moons.features().row(0)].concat()
    );
    let own = moons.targets().values();
    assert_eq!(labels.to_data().iter::<i64>().collect::<Vec<_>>(), [i64::from(own[5]), i64::from(own[0])]);
    let digits = data::digits();
    assert_eq!(digits.batch(&[0], &Device::flex()).0.dtype(), DType::F32);
    let double = digits.clone().to_f64();
    let x = double.batch(&[3], &Device::flex()).0;
    assert_eq!(x.to_data().try_to_vec::<f64>().unwrap(), digits.features().row(3));
    let teacher = data::teacher_student(3, &[2, 2], 0.0, 1)?;
    let types = |set: &TensorDataset<Matrix>| {
        let (x, y) = set.batch(&[0], &Device::flex());
        (x.dtype(), y.dtype())
    };
    assert_eq!(
        (types(&teacher), types(&teacher.to_f64())),
        ((DType::F32, DType::F32), (DType::F64, DType::F64))
    );
    Ok(())
}

#[test]
fn moons_lie_on_their_half_circles() -> Result<()> {
    let moons = data::two_moons(101, 0.0, 2)?;
    assert_eq!(counts(moons.targets()), [50, 51]);
    for (k, label) in moons.targets().values().iter().enumerate() {
        let p = moons.features().row(k);
        let (x, y) = if *label == 0 { (p[0], p[1]) } else { (1.0 - p[0], 0.5 - p[1]) };
        assert!((x * x + y * y - 1.0).abs() < 1e-12 && y > -1e-12);
    }
    let noisy = data::two_moons(2000, 0.1, 2)?;
    let off = |k: usize| {
        let p = noisy.features().row(k);
        let (x, y) = if noisy.targets().values()[k] == 0 { (p[0], p[1]) } else { (1.0 - p[0], 0.5 - p[1]) };
        x.hypot(y) - 1.0
    };
    let deviation = ((0..2000).map(|k| off(k).powi(2)).sum::<f64>() / 2000.0).sqrt();
    // The distance from the circle has the deviation of the noise, to second order.
    assert!((deviation - 0.1).abs() < 0.01, "{deviation}");
    Ok(())
}

#[test]
fn spirals_turn_as_stated() -> Result<()> {
    let set = data::spirals(32, 3, 1.5, 0.0, 4)?;
    assert_eq!(counts(set.targets()), [11, 11, 10]);
    for (k, label) in set.targets().values().iter().enumerate() {
        let p = set.features().row(k);
        let r = p[0].hypot(p[1]);
        let angle = std::f64::consts::TAU * (1.5 * r + f64::from(*label) / 3.0);
        assert!((p[0] - r * angle.cos()).abs() < 1e-12 && (p[1] - r * angle.sin()).abs() < 1e-12);
    }
    Ok(())
}

#[test]
fn parities_are_of_the_relevant_bits() -> Result<()> {
    let set = data::parity(500, 9, 3, 6)?;
    for (k, label) in set.targets().values().iter().enumerate() {
        let bits = set.features().row(k);
        assert!(bits.iter().all(|b| b.abs() == 1.0));
        assert_eq!(bits[..3].iter().product::<f64>(), if *label == 1 { 1.0 } else { -1.0 });
    }
    // Five standard errors of a fair coin.
    assert!((counts(set.targets())[1] as f64 - 250.0).abs() < 5.0 * 125f64.sqrt());
    Ok(())
}

#[test]
fn teachers_stay_whatever_the_set() -> Result<()> {
    let small = data::teacher_student(5, &[3, 4, 2], 0.0, 8)?;
    let large = data::teacher_student(50, &[3, 4, 2], 0.0, 8)?;
    assert_eq!(large.select(&[0, 1, 2, 3, 4])?, small);
    let noisy = data::teacher_student(50, &[3, 4, 2], 0.5, 8)?;
    assert_eq!((noisy.targets().width(), Targets::len(noisy.targets())), (2, 50));
    let linear = data::teacher_student(3000, &[2, 1], 0.0, 1)?;
    // A teacher without a hidden layer is linear: two examples determine it.
    let (p, q) = (linear.features().row(0), linear.features().row(1));
    let (y, z) = (linear.targets().row(0)[0], linear.targets().row(1)[0]);
    let det = p[0] * q[1] - p[1] * q[0];
    let w = [(y * q[1] - p[1] * z) / det, (p[0] * z - y * q[0]) / det];
    let gap = |k: usize| {
        let x = linear.features().row(k);
        (x[0] * w[0] + x[1] * w[1] - linear.targets().row(k)[0]).abs()
    };
    assert!((0..3000).all(|k| gap(k) < 1e-9));
    Ok(())
}

#[test]
fn seeds_give_the_same_bits_everywhere() -> Result<()> {
    // Hash of the numbers that were first seen; a change breaks every stored seed.
    fn hash(rows: &Matrix) -> u64 {
        (0..rows.len()).flat_map(|k| rows.row(k)).fold(0xcbf2_9ce4_8422_2325, |h, x| {
            x.to_bits()
                .to_le_bytes()
                .iter()
                .fold(h, |h: u64, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
        })
    }
    let sets = [
        hash(data::two_moons(50, 0.1, 1)?.features()),
        hash(data::spirals(50, 2, 1.0, 0.1, 1)?.features()),
        hash(data::parity(50, 8, 3, 1)?.features()),
        hash(data::teacher_student(50, &[3, 5, 2], 0.1, 1)?.targets()),
        hash(data::digits().split(1437, 1)?.0.features()),
    ];
    let seen = [
        12757647478886949202,
        90583151195209811,
        598096060268388517,
        15658741991755311378,
        15962387037555582841,
    ];
    assert_eq!(sets, seen);
    Ok(())
}

#[test]
fn errors_are_of_their_kind() {
    assert!(matches!(data::mnist_from_dir("/nowhere"), Err(Error::Data(_))));
    assert!(matches!(data::parity(0, 1, 1, 0), Err(Error::Setting(_))));
}
