//! A log of a million bids in a thousand auctions: what the process that took them holds in memory, and how soon another
//! is ready on it, with a snapshot and without.

use std::fs;
use std::path::Path;

use super::client::load;
use super::figures::{Runs, Unit};
use super::http::{CONNECTIONS, caught_up};
use super::market::Market;
use super::part::{self, Part};
use super::report::Row;
use super::seed;
use super::server::Server;
use super::{Bench, Trouble};

/// A thousand auctions.
const MARKET: Market = Market { members: 50, traders: 1_024, auctions: 1_000, lots: 1 };
/// Bids.
const BIDS: u64 = 1_000_000;
/// To readiness with a snapshot.
const WITH_S_WANTED: f64 = 1.0;
/// To readiness without one.
const WITHOUT_S_WANTED: f64 = 5.0;
/// Resident memory.
const RESIDENT_MB_WANTED: f64 = 400.0;

/// The lines.
pub fn lines(bench: &Bench, start: bool, memory: bool) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("start")?;
    let data = scratch.path().join("data");
    seed::folder(&data, &MARKET)?;
    let bids = if bench.quick { BIDS / 10 } else { BIDS };
    let server = Server::start(&data)?;
    let found: load::Found = part::run(&Part::Load(load::Task {
        addresses: vec![server.address()],
        asks: load::Asks::Bids(MARKET),
        connections: CONNECTIONS,
        rate: None,
        lasts: std::time::Duration::from_secs(300),
        answers_most: Some(bids),
        warm_up: std::time::Duration::ZERO,
        turn: 1,
    }))?;
    if found.answered < bids {
        return Err(Trouble::new(format!("only {} of {bids} bids were answered within five minutes", found.answered)));
    }
    bench.accepted("a million bids", found.accepted as f64 / found.answered as f64)?;
    caught_up(&server)?;
    let mut rows = Vec::new();
    if memory {
        let resident = server.resident_bytes()? as f64 / 1e6;
        rows.push(
            Row::tells(
                format!("resident memory after {bids} bids in 1,000 auctions"),
                Runs::new(vec![resident]),
                Unit::MB,
            )
            .at_most(RESIDENT_MB_WANTED),
        );
    }
    server.stop()?;

    let (mut with, mut with_memory) = (Vec::new(), Vec::new());
    for _ in 0..bench.runs {
        let server = Server::start(&data)?;
        with.push(server.took.as_secs_f64());
        with_memory.push(server.resident_bytes()? as f64 / 1e6);
        server.stop()?;
    }
    let (mut without, mut without_memory) = (Vec::new(), Vec::new());
    for _ in 0..bench.runs {
        remove_snapshots(&data)?;
        let server = Server::start(&data)?;
        without.push(server.took.as_secs_f64());
        without_memory.push(server.resident_bytes()? as f64 / 1e6);
        server.kill()?;
    }
    if memory {
        rows.push(
            Row::tells("… after a start with a snapshot", Runs::new(with_memory), Unit::MB).at_most(RESIDENT_MB_WANTED),
        );
        rows.push(
            Row::tells("… after a start without", Runs::new(without_memory), Unit::MB).at_most(RESIDENT_MB_WANTED),
        );
    }
    if start {
        rows.push(
            Row::tells(format!("start on a log of {bids} bids, with a snapshot"), Runs::new(with), Unit::S)
                .at_most(WITH_S_WANTED),
        );
        rows.push(Row::tells("… without", Runs::new(without), Unit::S).at_most(WITHOUT_S_WANTED));
    }
    Ok(rows)
}

fn remove_snapshots(data: &Path) -> Result<(), Trouble> {
    let folder = fs::read_dir(data.join("snapshots")).map_err(Trouble::on("reading the folder of snapshots"))?;
    for entry in folder {
        let entry = entry.map_err(Trouble::on("reading the folder of snapshots"))?;
        fs::remove_file(entry.path()).map_err(Trouble::on("removing a snapshot"))?;
    }
    Ok(())
}
