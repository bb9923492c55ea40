//! The hours of a venue, as the profile says them.

use exchange::hours::{Exception, Hours, Session};
use exchange::units::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::wire::Object;

/// The days of a week, Monday first, as they are written.
const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// When a venue is open, in its time zone (`utc_offset` of the profile).
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Hours)]
pub(crate) struct HoursView {
    /// The sessions of a working day, in their order; both ends belong to a session.
    #[schema(value_type = Vec<SessionHours>)]
    sessions: Vec<Object<SessionHours>>,
    /// The working days of a week: `monday` to `sunday`.
    days: Vec<String>,
    /// Days that are otherwise than their place in the week says, in their order.
    #[schema(value_type = Vec<CalendarDay>)]
    calendar: Vec<Object<CalendarDay>>,
}

/// From when to when a venue is open on a working day.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionHours {
    /// `HH:MM`.
    #[schema(example = "09:00")]
    from: String,
    /// `HH:MM`, at the latest `24:00`.
    #[schema(example = "16:00")]
    to: String,
}

/// A day that is otherwise than its place in the week says.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarDay {
    /// `YYYY-MM-DD`.
    #[schema(example = "2026-10-01")]
    date: String,
    /// Whether it is worked.
    working: bool,
}

impl HoursView {
    pub fn of(hours: &Hours) -> Self {
        let minutes = |min: u16| format!("{:02}:{:02}", min / 60, min % 60);
        HoursView {
            sessions: hours
                .sessions
                .iter()
                .map(|session| Object(SessionHours { from: minutes(session.from_min), to: minutes(session.to_min) }))
                .collect(),
            days: (0..7).filter(|day| hours.weekdays & (1 << day) != 0).map(|day| WEEK[day].to_owned()).collect(),
            calendar: hours
                .calendar
                .iter()
                .map(|day| Object(CalendarDay { date: day.day.to_string(), working: day.working }))
                .collect(),
        }
    }

    /// The hours of this body. What lies out of bounds is the exchange's to judge.
    pub fn hours(&self) -> Result<Hours, Problem> {
        let wrong = |what: &str, given: &str, expected: &str| {
            let short: String = given.chars().take(80).collect();
            Problem::invalid("invalid_hours", format!("hours.{what} {short:?} cannot be; expected {expected}"))
        };
        let minute = |text: &str| minutes(text).ok_or_else(|| wrong("sessions", text, "a time such as 09:00"));
        let sessions = self
            .sessions
            .iter()
            .map(|Object(session)| Ok(Session { from_min: minute(&session.from)?, to_min: minute(&session.to)? }));
        let mut weekdays = 0;
        for day in &self.days {
            let at = WEEK.iter().position(|word| word == day).filter(|at| weekdays & (1 << at) == 0);
            weekdays |= 1 << at.ok_or_else(|| wrong("days", day, "each of monday to sunday at most once"))?;
        }
        let calendar = self.calendar.iter().map(|Object(day)| {
            let date =
                Day::parse(&day.date).ok_or_else(|| wrong("calendar", &day.date, "a date such as 2026-10-01"))?;
            Ok(Exception { day: date, working: day.working })
        });
        Ok(Hours {
            sessions: sessions.collect::<Result<_, Problem>>()?,
            weekdays,
            calendar: calendar.collect::<Result<_, Problem>>()?,
        })
    }
}

/// The minutes of `HH:MM`, up to 24:00.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        if plain { text.parse::<u16>().ok() } else { None }
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= 24 * 60).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that hours come back as they were written, and the words for what cannot be.
    #[test]
    fn hours_are_read_and_written() {
        const GOOD: &str = r#"{"sessions":[{"from":"09:00","to":"11:30"},{"from":"21:00","to":"24:00"}],
            "days":["monday","sunday"],"calendar":[{"date":"2026-10-01","working":false}]}"#;
        let read = |text: &str| serde_json::from_str::<HoursView>(text).unwrap().hours();
        let hours = read(GOOD).unwrap();
        assert_eq!(hours.weekdays, 0b100_0001);
        let again = serde_json::to_value(HoursView::of(&hours)).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(GOOD).unwrap());
        for (from, to) in [
            ("24:00", "24:01"),
            ("09:00", "9:00"),
            ("09:00", "09:60"),
            ("sunday", "monday"),
            ("sunday", "Sunday"),
            ("2026-10-01", "2026-02-30"),
        ] {
            assert_eq!(read(&GOOD.replace(from, to)).unwrap_err().reason(), "invalid_hours", "{from} -> {to}");
        }
    }
}
