//! Planes through a landscape, and what is seen on them.

use super::surface::Surface;
use crate::error::Result;

/// A rectangle in the space of points: `origin + s·u + t·v`.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The point at `s = t = 0`.
    pub origin: Vec<f64>,
    /// The direction of `s`.
    pub u: Vec<f64>,
    /// The direction of `t`.
    pub v: Vec<f64>,
    /// The ranges of `s` and `t`.
    pub ranges: [[f64; 2]; 2],
}

impl Slice {
    /// The plane of two coordinates through a point, over their intervals in the box; `s` and `t` are the coordinates.
    ///
    /// ```
    /// use thalweg_landscapes::analysis::Slice;
    /// let slice = Slice::axes(&[1.0, 1.0, 1.0], &[[-2.0, 2.0]; 3], 0, 2);
    /// assert_eq!(slice.point(0.5, -1.0), [0.5, 1.0, -1.0]);
    /// ```
    pub fn axes(through: &[f64], bounds: &[[f64; 2]], first: usize, second: usize) -> Self {
        let n = through.len();
        let unit = |k: usize| (0..n).map(|i| f64::from(u8::from(i == k))).collect();
        let mut origin = through.to_vec();
        (origin[first], origin[second]) = (0.0, 0.0);
        Slice { origin, u: unit(first), v: unit(second), ranges: [bounds[first], bounds[second]] }
    }

    /// The point at `(s, t)`.
    pub fn point(&self, s: f64, t: f64) -> Vec<f64> {
        let directions = self.u.iter().zip(&self.v);
        self.origin.iter().zip(directions).map(|(x, (u, v))| x + s * u + t * v).collect()
    }

    /// `columns × rows` places, evenly spaced with both ends, row by row.
    pub(super) fn places(&self, columns: usize, rows: usize) -> Vec<[f64; 2]> {
        let along = |[low, high]: [f64; 2], k: usize, count: usize| {
            low + (high - low) * k as f64 / (count.max(2) - 1) as f64
        };
        let place =
            |k: usize| [along(self.ranges[0], k % columns, columns), along(self.ranges[1], k / columns, rows)];
        (0..columns * rows).map(place).collect()
    }
}

/// Values and gradients on a grid of places of a [`Slice`].
#[derive(Clone, Debug)]
pub struct Field {
    /// How many places along `s`.
    pub columns: usize,
    /// How many places along `t`.
    pub rows: usize,
    /// The places `(s, t)`, row by row.
    pub places: Vec<[f64; 2]>,
    /// The value at each place.
    pub values: Vec<f64>,
    /// The derivatives along `s` and `t` at each place.
    pub gradients: Vec<[f64; 2]>,
}

/// Values and gradients on a grid of `columns × rows` places of a slice, with both ends.
///
/// # Errors
/// [`Error::Point`](crate::Error::Point) if the slice is of another space, and what tracing gives.
pub fn field(surface: &Surface, slice: &Slice, columns: usize, rows: usize) -> Result<Field> {
    let places = slice.places(columns, rows);
    let points: Vec<Vec<f64>> = places.iter().map(|[s, t]| slice.point(*s, *t)).collect();
    let along = |g: &[f64], direction: &[f64]| g.iter().zip(direction).map(|(g, d)| g * d).sum();
    let (mut values, mut gradients) = (vec![], vec![]);
    for (value, gradient) in surface.gradients(&points)? {
        values.push(value);
        gradients.push([along(&gradient, &slice.u), along(&gradient, &slice.v)]);
    }
    Ok(Field { columns, rows, places, values, gradients })
}
