//! Learning-rate schedules: the rates that other libraries give, step by step.

use serde_json::Value;
use thalweg_optim::Error;
use thalweg_optim::schedules::{AnySchedule, Lambda, Schedule, from_reference};

use super::Report;
use super::points::numbers;

/// Relative to the larger of one and the reference.
const TOLERANCE: f64 = 1e-12;

/// The optimizer's rate where a case does not state it.
const BASE: f64 = 0.1;

/// A file of cases with the rates of a schedule.
pub fn matches(content: &Value) -> bool {
    content["cases"][0]["lr"].is_array() && content["cases"][0]["call"].is_string()
}

/// Holds every schedule against its rates and, where the file has them, momenta.
pub fn check(content: &Value, report: &mut Report) {
    for case in content["cases"].as_array().into_iter().flatten() {
        let text = |name: &str| case[name].as_str().unwrap_or_default();
        let (call, lr) = (text("call"), case["base_lr"].as_f64().unwrap_or(BASE));
        match schedule(call, lr) {
            Ok(schedule) => hold(schedule, call, case, report),
            Err(Error::Unknown(_)) => report.skip(&format!("{}@{}", text("name"), text("lib"))),
            Err(error) => report.fail(call, "a schedule", error),
        }
    }
}

/// The schedule of a call; two kinds hold a function of the step, which is read here.
fn schedule(call: &str, lr: f64) -> Result<AnySchedule, Error> {
    let Some((head, body)) = call.split_once("lambda ") else { return from_reference(call, lr) };
    let unknown = || Error::Unknown(format!("`{call}` holds a function that is not read here; skip it."));
    let (parameter, body) = body.split_once(':').ok_or_else(unknown)?;
    let body = python::Expression::read(body.strip_suffix(')').ok_or_else(unknown)?, parameter.trim());
    let (body, head) = (body.ok_or_else(unknown)?, head.split('(').next().unwrap_or_default());
    let f = move |t: u64| body.at(t as f64);
    match head.rsplit('.').next() {
        Some("LambdaLR") => Ok(Lambda::new(lr, f).into()),
        Some("MultiplicativeLR") => Ok(Lambda::multiplicative(lr, f).into()),
        _ => Err(unknown()),
    }
}

fn hold(mut schedule: AnySchedule, call: &str, case: &Value, report: &mut Report) {
    let (metric, momentum) = (numbers(&case["metric"]), numbers(&case["momentum"]));
    for (t, want) in numbers(&case["lr"]).into_iter().enumerate() {
        let step = t as u64;
        let got = schedule.rate(step);
        let momenta = momentum.get(t).map(|want| (*want, schedule.momentum(step).unwrap_or(f64::NAN)));
        for (want, got) in std::iter::once((want, got)).chain(momenta) {
            // Negated, so that NaN is far from everything.
            let off = (got - want).abs();
            if off.is_nan() || off > TOLERANCE * want.abs().max(1.0) {
                return report.fail(&format!("{call} at step {t}"), want, got);
            }
        }
        if let Some(metric) = metric.get(t) {
            schedule.observe(step, *metric);
        }
    }
    report.pass();
}

/// The arithmetic of Python, as functions of one parameter use it.
mod python {
    /// A function of one number.
    pub struct Expression(Box<dyn Fn(f64) -> f64 + Send + Sync>);

    impl Expression {
        /// Reads the whole text; `None` if it is more than arithmetic.
        pub fn read(text: &str, parameter: &str) -> Option<Self> {
            let mut reader = Reader { tokens: tokens(text)?, at: 0, parameter };
            let read = reader.conditional()?;
            (reader.at == reader.tokens.len()).then_some(read)
        }

        /// Its value.
        pub fn at(&self, x: f64) -> f64 {
            (self.0)(x)
        }

        fn of(self, other: Self, f: fn(f64, f64) -> f64) -> Self {
            Expression(Box::new(move |x| f(self.at(x), other.at(x))))
        }
    }

    const OPERATORS: &[&str] =
        &["**", "//", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "<", ">", "(", ")", ","];

    fn tokens(text: &str) -> Option<Vec<String>> {
        let (mut rest, mut all) = (text.trim(), vec![]);
        while !rest.is_empty() {
            let operator = OPERATORS.iter().find(|o| rest.starts_with(**o)).map(|o| o.len());
            let word =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '_')).unwrap_or(rest.len());
            // The sign of an exponent belongs to its number.
            let is_exponent = rest.starts_with(|c: char| c.is_ascii_digit())
                && rest[..word].ends_with(['e', 'E'])
                && rest[word..].starts_with(['+', '-']);
            let digits =
                |at: usize| rest[at..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |n| at + n);
            let length = operator.unwrap_or(if is_exponent { digits(word + 1) } else { word });
            if length == 0 {
                return None;
            }
            all.push(rest[..length].to_string());
            rest = rest[length..].trim_start();
        }
        Some(all)
    }

    struct Reader<'a> {
        tokens: Vec<String>,
        at: usize,
        parameter: &'a str,
    }

    impl Reader<'_> {
        fn take(&mut self, wanted: &str) -> bool {
            let found = self.tokens.get(self.at).is_some_and(|token| token == wanted);
            self.at += usize::from(found);
            found
        }

        fn take_one(&mut self, wanted: &[&'static str]) -> Option<&'static str> {
            wanted.iter().copied().find(|wanted| self.take(wanted))
        }

        fn conditional(&mut self) -> Option<Expression> {
            let value = self.comparison()?;
            if !self.take("if") {
                return Some(value);
            }
            let condition = self.comparison()?;
            let other = if self.take("else") { self.conditional()? } else { return None };
            Some(Expression(Box::new(move |x| if condition.at(x) != 0.0 { value.at(x) } else { other.at(x) })))
        }

        fn comparison(&mut self) -> Option<Expression> {
            let left = self.sum()?;
            let Some(operator) = self.take_one(&["<=", ">=", "==", "!=", "<", ">"]) else { return Some(left) };
            let truth: fn(f64, f64) -> f64 = match operator {
                "<=" => |a, b| f64::from(a <= b),
                ">=" => |a, b| f64::from(a >= b),
                "==" => |a, b| f64::from(a == b),
                "!=" => |a, b| f64::from(a != b),
                "<" => |a, b| f64::from(a < b),
                _ => |a, b| f64::from(a > b),
            };
            Some(left.of(self.sum()?, truth))
        }

        fn sum(&mut self) -> Option<Expression> {
            let mut left = self.product()?;
            while let Some(operator) = self.take_one(&["+", "-"]) {
                let right = self.product()?;
                left = left.of(right, if operator == "+" { |a, b| a + b } else { |a, b| a - b });
            }
            Some(left)
        }

        fn product(&mut self) -> Option<Expression> {
            let mut left = self.sign()?;
            while let Some(operator) = self.take_one(&["*", "//", "/", "%"]) {
                let f: fn(f64, f64) -> f64 = match operator {
                    "*" => |a, b| a * b,
                    "/" => |a, b| a / b,
                    "//" => |a, b| (a / b).floor(),
                    // The sign of the divisor, as in Python.
                    _ => |a, b| a - b * (a / b).floor(),
                };
                left = left.of(self.sign()?, f);
            }
            Some(left)
        }

        fn sign(&mut self) -> Option<Expression> {
            match self.take("-") {
                true => {
                    let value = self.sign()?;
                    Some(Expression(Box::new(move |x| -value.at(x))))
                }
                false => self.power(),
            }
        }

        fn power(&mut self) -> Option<Expression> {
            let base = self.atom()?;
            // Binds tighter than a sign on its left and looser than one on its right.
            if self.take("**") { Some(base.of(self.sign()?, f64::powf)) } else { Some(base) }
        }

        fn atom(&mut self) -> Option<Expression> {
            if self.take("(") {
                let inside = self.conditional()?;
                return self.take(")").then_some(inside);
            }
            let token = self.tokens.get(self.at)?.clone();
            self.at += 1;
            if token == self.parameter {
                return Some(Expression(Box::new(|x| x)));
            }
            if self.take("(") {
                let first = self.conditional()?;
                let f: fn(f64, f64) -> f64 = match token.rsplit('.').next()? {
                    "min" => f64::min,
                    "max" => f64::max,
                    "pow" => f64::powf,
                    name => return self.function(name, first),
                };
                let second = if self.take(",") { self.conditional()? } else { return None };
                return self.take(")").then_some(first.of(second, f));
            }
            let value: f64 = match token.as_str() {
                "math.pi" => std::f64::consts::PI,
                number => number.parse().ok()?,
            };
            Some(Expression(Box::new(move |_| value)))
        }

        fn function(&mut self, name: &str, argument: Expression) -> Option<Expression> {
            let f: fn(f64) -> f64 = match name {
                "cos" => f64::cos,
                "sin" => f64::sin,
                "exp" => f64::exp,
                "log" => f64::ln,
                "sqrt" => f64::sqrt,
                "abs" => f64::abs,
                "int" => f64::trunc,
                "float" => |x| x,
                "floor" => f64::floor,
                _ => return None,
            };
            self.take(")").then_some(Expression(Box::new(move |x| f(argument.at(x)))))
        }
    }

    #[cfg(test)]
    mod tests {
        use super::Expression;

        #[test]
        fn arithmetic_is_pythons() {
            for (text, want) in [
                ("1.0 / (1.0 + 0.1 * e)", 1.0 / 1.5),
                ("0.98 if e % 2 else 0.99", 0.98),
                ("0.95 ** e", 0.95f64.powf(5.0)),
                ("-2 ** 2 + 10 // 4 - -7 % 4", -4.0 + 2.0 - 1.0),
                ("min(1.0, (e + 1) / 10) if e < 7 else 1e-3", 0.6),
                ("0.5 * (1 + math.cos(math.pi * e / 10))", 0.5 * (1.0 + (std::f64::consts::PI * 0.5).cos())),
                ("2 ** 3 ** 0 + 1.5e+1", 17.0),
            ] {
                let got = Expression::read(text, "e").unwrap().at(5.0);
                assert!((got - want).abs() < 1e-15, "{text}: {got}, expected {want}");
            }
            for text in ["e +", "f(e)", "(e", "e if 1", "[e]", "e e"] {
                assert!(Expression::read(text, "e").is_none(), "{text}");
            }
        }
    }
}
