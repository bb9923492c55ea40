//! Intervals of the venue's day: where an instant's candle begins and ends.

use crate::units::{Instant, UtcOffset};

const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 24 * 60 * MINUTE_US;

/// How long a candle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interval {
    /// One minute.
    Minute,
    /// Five minutes.
    Minutes5,
    /// A quarter of an hour.
    Minutes15,
    /// An hour.
    Hour,
    /// A day of the venue, from midnight to midnight.
    Day,
    /// A week, from Monday.
    Week,
    /// A month of the calendar.
    Month,
}

impl Interval {
    /// All of them, the shortest first.
    pub const ALL: [Interval; 7] = [
        Interval::Minute,
        Interval::Minutes5,
        Interval::Minutes15,
        Interval::Hour,
        Interval::Day,
        Interval::Week,
        Interval::Month,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Interval::Minute => "1m",
            Interval::Minutes5 => "5m",
            Interval::Minutes15 => "15m",
            Interval::Hour => "1h",
            Interval::Day => "1d",
            Interval::Week => "1w",
            Interval::Month => "1M",
        }
    }

    /// The interval with this word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Interval::ALL.into_iter().find(|interval| interval.word() == word)
    }

    /// Where the candle of an instant begins.
    #[must_use]
    pub const fn start(self, at: Instant, offset: UtcOffset) -> Instant {
        let local = at.us().saturating_add(offset.us());
        let day = local.div_euclid(DAY_US);
        let start = match self {
            Interval::Minute => floor(local, MINUTE_US),
            Interval::Minutes5 => floor(local, 5 * MINUTE_US),
            Interval::Minutes15 => floor(local, 15 * MINUTE_US),
            Interval::Hour => floor(local, 60 * MINUTE_US),
            Interval::Day => day.saturating_mul(DAY_US),
            // The first day of the count, 1970-01-01, was a Thursday.
            Interval::Week => (day - (day + 3).rem_euclid(7)).saturating_mul(DAY_US),
            Interval::Month => (day + 1 - civil(day).2).saturating_mul(DAY_US),
        };
        Instant::from_us(start.saturating_sub(offset.us()))
    }
}

impl Interval {
    /// Where the candle behind the one that begins at `start` begins.
    #[must_use]
    pub const fn next(self, start: Instant, offset: UtcOffset) -> Instant {
        // Longer than the interval and shorter than two of them.
        let ahead = match self {
            Interval::Minute => MINUTE_US,
            Interval::Minutes5 => 5 * MINUTE_US,
            Interval::Minutes15 => 15 * MINUTE_US,
            Interval::Hour => 60 * MINUTE_US,
            Interval::Day => DAY_US,
            Interval::Week => 7 * DAY_US,
            Interval::Month => 32 * DAY_US,
        };
        self.start(Instant::from_us(start.us().saturating_add(ahead)), offset)
    }

    /// Where the first candle begins that begins at this instant or behind it.
    #[must_use]
    pub fn at_or_after(self, at: Instant, offset: UtcOffset) -> Instant {
        let start = self.start(at, offset);
        if start < at { self.next(start, offset) } else { start }
    }
}

/// The day of the venue that an instant lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// The day of an instant.
    #[must_use]
    pub const fn of(at: Instant, offset: UtcOffset) -> Self {
        Day(at.us().saturating_add(offset.us()).div_euclid(DAY_US))
    }

    /// When it begins.
    #[must_use]
    pub const fn start(self, offset: UtcOffset) -> Instant {
        Instant::from_us(self.0.saturating_mul(DAY_US).saturating_sub(offset.us()))
    }

    /// When it is over.
    #[must_use]
    pub const fn end(self, offset: UtcOffset) -> Instant {
        Day(self.0 + 1).start(offset)
    }

    /// The day that lies this many days after this one.
    #[must_use]
    pub const fn plus(self, days: i64) -> Self {
        Day(self.0.saturating_add(days))
    }

    /// Whether it is a Saturday or a Sunday.
    #[must_use]
    pub const fn is_weekend(self) -> bool {
        (self.0 + 3).rem_euclid(7) >= 5
    }
}

/// As ISO 8601 writes it, such as `2026-01-09`.
impl core::fmt::Display for Day {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (year, month, day) = civil(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

const fn floor(local: i64, by: i64) -> i64 {
    local.saturating_sub(local.rem_euclid(by))
}

/// Year, month and day of the month of a day counted from 1970-01-01, in the Gregorian calendar: counted in eras of 400
/// years (146,097 days) that begin on the first of March, so that the day of a leap year comes last.
const fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months = (5 * of_year + 2) / 153;
    let month = if months < 10 { months + 3 } else { months - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, of_year - (153 * months + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the calendar against another one: every day from 1900 to 2200 has the date that the library gives it, and its
    /// week and month begin where the library says.
    #[test]
    fn days_are_those_of_the_calendar() {
        let first = jiff::civil::date(1900, 1, 1);
        let epoch = jiff::civil::date(1970, 1, 1);
        let mut day = Day(first.duration_since(epoch).as_hours() / 24);
        for date in first.series(jiff::Span::new().days(1)).take_while(|date| date.year() < 2200) {
            assert_eq!(day.to_string(), date.to_string());
            assert_eq!(day.is_weekend(), date.weekday().to_monday_zero_offset() >= 5);
            let offset = UtcOffset::CHINA;
            let last = Instant::from_us(day.end(offset).us() - 1);
            let start = |interval: Interval| Day::of(interval.start(last, offset), offset).to_string();
            assert_eq!(start(Interval::Day), date.to_string());
            assert_eq!(start(Interval::Month), date.first_of_month().to_string());
            let next =
                |interval: Interval| Day::of(interval.next(interval.start(last, offset), offset), offset).to_string();
            assert_eq!(next(Interval::Day), date.tomorrow().unwrap().to_string());
            assert_eq!(next(Interval::Month), date.last_of_month().tomorrow().unwrap().to_string());
            let monday = date.checked_sub(jiff::Span::new().days(date.weekday().to_monday_zero_offset())).unwrap();
            assert_eq!(start(Interval::Week), monday.to_string());
            day = day.plus(1);
        }
    }

    /// Protects the venue's midnight and the shorter intervals, and that no instant makes them overflow.
    #[test]
    fn a_candle_begins_by_the_venues_clock() {
        let at = |text: &str| Instant::parse(text).unwrap();
        for (offset, instant, interval, start) in [
            ("+08:00", "2026-01-09T15:59:59.999999Z", Interval::Day, "2026-01-08T16:00:00Z"),
            ("+08:00", "2026-01-09T16:00:00Z", Interval::Day, "2026-01-09T16:00:00Z"),
            ("+08:00", "2026-01-04T15:00:00Z", Interval::Week, "2025-12-28T16:00:00Z"),
            ("+08:00", "2026-01-31T16:00:00Z", Interval::Month, "2026-01-31T16:00:00Z"),
            ("+08:00", "2024-02-29T15:59:00Z", Interval::Month, "2024-01-31T16:00:00Z"),
            ("+05:30", "2026-01-09T10:29:59Z", Interval::Hour, "2026-01-09T09:30:00Z"),
            ("+05:30", "2026-01-09T10:30:00Z", Interval::Hour, "2026-01-09T10:30:00Z"),
            ("+08:00", "2026-01-09T10:29:59.5Z", Interval::Minutes15, "2026-01-09T10:15:00Z"),
            ("+08:00", "2026-01-09T10:29:59.5Z", Interval::Minutes5, "2026-01-09T10:25:00Z"),
            ("-03:00", "1969-12-31T23:59:59.5Z", Interval::Minute, "1969-12-31T23:59:00Z"),
        ] {
            let offset = UtcOffset::parse(offset).unwrap();
            assert_eq!(interval.start(at(instant), offset).to_string(), start, "{instant}");
        }
        for interval in Interval::ALL {
            assert_eq!(Interval::of(interval.word()), Some(interval));
            for instant in [Instant::MIN, Instant::MAX] {
                let start = interval.start(instant, UtcOffset::CHINA);
                assert!(start <= instant || instant == Instant::MIN);
            }
        }
    }
}
