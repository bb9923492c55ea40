//! What an operator wants to know of the feed.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// The feed's own counters.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub clients: AtomicU64,
    pub connections: AtomicU64,
    pub refused: AtomicU64,
    pub messages: AtomicU64,
    pub snapshots: AtomicU64,
    pub conflations: AtomicU64,
    pub dropped: AtomicU64,
    pub errors: AtomicU64,
    pub stalled: AtomicU64,
    /// Signed: what a channel frees may be counted before what was added to it.
    pub kept_bytes: AtomicI64,
}

/// The feed's counters as plain numbers. All but `clients` and `kept_bytes` only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedMetrics {
    /// Clients connected now.
    pub clients: u64,
    /// Connections accepted.
    pub connections: u64,
    /// Connections refused because there were too many.
    pub refused: u64,
    /// Messages handed to sockets, of all kinds.
    pub messages: u64,
    /// Snapshots among them.
    pub snapshots: u64,
    /// How often a reader could not keep up and got a fresh snapshot.
    pub conflations: u64,
    /// Messages that such readers did not get.
    pub dropped: u64,
    /// Errors told to clients.
    pub errors: u64,
    /// Clients given up because they took nothing, or said nothing, for too long.
    pub stalled: u64,
    /// Bytes of messages that channels keep now.
    pub kept_bytes: u64,
}

impl Counters {
    /// Bytes of messages that channels keep now.
    pub fn kept_bytes(&self) -> u64 {
        u64::try_from(self.kept_bytes.load(Relaxed)).unwrap_or(0)
    }

    /// Channels keep these bytes more, or fewer.
    pub fn keep(&self, added: usize, freed: usize) {
        self.kept_bytes.fetch_add(added as i64 - freed as i64, Relaxed);
    }

    pub fn read(&self) -> FeedMetrics {
        FeedMetrics {
            clients: self.clients.load(Relaxed),
            connections: self.connections.load(Relaxed),
            refused: self.refused.load(Relaxed),
            messages: self.messages.load(Relaxed),
            snapshots: self.snapshots.load(Relaxed),
            conflations: self.conflations.load(Relaxed),
            dropped: self.dropped.load(Relaxed),
            errors: self.errors.load(Relaxed),
            stalled: self.stalled.load(Relaxed),
            kept_bytes: self.kept_bytes(),
        }
    }
}

/// Adds to a counter.
pub(super) fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Relaxed);
}
