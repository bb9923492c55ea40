//! The clock's seam: what time it is, and waiting for a time to come. And how stamps keep to one pace though the machine's
//! clock may be set: a stamp cannot be taken back, so a clock that leaps ahead would bring time to a stand until it is
//! that late.

use core::future::Future;
use core::pin::Pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use exchange::units::Instant;
use parking_lot::Mutex;

/// Ends when the time has come.
pub type Waiting<'c> = Pin<Box<dyn Future<Output = ()> + Send + 'c>>;

/// Says what time it is, for stamps. It may jump; whoever stamps entries never goes back with it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
    /// Waits until it is `until` or later.
    fn wait(&self, until: Instant) -> Waiting<'_>;
    /// By how many microseconds the machine's own clock is ahead of [`Clock::now`]; negative where it is behind.
    fn machine_ahead_us(&self) -> i64 {
        0
    }
    /// Whether that is so much that the machine's clock is not followed.
    fn is_apart(&self) -> bool {
        false
    }
}

/// By how much time may run faster or slower than the machine counts it, to follow the machine's clock: parts in a
/// million, as an NTP daemon slews. Five seconds are made good in less than three hours.
const SLEW_PPM: i128 = 500;

/// Time that begins with the machine's clock and goes on as the machine counts seconds. It follows the machine's clock
/// slowly, and not at all while the two are too far apart.
#[derive(Debug)]
pub(crate) struct Steady {
    apart_max_us: i64,
    state: Mutex<Option<Pace>>,
}

/// What a look at both clocks gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) now: Instant,
    /// By how much the machine's clock is ahead of it.
    pub(crate) ahead_us: i64,
    pub(crate) apart: bool,
}

#[derive(Debug)]
struct Pace {
    /// What is added to the seconds counted.
    offset_us: i64,
    /// The count at the last look.
    counted_us: i64,
    /// What may still be made good, in millionths of a microsecond: looks may be closer than it takes for one.
    allowed: i128,
    apart: bool,
}

impl Steady {
    pub(crate) fn new(apart_max: Duration) -> Self {
        Steady { apart_max_us: i64::try_from(apart_max.as_micros()).unwrap_or(i64::MAX), state: Mutex::new(None) }
    }

    /// What time it is, where `read` gives the microseconds counted and the machine's clock, at this moment.
    pub(crate) fn look(&self, read: impl FnOnce() -> (i64, i64)) -> Look {
        let mut state = self.state.lock();
        let (counted_us, machine_us) = read();
        let pace = state.get_or_insert_with(|| Pace {
            offset_us: machine_us.saturating_sub(counted_us),
            counted_us,
            allowed: 0,
            apart: false,
        });
        let passed = counted_us.saturating_sub(pace.counted_us).max(0);
        pace.counted_us = counted_us;
        let mut ahead_us = machine_us.saturating_sub(counted_us.saturating_add(pace.offset_us));
        let apart = ahead_us.unsigned_abs() > self.apart_max_us.unsigned_abs();
        if apart {
            pace.allowed = 0;
        } else {
            pace.allowed += i128::from(passed) * SLEW_PPM;
            let whole = i64::try_from(pace.allowed / 1_000_000).unwrap_or(i64::MAX);
            let step = ahead_us.clamp(-whole, whole);
            pace.offset_us = pace.offset_us.saturating_add(step);
            ahead_us -= step;
            // What was not needed is not saved up for a later leap.
            pace.allowed %= 1_000_000;
        }
        if apart != pace.apart {
            pace.apart = apart;
            say(apart, ahead_us);
        }
        Look { now: Instant::from_us(counted_us.saturating_add(pace.offset_us)), ahead_us, apart }
    }
}

fn say(apart: bool, ahead_us: i64) {
    let seconds = ahead_us as f64 / 1e6;
    if apart {
        tracing::error!(
            "the machine's clock is {seconds:+.1} s from the time of the log, which does not follow it and goes on as the \
             machine counts seconds; set the machine's clock right, or, if it is right now, restart the node"
        );
    } else {
        tracing::info!("the machine's clock is {seconds:+.1} s from the time of the log, which follows it again");
    }
}

/// The machine's clock, as stamps follow it: it begins with the wall clock and then counts seconds, sleep of the machine
/// included. It follows the wall clock by at most 500 parts in a million, and while the two differ by more than the
/// length given it does not follow at all, says so, and keeps to its own pace.
#[derive(Debug)]
pub struct SystemClock(Steady);

impl SystemClock {
    /// The clock that stops following where the wall clock is further away than this.
    #[must_use]
    pub fn new(apart_max: Duration) -> Self {
        SystemClock(Steady::new(apart_max))
    }

    fn look(&self) -> Look {
        self.0.look(|| (counted_us(), machine_us()))
    }
}

/// How far the wall clock may be away unless the configuration says otherwise.
pub(crate) const APART_MAX: Duration = Duration::from_secs(5);

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock::new(APART_MAX)
    }
}

/// The machine's clock.
fn machine_us() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |us| -us),
    }
}

/// Microseconds since the machine was started. A clock that stands while the machine sleeps would stay behind by that.
fn counted_us() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    time.tv_sec.saturating_mul(1_000_000).saturating_add(time.tv_nsec / 1_000)
}

/// How long one sleep is at the most: time runs a little faster or slower than a sleep, and stands in none.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        self.look().now
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

    fn machine_ahead_us(&self) -> i64 {
        self.look().ahead_us
    }

    fn is_apart(&self) -> bool {
        self.look().apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    /// Both clocks at the beginning; the count begins where the machine did.
    fn begin() -> (Steady, impl Fn(&Steady, i64, i64) -> Look) {
        let steady = Steady::new(Duration::from_secs(5));
        let look = |steady: &Steady, passed: i64, ahead: i64| {
            steady.look(|| (77 + passed, 1_800_000_000 * SECOND + passed + ahead))
        };
        look(&steady, 0, 0);
        (steady, look)
    }

    fn at(passed: i64) -> Instant {
        Instant::from_us(1_800_000_000 * SECOND + passed)
    }

    /// Protects stamps against a machine's clock that leaps: far ahead or far back it is not followed, and once it is
    /// right again nothing is left of it.
    #[test]
    fn a_leap_is_not_followed() {
        for leap in [6 * SECOND, 86_400 * SECOND, i64::MAX / 4, -6 * SECOND, -86_400 * SECOND] {
            let (steady, look) = begin();
            for passed in (0..100).map(|second| second * SECOND) {
                assert_eq!(look(&steady, passed, leap), Look { now: at(passed), ahead_us: leap, apart: true });
            }
            let after = look(&steady, 100 * SECOND, 0);
            assert_eq!(after, Look { now: at(100 * SECOND), ahead_us: 0, apart: false });
        }
    }

    /// Protects that small differences are made good, slowly, however often the clock is asked, and that time never goes
    /// back on the way.
    #[test]
    fn a_small_difference_is_made_good_slowly() {
        for (leap, every) in [(2 * SECOND, SECOND), (-2 * SECOND, SECOND), (2 * SECOND, 313), (-2 * SECOND, 313)] {
            let (steady, look) = begin();
            let mut before = at(0);
            let mut passed = 0;
            while passed < 10 * SECOND {
                passed += every;
                let found = look(&steady, passed, leap);
                assert!(found.now > before && !found.apart);
                before = found.now;
            }
            let made_good = before.us() - at(passed).us();
            let most = passed * 500 / SECOND;
            assert!(made_good.signum() == leap.signum() && made_good.abs() <= most, "{made_good}");
            assert!(made_good.abs() >= most - 2, "{made_good} of {most}");
            assert_eq!(look(&steady, passed + 4_100 * SECOND, leap).ahead_us, 0, "in time all of it");
        }
    }

    /// Protects that a long agreement is not saved up to follow a leap at once.
    #[test]
    fn agreement_is_not_saved_up() {
        let (steady, look) = begin();
        look(&steady, 100_000 * SECOND, 0);
        let found = look(&steady, 100_001 * SECOND, 4 * SECOND);
        assert_eq!(found.now, Instant::from_us(at(100_001 * SECOND).us() + 500));
    }

    /// Protects that the machine's clocks are read as microseconds, and agree when nobody sets them.
    #[test]
    fn the_machine_agrees_with_itself() {
        let clock = SystemClock::default();
        let (first, second) = (clock.now(), clock.now());
        assert!(first <= second && second.since(first).us() < 60 * SECOND);
        assert!((machine_us() - clock.now().us()).abs() < 60 * SECOND);
        assert!(!clock.is_apart());
    }
}
