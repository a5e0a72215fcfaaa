//! Developer commands: `cargo xtask coverage [--check]`, `cargo xtask verify PATH…`, `cargo xtask baselines`, `cargo xtask measure [BENCH…]`,
//! `cargo xtask builds [PART…]`, `cargo xtask ranking`, `cargo xtask docs [--generate]`.

mod baselines;
mod builds;
// The tables that the tests of `thalweg-autodiff` iterate.
#[path = "../../crates/autodiff/tests/laws/cases/mod.rs"]
mod cases;
#[path = "../../crates/autodiff/tests/laws/checks.rs"]
mod checks;
mod coverage;
mod docs;
// The check of trajectories that the tests of `thalweg-optim` make.
#[path = "../../crates/optim/tests/support/goldens.rs"]
mod goldens;
mod measure;
mod ranking;
mod verify;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask coverage [--check] | cargo xtask verify PATH… | cargo xtask baselines | cargo xtask docs [--generate] | cargo xtask measure [BENCH…] | cargo xtask builds [PART…] | cargo xtask ranking
  coverage           write docs/coverage.md: what of Burn can be differentiated, found by running it
  coverage --check   fail if docs/coverage.md is not what would be written
  verify PATH…       hold the project against files of reference figures, whatever their kind
  baselines          train the baselines of the laboratory's tasks, and write the losses that set their targets
  measure            run every bench and the peers, and write docs/data: what this machine takes
  measure BENCH…     the same, but of the benches only these; the figures of the others stay
  builds [PART…]     build the program, and a new user's program with and without Thalweg, from nothing, and write how long it took
  ranking            make the shipped comparison, and write the rows that the README shows
  docs               build book and API docs into target/docs with every figure and number anew, and check all links
  docs --generate    only the figures and numbers of the book and the README";

/// The release of Burn that is built against, from the lock file.
fn burn_version() -> Result<&'static str, String> {
    let lock = include_str!("../../Cargo.lock");
    let rest = lock.split_once("name = \"burn\"\nversion = \"").ok_or("Cargo.lock does not name Burn")?.1;
    rest.split('"').next().ok_or("Cargo.lock does not end Burn's version".into())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args[..] {
        ["baselines"] => baselines::write(),
        ["builds", ref parts @ ..] => builds::write(parts),
        ["measure", ref benches @ ..] => measure::write(benches),
        ["ranking"] => ranking::write(),
        ["docs"] => docs::build(),
        ["docs", "--generate"] => docs::generate(),
        ["coverage"] => coverage::write(),
        ["coverage", "--check"] => coverage::check(),
        ["verify", ref paths @ ..] if !paths.is_empty() => verify::run(paths),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
