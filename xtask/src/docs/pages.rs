//! Lists of the book that follow from the registries.

use super::{Item, Made};

/// All lists, by file.
pub const ALL: &[Item] = &[
    ("optimizers.md", optimizers),
    ("initializers.md", initializers),
    ("landscapes.md", landscapes),
    ("from_pytorch.md", from_pytorch),
    ("bibliography.md", bibliography),
];

/// The first line of a documentation text without the marks of code links.
fn first(doc: &str) -> String {
    doc.trim().lines().next().unwrap_or_default().replace(['[', ']'], "").replace('|', "\\|")
}

fn optimizers() -> Made {
    let mut text = String::from("| name | group | what it does |\n|---|---|---|\n");
    for e in thalweg_optim::entries() {
        text += &format!("| `{}` | {} | {} |\n", e.name, e.group, first(e.doc));
    }
    for e in thalweg_optim::solvers::SOLVERS {
        text += &format!("| `{}` | solver | {} |\n", e.name, first(e.doc));
    }
    Ok(text)
}

fn initializers() -> Made {
    let mut text = String::from("| name | what it does |\n|---|---|\n");
    for e in thalweg_init::ENTRIES {
        text += &format!("| `{}` | {} |\n", e.name, first(e.doc));
    }
    Ok(text)
}

fn landscapes() -> Made {
    let mut text = String::from("| name | family | formula |\n|---|---|---|\n");
    for e in thalweg_landscapes::entries() {
        text += &format!("| `{}` | {} | {} |\n", e.name, e.family, e.formula.replace('|', "\\|"));
    }
    Ok(text)
}

/// What each call of PyTorch is here.
fn from_pytorch() -> Made {
    let mut text = String::from("| PyTorch | here |\n|---|---|\n");
    let all = thalweg_optim::entries()
        .map(|e| (e.name, e.references))
        .chain(thalweg_optim::solvers::SOLVERS.iter().map(|e| (e.name, e.references)));
    for (name, references) in all {
        for reference in references.iter().filter(|reference| reference.starts_with("torch.")) {
            let call = reference.split('(').next().unwrap_or(reference);
            let fixed = reference
                .split_once(';')
                .map_or(String::new(), |(_, fixed)| format!("({})", fixed.trim().trim_end_matches(')')));
            text += &format!("| `{call}` | `{name}{fixed}` |\n");
        }
    }
    Ok(text)
}

fn bibliography() -> Made {
    let mut entries: Vec<&str> = vec![];
    let citations = thalweg_optim::entries()
        .map(|e| e.citation)
        .chain(thalweg_optim::solvers::SOLVERS.iter().map(|e| e.citation));
    for entry in citations.flat_map(|citation| citation.split("\n\n")).map(str::trim) {
        if !entry.is_empty() && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries.sort_unstable();
    Ok(format!("```bibtex\n{}\n```\n", entries.join("\n\n")))
}
