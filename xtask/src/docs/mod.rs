//! `cargo xtask docs`: the book and the API docs with everything in them that is computed, and a check of all links.

mod facts;
mod figures;
mod links;
mod pages;
mod performance;

pub use facts::study;

use std::path::{Path, PathBuf};
use std::process::Command;

type Made = Result<String, String>;

/// What is computed for the book: a name, and what makes it. Pictures end in `.svg`, tables and sentences in `.md`.
type Item = (&'static str, fn() -> Made);

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// An error as text.
fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn put(path: &Path, content: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, content))
        .map_err(|e| format!("{} cannot be written: {e}", path.display()))
}

/// Runs a command that must succeed.
fn run(command: &mut Command, what: &str) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|e| format!("{what} does not start: {e}. Install it first; CONTRIBUTING.md says how."))?;
    if status.success() { Ok(()) } else { Err(format!("{what} failed")) }
}

/// Writes everything that is computed for the book and the README.
pub fn generate() -> Made {
    let folder = root().join("docs/src/generated");
    for (name, make) in figures::ALL.iter().chain(facts::ALL).chain(pages::ALL).chain(performance::ALL) {
        println!("{name}");
        let content = make().map_err(|e| format!("{name}: {e}"))?;
        if name.ends_with(".svg") && content.contains("<desc></desc>") {
            return Err(format!("{name} has no description for those who do not see it"));
        }
        put(&folder.join(name), &content)?;
    }
    put(&root().join("docs/picture.svg"), &figures::picture()?)?;
    for (name, make) in README {
        readme(name, &make()?)?;
    }
    Ok(format!("wrote {}", folder.display()))
}

/// The parts of the README that are generated, by the names of the marks between which they stand.
const README: [Item; 3] = [
    ("first build of cargo xtask builds", crate::builds::first),
    ("ranking of cargo xtask ranking", crate::ranking::block),
    ("figures of cargo xtask measure", performance::summary),
];

/// Puts a part between its marks in the README.
fn readme(name: &str, part: &str) -> Result<(), String> {
    let path = root().join("README.md");
    let old = std::fs::read_to_string(&path).map_err(text)?;
    let [begin, end] = ["begin", "end"].map(|mark| format!("<!-- {mark}: {name} -->"));
    let parts = old.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) =
        parts.ok_or(format!("README.md has lost the marks of the {name}, such as {begin}"))?;
    put(&path, &format!("{before}{begin}\n\n{}\n\n{end}{after}", part.trim()))
}

/// Every block of Rust in the README and the book compiles and runs.
fn run_the_code(root: &Path) -> Result<(), String> {
    let mut test = Command::new("cargo");
    // With the whole workspace's choice of features, so that nothing is built anew.
    test.args(["test", "--workspace", "--doc", "--quiet", "--", "README", "docs/src"]).current_dir(root);
    run(&mut test, "the code of the book")
}

/// Builds everything into `target/docs` and checks it.
pub fn build() -> Made {
    generate()?;
    let (root, out) = (root(), root().join("target/docs"));
    run_the_code(&root)?;
    if out.exists() {
        std::fs::remove_dir_all(&out).map_err(text)?;
    }
    // Where `.ci/run` installs it, or else wherever it is found.
    let own = root.join("target/tools/bin/mdbook");
    let program = if own.exists() { own } else { "mdbook".into() };
    run(Command::new(program).arg("build").arg(root.join("docs")).arg("--dest-dir").arg(&out), "mdbook")?;
    let mut doc = Command::new("cargo");
    doc.args(["doc", "--workspace", "--no-deps"]).current_dir(&root).env("RUSTDOCFLAGS", "-D warnings");
    run(&mut doc, "cargo doc")?;
    copy(&root.join("target/doc"), &out.join("api"))?;
    let checked = links::check(&out)?;
    Ok(format!("{checked}\nopen {}", out.join("index.html").display()))
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::create_dir_all(to).map_err(text)?;
    for entry in std::fs::read_dir(from).map_err(text)? {
        let path = entry.map_err(text)?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            std::fs::copy(&path, &target).map_err(text)?;
        }
    }
    Ok(())
}
