//! `simulate run SEED`, `simulate many --seeds N`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use simulator::{Many, run};

/// Whole clusters of the exchange in one thread, under a seed.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Run one seed and say what was covered
    Run {
        /// The seed
        seed: u64,
        /// Print everything that happens
        #[arg(long)]
        trace: bool,
        /// Print what the nodes themselves say, from this level on: error, warn, info, debug
        #[arg(long)]
        log: Option<tracing::Level>,
    },
    /// Run many seeds, each in a process of its own, and go on where an earlier run of the same program was cut off
    Many {
        /// How many seeds
        #[arg(long, default_value_t = 100)]
        seeds: u64,
        /// The first of them
        #[arg(long, default_value_t = 1)]
        first: u64,
        /// How many at once; all cores where it is not said
        #[arg(long)]
        jobs: Option<usize>,
        /// Where it is kept what is done; nothing is where it is not said
        #[arg(long)]
        state: Option<PathBuf>,
        /// End after so many minutes
        #[arg(long)]
        minutes: Option<u64>,
        /// End with the first seed that shows something
        #[arg(long)]
        until_found: bool,
    },
}

fn main() -> ExitCode {
    let fine = match Args::parse().what {
        What::Run { seed, trace, log } => {
            if let Some(level) = log {
                tracing_subscriber::fmt().with_max_level(level).without_time().with_writer(std::io::stdout).init();
            }
            let trace = run(seed, trace);
            print!("{}", simulator::report(&trace));
            Ok(trace.violations().is_empty())
        }
        What::Many { seeds, first, jobs, state, minutes, until_found } => {
            let jobs = jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
            let within = minutes.map(|minutes| Duration::from_secs(minutes * 60));
            Many { seeds, first, jobs, state, within, until_found }.run()
        }
    };
    match fine {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("simulate: {error}");
            ExitCode::from(2)
        }
    }
}
