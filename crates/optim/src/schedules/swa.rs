use super::onecycle::Anneal;
use super::prelude::*;

schedule! {
    [
        "SWALR(opt, swa_lr, anneal_epochs=10, anneal_strategy=cos)" => |a| Swa {
         lr: a.lr(),
         swa_lr: a.number("swa_lr")?,
         steps: a.count("anneal_epochs")?,
         anneal: a.word("anneal_strategy", &[("cos", Anneal::Cos), ("linear", Anneal::Linear)])?,
         };
    ]
    /// From `lr` to `swa_lr` in `steps` steps, and constant from then on, while weights are averaged
    /// (`torch.optim.swa_utils.SWALR`).
    ///
    /// P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov and A. G. Wilson, Averaging weights leads to wider optima and
    /// better generalization, UAI (2018), arXiv:1803.05407.
    pub struct Swa = "swa" {
        /// The rate at first.
        lr: f64, in NonNegative;
        /// The rate in the end.
        swa_lr: f64, in NonNegative;
        /// The number of steps from one to the other.
        steps: usize = 10, in Any;
        /// How one rate goes to the other.
        anneal: Anneal = Anneal::Cos, in Any;
    }
}

impl Schedule for Swa {
    fn rate(&self, step: u64) -> f64 {
        self.anneal.between(self.lr, self.swa_lr, progress(step, 0, self.steps))
    }
}
