//! Wrong passwords make whoever sends them wait: strictly per login and address together, so that nobody can lock out
//! somebody else, less so per address, and a little per login wherever it is tried from. All tables are bounded, and
//! what went wrong is forgotten by half every quarter of an hour.

use std::hash::Hash;
use std::time::{Duration, Instant};

use hashbrown::HashMap;
use parking_lot::Mutex;

/// How long it takes until half of the failures are forgotten.
const HALF_LIFE: Duration = Duration::from_secs(900);

/// Failures and waits by key.
pub struct BackOff<K> {
    free: u32,
    most: Duration,
    keys_max: usize,
    failures: Mutex<HashMap<K, Failures>>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
    until: Instant,
}

impl<K: Eq + Hash + Copy> BackOff<K> {
    /// After `free` failures each further one doubles the wait, from one second to `most`.
    #[must_use]
    pub fn new(free: u32, most: Duration, keys_max: usize) -> Self {
        BackOff { free, most, keys_max: keys_max.max(1), failures: Mutex::new(HashMap::new()) }
    }

    /// How long this key must still wait; `None`: it may try.
    #[must_use]
    pub fn wait(&self, key: K, now: Instant) -> Option<Duration> {
        let failures = self.failures.lock();
        let left = failures.get(&key)?.until.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    /// One more wrong password.
    pub fn failed(&self, key: K, now: Instant) {
        let mut failures = self.failures.lock();
        if failures.len() >= self.keys_max && !failures.contains_key(&key) {
            self.forget(&mut failures, now);
        }
        let entry = failures.entry(key).or_insert(Failures { count: 0, last: now, until: now });
        let halvings = now.saturating_duration_since(entry.last).as_secs() / HALF_LIFE.as_secs();
        entry.count = entry.count.checked_shr(u32::try_from(halvings).unwrap_or(u32::MAX)).unwrap_or(0);
        entry.count = entry.count.saturating_add(1);
        entry.last = now;
        if entry.count > self.free {
            let doublings = (entry.count - self.free - 1).min(20);
            entry.until = now + Duration::from_secs(1 << doublings).min(self.most);
        }
    }

    /// The right password: what was is forgotten.
    pub fn succeeded(&self, key: K) {
        self.failures.lock().remove(&key);
    }

    /// The right password of one of many who share the key: half of what was is forgotten.
    pub fn eased(&self, key: K) {
        if let Some(failures) = self.failures.lock().get_mut(&key) {
            failures.count /= 2;
        }
    }

    /// Drops what no longer makes anybody wait and was not touched for the longest wait; else the oldest.
    fn forget(&self, failures: &mut HashMap<K, Failures>, now: Instant) {
        failures.retain(|_, f| f.until > now || now.saturating_duration_since(f.last) < self.most);
        if failures.len() >= self.keys_max
            && let Some(oldest) = failures.iter().min_by_key(|(_, f)| f.last).map(|(key, _)| *key)
        {
            failures.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the doubling wait, its bound, and that the right password ends it.
    #[test]
    fn waits_double_up_to_the_most() {
        let back_off = BackOff::new(2, Duration::from_secs(5), 10);
        let now = Instant::now();
        for expected in [0, 0, 1, 2, 4, 5, 5] {
            back_off.failed(7, now);
            assert_eq!(back_off.wait(7, now).map_or(0, |w| w.as_secs()), expected);
        }
        assert_eq!(back_off.wait(8, now), None);
        assert_eq!(back_off.wait(7, now + Duration::from_secs(5)), None);
        back_off.succeeded(7);
        assert_eq!(back_off.wait(7, now), None);
    }

    /// Protects an office behind one address: a right password, or time, makes up for typing errors of long ago.
    #[test]
    fn failures_are_forgotten_by_half() {
        let back_off = BackOff::new(4, Duration::from_secs(60), 10);
        let now = Instant::now();
        (0..4).for_each(|_| back_off.failed(7, now));
        back_off.eased(7);
        (0..2).for_each(|_| back_off.failed(7, now));
        assert_eq!(back_off.wait(7, now), None);
        let later = now + HALF_LIFE * 2;
        (0..3).for_each(|_| back_off.failed(7, later));
        assert_eq!(back_off.wait(7, later), None, "one of four is left, and three have come");
        back_off.failed(7, later);
        assert!(back_off.wait(7, later).is_some());
        back_off.failed(7, later + HALF_LIFE * 1000);
        assert_eq!(back_off.wait(7, later + HALF_LIFE * 1000), None);
    }

    /// Protects the memory: strangers' logins do not grow the table without end.
    #[test]
    fn the_table_is_bounded() {
        let back_off = BackOff::new(0, Duration::from_secs(60), 100);
        let now = Instant::now();
        for login in 0..1_000 {
            back_off.failed(login, now);
        }
        assert_eq!(back_off.failures.lock().len(), 100);
    }
}
