//! `bayan bench`: every line of "how fast", beside what it is compared with, measured in the same run.
//!
//! Each line measures the program as it is started by default; there is no path that only the bench has. Clients and
//! whatever needs a memory of its own run in processes of their own ([`part`]). A file for each line; what several need
//! is in [`market`] (the venue and its bids), [`seed`], [`server`], [`raw`], [`figures`] and [`report`].

mod client;
mod execute;
mod feed;
mod figures;
mod http;
mod machine;
mod market;
mod part;
mod postgres;
mod raw;
mod reader;
mod replay;
mod report;
mod seed;
mod sequencer;
mod server;
mod start;

use std::cell::RefCell;
use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use rustix::process::{Resource, getrlimit, setrlimit};

use machine::{Machine, Scratch, Ticks};
use report::Row;

/// Of the bids of every line at least this share is accepted.
const ACCEPTED_LEAST: f64 = 0.5;
/// A quick run measures each thing for this share of the usual time.
const QUICK: f64 = 0.3;

/// What is measured.
#[derive(Args, Debug)]
pub struct BenchArgs {
    /// Which lines; all of them without one
    #[arg(value_enum)]
    lines: Vec<Line>,
    /// How many runs of each
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,
    /// Measure for a shorter time, to see whether it works; the figures are rougher
    #[arg(long)]
    quick: bool,
    /// Write the page there, such as docs/benchmarks.md
    #[arg(long)]
    write: Option<PathBuf>,
    /// A folder on a real disk for what is written meanwhile
    #[arg(long, default_value = "target/bench")]
    data: PathBuf,
}

/// A line, or a few that are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Line {
    /// The exchange alone, on one core
    Execute,
    /// One client after another through the sequencer
    OneClient,
    /// 1,024 clients through the sequencer
    ManyClients,
    /// 256 connections over HTTP, closed and open loop, archive on
    Http,
    /// The same bid as a PostgreSQL stored function, beside our closed loop
    Postgres,
    /// 1,000 WebSocket clients before one lot
    Feed,
    /// 5,000 WebSocket clients through a reader, and a tree of readers
    Reader,
    /// Start on a log of 1,000,000 bids, with and without a snapshot
    Start,
    /// Memory after 1,000,000 bids in 1,000 auctions
    Memory,
    /// `bayan replay` of 100,000 bids
    Replay,
}

/// Why something could not be measured.
#[derive(Debug)]
pub struct Trouble(String);

impl Trouble {
    /// In words.
    fn new(what: impl Into<String>) -> Self {
        Trouble(what.into())
    }

    /// What was tried, before what was wrong with it.
    fn on<E: fmt::Display>(what: impl Into<String>) -> impl FnOnce(E) -> Trouble {
        let what = what.into();
        move |error| Trouble(format!("{what}: {error}"))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}

/// How a run is to be measured, and what there is to say about it.
struct Bench {
    runs: usize,
    quick: bool,
    data: PathBuf,
    notes: RefCell<Vec<String>>,
    troubles: RefCell<Vec<Trouble>>,
}

impl Bench {
    fn scratch(&self, name: &str) -> Result<Scratch, Trouble> {
        Scratch::new(&self.data, name).map_err(Trouble::on(format!("making a folder in {}", self.data.display())))
    }

    fn seconds(&self, usual: f64) -> Duration {
        Duration::from_secs_f64(if self.quick { usual * QUICK } else { usual })
    }

    fn note(&self, text: impl Into<String>) {
        self.notes.borrow_mut().push(text.into());
    }

    /// A line whose bids are mostly refused measures something else.
    fn accepted(&self, line: &str, share: f64) -> Result<(), Trouble> {
        if share >= ACCEPTED_LEAST {
            return Ok(());
        }
        Err(Trouble::new(format!(
            "{line}: only {:.0} % of the bids were accepted; at least half must be",
            share * 100.0
        )))
    }
}

/// Measures, prints, writes. Says whether every line reached what is wanted.
///
/// # Errors
/// What could not be measured.
pub fn run(args: &BenchArgs) -> Result<bool, Trouble> {
    server::end_on_signal()?;
    open_files()?;
    if cfg!(debug_assertions) {
        eprintln!(
            "bayan bench: this is a debug build; its figures mean nothing (cargo run --release -p bayan -- bench)"
        );
    }
    let bench = Bench {
        runs: usize::from(args.runs),
        quick: args.quick,
        data: args.data.clone(),
        notes: RefCell::default(),
        troubles: RefCell::default(),
    };
    let machine = {
        let here = bench.scratch("machine")?;
        Machine::here(here.path())
    };
    let start = Instant::now();
    let rows = measure(&bench, &args.lines);
    for (name, value) in machine.lines() {
        anstream::println!("{name}: {value}");
    }
    anstream::println!("\n{}", report::table(&rows));
    for note in bench.notes.borrow().iter() {
        anstream::println!("- {note}");
    }
    for trouble in bench.troubles.borrow().iter() {
        anstream::println!("- NOT MEASURED: {trouble}");
        bench.note(format!("Not measured: {trouble}"));
    }
    anstream::println!("\n{} runs of each, in {:.0} s", bench.runs, start.elapsed().as_secs_f64());
    if let Some(path) = &args.write {
        let page = report::page(&machine, &command(), bench.runs, &rows, &bench.notes.borrow());
        report::write(path, &page).map_err(Trouble::on(format!("writing {}", path.display())))?;
    }
    Ok(bench.troubles.borrow().is_empty() && rows.iter().all(|row| row.reached))
}

/// A part of the bench in a process of its own.
///
/// # Errors
/// What could not be done.
pub fn run_part() -> Result<(), Trouble> {
    part::work()
}

fn measure(bench: &Bench, chosen: &[Line]) -> Vec<Row> {
    let wants = |line: Line| chosen.is_empty() || chosen.contains(&line);
    let mut rows = Vec::new();
    let start = Instant::now();
    let says = |what: &str| eprintln!("bayan bench: {:>4.0} s  {what}", start.elapsed().as_secs_f64());
    let mut ticks = Ticks::now();
    // What cannot be measured is said and counts as short; the others go on.
    let mut take = |measured: Result<Vec<Row>, Trouble>| {
        let before = std::mem::replace(&mut ticks, Ticks::now());
        match measured {
            Ok(measured) => {
                eprint!("{}", report::table(&measured));
                if let (Some(first), Some(before), Some(now)) = (measured.first(), before, ticks) {
                    bench.note(format!(
                        "{}, and what follows it: the host gave {:.1} % of the processors' time to others meanwhile.",
                        first.what,
                        now.taken_since(before)
                    ));
                }
                rows.extend(measured);
            }
            Err(trouble) => {
                eprintln!("bayan bench: {trouble}");
                bench.troubles.borrow_mut().push(trouble);
            }
        }
    };
    if wants(Line::Execute) {
        says("the exchange alone");
        take(execute::line(bench));
    }
    if wants(Line::OneClient) || wants(Line::ManyClients) {
        says("the sequencer, and the raw loop");
        take(sequencer::lines(bench, wants(Line::OneClient), wants(Line::ManyClients)));
    }
    if wants(Line::Http) || wants(Line::Postgres) {
        says("HTTP");
        let measured = http::lines(bench, wants(Line::Http));
        let closed = measured.as_ref().ok().map(|(_, closed)| closed.clone());
        take(measured.map(|(rows, _)| rows));
        if let Some(closed) = closed.filter(|_| wants(Line::Postgres)) {
            says("PostgreSQL");
            take(postgres::line(bench, &closed));
        }
    }
    if wants(Line::Feed) {
        says("the feed");
        take(feed::lines(bench));
    }
    if wants(Line::Reader) {
        says("the feed through readers");
        take(reader::lines(bench));
    }
    if wants(Line::Start) || wants(Line::Memory) {
        says("a million bids, for memory and start");
        take(start::lines(bench, wants(Line::Start), wants(Line::Memory)));
    }
    if wants(Line::Replay) {
        says("replay");
        take(replay::line(bench));
    }
    rows
}

/// As many open files as the system allows: a thousand clients on both sides.
fn open_files() -> Result<(), Trouble> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).map_err(Trouble::on("allowing as many open files as the system does"))
}

/// How this program was called, without the folder it lies in.
fn command() -> String {
    let words = std::env::args().skip(1);
    ["bayan".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}
