//! The live side: what is true now, in memory, and the feed that tells screens what changes.
//!
//! Built from events alone; it decides nothing. History is not here but in the archive.

mod feed;
pub mod picture;
mod quotes;
pub mod wire;

use std::sync::Arc;
use std::time::Duration;

use exchange::units::{Sequence, UserId};
use exchange::{Applied, Event, Events, Exchange, Happened};
use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;

pub(crate) use feed::Messages;
pub use feed::{CloseCode, FeedLimits, FeedMetrics, Viewer, serve_socket};
use feed::{Feed, Report};
pub use picture::{
    Auction, AuctionStill, Figures, Funds, Gathering, HeadStill, Lead, Lot, LotStill, Member, Picture, Session,
    TokenHash, User,
};
pub use quotes::{QuoteStill, QuoteView, SparkView};
pub use wire::{AttachmentView, AuctionHead, AuctionView, BiddingView, LotView, alias_text};

/// How many events of whole entries are taken over at once, so that readers of the picture do not wait for a long run.
const EVENTS_AT_ONCE: usize = 256;

/// The live projection, shared: a clone is a handle on the same one.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    picture: RwLock<Picture>,
    sequence: watch::Sender<Sequence>,
    feed: Arc<Feed>,
    /// Held while a run is taken over: there is one writer.
    report: Mutex<Report>,
}

impl Live {
    /// Before anything is known, with the default limits of the feed.
    #[must_use]
    pub fn new() -> Self {
        Live::with_limits(FeedLimits::default())
    }

    /// Before anything is known.
    #[must_use]
    pub fn with_limits(limits: FeedLimits) -> Self {
        Live {
            inner: Arc::new(Inner {
                picture: RwLock::new(Picture::default()),
                sequence: watch::Sender::new(Sequence(0)),
                feed: Arc::new(Feed::new(limits)),
                report: Mutex::new(Report::default()),
            }),
        }
    }

    /// Takes over the whole state, after recovery. Whoever reads the feed gets fresh snapshots.
    pub fn begin(&self, exchange: &Exchange) {
        let mut report = self.inner.report.lock();
        report.clear();
        let begun = Picture::of(exchange);
        let sequence = begun.sequence;
        let mut picture = self.inner.picture.write();
        *picture = begun;
        self.inner.feed.restart(&picture);
        drop(picture);
        self.inner.sequence.send_replace(sequence);
    }

    /// Takes over what a run of entries left behind. Runs come in order, without a gap.
    ///
    /// # Panics
    /// The events cannot be read, or do not fit what came before: a broken invariant.
    pub fn apply(&self, run: &Applied) {
        let mut report = self.inner.report.lock();
        let mut private = run.private.iter().peekable();
        let mut events =
            Events::new(&run.events).map(|event| event.expect("the exchange's own events can be read")).peekable();
        let mut some: Vec<Happened> = Vec::with_capacity(EVENTS_AT_ONCE);
        while events.peek().is_some() {
            some.clear();
            while let Some(next) = events.next_if(|next| {
                some.len() < EVENTS_AT_ONCE || some.last().is_some_and(|last| last.sequence == next.sequence)
            }) {
                some.push(next);
            }
            let mut picture = self.inner.picture.write();
            for entry in some.chunk_by(|one, next| one.sequence == next.sequence) {
                for happened in entry {
                    report.foresee(&picture, &happened.event);
                    picture.apply(happened);
                    report.note(&self.inner.feed, &picture, happened);
                    if matches!(happened.event, Event::SealedBidPlaced { .. })
                        && let Some(own) = private.next_if(|own| own.sequence == happened.sequence)
                    {
                        picture.apply_private(own);
                        report.note_private(&self.inner.feed, &picture, own);
                    }
                }
                let (sequence, at) = (entry[0].sequence, entry[0].at);
                (picture.sequence, picture.at) = (sequence, at);
                report.entry_done(&self.inner.feed, &picture, sequence);
            }
        }
        assert!(private.peek().is_none(), "what only one member may know comes with its event");
        let mut picture = self.inner.picture.write();
        (picture.sequence, picture.at) = (run.last, run.at);
        report.run_done(&self.inner.feed, &picture, run.last, run.at);
        drop(picture);
        for session in report.sessions_ended() {
            self.inner.feed.end_session(&session);
        }
        self.inner.sequence.send_replace(run.last);
    }

    /// The last entry that is in the picture.
    #[must_use]
    pub fn sequence(&self) -> Sequence {
        *self.inner.sequence.borrow()
    }

    /// Waits until the picture has this entry; `false` when that takes longer than `timeout`.
    pub async fn reached(&self, sequence: Sequence, timeout: Duration) -> bool {
        let mut receiver = self.inner.sequence.subscribe();
        let reached = tokio::time::timeout(timeout, receiver.wait_for(|at| *at >= sequence)).await;
        matches!(reached, Ok(Ok(_)))
    }

    /// Reads the picture under a lock that the writer, and so every bid, waits for: take out what is needed (of auctions
    /// a still), return, and render it outside. Never call `read` from within.
    pub fn read<R>(&self, look: impl FnOnce(&Picture) -> R) -> R {
        look(&self.inner.picture.read())
    }

    /// The limits of the feed.
    #[must_use]
    pub fn feed_limits(&self) -> &FeedLimits {
        self.inner.feed.limits()
    }

    /// The counters of the feed.
    #[must_use]
    pub fn feed_metrics(&self) -> FeedMetrics {
        self.inner.feed.metrics()
    }

    /// Whether the feed would accept one more connection of this user: to be asked before an upgrade, so that a refusal
    /// can be an answer.
    #[must_use]
    pub fn feed_has_room(&self, user: UserId) -> bool {
        self.inner.feed.has_room(user)
    }

    /// Counts a connection that was refused before its upgrade.
    pub(crate) fn feed_refused(&self) {
        self.inner.feed.refused();
    }

    /// Closes all connections of the feed, and accepts no more: the node stops.
    pub fn close_feed(&self) {
        self.inner.feed.close_all();
    }

    fn feed(&self) -> &Arc<Feed> {
        &self.inner.feed
    }
}

impl Default for Live {
    fn default() -> Self {
        Live::new()
    }
}

#[cfg(test)]
mod tests;
