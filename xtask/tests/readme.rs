//! The counts in the README's prose are those of what there is.

use thalweg_lab::study::{Part, shipped};

#[test]
fn the_readme_counts_what_there_is() {
    let readme = include_str!("../../README.md");
    let study = shipped().expect("the shipped study is read");
    let (networks, landscapes): (Vec<&Part>, Vec<&Part>) =
        study.parts.iter().partition(|part| !part.initializers.is_empty());
    let most = |parts: &[&Part], count: fn(&Part) -> usize| parts.iter().map(|p| count(p)).max().unwrap_or(0);
    let problems = |parts: &[&Part]| parts.iter().map(|part| part.problems.len()).sum::<usize>();
    let compared = format!(
        "{} optimizers × {} landscapes, {} initializers × {} networks",
        most(&landscapes, |part| part.optimizers.len()),
        problems(&landscapes),
        most(&networks, |part| part.initializers.len()),
        problems(&networks),
    );
    let recipes = format!("{} recipes", thalweg_optim::entries().count());
    let schemes = format!("{} initializers", thalweg_init::ENTRIES.len());
    // Lines are broken anywhere.
    let text = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [compared, recipes, schemes] {
        assert!(text.contains(&wanted), "the README does not say `{wanted}`");
    }
}
