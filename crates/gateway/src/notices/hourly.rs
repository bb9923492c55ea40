//! Never more than a set number an hour: of any hour, not of each that the clock begins.

use std::collections::VecDeque;

use exchange::units::{Instant, Span};

const HOUR: Span = Span::from_seconds(3600);

/// What one user was sent in the last hour.
#[derive(Debug, Default)]
pub(crate) struct Hourly(VecDeque<Instant>);

impl Hourly {
    /// Takes one, if there were fewer than `most` in the hour before `now`.
    pub fn take(&mut self, now: Instant, most: u16) -> bool {
        while self.0.front().is_some_and(|first| now.since(*first) >= HOUR) {
            self.0.pop_front();
        }
        let free = self.0.len() < usize::from(most);
        if free {
            self.0.push_back(now);
        }
        free
    }

    /// Whether nothing is remembered any more.
    pub fn is_idle(&self, now: Instant) -> bool {
        self.0.back().is_none_or(|last| now.since(*last) >= HOUR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the promise over random moments and limits that change: in no hour do more pass than the largest limit in it, and
    /// where there is room one passes.
    #[test]
    fn no_hour_has_more_than_its_number() {
        let mut dice = 1_u64;
        let mut below = |n: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % n
        };
        for _ in 0..200 {
            let mut hourly = Hourly::default();
            let most = u16::try_from(below(6)).unwrap();
            let (mut now, mut passed) = (0_i64, Vec::new());
            for _ in 0..200 {
                now += i64::try_from(below(1_500_000_000)).unwrap();
                let within = passed.iter().filter(|at| now - **at < HOUR.us()).count();
                let took = hourly.take(Instant::from_us(now), most);
                assert_eq!(took, within < usize::from(most));
                if took {
                    passed.push(now);
                }
            }
            assert!(hourly.is_idle(Instant::from_us(now + HOUR.us())));
        }
    }
}
