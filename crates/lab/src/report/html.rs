//! The shell of every page, and what pages are made of.

use thalweg_plot::escape;

use super::markdown;
use crate::statistics::Estimate;
use crate::summary::Summary;

/// A page: its title, the text below its heading, and its body.
pub fn page(summary: &Summary, title: &str, lead: &str, body: &str) -> String {
    let initializers = match summary.parts.iter().any(|part| !part.initializers.is_empty()) {
        true => "<a href=\"initializers.html\">Initializers</a>",
        false => "",
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} · {name}</title>\n\
         <link rel=\"stylesheet\" href=\"report.css\">\n<link rel=\"icon\" href=\"data:,\">\n<script src=\"report.js\" defer></script>\n</head>\n<body>\n\
         <header><a class=\"brand\" href=\"index.html\">thalweg</a><nav aria-label=\"Pages\"><a href=\"index.html\">Overview</a>\
         {initializers}<a href=\"method.html\">Method</a></nav>\
         <button id=\"theme\" type=\"button\" aria-label=\"Switch between light and dark\">◐</button></header>\n\
         <main>\n<h1>{title}</h1>\n<p class=\"lead\">{lead}</p>\n{body}\n</main>\n\
         <footer>{name} · thalweg {version} · {isa} · {seed}</footer>\n</body>\n</html>\n",
        title = escape(title),
        name = escape(&summary.study.name),
        version = summary.version,
        isa = summary.isa,
        seed = format_args!("seed {}", summary.study.seed),
    )
}

/// A table whose columns sort when their heads are clicked. Cells are markup; a head that begins with `#` is of a column
/// of numbers.
pub fn table(heads: &[&str], rows: &[Vec<Cell>]) -> String {
    let head = |head: &&str| match head.strip_prefix('#') {
        Some(text) => {
            format!("<th class=\"number\" scope=\"col\"><button type=\"button\">{text}</button></th>")
        }
        None => format!("<th scope=\"col\"><button type=\"button\">{head}</button></th>"),
    };
    let row = |row: &Vec<Cell>| {
        let cell = |(cell, head): (&Cell, &&str)| {
            let class = if head.starts_with('#') { " class=\"number\"" } else { "" };
            format!("<td{class} data-sort=\"{}\">{}</td>", escape(&cell.sort), cell.text)
        };
        format!("<tr>{}</tr>", row.iter().zip(heads).map(cell).collect::<String>())
    };
    format!(
        "<div class=\"wide\"><table class=\"sortable\"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        heads.iter().map(head).collect::<String>(),
        rows.iter().map(row).collect::<String>()
    )
}

/// One cell of a table: its markup and what it is sorted by.
pub struct Cell {
    text: String,
    sort: String,
}

impl Cell {
    /// A text.
    pub fn text(text: &str) -> Self {
        Cell { text: escape(text), sort: text.to_lowercase() }
    }

    /// A sentence with marks of code.
    pub fn prose(text: &str) -> Self {
        Cell { text: markdown::inline(text), sort: text.to_lowercase() }
    }

    /// A link to a page.
    pub fn link(text: &str, file: &str) -> Self {
        Cell { text: format!("<a href=\"{}\">{}</a>", escape(file), escape(text)), sort: text.to_lowercase() }
    }

    /// A number, as it is written; missing ones sort last.
    pub fn number(value: Option<f64>, written: &str) -> Self {
        Cell { text: escape(written), sort: value.map_or("1e999".into(), |x| format!("{x:e}")) }
    }

    /// Markup that is sorted by a number.
    pub fn markup(value: f64, markup: String) -> Self {
        Cell { text: markup, sort: format!("{value:e}") }
    }
}

/// A share as a bar with its interval.
pub fn share(estimate: &Estimate) -> Cell {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(|x| 100.0 * x);
    Cell::markup(
        -estimate.value,
        format!(
            "<span class=\"share\" style=\"--v:{value:.1}%;--l:{low:.1}%;--h:{high:.1}%\" title=\"95 %: {low:.1} to {high:.1}\">\
             <span>{value:.1} %</span></span>"
        ),
    )
}

/// An expected running time with its interval.
pub fn time(estimate: Option<&Estimate>) -> Cell {
    match estimate {
        Some(time) => Cell::number(
            Some(time.value),
            &format!("{} ({}–{})", short(time.value), short(time.low), short(time.high)),
        ),
        None => Cell::number(None, "never"),
    }
}

/// A number in as few digits as tell it.
pub fn short(x: f64) -> String {
    match x {
        x if x.is_infinite() => "∞".into(),
        x if x < 1e4 => format!("{x:.0}"),
        x => format!("{:.1}k", x / 1e3),
    }
}

/// A learning rate.
pub fn rate(lr: Option<f64>) -> Cell {
    match lr {
        Some(lr) if (1e-3..1e4).contains(&lr) => Cell::number(Some(lr), &significant(lr)),
        Some(lr) => Cell::number(Some(lr), &format!("{lr:.1e}").replace('-', "−")),
        None => Cell::number(None, "–"),
    }
}

/// A number in two significant digits.
fn significant(x: f64) -> String {
    let digits = (1.0 - libm::floor(libm::log10(x))).max(0.0) as usize;
    let text = format!("{x:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').into(),
        false => text,
    }
}

/// A picture with its caption.
pub fn figure(svg: &str, caption: &str) -> String {
    format!("<figure class=\"wide\">{svg}<figcaption>{}</figcaption></figure>", escape(caption))
}

/// Kinds of ends as one bar.
pub fn ends(outcomes: &[u64; 6]) -> Cell {
    let all: u64 = outcomes.iter().sum::<u64>().max(1);
    let part = |(k, count): (usize, &u64)| {
        let kind = crate::run::Outcome::KINDS[k];
        match count {
            0 => String::new(),
            count => format!(
                "<i class=\"end{k}\" style=\"width:{:.2}%\" title=\"{count} {kind}\"></i>",
                100.0 * *count as f64 / all as f64
            ),
        }
    };
    let bar: String = outcomes.iter().enumerate().map(part).collect();
    let said: Vec<String> = outcomes
        .iter()
        .zip(crate::run::Outcome::KINDS)
        .filter(|(n, _)| **n > 0)
        .map(|(n, kind)| format!("{n} {kind}"))
        .collect();
    Cell::markup(
        -(outcomes[0] as f64) / all as f64,
        format!("<span class=\"ends\" role=\"img\" aria-label=\"{}\">{bar}</span>", said.join(", ")),
    )
}

/// What the colours of ends mean.
pub fn ends_legend() -> String {
    let item = |(k, kind): (usize, &&str)| format!("<span><i class=\"end{k}\"></i>{kind}</span>");
    format!(
        "<p class=\"legend\">Ends of runs: {}</p>",
        crate::run::Outcome::KINDS.iter().enumerate().map(item).collect::<String>()
    )
}
