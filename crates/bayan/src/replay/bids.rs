//! `bids.csv`: who bids what, when.

use std::collections::HashMap;

use exchange::units::{Instant, LotIndex, MemberId, Price};

use super::members::Firms;
use super::rows::Rows;
use super::wrong::{Wrong, quoted};

/// The file's name.
pub const FILE: &str = "bids.csv";
/// Its columns.
pub const COLUMNS: [&str; 4] = ["at", "lot", "member", "price"];
/// Stands for every lot that is not in the announcement.
pub const NO_SUCH_LOT: LotIndex = LotIndex(u16::MAX);

/// One bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bid {
    /// The line in the file.
    pub line: usize,
    /// When.
    pub at: Instant,
    /// For which lot.
    pub lot: LotIndex,
    /// Who.
    pub member: MemberId,
    /// At what price.
    pub price: Price,
}

/// Reads the file.
///
/// # Errors
/// What cannot be right in it.
pub fn read(text: &str, firms: &Firms, lots: &HashMap<&str, LotIndex>) -> Result<Vec<Bid>, Wrong> {
    let mut bids = Vec::new();
    let mut latest = Instant::MIN;
    let mut rows = Rows::new(FILE, text, &COLUMNS)?;
    while let Some(row) = rows.next() {
        let row = row?;
        let (at, lot, member, price) = (row.cell(0), row.cell(1), row.cell(2), row.cell(3));
        let at = time(FILE, row.line, "at", at)?;
        if at < latest {
            return Err(Wrong::new(FILE, row.line, goes_back(row.cell(0), latest)));
        }
        latest = at;
        let Some(member) = firms.number(member) else {
            let member = quoted(member);
            return Err(Wrong::new(
                FILE,
                row.line,
                format!("member {member} is not in members.csv; expected a member's code"),
            ));
        };
        let price = Price::parse(price)
            .map_err(|error| Wrong::new(FILE, row.line, format!("price {} {error}", quoted(price))))?;
        bids.push(Bid { line: row.line, at, lot: lots.get(lot).copied().unwrap_or(NO_SUCH_LOT), member, price });
    }
    Ok(bids)
}

/// A time in a column.
///
/// # Errors
/// It is none.
pub fn time(file: &'static str, line: usize, column: &str, text: &str) -> Result<Instant, Wrong> {
    Instant::parse(text).map_err(|error| Wrong::new(file, line, format!("{column} {} {error}", quoted(text))))
}

/// Says that a time is before that of the row before it.
#[must_use]
pub fn goes_back(text: &str, latest: Instant) -> String {
    format!("at {} goes back behind {latest}; expected rows in time order", quoted(text))
}
