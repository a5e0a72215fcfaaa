//! What Cargo would build.

use std::process::Command;

/// Each dependency of a selection of packages, such as `serde v1.0.0`, with what the format, such as `{f}`, says of it. Crates of
/// the workspace are left out; a dependency may come several times.
pub fn tree(selection: &[&str], format: &str) -> Vec<(String, String)> {
    let mut cargo = Command::new(env!("CARGO"));
    // From the folder of the workspace, since elsewhere Cargo selects the package that one stands in.
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    cargo.args(["tree", "--locked", "--prefix", "none", "--format", &format!("{{p}}|{format}")]);
    let output = cargo.args(selection).output().expect("cargo runs");
    assert!(output.status.success(), "{selection:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    // A crate of the workspace has its folder in parentheses.
    let lines =
        text.lines().filter_map(|line| line.split_once('|')).filter(|(package, _)| !package.contains("(/"));
    let bare = |(package, said): (&str, &str)| {
        (package.trim_end_matches(" (proc-macro)").to_string(), said.trim_end_matches(" (*)").to_string())
    };
    lines.map(bare).collect()
}
