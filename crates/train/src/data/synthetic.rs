//! Sets that are made from a seed. Numbers come from one portable generator, so they are the same on every machine; they
//! are kept in double precision, and tensors are made in single precision unless `to_f64` asks for more.

use std::f64::consts::{PI, TAU};

use super::dataset::{Labels, Targets, TensorDataset};
use super::matrix::Matrix;
use super::random::{Numbers, stream};
use crate::error::{Error, Result};

fn refuse<T>(what: &str) -> Result<T> {
    Err(Error::Setting(format!("{what}.")))
}

fn check_noise(noise: f64) -> Result<()> {
    match noise.is_finite() && noise >= 0.0 {
        true => Ok(()),
        false => {
            refuse(&format!("A noise of {noise} is no standard deviation; give a finite number of at least 0"))
        }
    }
}

/// Points with their classes, in random order.
fn shuffled(
    points: Vec<Vec<f64>>,
    labels: Vec<u32>,
    classes: usize,
    numbers: &mut Numbers,
) -> Result<TensorDataset> {
    let order = numbers.permutation(points.len());
    let width = points.first().map_or(1, Vec::len);
    let features =
        Matrix::from_f64(order.iter().flat_map(|k| points[*k].iter().copied()).collect(), width)?.to_f32();
    TensorDataset::new(features, Labels::new(labels, classes)?.select(&order))
}

/// Two half circles that reach into one another: `[n, 2]` numbers, two classes.
///
/// The first half of the points is `(cos t, sin t)`, the others `(1 − cos t, ½ − sin t)`, with `t` even from 0 to π in
/// each, and normal noise of deviation `noise` on both coordinates; in random order. As scikit-learn's `make_moons`.
///
/// # Errors
/// [`Error::Setting`] for fewer than 2 points or a noise that is no deviation.
pub fn two_moons(n: usize, noise: f64, seed: u64) -> Result<TensorDataset> {
    check_noise(noise)?;
    if n < 2 {
        return refuse("Two moons need at least 2 points");
    }
    let mut numbers = Numbers::new(seed, stream::EXAMPLES);
    let outer = n / 2;
    let (mut points, mut labels) = (vec![], vec![]);
    for k in 0..n {
        let (class, k, count) = if k < outer { (0, k, outer) } else { (1, k - outer, n - outer) };
        let t = PI * k as f64 / (count.max(2) - 1) as f64;
        let (sin, cos) = (libm::sin(t), libm::cos(t));
        let (x, y) = if class == 0 { (cos, sin) } else { (1.0 - cos, 0.5 - sin) };
        points.push(vec![x + noise * numbers.normal(), y + noise * numbers.normal()]);
        labels.push(class);
    }
    shuffled(points, labels, 2, &mut numbers)
}

/// Spiral arms around the origin: `[n, 2]` numbers, one class for each of `arms` arms.
///
/// A point of arm `a` at distance `r` is at the angle `2π·(turns·r + a/arms)`, with `r` even from 0 to 1 along an arm,
/// and normal noise of deviation `noise` on both coordinates; in random order. Two arms are the classical test of
/// Lang and Witbrock ("Learning to tell two spirals apart", 1988).
///
/// # Errors
/// [`Error::Setting`] for fewer than two arms, fewer points than arms, turns that are not finite, or a noise that is no
/// deviation.
pub fn spirals(n: usize, arms: usize, turns: f64, noise: f64, seed: u64) -> Result<TensorDataset> {
    check_noise(noise)?;
    if arms < 2 || n < arms || !turns.is_finite() {
        return refuse(&format!(
            "{arms} spirals of {turns} turns with {n} points cannot be made: there must be at least 2 arms, a point in \
             each, and a finite number of turns"
        ));
    }
    let mut numbers = Numbers::new(seed, stream::EXAMPLES);
    let (mut points, mut labels) = (vec![], vec![]);
    for k in 0..n {
        let arm = k % arms;
        let along = (n - arm).div_ceil(arms);
        let r = (k / arms) as f64 / (along.max(2) - 1) as f64;
        let angle = TAU * (turns * r + arm as f64 / arms as f64);
        points.push(vec![
            r * libm::cos(angle) + noise * numbers.normal(),
            r * libm::sin(angle) + noise * numbers.normal(),
        ]);
        labels.push(arm as u32);
    }
    shuffled(points, labels, arms, &mut numbers)
}

/// The parity of a few of many bits: `[n, bits]` numbers of −1 and 1, two classes.
///
/// The label is whether an odd number of the first `relevant` bits is 1; the others do not matter. Gradients carry
/// little of it, so it is hard to learn by descent (Shalev-Shwartz, Shamir and Shammah, "Failures of gradient-based deep
/// learning", 2017).
///
/// # Errors
/// [`Error::Setting`] for no point, or a number of relevant bits that is not from 1 to `bits`.
pub fn parity(n: usize, bits: usize, relevant: usize, seed: u64) -> Result<TensorDataset> {
    if n == 0 || relevant == 0 || relevant > bits {
        return refuse(&format!(
            "A parity of {relevant} out of {bits} bits with {n} examples cannot be made: there must be an example, and \
             from 1 to {bits} relevant bits"
        ));
    }
    let mut numbers = Numbers::new(seed, stream::EXAMPLES);
    let bits: Vec<u64> = (0..n * bits).map(|_| numbers.below(2)).collect();
    let label = |row: &[u64]| (row[..relevant].iter().sum::<u64>() % 2) as u32;
    let labels = bits.chunks(bits.len() / n).map(label).collect();
    let features =
        Matrix::from_f64(bits.iter().map(|b| 2.0 * *b as f64 - 1.0).collect(), bits.len() / n)?.to_f32();
    TensorDataset::new(features, Labels::new(labels, 2)?)
}

/// What a random network, the teacher, makes of normal numbers: a regression that a student of the same sizes can solve
/// exactly. `[n, sizes[0]]` numbers are mapped to `[n, sizes.last()]`.
///
/// Each layer of the teacher multiplies by a matrix of normal numbers with deviation `1/√(number of its inputs)`; tanh
/// follows all but the last. Normal noise of deviation `noise` is added to the targets. The teacher depends on `seed`
/// alone, so that sets of other sizes and noise are of the same teacher; take a test set by
/// [`split`](TensorDataset::split).
///
/// # Errors
/// [`Error::Setting`] for no example, fewer than two sizes, a size of zero, or a noise that is no deviation.
pub fn teacher_student(n: usize, sizes: &[usize], noise: f64, seed: u64) -> Result<TensorDataset<Matrix>> {
    check_noise(noise)?;
    if n == 0 || sizes.len() < 2 || sizes.contains(&0) {
        return refuse(&format!(
            "A teacher of the sizes {sizes:?} with {n} examples cannot be made: there must be an example, and at least \
             two sizes above zero"
        ));
    }
    let mut teacher = Numbers::new(seed, stream::TEACHER);
    let mut layer = |from: usize, to: usize| -> Vec<Vec<f64>> {
        let scale = 1.0 / libm::sqrt(from as f64);
        (0..to).map(|_| (0..from).map(|_| scale * teacher.normal()).collect()).collect()
    };
    let layers: Vec<Vec<Vec<f64>>> = sizes.windows(2).map(|w| layer(w[0], w[1])).collect();
    let mut numbers = Numbers::new(seed, stream::EXAMPLES);
    let (mut inputs, mut targets) = (vec![], vec![]);
    for _ in 0..n {
        let x: Vec<f64> = (0..sizes[0]).map(|_| numbers.normal()).collect();
        inputs.extend_from_slice(&x);
        let forward = |(k, x): (usize, Vec<f64>), layer: &Vec<Vec<f64>>| {
            let unit = |w: &Vec<f64>| {
                let y = w.iter().zip(&x).map(|(w, x)| w * x).sum();
                if k + 1 == layers.len() { y } else { libm::tanh(y) }
            };
            (k + 1, layer.iter().map(unit).collect())
        };
        let (_, y) = layers.iter().fold((0, x), forward);
        targets.extend(y.into_iter().map(|y| y + noise * numbers.normal()));
    }
    let targets = Matrix::from_f64(targets, sizes[sizes.len() - 1])?;
    TensorDataset::new(Matrix::from_f64(inputs, sizes[0])?.to_f32(), targets.to_f32())
}
