use std::ops::{Add, Div, Mul, Neg, Sub};

/// A float type that kernels and operations are built for.
pub(crate) trait Float:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    const ZERO: Self;
    const ONE: Self;
    /// Below every number.
    const LEAST: Self;

    fn root(self) -> Self;

    /// `self·y + z`, rounded once where the CPU can (`F`).
    fn fused_mul_add<const F: bool>(self, y: Self, z: Self) -> Self;
}

macro_rules! floats {
    ($($T:ident)*) => {$(
        impl Float for $T {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const LEAST: Self = $T::NEG_INFINITY;

            #[inline(always)]
            fn root(self) -> Self {
                self.sqrt()
            }

            #[inline(always)]
            fn fused_mul_add<const F: bool>(self, y: Self, z: Self) -> Self {
                if F { self.mul_add(y, z) } else { self * y + z }
            }
        }
    )*};
}
floats! { f32 f64 }
