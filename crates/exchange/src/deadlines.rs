//! What is due when: one queue for the ends of lots, what is told before them, the openings of auctions and the ends of sessions.
//!
//! An end moves later with almost every bid. The queue is not told: an item that comes up before its time is put back with
//! the time that its owner then says. Only what moves earlier would have to be put in anew, and nothing does but
//! what ends at once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::units::{ApplicationId, AuctionId, Instant, LotIndex};

/// What is due. At one instant they come in this order: ends of lots first (auction.md, "A scenario on disk").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    LotEnds(AuctionId, LotIndex),
    AuctionOpens(AuctionId),
    /// From here on the log is stamped at least once a second for this auction.
    WatchBegins(AuctionId),
    /// The place in the table of sessions.
    SessionExpires(u32),
    /// Those who take part are told that the lot ends soon.
    LotEndsSoon(AuctionId, LotIndex),
    /// Who applied in vain is forgotten.
    RefusedForgotten(ApplicationId),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Deadlines(BinaryHeap<Reverse<(Instant, Due)>>);

impl Deadlines {
    pub(crate) fn add(&mut self, at: Instant, due: Due) {
        self.0.push(Reverse((at, due)));
    }

    pub(crate) fn first(&self) -> Option<(Instant, Due)> {
        self.0.peek().map(|Reverse(item)| *item)
    }

    pub(crate) fn take_first(&mut self) {
        self.0.pop();
    }
}
