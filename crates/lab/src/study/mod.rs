//! What is compared with what: a study and its parts, in TOML or Rust.

mod shipped;
mod tuning;

use serde::{Deserialize, Serialize};

pub use shipped::{Suite, shipped, suite, suites};
pub use tuning::{Range, Strategy, Trial, Tuning};

use crate::error::{Error, Result};
use crate::method::Method;
use crate::problem::{Held, Problem, problem};
use crate::run::Precision;

/// A comparison: parts that have a table and a ranking each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Its name, in the report's title.
    pub name: String,
    /// What it is for, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// The seed of all starts, trials and resampling; 0 by default.
    #[serde(default)]
    pub seed: u64,
    /// The parts.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
}

/// Problems × optimizers × initializers, with one protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What it is about.
    pub title: String,
    /// Landscapes and tasks, by name or with arguments: `rosenbrock(n=10)`, `digits`.
    pub problems: Vec<String>,
    /// What is compared.
    pub optimizers: Vec<Contender>,
    /// Schemes for the weights of tasks; each task's own where none is given. Landscapes take none.
    #[serde(default)]
    pub initializers: Vec<String>,
    /// How settings are chosen; by default they are not.
    #[serde(default)]
    pub tuning: Tuning,
    /// How many instances are for tuning alone; 5 by default.
    #[serde(default = "five")]
    pub tuning_instances: u64,
    /// How many instances are reported; 15 by default.
    #[serde(default = "fifteen")]
    pub instances: u64,
    /// Evaluations that a run may use, in gradients for landscapes and steps for tasks.
    pub budget: u64,
    /// Seconds that a run may take as well; no limit by default. What is cut off depends on the machine and what else it does,
    /// so such runs are reported but not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// The element type; `f64` by default.
    #[serde(default)]
    pub precision: Precision,
    /// Where runs start; by default what the landscape is about decides.
    #[serde(default)]
    pub start: Start,
}

fn five() -> u64 {
    5
}

fn fifteen() -> u64 {
    15
}

/// An optimizer or solver under a name of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Contender {
    /// What tables call it.
    pub label: String,
    /// The optimizer or solver as text.
    pub optimizer: String,
}

/// A contender as it stands in a file: its text alone, or with a label.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Labelled { label: String, optimizer: String },
}

impl From<Written> for Contender {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) => Contender { label: text.clone(), optimizer: text },
            Written::Labelled { label, optimizer } => Contender { label, optimizer },
        }
    }
}

impl From<Contender> for Written {
    fn from(contender: Contender) -> Self {
        match contender {
            Contender { label, optimizer } if label == optimizer => Written::Text(optimizer),
            Contender { label, optimizer } => Written::Labelled { label, optimizer },
        }
    }
}

/// From where the runs of a landscape start. The point depends on the study's seed and the instance alone, so that every
/// optimizer starts from the same ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// Near the stable manifold for saddles; else the standard start for the first instance and the box for the others.
    #[default]
    Auto,
    /// Uniformly from the box.
    Box,
    /// The standard start, moved by a thousandth of the box.
    Standard,
    /// From the first known saddle of the landscape: away by a tenth of the box along the directions that lead back to
    /// it, and by a millionth along those that lead away.
    NearSaddle,
}

impl Start {
    /// The word in a study's text.
    pub fn name(self) -> &'static str {
        match self {
            Start::Auto => "auto",
            Start::Box => "box",
            Start::Standard => "standard",
            Start::NearSaddle => "near_saddle",
        }
    }
}

impl Study {
    /// Reads a study from TOML; [`Study::check`] says whether what it names exists.
    ///
    /// # Errors
    /// [`Error::Study`] for what is not TOML, or has unknown or missing fields.
    pub fn from_toml(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|e| Error::Study(format!("This is not a study: {}", e.to_string().trim())))
    }

    /// The study as TOML that reads back.
    ///
    /// # Errors
    /// [`Error::Study`] for numbers that TOML cannot hold.
    pub fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(|e| Error::Study(format!("The study cannot be written as TOML: {e}.")))
    }

    /// Whether everything that it names exists and every number is in its range. `own` are problems that are brought
    /// along, which go before shipped ones of the same name.
    ///
    /// # Errors
    /// [`Error::Study`] with the part and what is wrong in it; unknown names come with the nearest known one.
    pub fn check(&self, own: &[&dyn Problem]) -> Result<()> {
        if self.parts.is_empty() {
            return Err(Error::Study("The study has no part; add one, beginning with `[[part]]`.".into()));
        }
        self.parts.iter().try_for_each(|part| {
            part.check(own).map_err(|e| Error::Study(format!("In the part \"{}\": {e}", part.title)))
        })
    }
}

impl Part {
    fn check(&self, own: &[&dyn Problem]) -> Result<()> {
        let wrong = |text: &str| Err(Error::Study(text.into()));
        if self.problems.is_empty() {
            return wrong("there is nothing to run on; give at least one name in `problems`.");
        }
        if self.optimizers.is_empty() {
            return wrong("there is nothing to compare; give at least one name in `optimizers`.");
        }
        if self.budget == 0 {
            return wrong("`budget` is 0, so that nothing could run; give at least 1.");
        }
        if self.instances == 0 {
            return wrong("`instances` is 0, so that there would be nothing to report; give at least 1.");
        }
        if self.seconds.is_some_and(|seconds| !(seconds.is_finite() && seconds > 0.0)) {
            return wrong(
                "`seconds` is no time that a run could take; give a number above 0, or leave it out.",
            );
        }
        self.tuning.check()?;
        let twice = |k: &usize| self.optimizers[..*k].iter().any(|o| o.label == self.optimizers[*k].label);
        if let Some(k) = (0..self.optimizers.len()).find(twice) {
            return Err(Error::Study(format!(
                "two optimizers are labelled `{}`; give one of them another `label`.",
                self.optimizers[k].label
            )));
        }
        let methods = self.methods()?;
        self.tuning.check_ranges(&methods)?;
        for initializer in &self.initializers {
            initializer.parse::<thalweg_init::AnyScheme>()?;
        }
        let problems = self.resolved(own)?;
        let names: Vec<String> = problems.iter().map(|problem| problem.name()).collect();
        if let Some(k) = (0..names.len()).find(|k| names[..*k].contains(&names[*k])) {
            return Err(Error::Study(format!(
                "the problem `{}` is given twice, the second time as `{}`, and would count twice; leave one out.",
                names[k], self.problems[k]
            )));
        }
        if let Some(method) = methods.iter().find(|method| method.needs_residuals())
            && let Some(problem) = problems.iter().find(|problem| !problem.has_residuals())
        {
            return Err(Error::Study(format!(
                "`{method}` needs the residuals of a least-squares problem, and `{}` declares none; run it on problems that declare \
                 them, as those of `mgh` do, or take `newton_cg` or `lbfgs`.",
                problem.name()
            )));
        }
        problems.iter().try_for_each(|problem| problem.check(self))
    }

    /// The optimizers, read.
    ///
    /// # Errors
    /// For a text that names none.
    pub fn methods(&self) -> Result<Vec<Method>> {
        self.optimizers.iter().map(|o| o.optimizer.parse()).collect()
    }

    /// The problems: those of `own` by their names, the others read.
    ///
    /// # Errors
    /// For a text that names none.
    pub fn resolved<'a>(&self, own: &[&'a dyn Problem]) -> Result<Vec<Held<'a>>> {
        let held = |text: &String| match own.iter().find(|own| own.name() == *text) {
            Some(own) => Ok(Held::Own(*own)),
            None => problem(text).map(Held::Made),
        };
        self.problems.iter().map(held).collect()
    }
}
