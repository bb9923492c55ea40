//! Where a page ended. A cursor names the last row by its key, so that rows that come or go do not shift the pages.

use std::fmt;
use std::str::FromStr;

use crate::error::ArchiveError;

/// The list that a cursor belongs to. Numbers are part of the text and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum List {
    Auctions = 1,
    BidsOfMember = 2,
    Postings = 3,
    Contracts = 4,
    Acts = 5,
    Members = 6,
    Products = 7,
    Approvals = 8,
    Trail = 70,
    Trades = 90,
    Notices = 110,
    Payments = 130,
}

/// Where a page ended, for asking for the next one. As text it is for nobody to read: letters and digits that are safe
/// in a query string, and that stay good across restarts and versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    list: u8,
    key: [u64; 3],
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C = Cursor> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// From where the list goes on; `None`: this was the last page.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// Of up to one row more than asked for: the one too many only tells that the list goes on.
    pub(crate) fn cut(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> C) -> Self {
        let goes_on = items.len() > limit;
        items.truncate(limit);
        let next = if goes_on { items.last().map(key) } else { None };
        Page { items, next }
    }
}

impl Cursor {
    pub(crate) const fn new(list: List, key: [u64; 3]) -> Self {
        Cursor { list: list as u8, key }
    }

    /// The key, if the cursor is of this list.
    pub(crate) fn of(self, list: List) -> Result<[u64; 3], ArchiveError> {
        if self.list == list as u8 { Ok(self.key) } else { Err(ArchiveError::Cursor) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.list)?;
        self.key.iter().try_for_each(|part| write!(f, "g{part:x}"))
    }
}

impl FromStr for Cursor {
    type Err = ArchiveError;

    fn from_str(text: &str) -> Result<Self, ArchiveError> {
        let mut parts = text.split('g').map(|part| {
            let plain = !part.is_empty() && part.bytes().all(|b| b.is_ascii_hexdigit());
            if plain {
                u64::from_str_radix(part, 16).map_err(|_| ArchiveError::Cursor)
            } else {
                Err(ArchiveError::Cursor)
            }
        });
        let mut next = || parts.next().ok_or(ArchiveError::Cursor)?;
        let list = u8::try_from(next()?).map_err(|_| ArchiveError::Cursor)?;
        let key = [next()?, next()?, next()?];
        // A key is compared with SQLite's integers, which have a sign.
        if parts.next().is_some() || key.iter().any(|part| i64::try_from(*part).is_err()) {
            return Err(ArchiveError::Cursor);
        }
        Ok(Cursor { list, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that a cursor given out is understood again, and that no other text is.
    #[test]
    fn a_cursor_survives_its_text() {
        let cursor = Cursor::new(List::Postings, [0, 4711, i64::MAX as u64]);
        assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        assert_eq!(cursor.to_string(), "3g0g1267g7fffffffffffffff");
        for text in ["", "3", "3g1", "3g1g2", "3g1g2g3g4", "3g1g2gx", "3g+1g2g3", "3g1g2gffffffffffffffff", "100g1g2g3"]
        {
            assert!(text.parse::<Cursor>().is_err(), "{text:?}");
        }
        assert!(cursor.of(List::Acts).is_err());
    }
}
