//! The command line.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::replay;

/// Something from outside cannot be right: a scenario, a configuration, an argument.
const BAD_INPUT: u8 = 2;

/// Bayan, an exchange for rare earths.
#[derive(Parser)]
#[command(name = "bayan", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a scenario from a folder through a real exchange on a virtual clock
    #[command(after_help = "Examples:
  bayan replay announcements/prnd-metal-2025-07-16
  bayan replay announcements/toll-processing-2025-03-25 --json | jq '.lots[].price'

The folder holds announcement.toml, members.csv, bids.csv and, if wanted, hand.csv.
Exit status: 0 when it was run, 2 when something in the folder cannot be right.")]
    Replay {
        /// The folder of the scenario
        folder: PathBuf,
        /// Print one JSON object instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Print the completions of a shell
    #[command(after_help = "Example:
  bayan completions bash > ~/.local/share/bash-completion/completions/bayan")]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// What ends the program otherwise than well: what to print, and the exit status.
#[derive(Debug)]
pub struct Failure {
    /// One line: what was wrong, with what, and what to do.
    pub message: String,
    /// The exit status.
    pub status: u8,
}

impl Failure {
    /// Something from outside cannot be right.
    #[must_use]
    pub fn bad_input(message: impl ToString) -> Self {
        Failure { message: message.to_string(), status: BAD_INPUT }
    }

    /// Something went wrong on the way.
    #[must_use]
    pub fn broken(message: impl ToString) -> Self {
        Failure { message: message.to_string(), status: 1 }
    }
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            anstream::eprintln!("{}", failure.message);
            ExitCode::from(failure.status)
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Replay { folder, json } => run_replay(&folder, json),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "bayan", &mut script);
            print(|out| out.write_all(&script))
        }
    }
}

fn run_replay(folder: &Path, json: bool) -> Result<(), Failure> {
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Failure::bad_input(format!("{folder}: is not a folder; expected the folder of a scenario")));
    }
    let (scenario, report) = replay::replay(folder).map_err(Failure::bad_input)?;
    print(|out| {
        if json {
            serde_json::to_writer(&mut *out, &report)?;
            return writeln!(out);
        }
        replay::table::write(out, &scenario, &report)
    })
}

/// Writes to standard output, without colour unless that is a terminal. A reader that has gone away, such as `head`, is no
/// failure.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::broken(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that every subcommand explains itself with an example that names it.
    #[test]
    fn every_subcommand_has_an_example() {
        let mut cli = Cli::command();
        cli.build();
        for command in cli.get_subcommands().filter(|command| command.get_name() != "help") {
            let name = command.get_name();
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Example") && help.contains(&format!("bayan {name}")), "{name} has no example");
        }
    }
}
