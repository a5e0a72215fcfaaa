use crate::error::Error;
use crate::scheme::scheme;
use crate::{Draws, Law, Place, Result, Values};

scheme! {
    /// Sparse: normal, with the same number of zeros for each input, `⌈sparsity·outputs⌉`, at random outputs.
    ///
    /// Martens, "Deep learning via Hessian-free optimization", 2010. Reference: `torch.nn.init.sparse_`, which sets zeros in
    /// each column of its `[out, in]` matrix; in Burn's `[in, out]` these are the rows.
    pub struct Sparse = "sparse" {
        /// The part of the entries that is zero.
        sparsity: f64, in Unit;
        /// The standard deviation of the others.
        std: f64 = 0.01, in NonNegative;
    }

    fn law(&self, place: &Place) -> Result<Law> {
        place.axes("sparse")?;
        if place.shape.len() != 2 {
            return Err(Error::Shape(format!("`sparse` needs a matrix, but it was given {place}; use `normal` there.")));
        }
        let (zeros, std) = (self.zeros(place)?, crate::law::short(self.std));
        Ok(Law::Structured(format!("{zeros} zeros for each input, the rest normal, std {std}")))
    }

    fn fill(&self, place: &Place, draws: &Draws) -> Result<Values> {
        let axes = place.axes("sparse")?;
        let outputs = place.shape[axes.output];
        let mut values = draws.sample(&Law::normal(self.std), place.len());
        // A stream that no chunk of values uses.
        let mut stream = draws.stream(u64::MAX);
        let mut order: Vec<usize> = (0..outputs).collect();
        for input in 0..place.shape[axes.input] {
            for k in 0..self.zeros(place)? {
                order.swap(k, k + stream.below(outputs - k));
                values[place.entry(axes, input, order[k], |_| 0)] = 0.0;
            }
        }
        Ok(values.into())
    }
}

impl Sparse {
    fn zeros(&self, place: &Place) -> Result<usize> {
        let outputs = place.shape[place.axes("sparse")?.output];
        Ok(((self.sparsity * outputs as f64).ceil() as usize).min(outputs))
    }
}
