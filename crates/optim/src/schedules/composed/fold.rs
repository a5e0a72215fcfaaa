use crate::schedules::prelude::*;

/// Declares a schedule that makes one rate of those of all its parts.
macro_rules! fold {
    ($references:tt $(#[doc = $text:expr])* $Type:ident = $name:literal, $fold:expr) => {
        schedule! {
            $references
            $(#[doc = $text])*
            pub struct $Type = $name {
                /// The schedules.
                parts: Vec<AnySchedule>, in Any;
            }
            agree(own) {
                if own.parts.is_empty() {
                    return Err(Error::Hyperparameter(format!("`{}` needs at least one schedule.", $name)));
                }
            }
        }

        impl Schedule for $Type {
            fn rate(&self, step: u64) -> f64 {
                let fold: fn(&mut dyn Iterator<Item = f64>) -> f64 = $fold;
                fold(&mut self.parts.iter().map(|part| part.rate(step)))
            }

            fn parts(&self) -> Vec<&AnySchedule> {
                self.parts.iter().collect()
            }

            fn parts_mut(&mut self) -> Vec<&mut AnySchedule> {
                self.parts.iter_mut().collect()
            }
        }
    };
}

fold! {
    [
        "ChainedScheduler(schedulers, optimizer=None)" => |a| Product { parts: a.factors("schedulers")? };
        "Composed(schedulers, fold=Prod)" => |a| {
            let parts = a.schedules("schedulers")?;
            match a.word("fold", &[("Prod", 0), ("Sum", 1), ("Avg", 2)])? {
                0 => AnySchedule::from(Product { parts }),
                1 => Sum { parts }.into(),
                _ => Mean { parts }.into(),
            }
        };
    ]
    /// The product of the rates of all parts (Burn's composed schedule with `Prod`; PyTorch's `ChainedScheduler`). At most
    /// one part should carry the base rate; the others are factors.
    Product = "product", |rates| rates.product()
}

fold! {
    []
    /// The sum of the rates of all parts (Burn's composed schedule with `Sum`).
    Sum = "sum", |rates| rates.sum()
}

fold! {
    []
    /// The mean of the rates of all parts (Burn's composed schedule with `Avg`).
    Mean = "mean", |rates| {
        let (sum, n) = rates.fold((0.0, 0.0), |(sum, n), rate| (sum + rate, n + 1.0));
        sum / n
    }
}
