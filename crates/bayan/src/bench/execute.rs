//! The exchange alone, on one core: bids with margin hold and release, idempotency, events encoded, digests.

use std::hint::black_box;
use std::time::{Duration, Instant as Moment};

use exchange::units::{Instant, Sequence, Span};
use exchange::{Body, Command, Entry, Exchange, Output};
use serde::{Deserialize, Serialize};

use super::figures::{Runs, Unit};
use super::market::{Bidding, Market};
use super::part::{self, Part};
use super::report::Row;
use super::server::resident_bytes;
use super::{Bench, Trouble};

/// After so many entries what they left behind is handed on: a full batch of the sequencer.
const BATCH: usize = 1_024;
/// The exchange's own time: 2026-01-01T00:00:00Z.
const BEGINS: Instant = Instant::from_us(1_767_225_600_000_000);
/// When the auctions open.
const OPENS: Instant = BEGINS.plus(Span::from_seconds(1));
/// Members and lots touched at random.
const MANY: Market = Market { members: 100_000, traders: 100_000, auctions: 500, lots: 200 };
/// With them it may be so many times slower.
const MANY_SLOWER_MOST: f64 = 3.0;
/// Bids a second.
const WANTED: f64 = 1_000_000.0;

/// What the part of the bench that runs in a process of its own is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct Task {
    market: Market,
    runs: usize,
    bids: usize,
}

/// What it found.
#[derive(Debug, Serialize, Deserialize)]
pub struct Found {
    per_second: Vec<f64>,
    accepted_share: f64,
    bytes_per_member: f64,
    bytes_per_lot: f64,
    event_bytes_per_bid: f64,
}

/// The line.
pub fn line(bench: &Bench) -> Result<Vec<Row>, Trouble> {
    let bids = if bench.quick { 100_000 } else { 500_000 };
    let ask = |market: Market| -> Result<Found, Trouble> {
        let task = Task { market, runs: bench.runs, bids };
        part::run(&Part::Execute(task))
    };
    let few = ask(Market::USUAL)?;
    let many = ask(MANY)?;
    bench.accepted("execute, 64 lots", few.accepted_share)?;
    bench.accepted("execute, 100,000 lots", many.accepted_share)?;
    bench.note(format!(
        "execute: a bid leaves {:.0} bytes of events; {:.0} % of the bids were accepted.",
        few.event_bytes_per_bid,
        few.accepted_share * 100.0
    ));
    let few = Runs::new(few.per_second);
    let usual = few.median();
    Ok(vec![
        Row::tells("Exchange::execute, 50 members, 64 lots", few, Unit::PerSecond).at_least(WANTED),
        Row::tells("… 100,000 members and lots at random", Runs::new(many.per_second), Unit::PerSecond)
            .beside("64 lots", usual)
            .at_least(usual / MANY_SLOWER_MOST)
            .because("within 3 × of it"),
        Row::tells("… memory of a member with its trader", Runs::new(vec![many.bytes_per_member]), Unit::Bytes),
        Row::tells("… memory of a lot", Runs::new(vec![many.bytes_per_lot]), Unit::Bytes),
    ])
}

/// The exchange with its next entry's place.
struct Venue {
    exchange: Exchange,
    out: Output,
    at: Instant,
}

impl Venue {
    fn entry(&self, ahead: u64, command: Command) -> Entry {
        Entry { sequence: Sequence(self.exchange.sequence().0 + 1 + ahead), at: self.at, command }
    }

    fn set_up(&mut self, body: Body) -> Result<(), Trouble> {
        let entry = self.entry(0, Command::system(body));
        self.out.clear();
        let reply = self.exchange.execute(&entry, None, &mut self.out);
        reply.outcome.map(|_| ()).map_err(|refusal| Trouble::new(format!("setting up was refused: {refusal}")))
    }
}

/// The work of the process.
pub fn work(task: &Task) -> Result<Found, Trouble> {
    let market = task.market;
    let mut venue = Venue { exchange: Exchange::new(), out: Output::default(), at: BEGINS };
    venue.set_up(Body::SetProfile(exchange::Profile::default()))?;
    let before_people = resident_bytes(std::process::id())?;
    for body in market.people() {
        venue.set_up(body)?;
    }
    let before_lots = resident_bytes(std::process::id())?;
    for body in market.announcements(OPENS) {
        venue.set_up(body)?;
    }
    let after_lots = resident_bytes(std::process::id())?;
    venue.at = OPENS;
    venue.set_up(Body::Tick)?;

    let mut bidding = Bidding::new(&market, 1, 0);
    let (mut keys, mut accepted, mut events) = (0, 0_u64, 0_u64);
    let mut per_second = Vec::new();
    // The first run warms up and fills every lot with a leader; it is not counted.
    let mut entries = Vec::with_capacity(BATCH);
    for run in 0..=task.runs {
        let (mut left, mut took) = (task.bids, Duration::ZERO);
        let (mut run_accepted, mut run_events) = (0_u64, 0_u64);
        while left > 0 {
            // Commands are made in batches as they reach the exchange, and making them is not its work.
            entries.clear();
            for ahead in 0..left.min(BATCH) as u64 {
                keys += 1;
                venue.at = venue.at.plus(Span::from_us(1));
                entries.push(venue.entry(ahead, bidding.bid().command(&market, keys)));
            }
            left -= entries.len();
            let start = Moment::now();
            venue.out.clear();
            for near in entries.chunks(Exchange::LOOK_AHEAD) {
                venue.exchange.look_ahead(near.iter().map(|entry| &entry.command));
                for entry in near {
                    let reply = venue.exchange.execute(entry, None, &mut venue.out);
                    run_accepted += u64::from(reply.outcome.is_ok());
                    black_box(&reply);
                    if entry.sequence.0.is_multiple_of(Exchange::CHECKPOINT_EVERY) {
                        black_box(venue.exchange.digest());
                    }
                }
            }
            run_events += black_box(&venue.out.events).len() as u64;
            took += start.elapsed();
        }
        if run > 0 {
            per_second.push(task.bids as f64 / took.as_secs_f64());
            (accepted, events) = (accepted + run_accepted, events + run_events);
        }
    }
    let bids = (task.bids * task.runs) as f64;
    Ok(Found {
        per_second,
        accepted_share: accepted as f64 / bids,
        bytes_per_member: before_lots.saturating_sub(before_people) as f64 / f64::from(market.members),
        bytes_per_lot: after_lots.saturating_sub(before_lots) as f64 / market.lots_total() as f64,
        event_bytes_per_bid: events as f64 / bids,
    })
}
