//! A clock that moves when it is told to.

use std::sync::atomic::{AtomicI64, Ordering};

use exchange::units::{Instant, Span};
use tokio::sync::Notify;

use crate::clock::{Clock, Waiting};

/// A clock that moves when it is told to.
#[derive(Debug, Default)]
pub struct SimClock {
    now: AtomicI64,
    moved: Notify,
}

impl SimClock {
    /// A clock that stands at this instant.
    #[must_use]
    pub fn at(now: Instant) -> Self {
        SimClock { now: AtomicI64::new(now.us()), moved: Notify::new() }
    }

    /// Moves it later.
    pub fn advance(&self, span: Span) {
        self.set(self.now().plus(span));
    }

    /// Sets it, backwards too.
    pub fn set(&self, now: Instant) {
        self.now.store(now.us(), Ordering::SeqCst);
        self.moved.notify_waiters();
    }
}

impl Clock for SimClock {
    fn now(&self) -> Instant {
        Instant::from_us(self.now.load(Ordering::SeqCst))
    }

    fn wait(&self, until: Instant) -> Waiting<'_> {
        Box::pin(async move {
            loop {
                let moved = self.moved.notified();
                tokio::pin!(moved);
                // Listening begins before the clock is read, so that no move is missed.
                moved.as_mut().enable();
                if self.now() >= until {
                    return;
                }
                moved.await;
            }
        })
    }
}
