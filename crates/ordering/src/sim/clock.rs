//! A clock that moves when it is told to.

use std::sync::atomic::{AtomicI64, Ordering};

use exchange::units::{Instant, Span};
use tokio::sync::Notify;

use crate::clock::{APART_MAX, Clock, Look, Steady, Waiting};

/// A machine's clock that moves when it is told to, by time that passes or by a hand that sets it, and the time that
/// stamps make of it: the same code as in production.
#[derive(Debug)]
pub struct SimClock {
    passed: AtomicI64,
    /// By how much the machine's clock has been set ahead of the time that passed.
    set_ahead: AtomicI64,
    steady: Steady,
    moved: Notify,
}

impl SimClock {
    /// A clock that stands at this instant.
    #[must_use]
    pub fn at(now: Instant) -> Self {
        let clock = SimClock {
            passed: AtomicI64::new(now.us()),
            set_ahead: AtomicI64::new(0),
            steady: Steady::new(APART_MAX),
            moved: Notify::new(),
        };
        clock.look();
        clock
    }

    /// Lets time pass.
    pub fn advance(&self, span: Span) {
        self.set(Instant::from_us(self.passed.load(Ordering::SeqCst)).plus(span));
    }

    /// Lets time pass until then. Backwards it is another machine that looks.
    pub fn set(&self, now: Instant) {
        self.passed.store(now.us(), Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Sets the machine's clock this many microseconds ahead of the time that passed, though no time passes.
    pub fn set_machine_ahead(&self, us: i64) {
        self.set_ahead.store(us, Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    fn look(&self) -> Look {
        self.steady.look(|| {
            let passed = self.passed.load(Ordering::SeqCst);
            (passed, passed.saturating_add(self.set_ahead.load(Ordering::SeqCst)))
        })
    }
}

impl Clock for SimClock {
    fn now(&self) -> Instant {
        self.look().now
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

    fn machine_ahead_us(&self) -> i64 {
        self.look().ahead_us
    }

    fn is_apart(&self) -> bool {
        self.look().apart
    }
}
