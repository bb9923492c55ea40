//! Decimal text to integers of the smallest unit, and back.

use core::fmt;

/// Why a text is no decimal of the wanted kind. The message completes the sentence `price "1.234" …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// Not `0` or `[1-9][0-9]*` with an optional point and more digits.
    Malformed,
    /// More digits behind the point than the unit has; the first figure is what was given, the second what is allowed.
    TooFine(usize, usize),
    /// Below the smallest or above the largest value; both bounds as text.
    OutOfRange(String, String),
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecimalError::Malformed => {
                write!(f, "is not a decimal; expected digits such as 0, 12 or 12.50, with no sign, space or exponent")
            }
            DecimalError::TooFine(given, most) => write!(f, "has {} decimals; at most {}", word(*given), word(*most)),
            DecimalError::OutOfRange(least, most) => write!(f, "is out of range; expected {least} to {most}"),
        }
    }
}

impl std::error::Error for DecimalError {}

fn word(count: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(count).map_or_else(|| count.to_string(), |w| (*w).to_owned())
}

/// Reads `text` as a decimal with at most `decimals` digits behind the point and scales it to an integer.
/// A figure too large for the integer is reported as `None` in the value, so that the caller can name its own bounds.
fn scaled(text: &str, decimals: usize) -> Result<Option<i128>, DecimalError> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || (whole.len() > 1 && whole.starts_with('0')) || fraction.is_some_and(|f| !digits(f)) {
        return Err(DecimalError::Malformed);
    }
    let fraction = fraction.unwrap_or("");
    if fraction.len() > decimals {
        return Err(DecimalError::TooFine(fraction.len(), decimals));
    }
    if whole.len() > 24 {
        return Ok(None);
    }
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        value = value * 10 + i128::from(digit - b'0');
    }
    for _ in fraction.len()..decimals {
        value *= 10;
    }
    Ok(Some(value))
}

/// Reads a decimal that must lie in `least..=most`, all in the smallest unit.
pub(super) fn parse(text: &str, decimals: usize, least: i128, most: i128) -> Result<i128, DecimalError> {
    match scaled(text, decimals)? {
        Some(value) if (least..=most).contains(&value) => Ok(value),
        _ => Err(DecimalError::OutOfRange(plain(least, decimals), plain(most, decimals))),
    }
}

/// Writes with exactly `decimals` digits behind the point.
pub(super) fn fixed(f: &mut fmt::Formatter<'_>, value: i128, decimals: usize) -> fmt::Result {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    let scale = 10u128.pow(u32::try_from(decimals).unwrap_or(0));
    if decimals == 0 {
        return write!(f, "{sign}{magnitude}");
    }
    write!(f, "{sign}{}.{:0width$}", magnitude / scale, magnitude % scale, width = decimals)
}

/// Writes without trailing zeros.
pub(super) fn plain(value: i128, decimals: usize) -> String {
    struct Fixed(i128, usize);
    impl fmt::Display for Fixed {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            fixed(f, self.0, self.1)
        }
    }
    let text = Fixed(value, decimals).to_string();
    if decimals == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the rule book's form of a decimal: no sign, no leading zero, no exponent, a bound on the decimals.
    #[test]
    fn reads_only_plain_decimals() {
        for (text, expected) in [("0", Some(0)), ("0.01", Some(1)), ("12", Some(1200)), ("12.5", Some(1250))] {
            assert_eq!(scaled(text, 2), Ok(expected), "{text}");
        }
        for text in ["", "01", "00", "-1", "+1", "1.", ".5", "1e3", " 1", "1 ", "1,000", "１", "1.2.3", "0x1"] {
            assert_eq!(scaled(text, 2), Err(DecimalError::Malformed), "{text:?}");
        }
        assert_eq!(scaled("565500.001", 2), Err(DecimalError::TooFine(3, 2)));
        assert_eq!(DecimalError::TooFine(3, 2).to_string(), "has three decimals; at most two");
        assert_eq!(scaled(&"9".repeat(400), 2), Ok(None));
    }

    /// Protects that a quantity is printed without trailing zeros and money with two decimals.
    #[test]
    fn writes_what_it_reads() {
        assert_eq!(plain(60_500_000, 6), "60.5");
        assert_eq!(plain(20_000_000, 6), "20");
        assert_eq!(plain(0, 6), "0");
        assert_eq!(plain(100, 0), "100");
    }
}
