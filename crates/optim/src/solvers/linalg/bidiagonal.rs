use super::{max_abs, unit};

/// An upper bidiagonal matrix `B` that is being made diagonal: what is computed is `B = Lᵀ D R`, with the rows of `L` and `R`
/// orthonormal.
pub(super) struct Bidiagonal {
    pub diagonal: Vec<f64>,
    /// `above[k]` stands right of `diagonal[k]`.
    pub above: Vec<f64>,
    pub left: Vec<Vec<f64>>,
    pub right: Vec<Vec<f64>>,
}

/// The relative size below which an element beside the diagonal changes no singular value.
const TOLERANCE: f64 = 98.701_492_826_108_21 * UNIT;
/// The unit of rounding.
const UNIT: f64 = f64::EPSILON / 2.0;

/// Rows from `first` to `last` that are chased through, down or up. Positions count in the direction of the chase.
struct Block {
    first: usize,
    last: usize,
    down: bool,
}

impl Block {
    fn len(&self) -> usize {
        self.last - self.first
    }

    /// The row of a position.
    fn row(&self, p: usize) -> usize {
        if self.down { self.first + p } else { self.last - p }
    }

    /// The row of the element between a position and the next.
    fn between(&self, p: usize) -> usize {
        if self.down { self.first + p } else { self.last - 1 - p }
    }
}

/// Cosine and sine of the rotation that takes `(f, g)` to `(r, 0)`, and `r`, with the sign of `f`.
pub(super) fn rotation(f: f64, g: f64) -> (f64, f64, f64) {
    if g == 0.0 {
        (1.0, 0.0, f)
    } else if f == 0.0 {
        (0.0, 1f64.copysign(g), g.abs())
    } else {
        let r = f.hypot(g).copysign(f);
        (f.abs() / r.abs(), g / r, r)
    }
}

/// Rotates rows `i` and `i + 1`.
fn turn(rows: &mut [Vec<f64>], i: usize, c: f64, s: f64) {
    let (low, high) = rows.split_at_mut(i + 1);
    for (x, y) in low[i].iter_mut().zip(&mut high[0]) {
        (*x, *y) = (c * *x + s * *y, c * *y - s * *x);
    }
}

impl Bidiagonal {
    pub(super) fn new(diagonal: Vec<f64>, above: Vec<f64>) -> Self {
        let n = diagonal.len();
        let rows = || (0..n).map(|i| unit(n, i)).collect();
        Bidiagonal { diagonal, above, left: rows(), right: rows() }
    }

    /// Takes the elements above the diagonal away by sweeps of rotations (QR iteration with and without shift), then makes
    /// what is left nonnegative and descending.
    ///
    /// J. Demmel and W. Kahan, Accurate singular values of bidiagonal matrices, SIAM J. Sci. Stat. Comput. 11 (1990). Which
    /// way a block is chased, when it counts as split and which sign the rotations have are as in LAPACK's `dbdsqr`, since they
    /// decide the signs of the singular vectors.
    pub(super) fn diagonalize(&mut self) {
        let n = self.diagonal.len();
        let negligible = self.negligible();
        let (mut end, mut chased) = (n.saturating_sub(1), None::<Block>);
        // Two sweeps a singular value are usual; the bound only keeps a defect from looping for ever.
        for _ in 0..n + 6 * n * n {
            if end == 0 {
                break;
            }
            let split = (0..end).rev().find(|k| self.above[*k].abs() <= negligible);
            let first = split.map_or(0, |k| {
                self.above[k] = 0.0;
                k + 1
            });
            if first == end {
                end -= 1;
                continue;
            }
            if first + 1 == end {
                self.solve_pair(first);
                end = end.saturating_sub(2);
                continue;
            }
            let down = match &chased {
                Some(old) if first <= old.last && end >= old.first => old.down,
                _ => self.diagonal[first].abs() >= self.diagonal[end].abs(),
            };
            let block = Block { first, last: end, down };
            if let Some(smallest) = self.smallest_unless_split(&block) {
                let shift = self.shift(&block, smallest);
                self.sweep(&block, shift);
                let tail = block.between(block.len() - 1);
                if self.above[tail].abs() <= negligible {
                    self.above[tail] = 0.0;
                }
                chased = Some(block);
            }
        }
        self.order();
    }

    /// The magnitude below which an element above the diagonal is taken for zero.
    fn negligible(&self) -> f64 {
        let n = self.diagonal.len();
        let mut bound = self.diagonal.first().map_or(0.0, |d| d.abs());
        let mut smallest = bound;
        for (d, e) in self.diagonal.iter().skip(1).zip(&self.above) {
            if smallest == 0.0 {
                break;
            }
            bound = d.abs() * (bound / (bound + e.abs()));
            smallest = smallest.min(bound);
        }
        (TOLERANCE * smallest / (n as f64).sqrt()).max(6.0 * (n * n) as f64 * f64::MIN_POSITIVE)
    }

    /// A lower bound on the block's smallest singular value; nothing if an element was small enough to be set to zero.
    fn smallest_unless_split(&mut self, block: &Block) -> Option<f64> {
        let tail = block.between(block.len() - 1);
        if self.above[tail].abs() <= TOLERANCE * self.diagonal[block.row(block.len())].abs() {
            self.above[tail] = 0.0;
            return None;
        }
        let mut bound = self.diagonal[block.row(0)].abs();
        let mut smallest = bound;
        for p in 0..block.len() {
            let beside = self.above[block.between(p)].abs();
            if beside <= TOLERANCE * bound {
                self.above[block.between(p)] = 0.0;
                return None;
            }
            bound = self.diagonal[block.row(p + 1)].abs() * (bound / (bound + beside));
            smallest = smallest.min(bound);
        }
        Some(smallest)
    }

    /// The shift of a sweep: the smaller singular value of the last two rows, or zero where a shift would cost the small
    /// singular values their accuracy.
    fn shift(&self, block: &Block, smallest: f64) -> f64 {
        let (n, end) = (self.diagonal.len() as f64, block.len());
        let largest = max_abs(&self.diagonal[block.first..=block.last]);
        let largest = largest.max(max_abs(&self.above[block.first..block.last]));
        if n * TOLERANCE * (smallest / largest) <= UNIT.max(0.01 * TOLERANCE) {
            return 0.0;
        }
        let (f, h) = (self.diagonal[block.row(end - 1)], self.diagonal[block.row(end)]);
        let shift = smaller_of_pair(f, self.above[block.between(end - 1)], h);
        let start = self.diagonal[block.row(0)].abs();
        if start > 0.0 && (shift / start).powi(2) < UNIT { 0.0 } else { shift }
    }

    /// One sweep of rotations through a block.
    fn sweep(&mut self, block: &Block, shift: f64) {
        let end = block.len();
        let start = self.diagonal[block.row(0)];
        if shift == 0.0 {
            let (mut c, mut before) = (1.0, (1.0, 0.0));
            for p in 0..end {
                let (cosine, s, r) = rotation(self.diagonal[block.row(p)] * c, self.above[block.between(p)]);
                c = cosine;
                if p > 0 {
                    self.above[block.between(p - 1)] = before.1 * r;
                }
                let (cosine, sine, d) = rotation(before.0 * r, self.diagonal[block.row(p + 1)] * s);
                before = (cosine, sine);
                self.diagonal[block.row(p)] = d;
                self.turn_both(block, p, (c, s), before);
            }
            let h = self.diagonal[block.row(end)] * c;
            self.diagonal[block.row(end)] = h * before.0;
            self.above[block.between(end - 1)] = h * before.1;
            return;
        }
        let mut f = (start.abs() - shift) * (1f64.copysign(start) + shift / start);
        let mut g = self.above[block.between(0)];
        for p in 0..end {
            let (here, next, e) = (block.row(p), block.row(p + 1), block.between(p));
            let (c, s, r) = rotation(f, g);
            if p > 0 {
                self.above[block.between(p - 1)] = r;
            }
            f = c * self.diagonal[here] + s * self.above[e];
            self.above[e] = c * self.above[e] - s * self.diagonal[here];
            g = s * self.diagonal[next];
            self.diagonal[next] *= c;
            let (cosine, sine, d) = rotation(f, g);
            self.diagonal[here] = d;
            f = cosine * self.above[e] + sine * self.diagonal[next];
            self.diagonal[next] = cosine * self.diagonal[next] - sine * self.above[e];
            if p + 1 < end {
                let after = block.between(p + 1);
                g = sine * self.above[after];
                self.above[after] *= cosine;
            }
            self.turn_both(block, p, (c, s), (cosine, sine));
        }
        self.above[block.between(end - 1)] = f;
    }

    /// The first and the second rotation at a position: of right and left, or of left and right when chasing up.
    fn turn_both(&mut self, block: &Block, p: usize, one: (f64, f64), two: (f64, f64)) {
        let row = block.between(p);
        if block.down {
            turn(&mut self.right, row, one.0, one.1);
            turn(&mut self.left, row, two.0, two.1);
        } else {
            turn(&mut self.left, row, one.0, -one.1);
            turn(&mut self.right, row, two.0, -two.1);
        }
    }

    /// A block of two rows, at once.
    fn solve_pair(&mut self, first: usize) {
        let pair = Pair::of(self.diagonal[first], self.above[first], self.diagonal[first + 1]);
        (self.diagonal[first], self.diagonal[first + 1]) = (pair.larger, pair.smaller);
        self.above[first] = 0.0;
        turn(&mut self.right, first, pair.right.0, pair.right.1);
        turn(&mut self.left, first, pair.left.0, pair.left.1);
    }

    /// Makes the diagonal nonnegative by turning vectors round, right ones or, if there is one only, the left, and descending.
    fn order(&mut self) {
        let turned = if self.diagonal.len() == 1 { &mut self.left } else { &mut self.right };
        for (d, row) in self.diagonal.iter_mut().zip(turned) {
            if d.is_sign_negative() {
                *d = -*d;
                row.iter_mut().for_each(|x| *x = -*x);
            }
        }
        let mut order: Vec<usize> = (0..self.diagonal.len()).collect();
        order.sort_by(|i, j| self.diagonal[*j].total_cmp(&self.diagonal[*i]));
        self.diagonal = order.iter().map(|k| self.diagonal[*k]).collect();
        for rows in [&mut self.left, &mut self.right] {
            *rows = order.iter().map(|k| std::mem::take(&mut rows[*k])).collect();
        }
    }
}

/// The smaller singular value of `[[f, g], [0, h]]`.
fn smaller_of_pair(f: f64, g: f64, h: f64) -> f64 {
    let (low, high, g) = (f.abs().min(h.abs()), f.abs().max(h.abs()), g.abs());
    if low == 0.0 {
        return 0.0;
    }
    let (sum, difference) = (1.0 + low / high, (high - low) / high);
    if g < high {
        let u = (g / high).powi(2);
        return low * (2.0 / ((sum * sum + u).sqrt() + (difference * difference + u).sqrt()));
    }
    let u = high / g;
    if u == 0.0 {
        return low * high / g;
    }
    let c = 1.0 / ((1.0 + (sum * u).powi(2)).sqrt() + (1.0 + (difference * u).powi(2)).sqrt());
    2.0 * (low * c * u)
}

/// The singular values of `[[f, g], [0, h]]`, of either sign, and cosine and sine of the rotations on both sides.
struct Pair {
    larger: f64,
    smaller: f64,
    left: (f64, f64),
    right: (f64, f64),
}

impl Pair {
    fn of(f: f64, g: f64, h: f64) -> Pair {
        let swapped = h.abs() > f.abs();
        // `top` is the larger of the two on the diagonal.
        let (top, low) = if swapped { (h, f) } else { (f, h) };
        let (a, b, beside) = (top.abs(), low.abs(), g.abs());
        let (smaller, larger, left, right);
        if beside == 0.0 {
            (smaller, larger, left, right) = (b, a, (1.0, 0.0), (1.0, 0.0));
        } else if beside > a && a / beside < UNIT {
            smaller = if b > 1.0 { a / (beside / b) } else { (a / beside) * b };
            (larger, left, right) = (beside, (1.0, low / g), (top / g, 1.0));
        } else {
            let gap = if a - b == a { 1.0 } else { (a - b) / a };
            let (m, t) = (g / top, 2.0 - gap);
            let s = (t * t + m * m).sqrt();
            let r = if gap == 0.0 { m.abs() } else { (gap * gap + m * m).sqrt() };
            let mean = 0.5 * (s + r);
            (smaller, larger) = (b / mean, a * mean);
            let tangent = if m * m != 0.0 {
                (m / (s + t) + m / (r + gap)) * (1.0 + mean)
            } else if gap == 0.0 {
                2f64.copysign(top) * 1f64.copysign(g)
            } else {
                g / (a - b).copysign(top) + m / t
            };
            let length = (tangent * tangent + 4.0).sqrt();
            right = (2.0 / length, tangent / length);
            left = ((right.0 + right.1 * m) / mean, (low / top) * right.1 / mean);
        }
        let (left, right) = if swapped { ((right.1, right.0), (left.1, left.0)) } else { (left, right) };
        let sign = |x: f64| 1f64.copysign(x);
        // Where the element beside is the largest, its sign decides, else that of the larger on the diagonal.
        let of_larger = if beside > a {
            sign(right.1) * sign(left.0) * sign(g)
        } else if swapped {
            sign(right.1) * sign(left.1) * sign(h)
        } else {
            sign(right.0) * sign(left.0) * sign(f)
        };
        let of_smaller = of_larger * sign(f) * sign(h);
        Pair { larger: larger.copysign(of_larger), smaller: smaller.copysign(of_smaller), left, right }
    }
}
