use crate::scheme::scheme;
use crate::{Draws, Law, Place, Result, Values};

scheme! {
    /// ZerO: no draw at all; a partial identity, and a Hadamard matrix where there are more outputs than inputs.
    ///
    /// With more outputs than inputs the weight is the corner of the Hadamard matrix of `2^m ≥ outputs`, times `2^(−m/2)`,
    /// which makes that matrix orthonormal; it breaks the symmetry that identities and zeros would leave. A convolution has
    /// the matrix at tap `⌊k/2⌋`. Zhao, Schäfer and Anandkumar, "ZerO initialization", 2021, whose printed constant is
    /// `2^(−(m−1)/2)`.
    pub struct ZerO = "zero_hadamard" {}

    fn law(&self, place: &Place) -> Result<Law> {
        let axes = place.axes("zero_hadamard")?;
        Ok(Law::Structured(match place.shape[axes.output] <= place.shape[axes.input] {
            true => "partial identity".into(),
            false => "corner of a Hadamard matrix".into(),
        }))
    }

    fn fill(&self, place: &Place, _: &Draws) -> Result<Values> {
        let axes = place.axes("zero_hadamard")?;
        let (inputs, outputs) = (place.shape[axes.input], place.shape[axes.output]);
        let scale = 1.0 / (outputs.next_power_of_two() as f64).sqrt();
        let mut values = vec![0.0; place.len()];
        for (input, output) in (0..inputs).flat_map(|i| (0..outputs).map(move |o| (i, o))) {
            values[place.entry(axes, input, output, |taps| taps / 2)] = match outputs <= inputs {
                true => f64::from(u8::from(input == output)),
                // Sylvester's matrix has the sign of the parity of what the two numbers have in common.
                false if (input & output).count_ones() % 2 == 0 => scale,
                false => -scale,
            };
        }
        Ok(values.into())
    }
}
