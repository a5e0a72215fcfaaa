//! The noiseless functions of the black-box optimization benchmark, with COCO's instances: equal to `cocoex` 2.8.2.
//!
//! `rᵢ = (i − 1)/(n − 1)`, `Λᵅ = diag(α^(rᵢ/2))`, `pen(x) = Σ max(0, |xᵢ| − 5)²`, and `Q` and `R` are rotations of the instance.

use crate::entry::Entry;

mod gallagher;
mod instance;
mod transformations;

/// Declares the files of this folder and lists what they declare.
macro_rules! functions {
    ($($name:ident)*) => {
        $(mod $name;)*

        /// Every function, by its number.
        pub(crate) const ALL: &[&Entry] = &[$(&$name::ENTRY),*];
    };
}

functions! {
    sphere ellipsoid_separable rastrigin_separable bueche_rastrigin linear_slope attractive_sector
    step_ellipsoid rosenbrock rosenbrock_rotated ellipsoid_rotated discus bent_cigar sharp_ridge
    different_powers rastrigin_rotated weierstrass schaffers_f7 schaffers_f7_ill_conditioned
    griewank_rosenbrock schwefel gallagher_101 gallagher_21 katsuura lunacek_bi_rastrigin
}
