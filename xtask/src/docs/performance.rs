//! What `cargo xtask measure` has measured, as tables of the book and the README.

use serde_json::Value;

use super::{Item, Made};
use crate::measure::{MEMORY, OWN, PEERS, read};

/// The tables of the book.
pub const ALL: &[Item] = &[
    ("performance_summary.md", summary),
    ("memory.md", memory),
    ("bounds.md", bounds),
    ("profiles.md", profiles),
    ("performance.md", every_figure),
];

/// A row: what is done, the name of our bench, that of Burn's, and the peers' task.
type Row = (&'static str, &'static str, Option<&'static str>, Option<&'static str>);

/// Training and execution.
const STEPS: &[Row] = &[
    (
        "step of Adam, 2-64-64-2, batch 32",
        "adam step 2-64-64-2 b32/thalweg",
        Some("adam step 2-64-64-2 b32/burn"),
        Some("adam step 2-64-64-2 b32"),
    ),
    (
        "step of Adam, 784-256-128-10, batch 64",
        "adam step 784-256-128-10 b64/thalweg",
        Some("adam step 784-256-128-10 b64/burn"),
        Some("adam step 784-256-128-10 b64"),
    ),
    (
        "step of Adam, 784-1024-1024-10, batch 256",
        "adam step 784-1024-1024-10 b256/thalweg",
        Some("adam step 784-1024-1024-10 b256/burn"),
        Some("adam step 784-1024-1024-10 b256"),
    ),
];

/// What is of interest beyond.
const OTHERS: &[Row] = &[
    ("Adam alone, 16 M parameters", "adam alone/16M/thalweg", None, Some("adam alone 16M")),
    (
        "gradient, 784-256-128-10 tanh, batch 64",
        "derivatives tanh 784-256-128-10 b64/gradient",
        None,
        Some("derivatives tanh 784-256-128-10 b64/gradient"),
    ),
    (
        "Hessian–vector product of the same",
        "derivatives tanh 784-256-128-10 b64/hvp",
        None,
        Some("derivatives tanh 784-256-128-10 b64/hvp"),
    ),
    (
        "Adam on Rosenbrock's function in f64, one run, a step",
        "adam on rosenbrock/compiled/1",
        Some("adam on rosenbrock/burn/1"),
        Some("adam on rosenbrock, 1 run, each step of a run"),
    ),
    (
        "the same, 4,096 runs at once, a step of a run",
        "adam on rosenbrock/compiled/4096",
        None,
        Some("adam on rosenbrock, 4096 runs, each step of a run"),
    ),
    (
        "trace, differentiate, compile and first step, 2-64-64-2",
        "compile/2-64-64-2 b32",
        None,
        Some("compile 2-64-64-2 b32"),
    ),
    ("the same, 784-256-128-10", "compile/784-256-128-10 b64", None, Some("compile 784-256-128-10 b64")),
    (
        "the same, 784-1024-1024-10",
        "compile/784-1024-1024-10 b256",
        None,
        Some("compile 784-1024-1024-10 b256"),
    ),
    ("trace, differentiate and compile alone, 2-64-64-2", "compile alone/2-64-64-2 b32", None, None),
    ("the same, 784-256-128-10", "compile alone/784-256-128-10 b64", None, None),
    ("the same, 784-1024-1024-10", "compile alone/784-1024-1024-10 b256", None, None),
];

/// Optimizers that are measured in Burn's `ModuleOptimizer`, ours and Burn's of the same name.
const UPDATES: &[&str] = &["sgd", "momentum", "adam", "adamw", "lion", "adafactor", "muon"];

/// First values.
const VALUES: &[&str] = &["uniform", "normal"];

/// Both files, once read.
struct Figures {
    own: Value,
    peers: Value,
}

impl Figures {
    fn read() -> Result<Self, String> {
        Ok(Figures { own: read(OWN)?, peers: read(PEERS)? })
    }

    /// The seconds of a bench.
    fn seconds(&self, name: &str) -> Result<f64, String> {
        let all = self.own["figures"].as_array();
        let found = all.into_iter().flatten().find(|figure| figure["name"].as_str() == Some(name));
        found
            .and_then(|figure| figure["seconds"].as_f64())
            .ok_or_else(|| format!("{OWN} has no figure of `{name}`; run `cargo xtask measure`"))
    }

    /// The best of a library's ways to do a task.
    fn peer(&self, task: &str, library: &str) -> Option<f64> {
        let all = self.peers["figures"].as_array().into_iter().flatten();
        let is_it = |figure: &&Value| {
            figure["task"].as_str() == Some(task)
                && figure["library"].as_str().is_some_and(|name| name.starts_with(library))
        };
        all.filter(is_it).filter_map(|figure| figure["median"].as_f64()).min_by(f64::total_cmp)
    }

    fn word(&self, name: &str) -> String {
        self.own[name].as_str().unwrap_or_default().to_string()
    }

    fn sitting(&self) -> String {
        let versions = &self.peers["versions"];
        format!(
            "Medians, measured on {} on {} cores of {} ({}), Burn {} on flex, {}; JAX {} and PyTorch {} on {}, by \
             `cargo xtask measure`.",
            self.word("date"),
            self.own["cores"],
            self.word("processor"),
            self.word("isa"),
            self.word("burn"),
            self.word("compiler").split(" (").next().unwrap_or_default(),
            versions["jax"].as_str().unwrap_or("–"),
            versions["torch"].as_str().unwrap_or("–").split('+').next().unwrap_or_default(),
            self.peers["date"].as_str().unwrap_or("another day"),
        )
    }

    fn table(&self, rows: &[Row]) -> Made {
        let mut table = String::from("| | Burn eager | Thalweg | JAX | PyTorch |\n|---|---|---|---|---|\n");
        for (what, own, burn, task) in rows {
            let cell = |seconds: Option<f64>| seconds.map_or("–".into(), time);
            let burn = burn.map(|name| self.seconds(name)).transpose()?;
            let [jax, torch] = ["JAX", "PyTorch"].map(|library| task.and_then(|task| self.peer(task, library)));
            let own = self.seconds(own)?;
            table +=
                &format!("| {what} | {} | {} | {} | {} |\n", cell(burn), time(own), cell(jax), cell(torch));
        }
        Ok(table)
    }

    /// Updates in `ModuleOptimizer`.
    fn updates(&self) -> Made {
        let mut table = String::from(
            "| update in `ModuleOptimizer` | 1 M, Burn | 1 M, Thalweg | 16 M, Burn | 16 M, Thalweg |\n|---|---|---|---|---|\n",
        );
        for name in UPDATES {
            let cells = ["1M/burn", "1M/thalweg", "16M/burn", "16M/thalweg"].map(|column| {
                let (size, whose) = column.split_once('/').unwrap_or_default();
                // Not every optimizer is Burn's as well.
                self.seconds(&format!("update {size}/{name}/{whose}")).map_or("–".into(), time)
            });
            table += &format!("| {name} | {} |\n", cells.join(" | "));
        }
        Ok(table)
    }

    /// First values, in nanoseconds each.
    fn values(&self) -> Made {
        let mut table = String::from(
            "| first values, each of 100 M in f32 | `rand` with `StdRng` | with `SmallRng` | `Plan::apply` |\n|---|---|---|---|\n",
        );
        for name in VALUES {
            let cells = ["rand StdRng", "rand SmallRng", "thalweg"].map(|whose| {
                Ok::<String, String>(time(self.seconds(&format!("initialize 100M/{name}/{whose}"))?))
            });
            let cells = cells.into_iter().collect::<Result<Vec<_>, _>>()?;
            table += &format!("| {name} | {} |\n", cells.join(" | "));
        }
        Ok(table)
    }

    fn laboratory(&self) -> Made {
        let each = self.seconds("laboratory/evaluations of Adam in two dimensions")?;
        let saved = self.seconds("laboratory/runs saved")?;
        Ok(format!(
            "The laboratory makes {:.0} million evaluations a second of Adam on landscapes of two dimensions on all cores, \
             compiling, records and store included, and saves {:.0} thousand runs a second with 40 moments each.\n",
            1e-6 / each,
            1e-3 / saved
        ))
    }
}

/// Seconds in the unit that suits them.
fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1e-8 => format!("{:.1} ns", 1e9 * s),
        s if s < 1e-6 => format!("{:.0} ns", 1e9 * s),
        s if s < 1e-3 => format!("{:.0} µs", 1e6 * s),
        s if s < 1e-2 => format!("{:.2} ms", 1e3 * s),
        s if s < 1.0 => format!("{:.1} ms", 1e3 * s),
        s => format!("{s:.2} s"),
    }
}

/// What the README shows, and the page on performance begins with.
pub fn summary() -> Made {
    let figures = Figures::read()?;
    Ok(format!(
        "{}\n\n{}\nOther programs, and what compiling takes:\n\n{}\nUpdates in Burn's own loop, by Burn's optimizers and ours:\n\n{}\n\
         First values on all threads:\n\n{}\n{}",
        figures.sitting(),
        figures.table(STEPS)?,
        figures.table(OTHERS)?,
        figures.updates()?,
        figures.values()?,
        figures.laboratory()?
    ))
}

/// The most bytes that training holds.
fn memory() -> Made {
    let all = read(MEMORY)?;
    let mut table =
        String::from("| step of Adam | parameters and moments | Burn eager | Thalweg |\n|---|---|---|---|\n");
    for figure in all["figures"].as_array().into_iter().flatten() {
        let bytes = |whose: &str| {
            let bytes = figure[whose].as_f64().ok_or(format!("{MEMORY} has no figure of `{whose}`"))?;
            Ok::<_, String>(if bytes < 1e6 {
                format!("{:.0} kB", 1e-3 * bytes)
            } else {
                format!("{:.2} MB", 1e-6 * bytes)
            })
        };
        let name = figure["name"].as_str().unwrap_or_default();
        table += &format!("| {name} | {} | {} | {} |\n", bytes("state")?, bytes("burn")?, bytes("thalweg")?);
    }
    Ok(table)
}

/// Where the time of each network's step goes.
fn profiles() -> Made {
    let mut out = String::new();
    for figure in read(MEMORY)?["figures"].as_array().into_iter().flatten() {
        let word = |name: &str| {
            figure[name].as_str().ok_or(format!("{MEMORY} has no `{name}`; run `cargo xtask measure`"))
        };
        out += &format!(
            "<details><summary>{}</summary>\n\n```text\n{}\n```\n\n</details>\n\n",
            word("name")?,
            word("profile")?.trim_end()
        );
    }
    Ok(out)
}

/// What the arithmetic and the memory of three figures come to.
fn bounds() -> Made {
    let figures = Figures::read()?;
    // Forward, and twice as much backward, but for the gradient of the first layer's input, which nobody asks for.
    let (batch, layers) = (256.0, [784.0 * 1024.0, 1024.0 * 1024.0, 1024.0 * 10.0]);
    let products: f64 = 2.0 * batch * (3.0 * layers.iter().sum::<f64>() - layers[0]);
    let step = figures.seconds("adam step 784-1024-1024-10 b256/thalweg")?;
    // The bench counts single operations.
    let most = |threads: &str| {
        let each = figures.seconds(&format!("machine/a billion operations on each thread/{threads}"))?;
        Ok::<_, String>(1e-9 / each)
    };
    let (one_thread, all_threads) = (most("one thread")?, most("all threads")?);
    // Parameter and two moments are read and written, the gradient is read: seven numbers of four bytes.
    let bytes = 7.0 * 4.0 * 16e6;
    let update = figures.seconds("adam alone/16M/thalweg")?;
    let torch = figures.peer("adam alone 16M", "PyTorch").map_or(String::new(), |seconds| {
        format!(
            "; PyTorch, whose fused Adam is one pass as well, moves them at {:.0} GB/s",
            bytes / seconds / 1e9
        )
    });
    let smallest = figures.seconds("adam step 2-64-64-2 b32/thalweg")?;
    let one = figures.seconds("adam on rosenbrock/compiled/1")?;
    let many = figures.seconds("adam on rosenbrock/compiled/4096")?;
    Ok(format!(
        "* **The largest network** is bound by its matrix products: {:.1} billion operations a step, so the whole step, with \
         everything else in it, runs at {:.0} GFLOP/s, {:.0} % of what the CPU's fused multiply–adds reach in registers on all threads.\n\
         * **Adam over 16 M parameters** reads and writes {:.0} MB, in one kernel, at {:.0} GB/s{torch}.\n\
         * **The smallest network**, {} a step, runs on one thread: three products of 32 × 64 × 64 are most of its arithmetic, and at \
         the {:.0} GFLOP/s that one thread's multiply–adds reach at most they would take {}; the rest is Adam's \
         update and some thirty short steps of a few hundred numbers, each with what starting it costs. What two cores compute faster they lose again when they hand it to each other.\n\
         * **Adam on Rosenbrock's function**: one run is a chain in which each operation waits for the one before it, two square \
         roots and quotients among them, {} a step; of 4,096 runs at once each step of a run takes {}.\n",
        products / 1e9,
        products / step / 1e9,
        100.0 * products / step / 1e9 / all_threads,
        bytes / 1e6,
        bytes / update / 1e9,
        time(smallest),
        one_thread,
        time(3.0 * 2.0 * 32.0 * 64.0 * 64.0 / 1e9 / one_thread),
        time(one),
        time(many),
    ))
}

/// Every figure that was measured.
fn every_figure() -> Made {
    let figures = Figures::read()?;
    let mut out = String::from("## Every bench\n\n| bench | median |\n|---|---|\n");
    for figure in figures.own["figures"].as_array().into_iter().flatten() {
        let seconds = figure["seconds"].as_f64().unwrap_or(f64::NAN);
        out += &format!("| {} | {} |\n", figure["name"].as_str().unwrap_or_default(), time(seconds));
    }
    out += "\n## Every way of the peers\n\n| task | library | how | median | least |\n|---|---|---|---|---|\n";
    for figure in figures.peers["figures"].as_array().into_iter().flatten() {
        let word = |name: &str| figure[name].as_str().unwrap_or_default().to_string();
        let [median, least] = ["median", "least"].map(|name| time(figure[name].as_f64().unwrap_or(f64::NAN)));
        out += &format!("| {} | {} | {} | {median} | {least} |\n", word("task"), word("library"), word("how"));
    }
    Ok(out)
}
