//! How soon a new node is in step on a large state, and what that costs whoever bids meanwhile.

use std::time::Duration;

use super::super::client::load::{self, Asks};
use super::super::figures::{Runs, Unit};
use super::super::http::CONNECTIONS;
use super::super::machine::Scratch;
use super::super::market::Market;
use super::super::part::{self, Part};
use super::super::report::Row;
use super::super::server::Server;
use super::super::{Bench, Trouble};
use super::nodes::{Cluster, Folders, NODES};

/// Bids before a node is replaced, in a thousand auctions,
const STATE: u64 = 1_000_000;
const STATE_MARKET: Market = Market { members: 50, traders: 1_024, auctions: 1_000, lots: 1 };
/// how soon the new one votes and is ready,
const WANTED_S: f64 = 10.0;
/// so many bids a second meanwhile,
const RATE: f64 = 1_000.0;
/// and so many times the leader's p99 without that.
const WANTED_P99: f64 = 2.0;

/// A node is replaced on a large state, under a steady load on the leader.
pub fn lines(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let scratch = bench.scratch("cluster-replaced")?;
    let market = STATE_MARKET;
    let folders = Folders::make(scratch.path(), &market)?;
    let bids = if bench.quick { STATE / 10 } else { STATE };
    fill(&scratch, market, bids)?;
    let mut cluster = Cluster::start(folders)?;
    let (mut took, mut before, mut meanwhile) = (Vec::new(), Vec::new(), Vec::new());
    // How long it takes without a load, so that the load is there for no longer than it takes.
    let leader = cluster.leader()?;
    let follower = (1..=cluster.newest()).find(|node| *node != leader).unwrap_or(NODES);
    let mut lasts = cluster.replace(follower)?;
    bench.note(format!("A replaced node, without a load: in step after {lasts:.1} s."));
    for turn in 0..bench.runs as u64 {
        let leader = cluster.leader()?;
        let task = |turn: u64, lasts: f64| load::Task {
            addresses: vec![cluster.address(leader)],
            asks: Asks::Bids(market),
            connections: CONNECTIONS,
            rate: Some(RATE),
            lasts: Duration::from_secs_f64(lasts),
            answers_most: None,
            warm_up: Duration::ZERO,
            turn,
        };
        let alone: load::Found = part::run(&Part::Load(task(2 + 2 * turn, lasts.max(1.0))))?;
        before.push(alone.p99_ms);
        let busy = task(3 + 2 * turn, lasts.max(1.0));
        let clients = std::thread::spawn(move || part::run::<load::Found>(&Part::Load(busy)));
        let follower = (1..=cluster.newest()).rev().find(|node| *node != leader).unwrap_or(NODES);
        lasts = cluster.replace(follower)?;
        took.push(lasts);
        meanwhile.push(clients.join().map_err(|_| Trouble::new("the clients have panicked"))??.p99_ms);
    }
    cluster.stop()?;
    let before = Runs::new(before);
    Ok(vec![
        Row::tells(format!("a replaced node in step on a state of {bids} bids"), Runs::new(took), Unit::S)
            .at_most(WANTED_S),
        Row::tells("… the leader's p99 meanwhile, at 1,000/s", Runs::new(meanwhile), Unit::Ms)
            .beside("before", before.median())
            .at_most(WANTED_P99 * before.median())
            .because("2 × before"),
    ])
}

/// Bids on the first node while it is alone.
fn fill(scratch: &Scratch, market: Market, bids: u64) -> Result<(), Trouble> {
    let server = Server::start(&scratch.path().join("node-1"))?;
    let found: load::Found = part::run(&Part::Load(load::Task {
        addresses: vec![server.address()],
        asks: Asks::Bids(market),
        connections: CONNECTIONS,
        rate: None,
        lasts: Duration::from_secs(300),
        answers_most: Some(bids),
        warm_up: Duration::ZERO,
        turn: 1,
    }))?;
    if found.answered < bids {
        return Err(Trouble::new(format!("only {} of {bids} bids were answered within five minutes", found.answered)));
    }
    server.stop()
}
