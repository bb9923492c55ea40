//! The clocks of a machine: the one that counts runs a little fast or slow, and the one that says the hour may be set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use exchange::units::Instant;
use ordering::sim::SimClock;
use ordering::{Clock, Waiting};

/// When every run begins.
pub const BEGAN: Instant = Instant::from_us(1_800_000_000_000_000);

/// What drives the clocks of a machine.
#[derive(Debug, Default)]
pub struct Crystal {
    /// By how many parts in a million it runs fast.
    pub drift_ppm: i64,
    /// The milliseconds it has counted.
    counted_ms: AtomicI64,
    /// How far somebody has set the hour ahead, in microseconds.
    set_ahead_us: AtomicI64,
}

impl Crystal {
    /// A crystal that has counted this long.
    #[must_use]
    pub fn new(drift_ppm: i64, now_ms: u64) -> Self {
        let crystal = Crystal { drift_ppm, ..Crystal::default() };
        crystal.counted_ms.store(crystal.due_ms(now_ms), Ordering::Relaxed);
        crystal
    }

    /// What it should have counted when this much time has passed.
    #[must_use]
    pub fn due_ms(&self, now_ms: u64) -> i64 {
        let now_ms = i64::try_from(now_ms).unwrap_or(i64::MAX / 2_000_000);
        now_ms + now_ms * self.drift_ppm / 1_000_000
    }

    /// The milliseconds it has counted.
    #[must_use]
    pub fn counted_ms(&self) -> i64 {
        self.counted_ms.load(Ordering::Relaxed)
    }

    /// It counts on.
    pub fn count(&self, ms: i64) {
        self.counted_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Somebody sets the hour this far ahead of what it would be.
    pub fn set_ahead(&self, us: i64) {
        self.set_ahead_us.store(us, Ordering::Relaxed);
    }

    fn ahead_us(&self) -> i64 {
        self.set_ahead_us.load(Ordering::Relaxed)
    }

    fn counted(&self) -> Instant {
        Instant::from_us(BEGAN.us() + self.counted_ms() * 1_000)
    }
}

/// The clock of a machine as a process on it sees it: the production code that makes one pace of what is counted and what
/// the machine says.
pub struct MachineClock {
    crystal: Arc<Crystal>,
    paced: SimClock,
    /// How far ahead the hour was set when the process began: it begins with the hour, as in production.
    began_ahead_us: i64,
}

impl MachineClock {
    /// For a process that starts now.
    #[must_use]
    pub fn new(crystal: &Arc<Crystal>) -> Self {
        let ahead_us = crystal.ahead_us();
        let paced = SimClock::at(Instant::from_us(crystal.counted().us() + ahead_us));
        MachineClock { crystal: Arc::clone(crystal), paced, began_ahead_us: ahead_us }
    }

    fn look(&self) {
        self.paced.set(Instant::from_us(self.crystal.counted().us() + self.began_ahead_us));
        self.paced.set_machine_ahead(self.crystal.ahead_us() - self.began_ahead_us);
    }
}

/// As long as the production clock sleeps at once.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Clock for MachineClock {
    fn now(&self) -> Instant {
        self.look();
        self.paced.now()
    }

    fn wait(&self, until: Instant) -> Waiting<'_> {
        Box::pin(async move {
            loop {
                let left = until.since(self.now()).us();
                if left <= 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_micros(left.unsigned_abs()).min(LOOK_AGAIN)).await;
            }
        })
    }

    fn machine_ahead_us(&self) -> i64 {
        self.look();
        self.paced.machine_ahead_us()
    }

    fn is_apart(&self) -> bool {
        self.look();
        self.paced.is_apart()
    }
}
