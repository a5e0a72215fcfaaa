//! The normal distribution, by portable arithmetic: the same bits on every machine.

/// The density of the standard normal distribution at `x`.
pub(crate) fn density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt()
}

/// The probability that a standard normal draw is at most `x`.
pub(crate) fn cumulative(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// `factor·P(x)/Q(x)`, the product first.
fn ratio(factor: f64, (p, q): &Ratio, x: f64) -> f64 {
    let above = p.iter().rev().fold(0.0, |sum, c| sum * x + c);
    let below = q.iter().rev().fold(0.0, |sum, c| sum * x + c) * x + 1.0;
    factor * above / below
}

/// The number that a standard normal draw is below with probability `p`, `0 < p < 1`.
///
/// Wichura's algorithm AS 241 (Applied Statistics 37, 1988), routine PPND16, right to about 1e-16 of itself.
pub(crate) fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return ratio(q, &CENTRE, 0.180625 - q * q);
    }
    let r = (-libm::log(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let x = match r <= 5.0 {
        true => ratio(1.0, &SHOULDER, r - 1.6),
        false => ratio(1.0, &TAIL, r - 5.0),
    };
    if q < 0.0 { -x } else { x }
}

type Ratio = ([f64; 8], [f64; 7]);

const CENTRE: Ratio = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
);

const SHOULDER: Ratio = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

const TAIL: Ratio = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        0.599_832_206_555_887_9,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

/// The interval of probabilities below `low` and `high`, in whichever tail keeps its figures, and the sign that brings a
/// quantile back.
pub(crate) fn tail(low: f64, high: f64) -> (f64, f64, f64) {
    match low > 0.0 {
        true => (cumulative(-high), cumulative(-low), -1.0),
        false => (cumulative(low), cumulative(high), 1.0),
    }
}

/// Mean and standard deviation of a standard normal draw between `low` and `high`.
pub(crate) fn truncated_moments(low: f64, high: f64) -> (f64, f64) {
    let (below, above, _) = tail(low, high);
    let mass = above - below;
    let (at_low, at_high) = (density(low), density(high));
    let edge = |x: f64, at: f64| if x.is_finite() { x * at } else { 0.0 };
    let mean = (at_low - at_high) / mass;
    let variance = 1.0 + (edge(low, at_low) - edge(high, at_high)) / mass - mean * mean;
    (mean, variance.max(0.0).sqrt())
}

/// `E[f(z)²]` for a standard normal `z`, by the trapezoidal rule, which is exact to rounding for what is smooth and near
/// it for what has a kink at zero, where a point lies.
pub(crate) fn second_moment(f: impl Fn(f64) -> f64) -> f64 {
    let (reach, steps) = (13.0, 26_000);
    let h = 2.0 * reach / steps as f64;
    (0..=steps).map(|i| -reach + h * i as f64).map(|x| f(x) * f(x) * density(x)).sum::<f64>() * h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_invert_probabilities() {
        for i in -80..=80 {
            let x = f64::from(i) / 10.0;
            // Above zero the probability itself has lost the figures that its complement keeps.
            let got = if x > 0.0 { -quantile(cumulative(-x)) } else { quantile(cumulative(x)) };
            assert!((got - x).abs() <= 4e-15 * x.abs().max(1.0), "{x}: {got}");
        }
    }

    #[test]
    fn truncation_at_two_has_the_known_spread() {
        let (mean, std) = truncated_moments(-2.0, 2.0);
        assert_eq!(mean, 0.0);
        assert!((std - 0.879_625_661_034_239_8).abs() < 1e-15, "{std}");
        assert_eq!(truncated_moments(f64::NEG_INFINITY, f64::INFINITY), (0.0, 1.0));
    }

    #[test]
    fn second_moments_are_those_known_in_closed_form() {
        assert!((second_moment(|x| x) - 1.0).abs() < 1e-12);
        assert!((second_moment(|x| x.max(0.0)) - 0.5).abs() < 1e-9);
    }
}
