//! What is done to the elements of a matrix product with those of another matrix, while they are in a near cache.

use crate::isa::{Code, Isa};
use crate::kernels::Float;

/// How an element of a product and the one beside it become the result; it rounds as single operations would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Epilogue {
    /// Their sum.
    Add,
    /// `max(x + y, 0)`.
    AddRelu,
    /// The product's, but zero where the other is zero or less: back through a rectifier.
    ReluGrad,
}

impl Epilogue {
    /// Operations on an element.
    pub fn operations(self) -> usize {
        match self {
            Epilogue::Add => 1,
            Epilogue::AddRelu | Epilogue::ReluGrad => 2,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Epilogue::Add => "add",
            Epilogue::AddRelu => "add_relu",
            Epilogue::ReluGrad => "relu_grad",
        }
    }
}

/// Rows of a product, `of` that many rows and columns, and the matrix beside them; both with the distance between rows, in
/// elements. Columns are neighbours in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EpilogueRows<T> {
    pub of: (usize, usize),
    pub product: *mut T,
    pub between: usize,
    pub other: *const T,
    /// Zero for one row beside all.
    pub between_others: isize,
}

impl<T: Float> EpilogueRows<T> {
    /// Finishes the rows in their places.
    ///
    /// # Safety
    /// Both matrices are valid for the shape and do not overlap. The CPU has `isa`.
    pub unsafe fn run(&self, finish: Epilogue, isa: Isa) {
        struct Rows<'r, T>(&'r EpilogueRows<T>, Epilogue);
        impl<T: Float> Code for Rows<'_, T> {
            #[inline(always)]
            unsafe fn run<const LEVEL: u8>(self) {
                // SAFETY: the promise of the outer function.
                unsafe { self.0.by(self.1) }
            }
        }
        // SAFETY: the caller's promise.
        unsafe { isa.dispatch(Rows(self, finish)) }
    }

    /// # Safety
    /// As [`EpilogueRows::run`].
    #[inline(always)]
    unsafe fn by(&self, finish: Epilogue) {
        let zero = T::ZERO;
        // SAFETY: the caller's promise.
        unsafe {
            match finish {
                Epilogue::Add => self.rows(|x, y| x + y),
                Epilogue::AddRelu => self.rows(|x, y| if x + y < zero { zero } else { x + y }),
                Epilogue::ReluGrad => self.rows(|x, y| if y <= zero { zero } else { x }),
            }
        }
    }

    /// # Safety
    /// As [`EpilogueRows::run`].
    #[inline(always)]
    unsafe fn rows(&self, finish: impl Fn(T, T) -> T) {
        let (m, n) = self.of;
        for row in 0..m {
            // SAFETY: the rows lie inside of the matrices, which do not overlap.
            let (product, other) = unsafe {
                let other = self.other.offset(row as isize * self.between_others);
                (
                    std::slice::from_raw_parts_mut(self.product.add(row * self.between), n),
                    std::slice::from_raw_parts(other, n),
                )
            };
            product.iter_mut().zip(other).for_each(|(x, y)| *x = finish(*x, *y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_finished_as_by_single_operations_and_nothing_between_them_is_touched() {
        const BETWEEN: usize = 80;
        let product: Vec<f32> = (0..3 * BETWEEN).map(|i| (i as f32 - 100.0) * 0.3).collect();
        let mut other: Vec<f32> = (0..3 * 77).map(|i| ((i * 31 % 77) as f32 - 40.0) * 0.2).collect();
        (other[3], other[4]) = (f32::NAN, 0.0);
        let wanted = |finish, x: f32, y: f32| match finish {
            Epilogue::Add => x + y,
            Epilogue::AddRelu => [x + y, 0.0][usize::from(x + y < 0.0)],
            Epilogue::ReluGrad => [x, 0.0][usize::from(y <= 0.0)],
        };
        for finish in [Epilogue::Add, Epilogue::AddRelu, Epilogue::ReluGrad] {
            for (isa, between_others) in Isa::available().into_iter().flat_map(|isa| [(isa, 0), (isa, 77)]) {
                let mut got = product.clone();
                let to = got.as_mut_ptr();
                let rows = EpilogueRows {
                    of: (3, 77),
                    product: to,
                    between: BETWEEN,
                    other: other.as_ptr(),
                    between_others,
                };
                // SAFETY: both vectors have three rows of 77 elements.
                unsafe { rows.run(finish, isa) };
                for (at, got) in got.iter().enumerate() {
                    let (row, column) = (at / BETWEEN, at % BETWEEN);
                    let beside = || other[row * between_others as usize + column];
                    let want = if column < 77 { wanted(finish, product[at], beside()) } else { product[at] };
                    assert_eq!(got.to_bits(), want.to_bits(), "{finish:?} in {row}, {column} on {isa}");
                }
            }
        }
    }
}
