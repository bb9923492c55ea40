//! `members.csv`: who is there, and with how much cash.

use std::collections::HashMap;

use exchange::units::{MemberId, Money};

use super::rows::Rows;
use super::wrong::{Wrong, quoted};

/// The file's name.
pub const FILE: &str = "members.csv";
/// Its columns.
pub const COLUMNS: [&str; 3] = ["code", "name", "cash"];
/// The name under which the exchange itself acts; no member can have it.
const EXCHANGE: &str = "EXCHANGE";

/// A firm of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firm {
    /// Its code, unique.
    pub code: String,
    /// Its name: free text.
    pub name: String,
    /// What is deposited before the announcement is published.
    pub cash: Money,
}

/// All firms, in the file's order.
#[derive(Clone, Debug, Default)]
pub struct Firms {
    /// The firms.
    pub all: Vec<Firm>,
    by_code: HashMap<String, MemberId>,
}

impl Firms {
    /// The number that the exchange will give the firm with this code: firms are admitted in the file's order.
    #[must_use]
    pub fn number(&self, code: &str) -> Option<MemberId> {
        self.by_code.get(code).copied()
    }
}

/// Reads the file.
///
/// # Errors
/// What cannot be right in it.
pub fn read(text: &str) -> Result<Firms, Wrong> {
    let mut firms = Firms::default();
    let mut lines: Vec<usize> = Vec::new();
    let mut rows = Rows::new(FILE, text, &COLUMNS)?;
    while let Some(row) = rows.next() {
        let row = row?;
        let (code, name, cash) = (row.cell(0), row.cell(1), row.cell(2));
        if code == EXCHANGE {
            return Err(Wrong::new(
                FILE,
                row.line,
                "code \"EXCHANGE\" is the exchange's own name; expected another code",
            ));
        }
        let cash =
            Money::parse(cash).map_err(|error| Wrong::new(FILE, row.line, format!("cash {} {error}", quoted(cash))))?;
        if let Some(first) = firms.number(code) {
            let (code, line) = (quoted(code), lines[first.0 as usize - 1]);
            return Err(Wrong::new(
                FILE,
                row.line,
                format!("member {code} is there already, on line {line}; expected each member once"),
            ));
        }
        let Some(number) = u32::try_from(firms.all.len() + 1).ok().map(MemberId) else {
            return Err(Wrong::new(FILE, row.line, "there are too many members; expected at most 4294967295"));
        };
        firms.by_code.insert(code.to_owned(), number);
        firms.all.push(Firm { code: code.to_owned(), name: name.to_owned(), cash });
        lines.push(row.line);
    }
    Ok(firms)
}
