//! The classical test functions, by what they teach.

use crate::entry::Entry;

/// Declares the files of this folder and lists what they declare.
macro_rules! landscapes {
    ($($folder:ident { $($name:ident)* })*) => {
        $(pub(crate) mod $folder { $(pub(crate) mod $name;)* })*

        /// Every classical landscape.
        pub(crate) const ALL: &[&Entry] = &[$($(&$folder::$name::ENTRY),*),*];
    };
}

landscapes! {
    saddle {
        saddle_index_k double_well_2d monkey_saddle monkey_confined psd_degenerate_saddle inflection_stall
        saddle_lattice mf_rank1 mf_rank2 two_layer_scalar deep_linear_chain phase_retrieval_pop phase_retrieval_emp
        muller_brown xor_net_221 saddle_chain
    }
    ravine {
        rosenbrock cheb_rosenbrock ellipsoid ellipsoid_rot bent_cigar discus different_powers schwefel_1_2
        nesterov_worst hilbert_quadratic beale powell_singular brown_badly_scaled powell_badly_scaled dixon_price
        helical_valley wood zakharov trid booth matyas cube levy
    }
    plateau {
        easom log_rosenbrock gaussian_hole tanh_flats sigmoid_neuron softplus_tail quartic_flat geman_mcclure
        picheny_log_gp
    }
    multimodal {
        rastrigin ackley griewank schwefel_2_26 styblinski_tang himmelblau three_hump_camel six_hump_camel
        goldstein_price branin levy_13 mccormick schaffer_2 drop_wave shubert michalewicz salomon alpine_1
        bohachevsky_1 hartmann_3 hartmann_6 shekel_10 eggholder bird cross_in_tray holder_table bukin_6
    }
}
