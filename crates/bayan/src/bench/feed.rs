//! The live feed: 1,000 clients before one lot.

use super::client::feed;
use super::figures::{Runs, Unit};
use super::market::Market;
use super::part::{self, Part};
use super::report::Row;
use super::seed;
use super::server::Server;
use super::{Bench, Trouble};

/// How many watch.
const CLIENTS: u32 = 1_000;
/// Bids a second.
const RATE: f64 = 100.0;
/// So many of them are accepted at least: one may overtake another on its way.
const RATE_LEAST: f64 = 95.0;
/// From the bidder's answer to the client.
const P99_MS_WANTED: f64 = 50.0;

/// The lines.
pub fn lines(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("feed")?;
    let data = scratch.path().join("data");
    let market = Market { lots: 1, ..Market::USUAL };
    seed::folder(&data, &market)?;
    let server = Server::start(&data)?;
    let (mut p50, mut p99, mut share, mut rate) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for turn in 0..bench.runs as u64 {
        let found: feed::Found = part::run(&Part::Feed(feed::Task {
            address: server.address(),
            rooms: vec![server.address()],
            process: None,
            market,
            lot: 0,
            clients: CLIENTS,
            rate: RATE,
            bids: (RATE * bench.seconds(5.0).as_secs_f64()) as u32,
            turn,
        }))?;
        rate.push(found.bids as f64 / found.seconds);
        let room = &found.rooms[0];
        p50.push(room.p50_ms);
        p99.push(room.p99_ms);
        share.push(room.got as f64 / (found.bids * u64::from(CLIENTS)) as f64 * 100.0);
        if room.conflated > 0 {
            bench.note(format!("feed: clients were told {} times that they had missed something.", room.conflated));
        }
    }
    server.stop()?;
    Ok(vec![
        Row::tells("feed, 1,000 clients, one lot: accepted bids", Runs::new(rate), Unit::PerSecond)
            .at_least(RATE_LEAST),
        Row::tells("… p50 from answer to client", Runs::new(p50), Unit::Ms),
        Row::tells("… p99 from answer to client", Runs::new(p99), Unit::Ms).at_most(P99_MS_WANTED),
        // The worst run counts: every client gets every bid.
        Row::tells(
            "… bids that reached their clients, worst run",
            Runs::new(vec![Runs::new(share).spread().0]),
            Unit::Percent,
        )
        .at_least(100.0),
    ])
}
