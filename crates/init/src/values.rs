use burn::tensor::{DType, TensorData, bf16, f16};

use crate::draws::Draws;
use crate::law::Law;
use crate::real::Real;

/// What a scheme gives to a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Independent draws of a law, made when they are asked for and in the precision that is asked for.
    Of(Law),
    /// All values in row-major order.
    Given(Vec<f64>),
}

impl From<Vec<f64>> for Values {
    fn from(values: Vec<f64>) -> Self {
        Values::Given(values)
    }
}

impl Values {
    /// `n` values in f64.
    pub fn into_vec(self, draws: &Draws, n: usize) -> Vec<f64> {
        self.round(draws, n)
    }

    /// The values of a tensor of a float type: computed in f64, rounded once to the nearest. Draws of a law are made in that
    /// type at once.
    pub fn into_data(self, draws: &Draws, shape: &[usize], dtype: DType) -> TensorData {
        let n = shape.iter().product();
        let shape = shape.to_vec();
        match dtype {
            DType::F32 => TensorData::new(self.round::<f32>(draws, n), shape),
            DType::F16 => TensorData::new(self.round::<f16>(draws, n), shape),
            DType::BF16 => TensorData::new(self.round::<bf16>(draws, n), shape),
            dtype => TensorData::new(self.into_vec(draws, n), shape).convert_dtype(dtype),
        }
    }

    fn round<T: Real>(self, draws: &Draws, n: usize) -> Vec<T> {
        match self {
            Values::Of(law) => law.draw(draws, n),
            Values::Given(values) => values.into_iter().map(T::round).collect(),
        }
    }
}
