//! Normal draws by layers of equal area.

use std::sync::LazyLock;

use crate::draws::Stream;

/// Layers under the curve, the tail's included.
const LAYERS: usize = 256;

/// Where the tail begins, for 256 layers of equal area.
const TAIL: f64 = 3.654_152_885_361_009;

/// The layers, by portable arithmetic.
pub(crate) static TABLES: LazyLock<Ziggurat> = LazyLock::new(Ziggurat::new);

/// The ziggurat of the curve `exp(−x²/2)`: a draw is a point under it, taken from one of 256 layers of equal area, nearly
/// always inside of the part that needs no look at the curve.
///
/// Marsaglia and Tsang, "The ziggurat method for generating random variables", Journal of Statistical Software 5 (2000).
/// The number of the layer and the place in it are of disjoint bits of one word, as Doornik asks ("An improved ziggurat
/// method to generate normal random samples", 2005).
pub(crate) struct Ziggurat {
    /// The width of each layer, from the tail's up; the last is the top's, of width zero.
    x: [f64; LAYERS + 1],
    /// The height of the curve at each width.
    height: [f64; LAYERS + 1],
}

impl Ziggurat {
    fn new() -> Self {
        let curve = |x: f64| libm::exp(-0.5 * x * x);
        let beyond = (std::f64::consts::PI / 2.0).sqrt() * libm::erfc(TAIL / std::f64::consts::SQRT_2);
        let area = TAIL * curve(TAIL) + beyond;
        let mut x = [0.0; LAYERS + 1];
        // A width that gives the tail's layer its area, of which what lies beyond `TAIL` is the tail.
        (x[0], x[1]) = (area / curve(TAIL), TAIL);
        for k in 2..LAYERS {
            x[k] = (-2.0 * libm::log(area / x[k - 1] + curve(x[k - 1]))).sqrt();
        }
        Ziggurat { x, height: x.map(curve) }
    }

    /// A standard normal draw.
    #[inline]
    pub fn draw(&self, stream: &mut Stream) -> f64 {
        loop {
            let bits = stream.bits();
            let layer = (bits & 255) as usize;
            // On [−1, 1): the upper 52 bits are the fraction of a number in [2, 4).
            let place = f64::from_bits((bits >> 12) | 0x4000_0000_0000_0000) - 3.0;
            let x = place * self.x[layer];
            if x.abs() < self.x[layer + 1] {
                return x;
            }
            if let Some(x) = self.edge(layer, x, stream) {
                return x;
            }
        }
    }

    /// A draw of the tail, or of the part of a layer that the curve crosses, unless it lies above the curve.
    #[cold]
    #[inline(never)]
    fn edge(&self, layer: usize, x: f64, stream: &mut Stream) -> Option<f64> {
        if layer == 0 {
            // Marsaglia, "Generating a variable from the tail of the normal distribution", Technometrics 6 (1964).
            loop {
                let beyond = -libm::log(stream.open_unit()) / TAIL;
                if -2.0 * libm::log(stream.open_unit()) >= beyond * beyond {
                    return Some((TAIL + beyond).copysign(x));
                }
            }
        }
        let [low, high] = [self.height[layer], self.height[layer + 1]];
        (low + (high - low) * stream.open_unit() < libm::exp(-0.5 * x * x)).then_some(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_layers_have_one_area_up_to_the_top() {
        let Ziggurat { x, height } = &*TABLES;
        let area = x[0] * height[1];
        for k in 1..LAYERS {
            let own = x[k] * (height[k + 1] - height[k]);
            assert!((own / area - 1.0).abs() < 1e-12, "layer {k}: {own} of {area}");
        }
    }
}
