//! The program `thalweg`.

mod compare;
mod exit;
mod figure;
mod list;
mod output;
#[cfg(feature = "png")]
mod png;
mod progress;
mod selection;
mod show;
mod trajectory;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use thalweg_lab::{Error, Result};

/// Which optimizer, learning rate and initializer, on which kind of terrain, with what certainty.
#[derive(Debug, Parser)]
#[command(name = "thalweg", version, about, after_help = exit::CODES)]
struct Arguments {
    /// What to do; `compare` where nothing is said.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare optimizers and initializers, and leave a report
    Compare(compare::Arguments),
    /// Write the report, or COCO's files, of what is in the store, without running anything
    Report(compare::ReportArguments),
    /// Write one picture of the report as SVG, or as PNG where built with `--features png`
    Figure(figure::Arguments),
    /// Follow one optimizer over one landscape, step by step
    Trajectory(trajectory::Arguments),
    /// List what there is
    List(list::Arguments),
    /// Show all that is known of an optimizer, solver, schedule, initializer, landscape, task or suite
    Show(show::Arguments),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// That the instruction set is one of those that there are: a misspelt one would be ignored.
fn check_isa() -> Result<()> {
    let name = std::env::var_os("THALWEG_ISA").unwrap_or_default();
    let name = name.to_string_lossy();
    if name.is_empty() || ISAS.contains(&&*name) {
        return Ok(());
    }
    let what = "instruction set, as `THALWEG_ISA` names one,";
    Err(Error::Study(thalweg_text::unknown(what, &name, ISAS, "there are baseline, avx2 and avx512")))
}

const ISAS: [&str; 3] = ["baseline", "avx2", "avx512"];

fn main() -> ExitCode {
    let command = Arguments::parse().command.unwrap_or(Command::Compare(compare::Arguments::default()));
    let done = check_isa().and_then(|()| match command {
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Report(arguments) => compare::report(&arguments),
        Command::Figure(arguments) => figure::run(&arguments),
        Command::Trajectory(arguments) => trajectory::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Show(arguments) => show::run(&arguments),
        Command::Completions { shell } => {
            let mut script = vec![];
            clap_complete::generate(shell, &mut Arguments::command(), "thalweg", &mut script);
            output::print(&String::from_utf8_lossy(&script))
        }
    });
    exit::code(done)
}
