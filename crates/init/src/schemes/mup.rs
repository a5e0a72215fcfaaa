use crate::scheme::scheme;
use crate::setting::words;
use crate::{Law, Place, Result};

words! {
    /// Which dimensions of a weight grow with the width of a network.
    pub enum Role {
        /// Both.
        Hidden = "hidden",
        /// Only the outputs.
        Input = "input",
        /// Only the inputs.
        Output = "output",
    }
}

scheme! {
    /// The maximal update parametrization: normal, `std = gain/√fan_in`, and `gain/fan_in` for output weights.
    ///
    /// Keeps learning rates good while a network gets wider, if the rates of hidden and output weights under Adam are
    /// divided by `fan_in` too. Yang et al., "Tensor programs V", 2022, table 3.
    pub struct Mup = "mup" {
        /// Which of its dimensions grow.
        role: Role = Role::Hidden, in Any;
        /// What the standard deviation is multiplied by.
        gain: f64 = 1.0, in NonNegative;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        let fan = place.fans("mup")?.input;
        Ok(Law::normal(match self.role {
            Role::Hidden | Role::Input => self.gain / fan.sqrt(),
            Role::Output => self.gain / fan,
        }))
    }
}
