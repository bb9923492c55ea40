//! Three nodes on loopback, everything on the cores of one machine: how fast, beside one node and beside etcd; and how
//! long nobody is answered when the leader dies or hands over, and when a node is replaced.

mod etcd;
pub mod failover;
pub mod many;
mod nodes;
pub mod one;
pub mod replaced;

use std::time::Duration;

use super::Bench;

/// How long something may take that must come about.
const PATIENCE: Duration = Duration::from_secs(60);

/// How others get the figures that they publish: what we do not run here, and cannot be held against a ratio.
const OTHERS: [&str; 2] = [
    "hiqlite publishes up to 24,500 single inserts a second: three processes on one machine and a consumer's M.2 SSD, 16,500 on older \
     SATA drives, by the same consensus engine as ours and many clients at once. Ours above are whole requests over HTTP with \
     their checks; and its rows lie in SQLite, so a table may be larger than memory. There we are behind: our state is in memory.",
    "TigerBeetle, whose goal is a million transfers a second, has its figures from requests of up to 8,190 transfers each, from clients that \
     gather them, in a binary protocol over io_uring and direct I/O: consensus and sync are paid once for each such batch. A member \
     sends one bid at a time, so we gather in front of the sequencer instead, and parse HTTP, JSON and a session for every one. There we \
     are behind by more than one order of magnitude, and for a firm with thousands of orders at once we have no call. Its replicas \
     also repair each other's damaged disks; ours stop, and are replaced.",
];

/// Says what is beside the figures and not measured here.
fn note_others(bench: &Bench) {
    OTHERS.iter().for_each(|others| bench.note(*others));
}
