//! Elementary functions of `f64`.
//!
//! Sources of the algorithms and their coefficients: exp by Cody and Waite's reduction with the Taylor polynomial;
//! logarithms, sine, cosine and the inverse tangent after Sun's fdlibm (e_log.c, s_log1p.c, k_sin.c, k_cos.c, s_atan.c);
//! erf after Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969); tanh near zero by
//! the rational function that meets it in six of Chebyshev's nodes, 2e-18 from it relative to `x`.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LOG2_E};

#[inline(always)]
pub fn fma<const F: bool>(a: f64, b: f64, c: f64) -> f64 {
    if F { a.mul_add(b, c) } else { a * b + c }
}

/// The polynomial with the given coefficients, highest power first.
#[inline(always)]
pub fn polynomial<const F: bool, const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
    let mut y = coefficients[0];
    for c in &coefficients[1..] {
        y = fma::<F>(y, x, *c);
    }
    y
}

/// Adding it rounds to a whole number, which then stands in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
const LN2_HI: f64 = 6.931_471_803_691_238e-1;
const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;

/// `2^k` for the whole number that was rounded by [`ROUND`].
#[inline(always)]
fn power_of_two(rounded: f64) -> f64 {
    f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52)
}

/// `x = k·ln 2 + r`: gives `k` rounded by [`ROUND`], `k`, and `r` in two parts.
#[inline(always)]
fn reduce<const F: bool>(x: f64) -> (f64, f64, f64, f64) {
    let rounded = fma::<F>(x, LOG2_E, ROUND);
    let k = rounded - ROUND;
    let high = fma::<F>(-k, LN2_HI, x);
    let low = k * LN2_LO;
    (rounded, k, high, low)
}

/// `eʳ − 1 − r` for `|r| ≤ ln 2 / 2`, by Taylor's series.
#[inline(always)]
fn exp_tail<const F: bool>(r: f64) -> f64 {
    let series = polynomial::<F, 12>(
        r,
        [
            1.0 / 6_227_020_800.0,
            1.0 / 479_001_600.0,
            1.0 / 39_916_800.0,
            1.0 / 3_628_800.0,
            1.0 / 362_880.0,
            1.0 / 40_320.0,
            1.0 / 5_040.0,
            1.0 / 720.0,
            1.0 / 120.0,
            1.0 / 24.0,
            1.0 / 6.0,
            0.5,
        ],
    );
    r * r * series
}

/// `eˣ` for `|x| ≤ 700`.
#[inline(always)]
pub fn exp<const F: bool>(x: f64) -> f64 {
    let (rounded, _, high, low) = reduce::<F>(x);
    let r = high - low;
    // What rounding `high − low` has lost is of first order.
    let lost = (high - r) - low;
    let tail = exp_tail::<F>(r) + lost;
    (1.0 + (r + tail)) * power_of_two(rounded)
}

/// `(k, f)` with `x = 2^k · (1 + f)` and `1 + f` between `√½` and `√2`, for normal positive `x`.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let bits = x.to_bits().wrapping_add(0x3ff0_0000_0000_0000 - 0x3fe6_a09e_0000_0000);
    // The exponent as a float, by its place in the low bits of a large number.
    let k = f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1023.0);
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff).wrapping_add(0x3fe6_a09e_0000_0000));
    (k, m - 1.0)
}

/// `ln(1 + f) + k·ln 2 + c`.
#[inline(always)]
fn log_of_parts<const F: bool>(k: f64, f: f64, c: f64) -> f64 {
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * polynomial::<F, 7>(
        z,
        [
            1.479_819_860_511_658_6e-1,
            1.531_383_769_920_937_3e-1,
            1.818_357_216_161_805e-1,
            2.222_219_843_214_978_4e-1,
            2.857_142_874_366_239e-1,
            3.999_999_999_940_942e-1,
            6.666_666_666_666_735e-1,
        ],
    );
    let half_square = 0.5 * f * f;
    let low = fma::<F>(s, half_square + r, fma::<F>(k, LN2_LO, c));
    fma::<F>(k, LN2_HI, (low - half_square) + f)
}

/// `ln x` for normal positive `x`.
#[inline(always)]
pub fn log<const F: bool>(x: f64) -> f64 {
    let (k, f) = split(x);
    log_of_parts::<F>(k, f, 0.0)
}

/// `ln(1 + x)` for finite `x > −1`.
#[inline(always)]
pub fn log1p<const F: bool>(x: f64) -> f64 {
    let u = 1.0 + x;
    let (k, f) = split(u);
    // What rounding `1 + x` has lost, relative to it.
    let lost = if x < 1.0 { x - (u - 1.0) } else { 1.0 - (u - x) };
    let y = log_of_parts::<F>(k, f, lost / u);
    if x.abs() < 1.0e-16 { x } else { y }
}

/// Up to here the two parts of `π/2` below reduce exactly enough.
pub const LARGEST_ANGLE: f64 = 500_000.0;

/// `x − k·π/2` in two parts, and the number of the quadrant.
#[inline(always)]
fn quadrant<const F: bool>(x: f64) -> (f64, f64, u64) {
    let rounded = fma::<F>(x, std::f64::consts::FRAC_2_PI, ROUND);
    let k = rounded - ROUND;
    // π/2 in parts of 33 bits, so that the products with `k` are exact.
    let first = fma::<F>(-k, 1.570_796_326_734_125_6, x);
    let w = k * 6.077_100_506_303_966e-11;
    let second = first - w;
    let lost = (first - second) - w;
    let w = fma::<F>(k, 2.022_266_248_795_950_6e-21, -lost);
    let high = second - w;
    (high, (second - high) - w, rounded.to_bits())
}

/// Sine of `x + y` for `|x| ≤ π/4` and a small `y`.
#[inline(always)]
fn sin_part<const F: bool>(x: f64, y: f64) -> f64 {
    let z = x * x;
    let r = polynomial::<F, 5>(
        z,
        [
            1.589_690_995_211_55e-10,
            -2.505_076_025_340_686_4e-8,
            2.755_731_370_707_006_8e-6,
            -1.984_126_982_985_795e-4,
            8.333_333_333_322_49e-3,
        ],
    );
    let v = z * x;
    x - ((z * (0.5 * y - v * r) - y) - v * -1.666_666_666_666_663_2e-1)
}

/// Cosine of `x + y` for `|x| ≤ π/4` and a small `y`.
#[inline(always)]
fn cos_part<const F: bool>(x: f64, y: f64) -> f64 {
    let z = x * x;
    let r = z * polynomial::<F, 6>(
        z,
        [
            -1.135_964_755_778_819_5e-11,
            2.087_572_321_298_175e-9,
            -2.755_731_435_139_066_3e-7,
            2.480_158_728_947_673e-5,
            -1.388_888_888_887_411e-3,
            4.166_666_666_666_66e-2,
        ],
    );
    let half = 0.5 * z;
    let w = 1.0 - half;
    w + (((1.0 - w) - half) + (z * r - x * y))
}

/// Sine and cosine for `|x| ≤` [`LARGEST_ANGLE`].
#[inline(always)]
pub fn sin_cos<const F: bool>(x: f64) -> (f64, f64) {
    let (high, low, k) = quadrant::<F>(x);
    let (s, c) = (sin_part::<F>(high, low), cos_part::<F>(high, low));
    let (a, b) = if k & 1 == 0 { (s, c) } else { (c, s) };
    // The sign bits by arithmetic, since selecting would cost a comparison each.
    let a = f64::from_bits(a.to_bits() ^ ((k & 2) << 62));
    let b = f64::from_bits(b.to_bits() ^ ((k.wrapping_add(1) & 2) << 62));
    (a, b)
}

/// Inverse tangent.
#[inline(always)]
pub fn atan<const F: bool>(x: f64) -> f64 {
    let t = x.abs();
    let (steep, middle) = (t > 2.414_213_562_373_095, t > 0.414_213_562_373_095_03);
    let numerator = if steep {
        -1.0
    } else if middle {
        t - 1.0
    } else {
        t
    };
    let denominator = if steep {
        t
    } else if middle {
        t + 1.0
    } else {
        1.0
    };
    let base = if steep {
        FRAC_PI_2
    } else if middle {
        FRAC_PI_4
    } else {
        0.0
    };
    let rest = if steep {
        6.123_233_995_736_766e-17
    } else if middle {
        3.061_616_997_868_383e-17
    } else {
        0.0
    };
    let u = numerator / denominator;
    let z = u * u;
    let p = polynomial::<F, 11>(
        z,
        [
            1.628_582_011_536_578_2e-2,
            -3.653_157_274_421_691_6e-2,
            4.976_877_994_615_932_4e-2,
            -5.833_570_133_790_573_5e-2,
            6.661_073_137_387_531e-2,
            -7.691_876_205_044_83e-2,
            9.090_887_133_436_507e-2,
            -1.111_111_040_546_235_6e-1,
            1.428_571_427_250_346_6e-1,
            -1.999_999_999_987_648_3e-1,
            3.333_333_333_333_293e-1,
        ],
    );
    let y = base - ((u * (z * p) - rest) - u);
    y.copysign(x)
}

/// The error function.
#[inline(always)]
pub fn erf<const F: bool>(x: f64) -> f64 {
    let y = if x.abs() > 6.0 { 6.0 } else { x.abs() };
    let z = y * y;
    let near = polynomial::<F, 5>(
        z,
        [
            1.857_777_061_846_031_5e-1,
            3.161_123_743_870_565_6,
            1.138_641_541_510_501_6e2,
            3.774_852_376_853_02e2,
            3.209_377_589_138_469_5e3,
        ],
    ) / polynomial::<F, 5>(
        z,
        [
            1.0,
            2.360_129_095_234_412e1,
            2.440_246_379_344_441_7e2,
            1.282_616_526_077_372_3e3,
            2.844_236_833_439_171e3,
        ],
    );
    let far = polynomial::<F, 9>(
        y,
        [
            2.153_115_354_744_038_5e-8,
            5.641_884_969_886_701e-1,
            8.883_149_794_388_376,
            6.611_919_063_714_163e1,
            2.986_351_381_974_001e2,
            8.819_522_212_417_69e2,
            1.712_047_612_634_070_6e3,
            2.051_078_377_826_071_5e3,
            1.230_339_354_797_997_2e3,
        ],
    ) / polynomial::<F, 9>(
        y,
        [
            1.0,
            1.574_492_611_070_983_5e1,
            1.176_939_508_913_125e2,
            5.371_811_018_620_099e2,
            1.621_389_574_566_690_2e3,
            3.290_799_235_733_459_6e3,
            4.362_619_090_143_247e3,
            3.439_367_674_143_721_6e3,
            1.230_339_354_803_749_4e3,
        ],
    );
    let y = if y <= 0.468_75 { y * near } else { 1.0 - exp::<F>(-z) * far };
    let y = y.copysign(x);
    if x.is_nan() { x } else { y }
}

/// Hyperbolic tangent.
#[inline(always)]
pub fn tanh<const F: bool>(x: f64) -> f64 {
    let t = if x.abs() > 22.0 { 22.0 } else { x.abs() };
    let z = t * t;
    let near =
        polynomial::<F, 3>(z, [-9.643_850_249_801_493e-1, -9.925_157_970_735_542e1, -1.613_941_322_073_366e3])
            / polynomial::<F, 4>(
                z,
                [1.0, 1.127_725_288_838_499_6e2, 2.234_484_325_610_089e3, 4.841_823_966_220_099e3],
            );
    let far = 2.0 / (exp::<F>(2.0 * t) + 1.0);
    let y = if t < 0.625 { fma::<F>(t * z, near, t) } else { 1.0 - far };
    let y = y.copysign(x);
    if x.is_nan() { x } else { y }
}

/// Inverse hyperbolic cosine. Below two, `libm`'s is off by more than two units of the last place.
pub fn acosh(x: f64) -> f64 {
    if x < 1.0 {
        return f64::NAN;
    }
    if x.is_nan() || x >= 2.0 {
        return libm::acosh(x);
    }
    // ln(1 + t + √(2t + t²)) with t = x − 1, and what each rounding loses.
    let t = x - 1.0;
    let (square, twice) = (t * t, 2.0 * t);
    let under = twice + square;
    let under_lost = (twice - under) + square + t.mul_add(t, -square);
    let root = under.sqrt();
    if root == 0.0 {
        return 0.0;
    }
    let root_lost = ((-root).mul_add(root, under) + under_lost) / (2.0 * root);
    let sum = root + t;
    let lost = (root - sum) + t + root_lost;
    libm::log1p(sum) + lost / (1.0 + sum)
}

/// `1 / (1 + e⁻ˣ)` for `|x| ≤ 700`.
#[inline(always)]
pub fn sigmoid<const F: bool>(x: f64) -> f64 {
    let e = exp::<F>(-x.abs());
    let sum = 1.0 + e;
    let lost = e - (sum - 1.0);
    let above = if x < 0.0 { e } else { 1.0 };
    let quotient = above / sum;
    // Three roundings would be too many: what is left over by the quotient and by the sum is divided as well.
    let (product, rest) = product::<F>(quotient, sum);
    let left = ((above - product) - rest) - quotient * lost;
    let reciprocal = if x < 0.0 { 1.0 - quotient } else { quotient };
    fma::<F>(left, reciprocal, quotient)
}

/// A product, and what rounding it has lost.
#[inline(always)]
fn product<const F: bool>(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    if F {
        return (product, a.mul_add(b, -product));
    }
    // By halves of 26 bits, whose products are exact (Dekker 1971).
    let halves = |x: f64| {
        let scaled = 134_217_729.0 * x;
        let high = scaled - (scaled - x);
        (high, x - high)
    };
    let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
    (product, a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2))
}

/// `−ln(1 + e⁻ˣ)` for `|x| ≤ 700`.
#[inline(always)]
pub fn log_sigmoid<const F: bool>(x: f64) -> f64 {
    let least = if x < 0.0 { x } else { 0.0 };
    least - log1p::<F>(exp::<F>(-x.abs()))
}
