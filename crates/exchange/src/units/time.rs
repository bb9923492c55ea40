//! Instants and spans in microseconds. The exchange reads no clock: an instant is what an entry says.

use core::fmt;

use jiff::SignedDuration;
use jiff::civil::{DateTime, date};
use jiff::fmt::temporal::DateTimeParser;

use super::UtcOffset;

/// Where instants are counted from.
const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

/// An instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Instant(#[n(0)] i64);

/// A length of time in microseconds, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Span(#[n(0)] i64);

/// A day of the calendar, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Day(#[n(0)] pub i32);

/// Why a text is no instant or no span. The message completes the sentence `"…" …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// Not RFC 3339 with `T`, seconds, and an offset or `Z`.
    NotRfc3339,
    /// More than six digits of fraction.
    TooFine,
    /// Not a whole number above 0 and one of `s`, `m`, `h`.
    NotADuration,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeError::NotRfc3339 => {
                "is not an RFC 3339 time; expected for example 2025-07-16T10:00:00+08:00 or 2025-07-16T02:00:00Z"
            }
            TimeError::TooFine => "has more than six digits of fraction; at most microseconds",
            TimeError::NotADuration => "is not a duration; expected a whole number above 0 and s, m or h, such as 180s",
        })
    }
}

impl std::error::Error for TimeError {}

impl Instant {
    /// Before everything.
    pub const MIN: Instant = Instant(i64::MIN);
    /// After everything.
    pub const MAX: Instant = Instant(i64::MAX);

    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_us(us: i64) -> Self {
        Instant(us)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn us(self) -> i64 {
        self.0
    }

    /// This much later; stays at the end of time where it would go beyond.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Instant(self.0.saturating_add(span.0))
    }

    /// This much earlier; stays at the beginning of time where it would go beyond.
    #[must_use]
    pub const fn minus(self, span: Span) -> Self {
        Instant(self.0.saturating_sub(span.0))
    }

    /// How long after `earlier` this is; nothing where it is not later.
    #[must_use]
    pub const fn since(self, earlier: Instant) -> Span {
        let us = self.0.saturating_sub(earlier.0);
        Span(if us < 0 { 0 } else { us })
    }

    /// Reads RFC 3339: `T`, seconds, at most six digits of fraction, an offset or `Z`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let shape = Shape::of(text).ok_or(TimeError::NotRfc3339)?;
        if shape.fraction.len() > 6 {
            return Err(TimeError::TooFine);
        }
        let civil: DateTime = DateTimeParser::new().parse_datetime(shape.civil).map_err(|_| TimeError::NotRfc3339)?;
        // Counted in civil time, since the library's instants end some hours before the calendar does.
        let seconds = civil.duration_since(EPOCH).as_secs() - i64::from(shape.offset_seconds);
        let fraction = format!("{:0<6}", shape.fraction).parse::<i64>().map_err(|_| TimeError::NotRfc3339)?;
        Ok(Instant(seconds * 1_000_000 + fraction))
    }
}

/// The parts of an RFC 3339 time, each already of the right shape.
struct Shape<'t> {
    civil: &'t str,
    fraction: &'t str,
    offset_seconds: i32,
}

impl<'t> Shape<'t> {
    fn of(text: &'t str) -> Option<Self> {
        const CIVIL: &[u8] = b"dddd-dd-ddTdd:dd:dd";
        let matches = |text: &str, shape: &[u8]| {
            text.len() == shape.len()
                && text.bytes().zip(shape).all(|(b, s)| if *s == b'd' { b.is_ascii_digit() } else { b == *s })
        };
        let civil = text.get(..CIVIL.len())?;
        // A leap second is not an instant of this exchange: its clock has none.
        if !matches(civil, CIVIL) || &civil[17..19] > "59" {
            return None;
        }
        let mut rest = &text[CIVIL.len()..];
        let mut fraction = "";
        if let Some(behind) = rest.strip_prefix('.') {
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return None;
            }
            (fraction, rest) = behind.split_at(digits);
        }
        if rest == "Z" {
            return Some(Shape { civil, fraction, offset_seconds: 0 });
        }
        if !matches(rest, b"+dd:dd") && !matches(rest, b"-dd:dd") {
            return None;
        }
        let hours: i32 = rest[1..3].parse().ok()?;
        let minutes: i32 = rest[4..6].parse().ok()?;
        if hours > 23 || minutes > 59 {
            return None;
        }
        let seconds = hours * 3600 + minutes * 60;
        Some(Shape { civil, fraction, offset_seconds: if rest.starts_with('-') { -seconds } else { seconds } })
    }
}

/// UTC with `Z`, with a fraction only where it is not zero, without trailing zeros.
impl Instant {
    /// Whether RFC 3339 can say it, which has the years 0 to 9999.
    #[must_use]
    pub fn is_rfc3339(self) -> bool {
        let civil = EPOCH.checked_add(SignedDuration::from_secs(self.0.div_euclid(1_000_000)));
        civil.is_ok_and(|civil| civil.year() >= 0)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (second, us) = (self.0.div_euclid(1_000_000), self.0.rem_euclid(1_000_000));
        let civil = match EPOCH.checked_add(SignedDuration::from_secs(second)) {
            Ok(civil) if civil.year() >= 0 => civil,
            // Beyond the year 9999 there is no RFC 3339; say the microseconds, so that nothing is invented.
            _ => return write!(f, "{}us", self.0),
        };
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second()
        )?;
        if us != 0 {
            write!(f, ".{}", format!("{us:06}").trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl Day {
    /// The day of an instant where clocks stand so; the last or first that can be said where it lies beyond.
    #[must_use]
    pub fn of(at: Instant, clocks: UtcOffset) -> Self {
        let days = at.us().saturating_add(clocks.us()).div_euclid(86_400_000_000);
        Day(i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX }))
    }

    /// The day before.
    #[must_use]
    pub const fn before(self) -> Self {
        Day(self.0.saturating_sub(1))
    }

    /// Its place in the week: Monday is 0.
    #[must_use]
    pub const fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        ((self.0 as i64 + 3).rem_euclid(7)) as u8
    }

    /// Reads `2026-10-01`; `None` where that is no day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let seconds = Instant::parse(&format!("{text}T00:00:00Z")).ok()?.us().div_euclid(1_000_000);
        i32::try_from(seconds.div_euclid(86_400)).ok().map(Day)
    }
}

/// `2026-10-01`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Instant::from_us(i64::from(self.0).saturating_mul(86_400_000_000)).to_string();
        f.write_str(text.split('T').next().unwrap_or(&text))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// From microseconds; a negative count is no time at all.
    #[must_use]
    pub const fn from_us(us: i64) -> Self {
        Span(if us < 0 { 0 } else { us })
    }

    /// From seconds.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Span::from_us(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds.
    #[must_use]
    pub const fn us(self) -> i64 {
        self.0
    }

    /// Reads a whole number above 0 and one of `s`, `m`, `h`, such as `180s`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let seconds = match text.as_bytes().last() {
            Some(b's') => 1,
            Some(b'm') => 60,
            Some(b'h') => 3600,
            _ => return Err(TimeError::NotADuration),
        };
        let digits = &text[..text.len() - 1];
        if digits.bytes().all(|b| b == b'0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TimeError::NotADuration);
        }
        // A countdown longer than the calendar is as good as the longest there is.
        let count = digits.parse::<i64>().unwrap_or(i64::MAX);
        Ok(Span::from_seconds(count.saturating_mul(seconds)))
    }
}

/// Whole hours, minutes or seconds where it is that; else microseconds.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, us) in [("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)] {
            if self.0 != 0 && self.0 % us == 0 {
                return write!(f, "{}{unit}", self.0 / us);
            }
        }
        write!(f, "{}us", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the form of times in scenarios and on the wire.
    #[test]
    fn reads_and_writes_rfc_3339() {
        for (text, expected) in [
            ("2025-07-16T10:09:20+08:00", "2025-07-16T02:09:20Z"),
            ("2025-07-16T10:00:21.5+08:00", "2025-07-16T02:00:21.5Z"),
            ("2025-07-16T02:00:00.000001Z", "2025-07-16T02:00:00.000001Z"),
            ("1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59.9Z"),
            ("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00Z"),
            ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ] {
            assert_eq!(Instant::parse(text).unwrap().to_string(), expected);
        }
        for text in [
            "2025-07-16 10:00:00Z",
            "2025-07-16t10:00:00Z",
            "2025-07-16T10:00Z",
            "2025-07-16T10:00:00",
            "2025-02-29T10:00:00Z",
            "2025-07-16T24:00:00Z",
            "2025-07-16T10:00:00.Z",
            "2025-07-16T10:00:00+0800",
            "2025-07-16T10:00:60Z",
            "2025-07-16T10:00:00+08",
            "2025-07-16T10:00:00,5Z",
            "2025-07-16T10:00:00z",
            "",
            "２025-07-16T10:00:00Z",
            "2025-07-16T10:00:00+24:00",
        ] {
            assert_eq!(Instant::parse(text), Err(TimeError::NotRfc3339), "{text}");
        }
        assert_eq!(Instant::parse("2025-07-16T10:00:00.0000001Z"), Err(TimeError::TooFine));
    }

    /// Protects days as they are written, and their place in the week.
    #[test]
    fn reads_and_writes_days() {
        for (text, number, weekday) in
            [("1970-01-01", 0, 3), ("1969-12-31", -1, 2), ("2026-10-01", 20_727, 3), ("2024-02-29", 19_782, 3)]
        {
            let day = Day::parse(text).unwrap();
            assert_eq!((day.0, day.weekday(), day.to_string()), (number, weekday, text.to_owned()));
        }
        for text in ["", "2026-02-29", "2026-1-1", "2026-10-01T", "01.10.2026"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    /// Protects the form of durations.
    #[test]
    fn reads_durations() {
        assert_eq!(Span::parse("180s"), Ok(Span::from_seconds(180)));
        assert_eq!(Span::parse("3m"), Span::parse("180s"));
        assert_eq!(Span::parse("1h"), Span::parse("60m"));
        for text in ["", "s", "0s", "1.5h", "-1s", "180", "180 s", "1d", "1S", "00s", "１s"] {
            assert_eq!(Span::parse(text), Err(TimeError::NotADuration), "{text}");
        }
    }
}
