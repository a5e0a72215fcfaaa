use crate::prelude::*;

recipe! {
    /// Optimizers and transforms one after the other; the last one's result is subtracted.
    ///
    /// `chain([clip_by_global_norm(max_norm=1), adam(lr=1e-3), weight_ema(decay=0.99)])`. Its learning rate is that of the
    /// first link that has one.
    pub struct Chained = "chain" {
        /// The links, in order.
        links: Vec<AnyRecipe> = vec![], in Any;
    }
}

impl Recipe for Chained {
    const CITATION: &'static str = "";
    const REFERENCES: &'static [&'static str] = &["optax.chain(*links)"];

    fn links(&self) -> Result<Chain> {
        self.links.iter().try_fold(Chain::default(), |chain, link| Ok(chain.then(link.transform()?)))
    }
}
