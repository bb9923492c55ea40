//! A limit of bytes a second.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant as Moment;

/// Makes whoever takes bytes wait until they are within the limit; cheap to clone, all clones have one limit together.
#[derive(Clone)]
pub(crate) struct Pace {
    bytes_per_second: u64,
    /// When the next may be taken.
    free: Arc<Mutex<Option<Moment>>>,
}

impl Pace {
    /// 0: there is no limit.
    pub(crate) fn new(bytes_per_second: u64) -> Self {
        Pace { bytes_per_second, free: Arc::default() }
    }

    /// Waits until something may be taken.
    pub(crate) async fn wait(&self) {
        let free = *self.free.lock();
        if let Some(free) = free {
            tokio::time::sleep_until(free).await;
        }
    }

    /// So many bytes were taken.
    pub(crate) fn took(&self, bytes: usize) {
        if self.bytes_per_second > 0 {
            let mut free = self.free.lock();
            *free = Some(self.after(*free, Moment::now(), bytes));
        }
    }

    /// When the next may be taken, where so many bytes are taken now. What was not taken before is not saved up.
    fn after(&self, free: Option<Moment>, now: Moment, bytes: usize) -> Moment {
        free.map_or(now, |free| free.max(now)) + Duration::from_secs_f64(bytes as f64 / self.bytes_per_second as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the network of those who serve from those who fetch: no more than the limit, no less where there is enough to
    /// fetch, and no burst after a pause.
    #[tokio::test]
    async fn bytes_come_as_fast_as_they_may_and_not_faster() {
        let (pace, begun) = (Pace::new(1_000), Moment::now());
        let mut free = None;
        for _ in 0..20 {
            free = Some(pace.after(free, free.unwrap_or(begun), 100));
        }
        assert_eq!(free.unwrap() - begun, Duration::from_secs(2));
        let later = begun + Duration::from_secs(60);
        assert_eq!(pace.after(free, later, 1_000) - begun, Duration::from_secs(61));
        let unlimited = Pace::new(0);
        unlimited.took(usize::MAX);
        unlimited.wait().await;
        assert_eq!(*unlimited.free.lock(), None);
    }
}
