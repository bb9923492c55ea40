//! A length of time as the configuration writes it: `250ms`, `10s`, `5m`, `12h`.

use core::fmt;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error};

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(pub Duration);

const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

impl Length {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.split_at(digits);
        let (_, unit_ms) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let count: u64 = count.parse().ok()?;
        Some(Length(Duration::from_millis(count.checked_mul(*unit_ms)?)))
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.as_millis();
        let (unit, unit_ms) =
            UNITS.iter().rev().find(|(_, unit)| ms != 0 && ms.is_multiple_of(u128::from(*unit))).unwrap_or(&UNITS[0]);
        write!(f, "{}{unit}", ms / u128::from(*unit_ms))
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Length::parse(&text).ok_or_else(|| {
            D::Error::custom(format!("{text:?} is not a length of time; expected a whole number and ms, s, m or h"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that a length is printed as it is read.
    #[test]
    fn reads_what_it_writes() {
        for text in ["0ms", "250ms", "1s", "90s", "2m", "12h"] {
            assert_eq!(Length::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "s", "1", "1d", "-1s", "1.5s", "1 s", "99999999999999999999s", "99999999999999999h"] {
            assert_eq!(Length::parse(text), None, "{text}");
        }
    }
}
