//! What the program prints, as it was looked at and found good: `cargo insta review`, or `INSTA_UPDATE=always cargo test
//! -p thalweg-cli --test terminal`, takes what is new.

use std::path::PathBuf;
use std::process::Command;

/// What the program says in a folder of its own, with the arithmetic that every machine has.
fn says(name: &str, words: &[&str]) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("terminal-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("it is made");
    let mut command = Command::new(env!("CARGO_BIN_EXE_thalweg"));
    let output = command
        .args(words)
        .current_dir(&folder)
        .env("THALWEG_ISA", "baseline")
        .env_remove("COLUMNS")
        .output()
        .expect("it starts");
    let _ = std::fs::remove_dir_all(&folder);
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    // How far it is gets said every few seconds, so how often depends on the machine.
    let err: String =
        err.lines().filter(|line| !line.ends_with("jobs done")).map(|line| format!("{line}\n")).collect();
    format!("code {}\n{out}{err}", output.status.code().unwrap_or(-1))
}

#[test]
fn the_tables_of_a_comparison() {
    let words = ["compare", "--quick", "--suite", "saddles", "--seeds", "5", "--optimizers"];
    let optimizers = "gradient descent;heavy ball;Adam;L-BFGS;saddle-free Newton";
    insta::assert_snapshot!(says("tables", &[&words[..], &[optimizers]].concat()));
}

#[test]
fn help() {
    insta::assert_snapshot!("help", says("help", &["--help"]));
    insta::assert_snapshot!("help_compare", says("help-compare", &["compare", "--help"]));
}

#[test]
fn an_optimizer_an_initializer_and_a_landscape() {
    for name in ["notes_adam", "kaiming_normal", "double_well_2d", "deep_tanh"] {
        insta::assert_snapshot!(format!("show_{name}"), says(name, &["show", name]));
    }
    insta::assert_snapshot!("list_suites", says("suites", &["list", "suites"]));
}

#[test]
fn wrong_words() {
    insta::assert_snapshot!("wrong_suite", says("suite", &["compare", "--suite", "ravine"]));
    insta::assert_snapshot!(
        "wrong_optimizer",
        says("optimizer", &["compare", "--optimizers", "adam(beta3=0.9)"])
    );
    insta::assert_snapshot!("wrong_command", says("command", &["comprae"]));
    insta::assert_snapshot!("wrong_name", says("name", &["show", "adem"]));
}
