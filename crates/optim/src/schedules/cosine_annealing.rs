use super::prelude::*;

schedule! {
    /// A cosine that goes on: down from `lr` to `end` in `steps` steps, up again in as many, and so forth
    /// (`torch.optim.lr_scheduler.CosineAnnealingLR` and Burn's cosine schedule, which do not stop after their last step).
    /// [`Cosine`](super::Cosine) stops.
    pub struct CosineAnnealing = "cosine_annealing" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The number of steps down.
        steps: usize, in AtLeastOne;
        /// The lowest rate.
        end: f64 = 0.0, in NonNegative;
    }
}

impl Schedule for CosineAnnealing {
    fn rate(&self, step: u64) -> f64 {
        wave(self.lr, self.end, step as f64 / self.steps as f64)
    }
}
