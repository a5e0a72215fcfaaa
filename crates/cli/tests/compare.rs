//! `thalweg compare` as users run it: again, in parts, killed, and with wrong words.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const STUDY: [&str; 8] = [
    "--quick",
    "--problems",
    "rosenbrock(n=2);himmelblau;double_well_2d",
    "--seeds",
    "4",
    "--budget",
    "400",
    "--optimizers",
];

const OPTIMIZERS: &str = "gradient descent;heavy ball;Adam;L-BFGS;saddle-free Newton";

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("compare-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn thalweg(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thalweg"));
    command.args(words);
    command
}

fn compare(out: &Path, more: &[&str]) -> Output {
    let mut command = thalweg(&["compare"]);
    command.args(STUDY).arg(OPTIMIZERS).arg("--out").arg(out).args(more);
    command.output().expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The tables, without the line that names the folder.
fn tables(output: &Output) -> String {
    said(output)
        .lines()
        .filter(|line| !line.starts_with("The report is"))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The files of the report that hold numbers.
fn numbers(out: &Path) -> [String; 2] {
    ["runs.csv", "summary.json"]
        .map(|name| std::fs::read_to_string(out.join(name)).expect("the report is there"))
}

#[test]
fn a_second_time_there_is_nothing_to_do_and_jobs_do_not_matter() {
    let (one, two) = (folder("once"), folder("twice"));
    let first = compare(&one, &["--jobs", "1", "--stats"]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let again = compare(&one, &["--stats"]);
    assert!(said(&again).contains("0 runs computed"), "{}", said(&again));
    let parallel = compare(&two, &["--jobs", "3"]);
    assert_eq!(tables(&compare(&one, &[])), tables(&parallel));
    assert_eq!(numbers(&one), numbers(&two));
    for out in [one, two] {
        let _ = std::fs::remove_dir_all(out);
    }
}

#[test]
fn killed_at_random_moments_it_ends_with_the_same_tables() {
    let (whole, killed) = (folder("whole"), folder("killed"));
    let expected = tables(&compare(&whole, &[]));
    // Moments from before the store exists to after the end; the numbers only need to be spread.
    for k in 0..50u64 {
        let mut command = thalweg(&["compare"]);
        command.args(STUDY).arg(OPTIMIZERS).arg("--out").arg(&killed);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
        std::thread::sleep(Duration::from_millis(k * 37 % 211));
        // SIGKILL; a child that has ended already is as good.
        let _ = child.kill();
        let _ = child.wait();
    }
    assert_eq!(tables(&compare(&killed, &[])), expected);
    assert_eq!(numbers(&killed), numbers(&whole));
    for out in [whole, killed] {
        let _ = std::fs::remove_dir_all(out);
    }
}

#[test]
fn two_processes_on_one_store_do_no_run_twice() {
    let out = folder("shared");
    let start = || {
        let mut command = thalweg(&["compare"]);
        command.args(STUDY).arg(OPTIMIZERS).arg("--out").arg(&out).args(["--stats", "--jobs", "1"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    };
    let both = [start(), start()].map(|child| child.wait_with_output().expect("it ends"));
    let computed = |output: &Output| -> u64 {
        let text = said(output);
        let line = text.lines().find(|line| line.contains("runs computed"));
        let line = line.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr))).to_string();
        line.split(' ').next().and_then(|n| n.parse().ok()).expect("a number comes first")
    };
    let alone = folder("alone");
    let all = computed(&compare(&alone, &["--stats"]));
    assert_eq!(computed(&both[0]) + computed(&both[1]), all);
    assert_eq!(tables_without_stats(&both[0]), tables_without_stats(&both[1]));
    for out in [out, alone] {
        let _ = std::fs::remove_dir_all(out);
    }
}

fn tables_without_stats(output: &Output) -> String {
    tables(output)
        .lines()
        .filter(|line| !line.contains("runs computed"))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn wrong_words_get_a_sentence_and_the_documented_code() {
    let fails = |words: &[&str], code: i32, sentence: &str| {
        let output = thalweg(words).output().expect("the program starts");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {text}");
        assert!(text.contains(sentence), "{words:?}: {text}");
    };
    fails(&["compare", "--suite", "ravine"], 2, "There is no suite `ravine`");
    fails(&["compare", "--optimizers", "adm"], 2, "did you mean `adam`?");
    fails(&["compare", "--problems", "rosenbrok"], 2, "did you mean `rosenbrock`?");
    fails(&["compare", "--budget", "0"], 2, "`budget` is 0");
    fails(&["compare", "--study", "nowhere.toml"], 1, "cannot be read");
    fails(&["show", "adem"], 2, "did you mean");
    fails(&["trajectory", "--start", "1"], 2, "takes a point of 2 coordinates");
    fails(&["report", "--out", "nowhere"], 1, "There are no runs in");
    let file = folder("no-store").with_extension("sqlite");
    std::fs::write(&file, "this is no database, but long enough to look like one to anybody who opens it")
        .expect("it writes");
    fails(&["compare", "--quick", "--store", &file.to_string_lossy()], 1, "is no store of runs");
    assert!(std::fs::read_to_string(&file).expect("it is still there").starts_with("this is no database"));
    let _ = std::fs::remove_file(file);
}

/// Root may write anywhere, so that there the program runs as somebody who may not.
#[cfg(unix)]
#[test]
fn a_read_only_folder_is_said_and_left_as_it_is() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65534;
    let out = folder("read-only");
    std::fs::create_dir_all(&out).expect("it is made");
    // Where root runs the tests, what is built may be out of the other's reach.
    let program = out.join("thalweg");
    std::fs::copy(env!("CARGO_BIN_EXE_thalweg"), &program).expect("it is copied");
    std::fs::set_permissions(&out, PermissionsExt::from_mode(0o555)).expect("it is its own");
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let fails = |words: &[&str], sentence: &str| {
        let mut command = Command::new(&program);
        command.args(["compare"]).args(STUDY).arg(OPTIMIZERS).args(words).current_dir("/");
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().expect("the program starts");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains(sentence), "{text}");
    };
    let within = |name: &str| out.join(name).to_string_lossy().into_owned();
    fails(&["--out", &within("report")], "cannot be made");
    fails(&["--store", &within("runs.sqlite")], "name a file in a folder that exists and is writable");
    fails(&["--out", &within("")], "writable");
    let left: Vec<_> = std::fs::read_dir(&out).expect("it is read").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["thalweg"]);
    std::fs::set_permissions(&out, PermissionsExt::from_mode(0o755)).expect("it is its own");
    let _ = std::fs::remove_dir_all(out);
}

#[test]
fn lists_and_shows_name_everything() {
    let text = |words: &[&str]| said(&thalweg(words).output().expect("the program starts"));
    assert!(text(&["list", "optimizers"]).contains("adam "));
    let json: serde_json::Value =
        serde_json::from_str(&text(&["list", "landscapes", "--json"])).expect("it is JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(thalweg_landscapes::entries().count()));
    for name in ["adam", "lbfgs", "kaiming_normal", "rosenbrock", "digits"] {
        assert!(text(&["show", name]).starts_with(name), "{name}");
    }
    let csv = text(&[
        "trajectory",
        "--landscape",
        "himmelblau",
        "--optimizer",
        "sgd(lr=0.01)",
        "--steps",
        "5",
        "--csv",
        "-",
    ]);
    assert_eq!(csv.lines().count(), 7);
    assert!(csv.starts_with("optimizer,step,value,x1,x2\n"));
}
