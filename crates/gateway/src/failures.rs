//! Sign-ins that went wrong, counted: each user's are one entry of the log in ten minutes at the most, and those of logins
//! that nobody has are one together, so that nobody fills the log by guessing. What is counted and not yet entered is lost
//! when the process is killed.

use std::time::{Duration, Instant as Moment};

use exchange::Body;
use exchange::units::{Instant, UserId};
use hashbrown::HashMap;
use parking_lot::Mutex;

use crate::gateway::Gateway;

/// The least time between two entries about one user.
const EVERY: Duration = Duration::from_secs(600);

#[derive(Clone, Copy)]
struct Tally {
    /// How many are not entered, since when.
    count: u32,
    since: Instant,
    /// From when on there may be another entry.
    due: Moment,
    /// Whether somebody waits for that.
    awaited: bool,
}

/// What is counted, by user; `None`: logins that nobody has.
#[derive(Default)]
pub(crate) struct Failures(Mutex<HashMap<Option<UserId>, Tally>>);

/// What is to be done about a failure.
#[derive(Debug, PartialEq, Eq)]
enum Due {
    Now(u32, Instant),
    In(Duration),
    Nothing,
}

impl Failures {
    fn count(&self, user: Option<UserId>, at: Instant, now: Moment) -> Due {
        let mut tallies = self.0.lock();
        // Who has failed no more for a while takes no room.
        tallies.retain(|_, tally| tally.count > 0 || tally.due > now);
        let tally = tallies.entry(user).or_insert(Tally { count: 0, since: at, due: now, awaited: false });
        if tally.count == 0 {
            tally.since = at;
        }
        tally.count = tally.count.saturating_add(1);
        if tally.due <= now {
            let due = Due::Now(tally.count, tally.since);
            (tally.count, tally.due) = (0, now + EVERY);
            return due;
        }
        if tally.awaited {
            return Due::Nothing;
        }
        tally.awaited = true;
        Due::In(tally.due - now)
    }

    fn take(&self, user: Option<UserId>, now: Moment) -> Option<(u32, Instant)> {
        let mut tallies = self.0.lock();
        let tally = tallies.get_mut(&user)?;
        let taken = (tally.count > 0).then_some((tally.count, tally.since));
        (tally.count, tally.due, tally.awaited) = (0, now + EVERY, false);
        taken
    }

    fn users(&self) -> Vec<Option<UserId>> {
        self.0.lock().iter().filter(|(_, tally)| tally.count > 0).map(|(user, _)| *user).collect()
    }
}

impl Gateway {
    /// Counts a sign-in that went wrong. It holds nobody up.
    pub(crate) fn sign_in_failed(&self, user: Option<UserId>) {
        let gateway = self.clone();
        match self.failures.count(user, Gateway::now(), Moment::now()) {
            Due::Nothing => {}
            Due::Now(count, since) => {
                tokio::spawn(async move { gateway.enter_failures(user, count, since).await });
            }
            Due::In(wait) => {
                tokio::spawn(async move {
                    tokio::time::sleep(wait).await;
                    gateway.enter_counted(user).await;
                });
            }
        }
    }

    /// Enters what is counted of a user, or of all: one who signs in at last, and a node that stops.
    pub(crate) async fn enter_counted(&self, user: Option<UserId>) {
        if let Some((count, since)) = self.failures.take(user, Moment::now()) {
            self.enter_failures(user, count, since).await;
        }
    }

    /// Enters all that is counted: the gateway stops.
    pub(crate) async fn enter_all_counted(&self) {
        for user in self.failures.users() {
            self.enter_counted(user).await;
        }
    }

    async fn enter_failures(&self, user: Option<UserId>, count: u32, since: Instant) {
        if let Err(problem) = self.submit_own(Body::CountFailures { user, count, since }).await {
            tracing::warn!(
                reason = problem.reason(),
                count,
                "sign-ins that went wrong could not be entered in the log"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the log from guessing: the first failure is entered at once, all others of ten minutes together.
    #[test]
    fn failures_are_entered_together() {
        let failures = Failures::default();
        let start = Moment::now();
        let at = |us| Instant::from_us(us);
        let user = Some(UserId(7));
        assert_eq!(failures.count(user, at(1), start), Due::Now(1, at(1)));
        assert_eq!(failures.count(user, at(2), start), Due::In(EVERY));
        assert_eq!(failures.count(user, at(3), start + EVERY / 2), Due::Nothing);
        assert_eq!(failures.count(None, at(4), start), Due::Now(1, at(4)));
        assert_eq!(failures.users(), [user]);
        assert_eq!(failures.take(user, start + EVERY), Some((2, at(2))));
        assert_eq!(failures.take(user, start + EVERY), None);
        assert_eq!(failures.count(user, at(5), start + EVERY * 3), Due::Now(1, at(5)));
        assert_eq!(failures.count(Some(UserId(8)), at(6), start + EVERY * 9), Due::Now(1, at(6)));
        assert_eq!(failures.0.lock().len(), 1, "who has failed no more is forgotten");
    }
}
