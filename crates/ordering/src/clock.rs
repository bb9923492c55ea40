//! The clock's seam: what time it is. How long a task waits is tokio's business, so that a test can pause it.

use std::time::{SystemTime, UNIX_EPOCH};

use exchange::units::Instant;

/// Says what time it is. It may jump; whoever stamps entries never goes back with it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        let now = SystemTime::now();
        let us = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |us| -us),
        };
        Instant::from_us(us)
    }
}
