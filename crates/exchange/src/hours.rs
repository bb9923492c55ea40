//! The hours and working days of a venue (auction.md, "The exchange's own hand").
//!
//! They are in the venue's time zone, [`crate::Profile::offset`].

use minicbor::{Decode, Encode};

use crate::units::{Day, Instant, UtcOffset};

const DAY_US: i64 = 86_400_000_000;
const MINUTE_US: i64 = 60_000_000;
/// The most sessions of one day.
const SESSIONS_MOST: usize = 8;
/// The most days of a calendar: more than ten years of exceptions.
const CALENDAR_MOST: usize = 4_000;

/// When a venue is open. An announcement opens and closes within it; later moves of an end are free.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Hours {
    /// The sessions of a working day, in their order.
    #[n(0)]
    pub sessions: Vec<Session>,
    /// The working days of a week: bit 0 is Monday.
    #[n(1)]
    pub weekdays: u8,
    /// Days that are otherwise, in their order: holidays in the week, and weekends that are worked.
    #[n(2)]
    pub calendar: Vec<Exception>,
}

/// From when to when a venue is open on a working day, in minutes of the day; both belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Session {
    /// The first minute.
    #[n(0)]
    pub from_min: u16,
    /// The last; 1,440 is the end of the day.
    #[n(1)]
    pub to_min: u16,
}

/// A day that is otherwise than its place in the week says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Exception {
    /// Which.
    #[n(0)]
    pub day: Day,
    /// Whether it is worked.
    #[n(1)]
    pub working: bool,
}

impl Hours {
    /// Whether the venue, whose clocks stand so, is open at this instant. The end of a session belongs to it.
    #[must_use]
    pub fn admit(&self, at: Instant, clocks: UtcOffset) -> bool {
        let local = at.us().saturating_add(i64::from(clocks.minutes()) * MINUTE_US);
        let Ok(day) = i32::try_from(local.div_euclid(DAY_US)).map(Day) else { return false };
        let time = local.rem_euclid(DAY_US);
        // Midnight is the end of one day and the beginning of the next.
        self.is_open(day, time) || (time == 0 && self.is_open(day.before(), DAY_US))
    }

    fn is_open(&self, day: Day, time_us: i64) -> bool {
        let within = |session: &Session| {
            (i64::from(session.from_min) * MINUTE_US..=i64::from(session.to_min) * MINUTE_US).contains(&time_us)
        };
        self.is_worked(day) && self.sessions.iter().any(within)
    }

    fn is_worked(&self, day: Day) -> bool {
        match self.calendar.binary_search_by_key(&day, |exception| exception.day) {
            Ok(at) => self.calendar[at].working,
            Err(_) => self.weekdays & (1 << day.weekday()) != 0,
        }
    }

    /// Finds what cannot be right.
    ///
    /// # Errors
    /// What it is, and what is expected.
    pub fn check(&self) -> Result<(), String> {
        let ordered = self.sessions.windows(2).all(|pair| pair[0].to_min < pair[1].from_min);
        let days = self.calendar.windows(2).all(|pair| pair[0].day < pair[1].day);
        let rules = [
            ((1..=SESSIONS_MOST).contains(&self.sessions.len()), "hours.sessions are 1 to 8"),
            (
                self.sessions.iter().all(|session| session.from_min < session.to_min && session.to_min <= 1_440),
                "each of hours.sessions ends after it begins, at 24:00 at the latest",
            ),
            (ordered, "hours.sessions stand in their order and do not touch"),
            ((1..128).contains(&self.weekdays), "hours.days are one to seven days of the week"),
            (self.calendar.len() <= CALENDAR_MOST, "hours.calendar has at most 4,000 days"),
            (days, "hours.calendar names each day once, in their order"),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(rule.to_owned()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beijing() -> Hours {
        Hours {
            sessions: vec![
                Session { from_min: 9 * 60, to_min: 11 * 60 + 30 },
                Session { from_min: 13 * 60, to_min: 16 * 60 },
            ],
            weekdays: 0b1_1111,
            calendar: vec![
                Exception { day: Day::parse("2026-10-01").unwrap(), working: false },
                Exception { day: Day::parse("2026-10-10").unwrap(), working: true },
            ],
        }
    }

    /// Protects the hours by their table: the ends of a session belong to it, days are those of the venue's zone, and a
    /// calendar goes before the week.
    #[test]
    fn a_session_has_its_ends() {
        let hours = beijing();
        hours.check().unwrap();
        for (at, open) in [
            ("2026-09-30T09:00:00+08:00", true),
            ("2026-09-30T08:59:59.999999+08:00", false),
            ("2026-09-30T11:30:00+08:00", true),
            ("2026-09-30T11:30:00.000001+08:00", false),
            ("2026-09-30T13:00:00+08:00", true),
            ("2026-09-30T16:00:00+08:00", true),
            ("2026-09-30T01:00:00Z", true),
            ("2026-10-01T10:00:00+08:00", false),
            ("2026-10-03T10:00:00+08:00", false),
            ("2026-10-10T10:00:00+08:00", true),
            ("2026-10-11T10:00:00+08:00", false),
        ] {
            assert_eq!(hours.admit(Instant::parse(at).unwrap(), UtcOffset::CHINA), open, "{at}");
        }
        let nights = Hours { sessions: vec![Session { from_min: 21 * 60, to_min: 1_440 }], ..beijing() };
        for (at, open) in [
            ("2026-09-29T24:00:00+08:00", None),
            ("2026-09-30T00:00:00+08:00", Some(true)),
            ("2026-09-30T00:00:00.000001+08:00", Some(false)),
            ("2026-10-02T00:00:00+08:00", Some(false)),
            ("2026-10-03T00:00:00+08:00", Some(true)),
        ] {
            assert_eq!(Instant::parse(at).ok().map(|at| nights.admit(at, UtcOffset::CHINA)), open, "{at}");
        }
        assert!(![Instant::MIN, Instant::MAX].iter().any(|at| hours.admit(*at, UtcOffset::CHINA)));
        let noon = Instant::parse("2026-09-30T12:00:00Z").unwrap();
        assert!(
            hours.admit(noon, UtcOffset::from_minutes(60).unwrap())
                && !hours.admit(noon, UtcOffset::from_minutes(0).unwrap())
        );
    }

    /// Protects the bounds that a profile is held to.
    #[test]
    fn hours_that_cannot_be() {
        let session = |from_min, to_min| Session { from_min, to_min };
        let day = |text: &str| Exception { day: Day::parse(text).unwrap(), working: true };
        for (what, wrong) in [
            ("sessions are", Hours { sessions: Vec::new(), ..beijing() }),
            ("ends after", Hours { sessions: vec![session(60, 60)], ..beijing() }),
            ("ends after", Hours { sessions: vec![session(60, 1_441)], ..beijing() }),
            ("do not touch", Hours { sessions: vec![session(60, 120), session(120, 180)], ..beijing() }),
            ("days of the week", Hours { weekdays: 0, ..beijing() }),
            ("days of the week", Hours { weekdays: 128, ..beijing() }),
            ("each day once", Hours { calendar: vec![day("2026-01-02"), day("2026-01-01")], ..beijing() }),
        ] {
            assert!(wrong.check().unwrap_err().contains(what), "{what}: {wrong:?}");
        }
    }
}
