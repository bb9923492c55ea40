//! `hand.csv`: what the exchange's own hand does, and what no bid and no act may fall into.

use exchange::units::Instant;

use super::bids::{self, Bid, goes_back, time};
use super::rows::Rows;
use super::wrong::{Wrong, quoted};

/// The file's name.
pub const FILE: &str = "hand.csv";
/// Its columns.
pub const COLUMNS: [&str; 4] = ["at", "auction", "act", "until"];

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The clocks stand still.
    Suspend,
    /// They go on.
    Resume,
    /// `closes` moves to this instant.
    Extend(Instant),
    /// What has not ended is cancelled.
    Cancel,
    /// From the act's instant until this one the exchange is away.
    Outage(Instant),
}

/// One line of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// The line in the file.
    pub line: usize,
    /// When; of an outage the first stamp.
    pub at: Instant,
    /// What.
    pub deed: Deed,
}

/// Reads the file.
///
/// # Errors
/// What cannot be right in it.
pub fn read(text: &str) -> Result<Vec<Act>, Wrong> {
    let mut acts: Vec<Act> = Vec::new();
    let mut rows = Rows::new(FILE, text, &COLUMNS)?;
    while let Some(row) = rows.next() {
        let row = row?;
        let (line, wrong) = (row.line, |what: String| Wrong::new(FILE, row.line, what));
        let (auction, word, until) = (row.cell(1), row.cell(2), row.cell(3));
        let at = time(FILE, line, "at", row.cell(0))?;
        if let Some(latest) = acts.last().map(|act| act.at)
            && at < latest
        {
            return Err(wrong(goes_back(row.cell(0), latest)));
        }
        if !auction.is_empty() {
            let auction = quoted(auction);
            return Err(wrong(format!(
                "auction {auction} is named; expected an empty cell, there is one auction here"
            )));
        }
        let until = match (word, until) {
            ("extend" | "outage", "") => return Err(wrong(format!("until is missing; expected a time for {word}"))),
            ("suspend" | "resume" | "cancel", "") => None,
            ("suspend" | "resume" | "cancel", _) => {
                return Err(wrong(format!("until {} is not needed; expected an empty cell for {word}", quoted(until))));
            }
            _ => Some(until),
        };
        let deed = match (word, until) {
            ("suspend", _) => Deed::Suspend,
            ("resume", _) => Deed::Resume,
            ("cancel", _) => Deed::Cancel,
            ("extend", Some(until)) => Deed::Extend(time(FILE, line, "until", until)?),
            ("outage", Some(until)) => {
                let end = time(FILE, line, "until", until)?;
                if end <= at {
                    return Err(wrong(format!("until {} is not after at; expected a later time", quoted(until))));
                }
                Deed::Outage(end)
            }
            _ => {
                let word = quoted(word);
                return Err(wrong(format!(
                    "act {word} is unknown; expected suspend, resume, extend, cancel or outage"
                )));
            }
        };
        acts.push(Act { line, at, deed });
    }
    Ok(acts)
}

/// Checks that nothing falls into an outage: no bid, no act and no other outage at or after its first stamp and before
/// its second. Both lists are in time order.
///
/// # Errors
/// The first thing that does.
pub fn check_outages(acts: &[Act], bids: &[Bid]) -> Result<(), Wrong> {
    for (place, act) in acts.iter().enumerate() {
        let Deed::Outage(until) = act.deed else { continue };
        let inside = |at: Instant| (act.at..until).contains(&at);
        let expected = |what: &str| {
            format!(
                "{what} falls into the outage of hand.csv:{} from {} until {until}; expected it before or from the end on",
                act.line, act.at
            )
        };
        // Earlier acts can only touch the outage at its very first instant, and stand directly before it.
        let before = acts[..place].iter().rev().take_while(|other| inside(other.at)).last();
        if let Some(other) = before.or_else(|| acts.get(place + 1).filter(|other| inside(other.at))) {
            return Err(Wrong::new(FILE, other.line, expected("this act")));
        }
        let first = bids.partition_point(|bid| bid.at < act.at);
        if let Some(bid) = bids.get(first).filter(|bid| inside(bid.at)) {
            return Err(Wrong::new(bids::FILE, bid.line, expected("this bid")));
        }
    }
    Ok(())
}
