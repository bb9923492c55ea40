//! What the clients were told, held against the logs that the nodes have in the end.

use std::collections::{BTreeMap, BTreeSet};

use exchange::units::Sequence;
use exchange::{Body, Entry, Exchange, Output, Principal};

use super::cluster::{Cluster, done};
use super::kit::order::{Asked, out_of_order};
use super::kit::process::text;
use super::load::{Answered, Load};

/// What was found.
#[derive(Debug)]
pub struct Found {
    pub answered: Vec<Answered>,
    /// Answers of which the final log does not say the same.
    pub lost: Vec<Answered>,
    /// Requests that were done twice, by the entries that did it, and bids that were done and never answered.
    pub doubled: Vec<Sequence>,
    /// Answers whose place does not agree with the time at which they were asked and given.
    pub out_of_order: Vec<Asked>,
    /// Reads that showed less than was known.
    pub stale: Vec<String>,
    pub reads: u64,
    pub entries: u64,
}

impl Found {
    pub fn is_well(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.out_of_order.is_empty() && self.stale.is_empty()
    }
}

/// What the final log says of a bid that was decided.
struct Decided {
    place: (u64, usize),
    fen: u64,
    accepted: bool,
}

/// Verifies every node, holds their logs against each other, and the answers against the longest.
pub fn check(cluster: &Cluster, load: &Load) -> Found {
    let mut longest = 1;
    let mut most = 0;
    for machine in cluster.machines() {
        let said = done(&["verify", text(&cluster.data(machine))]);
        let sequence = said.lines().find_map(|line| line.strip_prefix("sequence ")).unwrap().trim().parse().unwrap();
        if sequence > most {
            (longest, most) = (machine, sequence);
        }
    }
    for machine in cluster.machines() {
        let same = entries(cluster, longest).zip(entries(cluster, machine)).all(|(one, other)| one == other);
        assert!(same, "the log on machine {machine} is another than that on machine {longest}");
    }
    let (decided, mut doubled) = execute(cluster, longest);
    let answered = load.answered();
    let (lost, told): (Vec<&Answered>, Vec<&Answered>) = answered.iter().partition(|bid| {
        decided.get(&bid.asked.sequence).is_none_or(|entry| {
            (entry.place, entry.fen, entry.accepted) != (load.floor.lot(bid.place), bid.fen, bid.accepted)
        })
    });
    // Every bid was asked until it was answered: one more in the log was done twice.
    let told: BTreeSet<u64> = told.into_iter().map(|bid| bid.asked.sequence).collect();
    doubled.extend(decided.keys().filter(|sequence| !told.contains(sequence)).copied().map(Sequence));
    let asked: Vec<Asked> = answered.iter().map(|bid| bid.asked).collect();
    let (reads, stale) = load.reads();
    Found {
        lost: lost.into_iter().cloned().collect(),
        doubled,
        out_of_order: out_of_order(&asked),
        stale,
        reads,
        entries: most,
        answered,
    }
}

fn entries(cluster: &Cluster, machine: usize) -> impl Iterator<Item = Entry> {
    let data = cluster.data(machine);
    let history = ordering::history(&data, &data.join("secrets"), None).unwrap();
    history.map(|item| item.unwrap().0)
}

/// Every bid that was decided anew, by its entry, and the entries that decided a request that was decided before.
fn execute(cluster: &Cluster, machine: usize) -> (BTreeMap<u64, Decided>, Vec<Sequence>) {
    let (mut exchange, mut output) = (Exchange::new(), Output::default());
    let mut decided = BTreeMap::new();
    let mut doubled = Vec::new();
    let mut requests = BTreeSet::new();
    for entry in entries(cluster, machine) {
        let reply = exchange.execute(&entry, None, &mut output);
        output.clear();
        let (Principal::User(_), Some(request), Body::Bid { auction, lot, price, .. }) =
            (entry.command.principal, entry.command.request, entry.command.body)
        else {
            continue;
        };
        if reply.replayed {
            continue;
        }
        if !requests.insert(<[u8; 16]>::from(request.key)) {
            doubled.push(entry.sequence);
        }
        let place = (u64::from(auction.0), usize::from(lot.0));
        let bid = Decided { place, fen: price.fen(), accepted: reply.outcome.is_ok() };
        decided.insert(entry.sequence.0, bid);
    }
    (decided, doubled)
}
