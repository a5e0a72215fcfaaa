use super::kaiming::KaimingNormal;
use super::patterns::{diagonal, kernel_axes};
use crate::error::Error;
use crate::scheme::scheme;
use crate::{Draws, Law, Place, Result, Values};

scheme! {
    /// A transposed convolution that interpolates linearly along each axis, channel by channel.
    ///
    /// Along an axis of `k` taps the weights are `1 − |i − c|/f` with `f = ⌊(k + 1)/2⌋` and `c` the middle; stride `f`
    /// enlarges `f` times. Long, Shelhamer and Darrell, "Fully convolutional networks", 2015.
    pub struct Bilinear = "bilinear" {
        /// The groups of the convolution; as many as channels if each has its own kernel.
        groups: usize = 1, in AtLeastOne;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        kernel_axes(place, "bilinear", self.groups)?;
        Ok(Law::Structured("linear interpolation where a channel meets itself".into()))
    }

    fn fill(&self, place: &Place, _: &Draws) -> Result<Values> {
        let axes = kernel_axes(place, "bilinear", self.groups)?;
        let taps: Vec<usize> = (0..place.shape.len()).filter(|a| *a != axes.input && *a != axes.output).collect();
        let stride = |axis: usize| place.shape[axis + 1..].iter().product::<usize>();
        Ok(Values::Given(diagonal(place, axes, self.groups, |values, input, output| {
            let first = place.entry(axes, input, output, |_| 0);
            for tap in 0..axes.kernel(&place.shape) {
                let (mut rest, mut at, mut value) = (tap, first, 1.0);
                for axis in taps.iter().rev() {
                    let n = place.shape[*axis];
                    at += rest % n * stride(*axis);
                    value *= triangle(rest % n, n);
                    rest /= n;
                }
                values[at] = value;
            }
        })))
    }
}

/// The weight of tap `i` of `n`.
fn triangle(i: usize, n: usize) -> f64 {
    let factor = n.div_ceil(2) as f64;
    let middle = if n % 2 == 1 { factor - 1.0 } else { factor - 0.5 };
    1.0 - (i as f64 - middle).abs() / factor
}

scheme! {
    /// ICNR, for a convolution before a pixel shuffle: the filters of one output channel begin alike.
    ///
    /// So the enlarged image has no checkerboard: it is the nearest-neighbour enlargement of one convolution's output. Each
    /// filter is drawn as `kaiming_normal` would, with the convolution's own fan in. Aitken et al., "Checkerboard artifact
    /// free sub-pixel convolution", 2017.
    pub struct Icnr = "icnr" {
        /// How many times the shuffle enlarges each axis; there are `upscale²` filters to an output channel.
        upscale: usize = 2, in AtLeastOne;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        let (axes, copies) = (kernel_axes(place, "icnr", 1)?, self.upscale * self.upscale);
        if !place.shape[axes.output].is_multiple_of(copies) {
            return Err(Error::Shape(format!(
                "`icnr` needs a multiple of {copies} output channels to enlarge {} times, but {place} has {}; give the \
                 `upscale` of the pixel shuffle.",
                self.upscale, place.shape[axes.output]
            )));
        }
        let own = KaimingNormal::default().law(place)?;
        Ok(Law::Structured(format!("{own}, {copies} equal filters each")))
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        let axes = kernel_axes(place, "icnr", 1)?;
        let (n, inner) = (place.shape[axes.output], place.shape[axes.output + 1..].iter().product::<usize>());
        let values = draws.sample(&KaimingNormal::default().law(place)?, place.len());
        let copies = self.upscale * self.upscale;
        let source = |i: usize| {
            let (outer, output, rest) = (i / (inner * n), i / inner % n, i % inner);
            (outer * n + output / copies * copies) * inner + rest
        };
        Ok((0..values.len()).map(|i| values[source(i)]).collect::<Vec<f64>>().into())
    }
}
