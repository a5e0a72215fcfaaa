use crate::error::Error;
use crate::scheme::scheme;
use crate::setting::words;
use crate::{Draws, Law, Place, Result, Values};

words! {
    /// A gate of an LSTM that has a bias by chrono initialization.
    pub enum Gate {
        /// The forget gate.
        Forget = "forget",
        /// The input gate.
        Input = "input",
    }
}

scheme! {
    /// Chrono initialization of gate biases: `ln u` with `u` uniform on `[1, horizon − 1)`; its negative for input gates.
    ///
    /// The unit then remembers for about `u` steps. Burn's gates are layers of their own, with a bias at the input and one at
    /// the hidden state, which add up; give it to one of them, for instance `forget_gate.input_transform.bias`. Tallec and
    /// Ollivier, "Can recurrent neural networks warp time?", 2018.
    pub struct Chrono = "chrono" {
        /// The longest dependence, in steps; more than 2.
        horizon: f64, in AtLeastTwo;
        /// Which gate.
        gate: Gate = Gate::Forget, in Any;
    }

    fn law(&self, _: &Place) -> Result<Law> {
        if self.horizon <= 2.0 {
            return Err(Error::Setting(format!(
                "`horizon` of `chrono` must be more than 2 steps, but it is {}.",
                self.horizon
            )));
        }
        let (sign, (low, high)) = (if self.gate == Gate::Input { "−" } else { "" }, self.bounds());
        Ok(Law::Structured(format!(
            "{sign}ln of uniform on [1, {}), within [{}, {}]",
            crate::law::short(self.horizon - 1.0),
            crate::law::short(low),
            crate::law::short(high),
        )))
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        let (sign, width) = (if self.gate == Gate::Input { -1.0 } else { 1.0 }, self.horizon - 2.0);
        Ok(draws.fill(place.len(), |stream| sign * libm::log(1.0 + width * stream.unit())).into())
    }
}

impl Chrono {
    /// What the biases lie between.
    pub fn bounds(&self) -> (f64, f64) {
        let most = libm::log(self.horizon - 1.0);
        if self.gate == Gate::Input { (-most, 0.0) } else { (0.0, most) }
    }
}

scheme! {
    /// A bias of 1 for forget gates, so that memory lasts at first.
    ///
    /// The defaults are for a bias of one gate, as Burn has them: the input's and the hidden state's biases add up, so give
    /// this to one of them, for instance `forget_gate.input_transform.bias`. Where gates are packed into one vector, as in
    /// PyTorch (input, forget, cell, output: `gates=4, index=1`), only the forget gate's part is set and the rest is zero.
    /// Gers, Schmidhuber and Cummins, 2000; Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent
    /// network architectures", 2015.
    pub struct ForgetGateBias = "forget_gate_bias" {
        /// The bias.
        value: f64 = 1.0, in Finite;
        /// How many gates are packed in the vector.
        gates: usize = 1, in AtLeastOne;
        /// Which of them is the forget gate, from 0.
        index: usize = 0, in Any;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        if self.index >= self.gates || !place.len().is_multiple_of(self.gates) {
            return Err(Error::Shape(format!(
                "`forget_gate_bias` cannot find gate {} of {} in {place}; the length must be a multiple of `gates`, and \
                 `index` below it.",
                self.index, self.gates
            )));
        }
        Ok(match self.gates {
            1 => Law::Constant(self.value),
            _ => Law::Structured(format!("{} for gate {}, else 0", crate::law::short(self.value), self.index)),
        })
    }

    fn fill(&self, place: &Place, _: &Draws) -> Result<Values> {
        let each = place.len() / self.gates;
        Ok((0..place.len()).map(|i| if i / each == self.index { self.value } else { 0.0 }).collect::<Vec<f64>>().into())
    }
}

scheme! {
    /// IRNN, for the hidden matrix of a relu network: `scale` times the identity.
    ///
    /// With biases of zero the state is kept as it is. Input weights are `normal(std=0.001)`. Le, Jaitly and Hinton, "A
    /// simple way to initialize recurrent networks of rectified linear units", 2015.
    pub struct Irnn = "irnn" {
        /// What the identity is multiplied by; less than 1 forgets.
        scale: f64 = 1.0, in Finite;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        match place.shape[..] {
            [rows, columns] if rows == columns => super::Identity { gain: self.scale }.law(place),
            _ => Err(Error::Shape(format!(
                "`irnn` needs the square matrix of a hidden state, but it was given {place}; use `identity` for others."
            ))),
        }
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        super::Identity { gain: self.scale }.fill(place, draws)
    }
}
