use crate::error::Error;
use crate::place::{Axes, Layer};
use crate::scheme::scheme;
use crate::{Draws, Law, Place, Result, Values};

/// Zeros, except for what stands where an input meets the output of the same number, from the start of each group.
///
/// Groups split the axis that is whole in a grouped convolution's kernel: outputs, or inputs if it is transposed.
pub(super) fn diagonal(
    place: &Place,
    axes: Axes,
    groups: usize,
    value: impl Fn(&mut [f64], usize, usize),
) -> Vec<f64> {
    let mut values = vec![0.0; place.len()];
    let (whole, _) = split(place, axes);
    let (inputs, outputs) = (place.shape[axes.input], place.shape[axes.output]);
    let each = place.shape[whole] / groups;
    for group in 0..groups {
        for k in 0..each.min(if whole == axes.output { inputs } else { outputs }) {
            let (input, output) =
                if whole == axes.output { (k, group * each + k) } else { (group * each + k, k) };
            value(&mut values, input, output);
        }
    }
    values
}

/// The axis that groups split, and the other.
fn split(place: &Place, axes: Axes) -> (usize, usize) {
    match place.layer {
        Layer::ConvTranspose => (axes.input, axes.output),
        _ => (axes.output, axes.input),
    }
}

/// The axes of a kernel of which groups split the channels evenly.
pub(super) fn kernel_axes(place: &Place, scheme: &str, groups: usize) -> Result<Axes> {
    let axes = place.axes(scheme)?;
    if !(3..=5).contains(&place.shape.len()) {
        return Err(Error::Shape(format!(
            "`{scheme}` needs the kernel of a convolution, of three to five axes, but it was given {place}; use `identity` \
             for a matrix."
        )));
    }
    let channels = place.shape[split(place, axes).0];
    if !channels.is_multiple_of(groups) {
        return Err(Error::Setting(format!(
            "`{scheme}` cannot split the {channels} channels of {place} in {groups} groups; give the groups of its \
             convolution."
        )));
    }
    Ok(axes)
}

scheme! {
    /// The identity matrix, times a gain; of a rectangular matrix, as far as it goes.
    ///
    /// Reference: `torch.nn.init.eye_`, and Keras's `Identity` with its gain.
    pub struct Identity = "identity" {
        /// What the identity is multiplied by.
        gain: f64 = 1.0, in Finite;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        place.axes("identity")?;
        if place.shape.len() != 2 {
            return Err(Error::Shape(format!(
                "`identity` needs a matrix, but it was given {place}; use `dirac` for the kernel of a convolution."
            )));
        }
        Ok(Law::Structured(format!("identity, gain {}", crate::law::short(self.gain))))
    }

    fn fill(&self, place: &Place, _: &Draws) -> Result<Values> {
        let columns = place.shape[1];
        Ok((0..place.len()).map(|i| if i / columns == i % columns { self.gain } else { 0.0 }).collect::<Vec<f64>>().into())
    }
}

scheme! {
    /// Dirac: a convolution that passes its inputs on, with 1 at tap `⌊k/2⌋` and zeros elsewhere.
    ///
    /// In each group, channel `c` goes to channel `c`, as far as there are both. Zagoruyko and Komodakis, "DiracNets",
    /// 2017. Reference: `torch.nn.init.dirac_`.
    pub struct Dirac = "dirac" {
        /// The groups of the convolution, each of which repeats the pattern.
        groups: usize = 1, in AtLeastOne;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        kernel_axes(place, "dirac", self.groups)?;
        Ok(Law::Structured("1 where a channel meets itself at the middle tap".into()))
    }

    fn fill(&self, place: &Place, _: &Draws) -> Result<Values> {
        let axes = kernel_axes(place, "dirac", self.groups)?;
        Ok(Values::Given(diagonal(place, axes, self.groups, |values, input, output| {
            values[place.entry(axes, input, output, |taps| taps / 2)] = 1.0;
        })))
    }
}
