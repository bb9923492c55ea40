//! How often one may ask, a user or an address: a token bucket for each, so that one client's loop does not take the venue from
//! others.

use std::hash::Hash;
use std::time::Instant;

use hashbrown::HashMap;
use parking_lot::Mutex;

use crate::problem::Problem;

/// Buckets are dropped once they are full again, checked whenever this many have come together.
const SWEEP_AT: usize = 4_096;

/// Token buckets by key.
pub struct Rate<K> {
    per_second: f64,
    burst: f64,
    detail: String,
    buckets: Mutex<Buckets<K>>,
}

struct Buckets<K> {
    by_key: HashMap<K, Bucket>,
    sweep_at: usize,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl<K: Eq + Hash + Copy> Rate<K> {
    /// At most `per_second` on average and `burst` at once; `per_second` 0: no limit.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        let detail = format!("at most {per_second} requests a second; ask more slowly");
        Rate::with(f64::from(per_second), f64::from(burst.max(1)), detail)
    }

    /// At most `per_hour` on average and at once; 0: no limit. For what people do now and then, from one address.
    #[must_use]
    pub fn hourly(per_hour: u32) -> Self {
        let detail = format!("at most {per_hour} of these an hour from one address; wait");
        Rate::with(f64::from(per_hour) / 3_600.0, f64::from(per_hour.max(1)), detail)
    }

    fn with(per_second: f64, burst: f64, detail: String) -> Self {
        let buckets = Mutex::new(Buckets { by_key: HashMap::new(), sweep_at: SWEEP_AT });
        Rate { per_second, burst, detail, buckets }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// 429 `rate_limited` with the seconds until there is one again.
    pub fn take(&self, key: K, now: Instant) -> Result<(), Problem> {
        if self.per_second == 0.0 {
            return Ok(());
        }
        let mut buckets = self.buckets.lock();
        if buckets.by_key.len() >= buckets.sweep_at {
            let (rate, burst) = (self.per_second, self.burst);
            buckets.by_key.retain(|_, bucket| bucket.filled(now, rate, burst) < burst);
            buckets.sweep_at = (buckets.by_key.len() * 2).max(SWEEP_AT);
        }
        let bucket = buckets.by_key.entry(key).or_insert(Bucket { tokens: self.burst, at: now });
        bucket.tokens = bucket.filled(now, self.per_second, self.burst);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait_s = ((1.0 - bucket.tokens) / self.per_second).ceil();
        Err(Problem::too_many("rate_limited", self.detail.clone(), wait_s as u32))
    }
}

impl Bucket {
    fn filled(&self, now: Instant, per_second: f64, burst: f64) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        (self.tokens + passed * per_second).min(burst)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Protects that a user has its burst, then its rate, then waits, and that another is not touched by it.
    #[test]
    fn a_bucket_empties_and_fills() {
        let rate = Rate::new(2, 3);
        let start = Instant::now();
        for _ in 0..3 {
            assert!(rate.take(1, start).is_ok());
        }
        assert_eq!(rate.take(1, start).unwrap_err().reason(), "rate_limited");
        assert!(rate.take(2, start).is_ok());
        assert!(rate.take(1, start + Duration::from_millis(500)).is_ok());
        assert!(rate.take(1, start + Duration::from_millis(500)).is_err());
    }

    /// Protects what people do now and then: so many in an hour, then one whenever a part of the hour has passed.
    #[test]
    fn an_hour_has_so_many() {
        let rate = Rate::hourly(6);
        let start = Instant::now();
        assert!((0..6).all(|_| rate.take(1, start).is_ok()) && rate.take(1, start).is_err());
        let later = start + Duration::from_secs(601);
        assert!(rate.take(1, later).is_ok() && rate.take(1, later).is_err());
        assert!((0..100).all(|_| Rate::hourly(0).take(1, start).is_ok()), "no limit");
    }

    /// Protects that the table does not grow with users who have gone.
    #[test]
    fn idle_buckets_are_dropped() {
        let rate = Rate::new(1_000, 1);
        let start = Instant::now();
        for user in 0..100_000_u32 {
            let at = start + Duration::from_millis(u64::from(user) * 2);
            assert!(rate.take(user, at).is_ok());
        }
        assert!(rate.buckets.lock().by_key.len() <= SWEEP_AT);
    }
}
