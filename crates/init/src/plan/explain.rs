//! What a plan does, as a table.

use std::fmt;

use burn::module::Module;

use super::Plan;
use super::apply::{Task, tasks};
use crate::error::Result;
use crate::law::{Law, short};
use crate::place::Place;
use crate::scheme::AnyScheme;

/// What a plan does to one parameter.
#[derive(Clone, Debug)]
pub struct Row {
    /// The parameter.
    pub place: Place,
    /// Its scheme and the law of its values; nothing if it stays as it is.
    pub scheme: Option<(AnyScheme, Law)>,
}

/// What a plan does to each parameter of a module; prints as a table.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// One row for each parameter, in the order of Burn's traversal.
    pub rows: Vec<Row>,
}

pub(super) fn explain<M: Module>(plan: &Plan, model: &M) -> Result<Explanation> {
    let row = |Task { place, scheme }: Task| {
        let scheme = scheme.map(|scheme| scheme.law(&place).map(|law| (scheme, law))).transpose()?;
        Ok(Row { place, scheme })
    };
    Ok(Explanation { rows: tasks(plan, model)?.into_iter().flatten().map(row).collect::<Result<_>>()? })
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles = ["path", "shape", "fan in", "fan out", "scheme", "values"].map(String::from);
        let cells = self.rows.iter().map(|Row { place, scheme }| {
            let fan = |fan: Option<f64>| fan.map_or("–".into(), short);
            let (scheme, law) = match scheme {
                Some((scheme, law)) => (scheme.to_string(), law.to_string()),
                None => ("–".into(), "as they are".into()),
            };
            let fans = (fan(place.fans.map(|fans| fans.input)), fan(place.fans.map(|fans| fans.output)));
            [place.path.clone(), format!("{:?}", place.shape), fans.0, fans.1, scheme, law]
        });
        let lines: Vec<[String; 6]> = std::iter::once(titles).chain(cells).collect();
        let width = |k: usize| lines.iter().map(|line| line[k].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..6).map(width).collect();
        for (i, line) in lines.iter().enumerate() {
            let pad = |k: usize| widths[k];
            let text = format!(
                "{:<a$}  {:<b$}  {:>c$}  {:>d$}  {:<e$}  {}",
                line[0],
                line[1],
                line[2],
                line[3],
                line[4],
                line[5],
                a = pad(0),
                b = pad(1),
                c = pad(2),
                d = pad(3),
                e = pad(4),
            );
            f.write_str(if i == 0 { "" } else { "\n" })?;
            f.write_str(text.trim_end())?;
        }
        Ok(())
    }
}
