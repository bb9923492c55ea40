//! The command line.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use ordering::Accept;
use tokio::runtime::Runtime;

use crate::bench::{self, BenchArgs};
use crate::config::Config;
use crate::{backup, cluster, dev, init, replay, serve, verify};

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
    /// Run the demonstration market, on one node or several
    #[command(after_help = "Examples:
  bayan dev
  bayan dev --nodes 3 --respawn
  bayan dev --data /tmp/venue --listen 127.0.0.1:9000 --json --no-bots | jq -r .url

Its users and their passwords are printed when it is ready. Started again on the same folder it goes on where it was.")]
    Dev {
        /// Its folder [default: one of its own, which it names]
        #[arg(long)]
        data: Option<PathBuf>,
        /// Where to listen [default: 127.0.0.1:8330, or a free port where that is in use]
        #[arg(long)]
        listen: Option<SocketAddr>,
        /// Say that it is ready as one JSON object on the first line
        #[arg(long)]
        json: bool,
        /// Leave out the bidders that make the market move
        #[arg(long)]
        no_bots: bool,
        /// How many nodes, each a process of its own behind one entrance: 1, 3 or 5
        #[arg(long, default_value_t = 1, value_parser = nodes)]
        nodes: u64,
        /// Start a node that died again, after two seconds
        #[arg(long)]
        respawn: bool,
    },
    /// Run one node of a venue
    #[command(after_help = "Example:
  bayan config > bayan.toml
  bayan init --config bayan.toml
  bayan serve --config bayan.toml
  bayan serve --config reader-1.toml --reader")]
    Serve {
        /// The configuration, as `bayan config` prints it
        #[arg(long)]
        config: PathBuf,
        /// Hold everything and never vote: take the log from sources of [cluster], for reads and the feed
        #[arg(long)]
        reader: bool,
        #[command(flatten)]
        accept: AcceptArgs,
    },
    /// Make an empty venue with its first admin and print that one's single-use password
    #[command(after_help = "Example:
  bayan init --config bayan.toml --login wang.fang")]
    Init {
        /// The configuration, as `bayan config` prints it
        #[arg(long)]
        config: PathBuf,
        /// By what the first admin signs in
        #[arg(long, default_value = "admin")]
        login: String,
    },
    /// Make and look after several nodes that go on when one of them dies
    #[command(after_help = "Example, on the machine of the first node:
  bayan cluster keys --data /var/lib/bayan --out cluster --node 1 --node 2 --node 3
  bayan cluster status --config bayan.toml")]
    Cluster {
        #[command(subcommand)]
        act: cluster::Act,
    },
    /// A node of the demonstration in a process of its own
    #[command(
        hide = true,
        after_help = "Example:
  bayan dev-node --data /tmp/venue --node 2, as bayan dev --nodes calls it"
    )]
    DevNode {
        /// The folder of the demonstration
        #[arg(long)]
        data: PathBuf,
        /// Which node
        #[arg(long)]
        node: u64,
        /// Leave out the bidders that make the market move
        #[arg(long)]
        no_bots: bool,
        /// End when nobody holds the other end of standard input any more
        #[arg(long)]
        with_parent: bool,
    },
    /// Print the whole configuration with its defaults
    #[command(after_help = "Example:
  bayan config > bayan.toml")]
    Config,
    /// Print the API as OpenAPI 3.1, messages of the feed included
    #[command(after_help = "Example:
  bayan openapi | jq '.paths | keys'")]
    Openapi,
    /// Re-execute the log of a stopped node and print where it leads
    #[command(after_help = "Examples:
  bayan verify bayan-data --secrets /etc/bayan/secrets
  bayan verify bayan-data --events

Exit status: 0 when everything is as it was written, 1 with the place when something was altered, 2 when the folder is none.")]
    Verify {
        /// The data folder
        data: PathBuf,
        /// The secrets folder [default: `secrets` within the data folder]
        #[arg(long)]
        secrets: Option<PathBuf>,
        /// Print also the hash over all events, to compare two programs
        #[arg(long)]
        events: bool,
        #[command(flatten)]
        accept: AcceptArgs,
    },
    /// Back a node up, which may be running
    #[command(after_help = "Examples:
  bayan backup --config bayan.toml --to /backup/data --secrets-to /media/keys
  bayan backup --data bayan-data --to /backup/data --secrets-to /media/keys --recipient age1…

Run again it copies what is new; cut off, it goes on where it was. What was signed for when it begins is in it.")]
    Backup(backup::BackupArgs),
    /// Make a data folder of a backup, as it was after any entry or at any time
    #[command(after_help = "Examples:
  bayan restore --from /backup/data --secrets-from /media/keys --data restored --sequence 120000
  bayan restore --from /backup/data --secrets-from /media/keys --data restored --time 2026-03-02T15:00:00+08:00

Exit status: 0 when it was made, 1 when the backup is damaged, 2 when it cannot be.")]
    Restore(backup::RestoreArgs),
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
    /// Measure how fast it is, each figure beside what it is compared with
    #[command(after_help = "Examples:
  bayan bench --write docs/benchmarks.md
  bayan bench one-client many-clients --runs 3

Exit status: 0 when every line reaches what is wanted, 1 when one falls short or cannot be measured.")]
    Bench(BenchArgs),
    /// A part of the bench in a process of its own
    #[command(
        hide = true,
        after_help = "Example:
  bayan bench-part < task.json, as bayan bench calls it"
    )]
    BenchPart,
    /// Print the completions of a shell
    #[command(after_help = "Example:
  bayan completions bash > ~/.local/share/bash-completion/completions/bayan")]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// What an operator accepts of a folder that has lost files beside its log.
#[derive(Clone, Copy, clap::Args)]
struct AcceptArgs {
    /// Take the log as it is without the file `head`, though nobody can tell then whether it was cut
    #[arg(long)]
    accept_missing_head: bool,
    /// Take the log as it is without the file `engine`
    #[arg(long)]
    accept_missing_engine: bool,
}

impl From<AcceptArgs> for Accept {
    fn from(args: AcceptArgs) -> Self {
        Accept { missing_head: args.accept_missing_head, missing_engine: args.accept_missing_engine }
    }
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
        Command::Dev { data, listen, json, no_bots, nodes, respawn } => {
            let options = dev::Options { data, listen, json, bots: !no_bots };
            if nodes == 1 {
                runtime()?.block_on(dev::dev(options))
            } else {
                runtime()?.block_on(dev::several(options, nodes, respawn))
            }
        }
        Command::DevNode { data, node, no_bots, with_parent } => {
            runtime()?.block_on(dev::node(&data, node, !no_bots, with_parent))
        }
        Command::Cluster { act } => runtime()?.block_on(cluster::run(act)),
        Command::Serve { config, reader, accept } => runtime()?.block_on(serve::serve(&config, reader, accept.into())),
        Command::Init { config, login } => {
            let password = runtime()?.block_on(init::init(&config, &login))?;
            print(|out| writeln!(out, "login    {login}\npassword {password}"))
        }
        Command::Config => print(|out| out.write_all(Config::default().to_toml().as_bytes())),
        Command::Openapi => print(|out| {
            serde_json::to_writer_pretty(&mut *out, &gateway::document())?;
            writeln!(out)
        }),
        Command::Verify { data, secrets, events, accept } => {
            let verified = verify::verify(&data, secrets, accept.into())?;
            print(|out| verify::write(out, &verified, events))
        }
        Command::Backup(args) => {
            let done = backup::backup(&args)?;
            print(|out| backup::write_backed_up(out, &done))
        }
        Command::Restore(args) => {
            let done = backup::restore(&args)?;
            print(|out| backup::write_restored(out, &done))
        }
        Command::Replay { folder, json } => run_replay(&folder, json),
        Command::Bench(args) => match bench::run(&args).map_err(Failure::broken)? {
            true => Ok(()),
            false => Err(Failure::broken("a line falls short of what is wanted")),
        },
        Command::BenchPart => bench::run_part().map_err(Failure::broken),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "bayan", &mut script);
            print(|out| out.write_all(&script))
        }
    }
}

fn nodes(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(count @ (1 | 3 | 5)) => Ok(count),
        _ => Err("expected 1, 3 or 5: of an even number one more must be alive, and no more may die".to_owned()),
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

fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| Failure::broken(format!("the system gives no threads: {error}")))
}

/// Writes to standard output, without colour unless that is a terminal. A reader that has gone away, such as `head`, is no
/// failure.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
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
