//! The program `thalweg`.

mod compare;
mod exit;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    /// Compares optimizers and initializers, and leaves a report.
    Compare(compare::Arguments),
}

fn main() -> ExitCode {
    let command = Arguments::parse().command.unwrap_or(Command::Compare(compare::Arguments::default()));
    let done = match command {
        Command::Compare(arguments) => compare::run(&arguments),
    };
    exit::code(done)
}
