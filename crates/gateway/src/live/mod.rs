//! The live side: what is true now, in memory, and the feed that tells screens what changes.
//!
//! Built from events alone; it decides nothing. History is not here but in the archive.

pub mod picture;
pub mod wire;

use std::sync::Arc;
use std::time::Duration;

use exchange::units::Sequence;
use exchange::{Applied, Events, Exchange};
use parking_lot::RwLock;
use tokio::sync::watch;

pub use picture::{Auction, Figures, Funds, Lead, Lot, Member, Picture, Session, TokenHash, User};
pub use wire::{AuctionHead, AuctionView, BiddingView, LotView, alias_text};

/// The live projection, shared: a clone is a handle on the same one.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    picture: RwLock<Picture>,
    sequence: watch::Sender<Sequence>,
}

impl Live {
    /// Before anything is known.
    #[must_use]
    pub fn new() -> Self {
        Live {
            inner: Arc::new(Inner {
                picture: RwLock::new(Picture::default()),
                sequence: watch::Sender::new(Sequence(0)),
            }),
        }
    }

    /// Takes over the whole state, after recovery.
    pub fn begin(&self, exchange: &Exchange) {
        let picture = Picture::of(exchange);
        let sequence = picture.sequence;
        *self.inner.picture.write() = picture;
        self.inner.sequence.send_replace(sequence);
    }

    /// Takes over what a run of entries left behind. Runs come in order, without a gap.
    ///
    /// # Panics
    /// The events cannot be read, or do not fit what came before: a broken invariant.
    pub fn apply(&self, run: &Applied) {
        let mut picture = self.inner.picture.write();
        let mut private = run.private.iter().peekable();
        for happened in Events::new(&run.events) {
            let happened = happened.expect("the exchange's own events can be read");
            picture.apply(&happened);
            if matches!(happened.event, exchange::Event::SealedBidPlaced { .. })
                && let Some(own) = private.next_if(|own| own.sequence == happened.sequence)
            {
                picture.apply_private(own);
            }
        }
        picture.sequence = run.last;
        picture.at = run.at;
        drop(picture);
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

    /// Reads the picture under a lock that the writer waits for: render what is needed and return.
    pub fn read<R>(&self, look: impl FnOnce(&Picture) -> R) -> R {
        look(&self.inner.picture.read())
    }
}

impl Default for Live {
    fn default() -> Self {
        Live::new()
    }
}
