//! `cargo xtask measure`: the figures of the page on performance and of the README, of this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// Where our figures are kept.
pub const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data/performance.json");

/// Where those of JAX and PyTorch are kept.
pub const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data/peers.json");

/// Where the bytes are kept that training holds.
pub const MEMORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/data/memory.json");

/// The benches that are run, all on one machine, one after the other.
const BENCHES: [&str; 8] = ["machine", "train", "cpu", "optim", "init", "landscapes", "autodiff", "lab"];

/// Runs the benches, memory and the peers, and writes what they say. Where some benches are `named`, only those of the benches
/// are run anew, and the figures of the others stay.
pub fn write(named: &[&str]) -> Result<String, String> {
    if let Some(unknown) = named.iter().find(|name| !BENCHES.contains(name)) {
        return Err(format!("There is no bench `{unknown}`; there are {}.", BENCHES.join(", ")));
    }
    let is_run = |name: &&str| named.is_empty() || named.contains(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let results = root.join("target/criterion");
    if results.exists() {
        // What an earlier sitting has left must not be taken for this one's.
        std::fs::remove_dir_all(&results).map_err(|e| format!("{}: {e}", results.display()))?;
    }
    let mut bench = Command::new("cargo");
    bench.args(["bench", "-p", "thalweg-benches"]).current_dir(&root);
    BENCHES.iter().filter(|name| is_run(name)).for_each(|name| {
        bench.args(["--bench", name]);
    });
    // Medians settle sooner than Criterion waits by default.
    bench.args(["--", "--noplot", "--warm-up-time", "1", "--measurement-time", "3"]);
    succeeds(&mut bench, "cargo bench")?;
    let mut figures = vec![];
    gather(&results, &mut figures)?;
    if !named.is_empty() {
        let kept = read(OWN)?["figures"].as_array().cloned().unwrap_or_default();
        for figure in kept {
            let (Some(name), Some(seconds)) = (figure["name"].as_str(), figure["seconds"].as_f64()) else {
                continue;
            };
            if !figures.iter().any(|(own, _)| own == name) {
                figures.push((name.into(), seconds));
            }
        }
    }
    figures.sort_by(|a: &(String, f64), b| a.0.cmp(&b.0));
    let figures: Vec<Value> =
        figures.into_iter().map(|(name, seconds)| json!({"name": name, "seconds": seconds})).collect();
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let all = json!({
        "date": said("date", &["+%F"])?,
        "processor": processor.map_or("unknown", |(_, name)| name.trim()),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
        "isa": thalweg_cpu::Isa::detect().to_string(),
        "compiler": said("rustc", &["--version"])?,
        "burn": crate::burn_version()?,
        "figures": figures,
    });
    let text = serde_json::to_string_pretty(&all).map_err(|e| e.to_string())? + "\n";
    std::fs::write(OWN, text).map_err(|e| format!("{OWN}: {e}"))?;
    let mut memory = Command::new("cargo");
    memory
        .args(["bench", "-p", "thalweg-benches", "--bench", "memory", "--", "--out", MEMORY])
        .current_dir(&root);
    succeeds(&mut memory, "the bench of memory")?;
    let mut peers = Command::new("python3");
    peers.arg(root.join("benches/peers/training/peers.py")).args(["--out", PEERS]);
    let peers = match succeeds(&mut peers, "the peers' command") {
        Ok(()) => format!("wrote {PEERS}"),
        Err(why) => {
            format!("{PEERS} stays as it was: {why}; benches/peers/training/README.md says what it needs")
        }
    };
    Ok(format!("wrote {OWN}\nwrote {MEMORY}\n{peers}"))
}

/// The name and the median of everything that Criterion has measured, in seconds, of one element where a bench says of how
/// many its iterations are.
fn gather(folder: &Path, figures: &mut Vec<(String, f64)>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()) {
        if !path.ends_with("new") {
            gather(&path, figures)?;
            continue;
        }
        let [bench, estimates] = ["benchmark.json", "estimates.json"].map(|name| read(path.join(name)));
        let (bench, estimates) = (bench?, estimates?);
        let name = bench["full_id"].as_str().ok_or("a bench has no name")?.to_string();
        let nanoseconds = estimates["median"]["point_estimate"].as_f64().ok_or("a bench has no median")?;
        let elements = bench["throughput"]["Elements"].as_f64().unwrap_or(1.0);
        figures.push((name, nanoseconds * 1e-9 / elements));
    }
    Ok(())
}

/// A file of figures.
pub fn read(path: impl Into<PathBuf>) -> Result<Value, String> {
    let path = path.into();
    let content = std::fs::read_to_string(&path)
        .map_err(|e| format!("{}: {e}; run `cargo xtask measure`", path.display()))?;
    serde_json::from_str(&content).map_err(|e| format!("{}: {e}", path.display()))
}

fn succeeds(command: &mut Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} failed with {status}")),
        Err(e) => Err(format!("{what} does not start: {e}")),
    }
}

/// What a program prints.
pub fn said(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).output().map_err(|e| format!("{program}: {e}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
}
