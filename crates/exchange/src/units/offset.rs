//! How far a venue's clocks are from UTC.

use core::fmt;

use minicbor::{Decode, Encode};

/// How far the clocks of a place stand before UTC, in minutes: from -12:00 to +14:00, without summer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct UtcOffset(#[n(0)] i16);

/// Why a text is no offset. The message completes the sentence `"…" …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetError;

impl fmt::Display for OffsetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not an offset from UTC; expected -12:00 to +14:00, such as +08:00")
    }
}

impl std::error::Error for OffsetError {}

impl UtcOffset {
    /// China Standard Time, UTC+8: one zone for the whole country, and no summer time since 1991.
    pub const CHINA: UtcOffset = UtcOffset(8 * 60);

    /// From minutes; `None` outside -12:00 to +14:00.
    #[must_use]
    pub const fn from_minutes(minutes: i16) -> Option<Self> {
        if minutes >= -12 * 60 && minutes <= 14 * 60 { Some(UtcOffset(minutes)) } else { None }
    }

    /// Minutes before UTC.
    #[must_use]
    pub const fn minutes(self) -> i16 {
        self.0
    }

    /// Microseconds before UTC.
    #[must_use]
    pub const fn us(self) -> i64 {
        self.0 as i64 * 60_000_000
    }

    /// Reads `+hh:mm` or `-hh:mm`.
    ///
    /// # Errors
    /// The text is none of them, or out of bounds.
    pub fn parse(text: &str) -> Result<Self, OffsetError> {
        let [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = text.as_bytes() else { return Err(OffsetError) };
        let digit = |byte: &u8| if byte.is_ascii_digit() { Ok(i16::from(byte - b'0')) } else { Err(OffsetError) };
        let (hours, minutes) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
        let total = if *sign == b'-' { -(hours * 60 + minutes) } else { hours * 60 + minutes };
        UtcOffset::from_minutes(total).filter(|_| minutes < 60).ok_or(OffsetError)
    }
}

impl Default for UtcOffset {
    fn default() -> Self {
        UtcOffset::CHINA
    }
}

impl fmt::Display for UtcOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", self.0.unsigned_abs() / 60, self.0.unsigned_abs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the form of an offset, and its bounds.
    #[test]
    fn reads_and_writes_offsets() {
        for (text, minutes) in [("+08:00", 480), ("-03:30", -210), ("+00:00", 0), ("-12:00", -720), ("+14:00", 840)] {
            let offset = UtcOffset::parse(text).unwrap();
            assert_eq!((offset.minutes(), offset.to_string().as_str()), (minutes, text));
        }
        assert_eq!(UtcOffset::parse("-00:00").unwrap().to_string(), "+00:00");
        for text in ["", "08:00", "+8:00", "+08:60", "+14:01", "-12:01", "+08:0", "+0800", "Z", "+０8:00", "+08:00 "] {
            assert_eq!(UtcOffset::parse(text), Err(OffsetError), "{text}");
        }
    }
}
