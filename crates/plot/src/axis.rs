//! Axes: from numbers to places, and where the ticks are.

/// How numbers are spread along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    #[default]
    Linear,
    /// By their logarithm; numbers that are not positive have no place.
    Log,
}

/// An axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What stands beside it, with the unit.
    pub label: String,
    /// How numbers are spread.
    pub scale: Scale,
    /// The ends; those of the data where none are given.
    pub range: Option<[f64; 2]>,
}

impl Axis {
    /// An axis on which numbers are spread evenly.
    pub fn linear(label: &str) -> Self {
        Axis { label: label.into(), scale: Scale::Linear, range: None }
    }

    /// An axis on which numbers are spread by their logarithm.
    pub fn log(label: &str) -> Self {
        Axis { scale: Scale::Log, ..Axis::linear(label) }
    }

    /// With these ends.
    pub fn from_to(self, low: f64, high: f64) -> Self {
        Axis { range: Some([low, high]), ..self }
    }

    /// The ends for these numbers.
    pub(crate) fn fit(&self, numbers: impl Iterator<Item = f64>) -> Fitted {
        let is_placed = |x: &f64| x.is_finite() && (self.scale == Scale::Linear || *x > 0.0);
        let own = numbers
            .filter(is_placed)
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(x), high.max(x)]);
        let [mut low, mut high] = self.range.unwrap_or(own);
        if !(low.is_finite() && high.is_finite()) {
            (low, high) = (1.0, 10.0);
        }
        if low == high {
            // A single number stands in the middle.
            (low, high) = match self.scale {
                Scale::Linear => (low - 0.5, high + 0.5),
                Scale::Log => (low / 2.0, high * 2.0),
            };
        }
        Fitted { scale: self.scale, low, high }
    }
}

/// An axis with its ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fitted {
    scale: Scale,
    pub low: f64,
    pub high: f64,
}

impl Fitted {
    /// How far along a number is, from 0 to 1 within the ends; NaN for one that has no place.
    pub fn place(&self, x: f64) -> f64 {
        match self.scale {
            Scale::Linear => (x - self.low) / (self.high - self.low),
            Scale::Log if x > 0.0 => (x / self.low).ln() / (self.high / self.low).ln(),
            Scale::Log => f64::NAN,
        }
    }

    /// Numbers at ticks and what is written there.
    pub fn ticks(&self, count: usize) -> Vec<(f64, String)> {
        match self.scale {
            Scale::Linear => self.linear_ticks(count),
            Scale::Log => self.log_ticks(count),
        }
    }

    fn linear_ticks(&self, count: usize) -> Vec<(f64, String)> {
        let rough = (self.high - self.low) / count.max(1) as f64;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough);
        let step = step.unwrap_or(10.0 * power);
        let first = (self.low / step - 1e-9).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        let digits = (-step.log10().floor()).max(0.0) as usize;
        let tick = |k: i64| (k as f64 * step, minus(&format!("{:.digits$}", k as f64 * step)));
        (first..=last).map(tick).collect()
    }

    fn log_ticks(&self, count: usize) -> Vec<(f64, String)> {
        let (first, last) = (self.low.log10() - 1e-9, self.high.log10() + 1e-9);
        let (first, last) = (first.ceil() as i32, last.floor() as i32);
        if last - first < 1 {
            let plain = Fitted { scale: Scale::Linear, ..*self };
            return plain.linear_ticks(count);
        }
        let every = (last - first) as usize / count.max(1) + 1;
        (first..=last).step_by(every).map(|k| (10f64.powi(k), power_of_ten(k))).collect()
    }
}

fn minus(text: &str) -> String {
    text.replace('-', "−")
}

/// A power of ten as it is read best.
fn power_of_ten(k: i32) -> String {
    let superscript = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        c => char::from_u32(0x2070 + (c as u32 - '0' as u32)).unwrap_or(c),
    };
    match k {
        -2..=3 => format!("{}", 10f64.powi(k)),
        k => format!("10{}", k.to_string().chars().map(superscript).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_within_the_ends() {
        let ticks = Axis::linear("x").fit([0.0, 1.0].into_iter()).ticks(5);
        let texts: Vec<&str> = ticks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let ticks = Axis::log("x").fit([1e-8, 1e2].into_iter()).ticks(6);
        let texts: Vec<&str> = ticks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1", "100"]);
        let one = Axis::log("x").fit([7.0].into_iter());
        assert!(one.low < 7.0 && one.high > 7.0);
    }
}
