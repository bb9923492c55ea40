//! The unified social credit code (统一社会信用代码) by which China knows a firm, as GB 32100-2015 makes it: one character
//! for the authority that registered it, one for its kind, six digits for the place, nine characters of the organisation
//! (GB 11714), and a check character over all of them.

use core::fmt;

use minicbor::{Decode, Encode};

/// How many characters a code has.
pub const CREDIT_CODE_CHARACTERS: usize = 18;
/// What may stand in one, in the order of values: digits and capital letters without I, O, S, V and Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The places that hold the code of an administrative division (GB/T 2260), from 0: digits only.
const DIVISION: core::ops::Range<usize> = 2..8;

/// Why a text is no unified social credit code. The message completes the sentence `"…" …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum CreditCodeError {
    /// Not 18 characters, but so many.
    #[n(0)]
    Length(#[n(0)] u32),
    /// A character that cannot stand at this place, counted from 1.
    #[n(1)]
    Character(#[n(0)] u8),
    /// The last character does not follow from the others.
    #[n(2)]
    CheckCharacter,
}

impl fmt::Display for CreditCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CreditCodeError::Length(count) => {
                write!(f, "has {count} characters; a unified social credit code has {CREDIT_CODE_CHARACTERS}")
            }
            CreditCodeError::Character(place) if DIVISION.contains(&(usize::from(*place) - 1)) => {
                write!(f, "has no digit as character {place}; characters 3 to 8 are the digits of a place")
            }
            CreditCodeError::Character(place) => write!(
                f,
                "has a character {place} that cannot be; expected digits and capital letters without I, O, S, V and Z"
            ),
            CreditCodeError::CheckCharacter => {
                f.write_str("has a last character that does not fit the others; look for a typing error")
            }
        }
    }
}

impl std::error::Error for CreditCodeError {}

/// Judges a code, its check character included.
///
/// # Errors
/// What is wrong with it. Which check character would be right is not said: the typing error may stand elsewhere.
pub fn check_credit_code(code: &str) -> Result<(), CreditCodeError> {
    let count = code.chars().count();
    if count != CREDIT_CODE_CHARACTERS {
        return Err(CreditCodeError::Length(u32::try_from(count).unwrap_or(u32::MAX)));
    }
    let (mut sum, mut weight, mut last) = (0, 1, 0);
    for (at, character) in code.chars().enumerate() {
        let value = ALPHABET.iter().position(|known| char::from(*known) == character);
        let Some(value) = value.filter(|value| !DIVISION.contains(&at) || *value < 10) else {
            return Err(CreditCodeError::Character(u8::try_from(at + 1).expect("there are eighteen")));
        };
        if at + 1 == CREDIT_CODE_CHARACTERS {
            last = value;
        } else {
            sum = (sum + value * weight) % ALPHABET.len();
            weight = weight * 3 % ALPHABET.len();
        }
    }
    if (sum + last).is_multiple_of(ALPHABET.len()) { Ok(()) } else { Err(CreditCodeError::CheckCharacter) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the check against what stands on real licences, and against what people get wrong when they copy one.
    #[test]
    fn codes_are_judged_as_the_standard_says() {
        // As published by the firms: Northern Rare Earth, Tencent, Huawei.
        let real = ["91150000701463622D", "9144030071526726XG", "914403001922038216"];
        for code in real {
            assert_eq!(check_credit_code(code), Ok(()), "{code}");
        }
        for (code, wrong) in [
            ("", CreditCodeError::Length(0)),
            ("91150000701463622", CreditCodeError::Length(17)),
            ("91150000701463622D ", CreditCodeError::Length(19)),
            ("150000000012345", CreditCodeError::Length(15)),
            ("包头稀土", CreditCodeError::Length(4)),
            ("91150000701463622d", CreditCodeError::Character(18)),
            ("9115000070146362ZD", CreditCodeError::Character(17)),
            ("O1150000701463622D", CreditCodeError::Character(1)),
            ("91A50000701463622D", CreditCodeError::Character(3)),
            ("9115000O701463622D", CreditCodeError::Character(8)),
            ("９1150000701463622D", CreditCodeError::Character(1)),
            ("91150000701463622E", CreditCodeError::CheckCharacter),
            ("91150000701463626D", CreditCodeError::CheckCharacter),
        ] {
            assert_eq!(check_credit_code(code), Err(wrong), "{code}");
            assert!(wrong.to_string().starts_with("has "), "it completes a sentence");
        }
    }

    /// Protects what the check is there for: no single wrong character and no two neighbours in the wrong order get through.
    #[test]
    fn one_slip_is_always_found() {
        let code = b"9144030071526726XG";
        let is_good = |bytes: &[u8]| check_credit_code(core::str::from_utf8(bytes).unwrap()).is_ok();
        for at in 0..code.len() {
            for other in ALPHABET.iter().filter(|other| **other != code[at]) {
                let mut slipped = *code;
                slipped[at] = *other;
                assert!(!is_good(&slipped), "{at} {}", char::from(*other));
            }
            if at > 0 && code[at - 1] != code[at] {
                let mut swapped = *code;
                swapped.swap(at - 1, at);
                assert!(!is_good(&swapped), "{at}");
            }
        }
    }
}
