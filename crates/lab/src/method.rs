//! What is compared: an optimizer, which makes a step of a gradient, or a solver, which asks for what it needs.

use std::fmt;
use std::str::FromStr;

use thalweg_optim::solvers::{self, AnySolver, Solver};
use thalweg_optim::{AnyRecipe, SettingInfo};

use crate::error::Result;
use crate::study::{Range, Trial};

/// An optimizer or a solver by its text.
#[derive(Clone, Debug)]
pub enum Method {
    /// One gradient a step.
    Recipe(AnyRecipe),
    /// Whatever it asks for.
    Solver(AnySolver),
}

impl Method {
    /// The name without settings.
    pub fn name(&self) -> String {
        match self {
            Method::Recipe(recipe) => recipe.call().name,
            Method::Solver(solver) => solver.call().name,
        }
    }

    /// The learning rate, where no trial gives another.
    pub fn lr(&self) -> f64 {
        match self {
            Method::Recipe(recipe) => recipe.lr(),
            Method::Solver(solver) => solver.lr(),
        }
    }

    /// The settings that it has.
    pub fn settings(&self) -> &'static [SettingInfo] {
        let name = self.name();
        match self {
            Method::Recipe(_) => thalweg_optim::entry(&name).map_or(&[], |e| e.settings),
            Method::Solver(_) => solvers::entry(&name).map_or(&[], |e| e.settings),
        }
    }

    /// Whether it has a setting of this name.
    pub fn has(&self, setting: &str) -> bool {
        self.settings().iter().any(|s| s.name == setting)
    }

    /// Whether a setting takes whole numbers only, seen within a range.
    pub fn is_whole(&self, setting: &str, range: &Range) -> bool {
        let takes = |value: f64| {
            let trial = Trial { lr: self.lr(), settings: vec![(setting.into(), value)] };
            self.with(&trial).is_ok()
        };
        let low = range.low.ceil();
        takes(low) && !takes(low + 0.5) && takes(low + 1.0)
    }

    /// The method with the settings of a trial.
    ///
    /// # Errors
    /// If a setting is out of its range.
    pub fn with(&self, trial: &Trial) -> Result<Method> {
        let own = self.has("lr").then(|| ("lr".to_string(), trial.lr));
        let mut call = match self {
            Method::Recipe(recipe) => recipe.call(),
            Method::Solver(solver) => solver.call(),
        };
        for (name, value) in own.iter().chain(&trial.settings) {
            call.arguments.retain(|(own, _)| own.as_ref() != Some(name));
            call.arguments.push((Some(name.clone()), (*value).into()));
        }
        Ok(match self {
            Method::Recipe(_) => Method::Recipe(AnyRecipe::build(&call)?),
            Method::Solver(_) => Method::Solver(AnySolver::build(&call)?),
        })
    }

    /// Whether it runs only where residuals are declared.
    pub fn needs_residuals(&self) -> bool {
        matches!(self, Method::Solver(solver) if solver.needs_residuals())
    }

    /// Whether a learning rate changes what it does.
    pub fn has_rate(&self) -> bool {
        // A chain or a wrapper has the rate of what it holds.
        let has_inner = |text: &str| text.split_once('(').is_some_and(|(_, inner)| inner.contains('('));
        self.has("lr") || matches!(self, Method::Recipe(_)) && has_inner(&self.to_string())
    }

    /// Its source in BibTeX, or nothing.
    pub fn citation(&self) -> &'static str {
        let name = self.name();
        match self {
            Method::Recipe(_) => thalweg_optim::entry(&name).map_or("", |e| e.citation),
            Method::Solver(_) => solvers::entry(&name).map_or("", |e| e.citation),
        }
    }

    /// Its documentation in Markdown.
    pub fn doc(&self) -> &'static str {
        let name = self.name();
        match self {
            Method::Recipe(_) => thalweg_optim::entry(&name).map_or("", |e| e.doc),
            Method::Solver(_) => solvers::entry(&name).map_or("", |e| e.doc),
        }
    }
}

impl FromStr for Method {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.parse::<AnyRecipe>() {
            Ok(recipe) => Ok(Method::Recipe(recipe)),
            // What is wrong with a solver is the solver's to say; a name that is in neither list gets the optimizers' answer,
            // which is the longer list.
            Err(wrong) => {
                let name = text.split('(').next().unwrap_or_default().trim();
                match solvers::entry(name) {
                    Ok(_) => Ok(Method::Solver(text.parse()?)),
                    Err(_) => Err(wrong.into()),
                }
            }
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Method::Recipe(recipe) => recipe.fmt(f),
            Method::Solver(solver) => solver.fmt(f),
        }
    }
}
