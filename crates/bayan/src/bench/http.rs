//! The whole way of a bid, over HTTP and back, with the archive on: closed loop, open loop, and how soon the archive has
//! caught up.

use std::time::{Duration, Instant as Moment};

use super::client::load;
use super::figures::{Runs, Unit};
use super::machine::Ticks;
use super::market::Market;
use super::part::{self, Part};
use super::report::Row;
use super::seed;
use super::server::Server;
use super::{Bench, Trouble};

/// Connections of the load generator.
pub const CONNECTIONS: usize = 256;
/// Answered bids a second.
const CLOSED_WANTED: f64 = 15_000.0;
/// The open loop's bids a second.
const OPEN_RATE: f64 = 8_000.0;
/// Its p99, from the intended time.
const OPEN_P99_MS_WANTED: f64 = 20.0;
/// The archive is behind by less than this,
const LAG_S: f64 = 1.0;
/// so soon after the load.
const LAG_WITHIN_S: f64 = 10.0;
/// How long to wait for it before it is given up.
const LAG_PATIENCE: Duration = Duration::from_secs(60);

/// The lines, and the closed loop's figures for whoever stands beside it.
pub fn lines(bench: &Bench, open: bool) -> Result<(Vec<Row>, Runs), Trouble> {
    let scratch = bench.scratch("http")?;
    let data = scratch.path().join("data");
    let market = Market::USUAL;
    seed::folder(&data, &market)?;
    let server = Server::start(&data)?;
    let mut task = load::Task {
        addresses: vec![server.address()],
        asks: load::Asks::Bids(market),
        connections: CONNECTIONS,
        rate: None,
        lasts: bench.seconds(5.0),
        answers_most: None,
        warm_up: bench.seconds(1.0),
        turn: 0,
    };
    let mut processor = Vec::new();
    let (mut closed, mut closed_p99, mut open_rate, mut open_p50, mut open_p99, mut lag) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut accepted, mut answered, mut stolen) = (0, 0, Vec::new());
    for _ in 0..bench.runs {
        let used = server.processor_seconds()?;
        let found = load(&mut task, None)?;
        // The warming up is in the time and not in the bids, so its share of the bids is added.
        let bids = found.per_second() * (found.seconds + task.warm_up.as_secs_f64());
        processor.push((server.processor_seconds()? - used) * 1e6 / bids);
        closed.push(found.per_second());
        closed_p99.push(found.p99_ms);
        (accepted, answered) = (accepted + found.accepted, answered + found.answered);
        let mut behind = caught_up(&server)?;
        if open {
            let before = Ticks::now();
            let found = load(&mut task, Some(OPEN_RATE))?;
            if let (Some(before), Some(now)) = (before, Ticks::now()) {
                stolen.push(format!("{:.0} ms at {:.1} %", found.p99_ms, now.taken_since(before)));
            }
            open_rate.push(found.per_second());
            open_p50.push(found.p50_ms);
            open_p99.push(found.p99_ms);
            behind = behind.max(caught_up(&server)?);
        }
        lag.push(behind);
    }
    server.stop()?;
    let share = accepted as f64 / answered as f64;
    bench.accepted("HTTP, closed loop", share)?;
    bench.note(format!("HTTP, closed loop: {:.0} % of the bids were accepted.", share * 100.0));
    let closed = Runs::new(closed);
    let mut rows = vec![
        Row::tells("HTTP, 256 connections, closed loop", closed.clone(), Unit::PerSecond).at_least(CLOSED_WANTED),
        Row::tells("… its p99", Runs::new(closed_p99), Unit::Ms),
        Row::tells("… the server's processor time for a bid", Runs::new(processor), Unit::Us),
    ];
    if open {
        let rate = Runs::new(open_rate);
        bench.note(format!(
            "HTTP, open loop: {} were asked for and {} answered.",
            Unit::PerSecond.show(OPEN_RATE),
            Unit::PerSecond.show(rate.median())
        ));
        if !stolen.is_empty() {
            bench.note(format!(
                "HTTP, open loop: p99 of each run, beside the processors' time that the host gave to others: {}.",
                stolen.join(", ")
            ));
        }
        rows.push(Row::tells("… open loop at 8,000/s, p50", Runs::new(open_p50), Unit::Ms));
        rows.push(Row::tells("… open loop at 8,000/s, p99", Runs::new(open_p99), Unit::Ms).at_most(OPEN_P99_MS_WANTED));
    }
    rows.push(
        Row::tells("… archive lag back under 1 s, after the load", Runs::new(lag), Unit::S).at_most(LAG_WITHIN_S),
    );
    Ok((rows, closed))
}

fn load(task: &mut load::Task, rate: Option<f64>) -> Result<load::Found, Trouble> {
    task.turn += 1;
    part::run(&Part::Load(load::Task { rate, ..task.clone() }))
}

/// How many seconds the archive takes until it is less than a second behind.
pub fn caught_up(server: &Server) -> Result<f64, Trouble> {
    let start = Moment::now();
    while server.metric("bayan_archive_lag_seconds")? >= LAG_S {
        if start.elapsed() > LAG_PATIENCE {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(start.elapsed().as_secs_f64())
}
