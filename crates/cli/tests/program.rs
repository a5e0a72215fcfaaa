//! The program among others: pipes that close, disks that are full, stores that may only be read, words with minus signs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("program-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("it is made");
    folder
}

fn thalweg(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thalweg"));
    command.args(words).current_dir(folder);
    command
}

fn run(folder: &Path, words: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = thalweg(folder, words).output().expect("it starts");
    let [out, err] = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (status.code().unwrap_or(-1), out, err)
}

const PRINTING: [&[&str]; 5] = [
    &["list", "landscapes"],
    &["list", "optimizers", "--json"],
    &["show", "adam"],
    &["completions", "bash"],
    &["trajectory", "--csv", "-", "--steps", "2000"],
];

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let folder = folder("pipe");
    for words in PRINTING {
        let mut child =
            thalweg(&folder, words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_sentence_and_code_one() {
    let folder = folder("full");
    for words in PRINTING {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
        let output = thalweg(&folder, words).stdout(full).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{words:?}: {said}");
        assert!(said.contains("The output cannot be written") && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn a_start_may_be_negative_and_have_spaces() {
    let folder = folder("start");
    for start in ["-1.2,1", "-1.2, 1"] {
        let (code, out, err) = run(&folder, &["trajectory", "--start", start, "--steps", "1"]);
        assert_eq!(code, 0, "{err}");
        // Rosenbrock's function at its standard start.
        assert!(out.contains("from 2.420000e1"), "{out}");
    }
}

#[test]
fn everything_that_is_listed_is_shown() {
    let folder = folder("list");
    let (code, out, _) = run(&folder, &["list", "--json"]);
    assert_eq!(code, 0);
    let all: Vec<serde_json::Value> = serde_json::from_str(&out).expect("it is JSON");
    for group in ["solvers", "schedules", "initializers", "tasks", "suites"] {
        let one = all.iter().find(|line| line["group"] == group).expect("each kind is listed");
        let name = one["name"].as_str().expect("a name");
        let (code, out, err) = run(&folder, &["show", name]);
        assert!(code == 0 && out.starts_with(name), "{name}: {err}");
    }
    let (_, out, _) = run(&folder, &["show", "kaiming_normal"]);
    assert!(out.contains("nonlinearity  leaky_relu"), "{out}");
    let (code, _, err) = run(&folder, &["show", "ADAM"]);
    assert!(code == 2 && err.contains("did you mean `adam`?"), "{err}");
}

#[test]
fn a_misspelt_setting_is_answered_by_the_one_that_has_it() {
    let folder = folder("setting");
    for (text, answer) in [
        ("lbfgs(histroy=4)", "did you mean `history`?"),
        ("adam(bta1=0.8)", "did you mean `beta1`?"),
        ("adam(lr='0.1')", "the text `'0.1'`"),
    ] {
        let (code, _, err) = run(&folder, &["trajectory", "--optimizer", text]);
        assert!(code == 2 && err.contains(answer), "{err}");
    }
    let (code, _, err) = run(&folder, &["trajectory", "--landscape", "rosenbrock(n=2.5)"]);
    assert!(code == 2 && err.contains("must be whole"), "{err}");
}

const STUDY: [&str; 9] =
    ["--quick", "--problems", "himmelblau", "--seeds", "2", "--budget", "50", "--optimizers", "adam"];

#[test]
fn a_report_runs_nothing() {
    let folder = folder("report");
    let (code, _, err) = run(&folder, &[&["compare"], &STUDY[..]].concat());
    assert_eq!(code, 0, "{err}");
    let more: Vec<&str> = [&["report"], &STUDY[..8], &["adam;sgd"]].concat();
    let before = std::fs::metadata(folder.join("thalweg-report/runs.sqlite")).expect("it is there").len();
    for _ in 0..2 {
        let (code, _, err) = run(&folder, &more);
        assert!(code == 1 && err.contains("are not in the store; run `thalweg compare`"), "{err}");
    }
    let after = std::fs::metadata(folder.join("thalweg-report/runs.sqlite")).expect("it is there").len();
    assert_eq!(before, after);
    let (code, _, err) = run(&folder, &[&["report"], &STUDY[..]].concat());
    assert_eq!(code, 0, "{err}");
}

#[test]
fn a_store_that_may_only_be_read_is_read() {
    let folder = folder("read");
    let (code, _, err) = run(&folder, &[&["compare"], &STUDY[..]].concat());
    assert_eq!(code, 0, "{err}");
    let store = folder.join("thalweg-report/runs.sqlite");
    let archive = folder.join("archive");
    std::fs::create_dir(&archive).expect("it is made");
    std::fs::copy(&store, archive.join("runs.sqlite")).expect("it is copied");
    let mode = |read_only| {
        for path in [archive.join("runs.sqlite"), archive.clone()] {
            let mut permissions = std::fs::metadata(&path).expect("it is there").permissions();
            permissions.set_readonly(read_only);
            std::fs::set_permissions(&path, permissions).expect("it is mine");
        }
    };
    mode(true);
    let (code, _, err) = run(
        &folder,
        &[&["report", "--store", "archive/runs.sqlite", "--out", "elsewhere"], &STUDY[..]].concat(),
    );
    mode(false);
    assert_eq!(code, 0, "{err}");
    assert!(folder.join("elsewhere/index.html").exists());
}

#[test]
fn what_is_no_file_is_no_store() {
    let folder = folder("no-file");
    for name in ["/dev/null", ":memory:", ".", "file:runs.sqlite"] {
        let (code, _, err) = run(&folder, &[&["compare", "--store", name], &STUDY[..]].concat());
        assert!(code == 1 && err.contains("name an ordinary file with `--store`"), "{name}: {code} {err}");
    }
}

#[test]
fn the_end_of_a_pictures_name_is_looked_at_first_and_in_any_case() {
    let folder = folder("picture");
    let (code, out, err) = run(&folder, &["trajectory", "--svg", "way.jpg", "--steps", "3"]);
    assert!(code == 2 && out.is_empty() && err.contains("neither in .svg nor in .png"), "{out}{err}");
    let (code, _, err) = run(&folder, &["trajectory", "--svg", "way.SVG", "--steps", "3"]);
    assert!(code == 0 && folder.join("way.SVG").exists(), "{err}");
    let (code, _, err) = run(&folder, &["trajectory", "--svg", "way.png", "--steps", "3"]);
    match cfg!(feature = "png") {
        true => {
            let picture = std::fs::read(folder.join("way.png")).expect("the picture is there");
            assert!(code == 0 && picture.starts_with(b"\x89PNG"), "{err}");
        }
        false => assert!(code == 2 && err.contains("`--features png`"), "{code} {err}"),
    }
}

#[test]
fn an_instruction_set_that_does_not_exist_is_named() {
    let folder = folder("isa");
    let output = thalweg(&folder, &["list", "tasks"]).env("THALWEG_ISA", "avx521").output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("did you mean `avx512`?"), "{said}");
    let unset = thalweg(&folder, &["list", "tasks"]).env("THALWEG_ISA", "").output().expect("it starts");
    assert_eq!(unset.status.code(), Some(0));
}

#[test]
fn deep_nesting_is_a_sentence() {
    let folder = folder("deep");
    let around = |open: &str, count: usize| format!("{}sgd{}", open.repeat(count), ")".repeat(count));
    for text in
        [around("lookahead(", 100), around("multi_steps(", 40), "[".repeat(50_000), around("chain([", 9)]
    {
        let (code, _, err) = run(&folder, &["trajectory", "--optimizer", &text]);
        assert!(code == 2 && !err.contains("panicked"), "{code} {err}");
    }
    let text = format!("{}booth{}", "shift(".repeat(8_000), ", by=1)".repeat(8_000));
    let (code, _, err) = run(&folder, &["trajectory", "--landscape", &text]);
    assert!(code == 2 && err.contains("nested deeper than 16 levels"), "{err}");
}
