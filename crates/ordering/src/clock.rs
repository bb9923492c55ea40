//! The clock's seam: what time it is, and waiting for a time to come.

use core::future::Future;
use core::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use exchange::units::Instant;

/// Ends when the time has come.
pub type Waiting<'c> = Pin<Box<dyn Future<Output = ()> + Send + 'c>>;

/// Says what time it is. It may jump; whoever stamps entries never goes back with it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
    /// Waits until it is `until` or later.
    fn wait(&self, until: Instant) -> Waiting<'_>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// The machine's clock may be set while somebody waits for it, so it is looked at again at least this often.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        let now = SystemTime::now();
        let us = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |us| -us),
        };
        Instant::from_us(us)
    }

    fn wait(&self, until: Instant) -> Waiting<'_> {
        Box::pin(async move {
            loop {
                let left = until.since(self.now()).us();
                if left == 0 {
                    return;
                }
                let left = Duration::from_micros(left.unsigned_abs());
                tokio::time::sleep(left.min(LOOK_AGAIN)).await;
            }
        })
    }
}
