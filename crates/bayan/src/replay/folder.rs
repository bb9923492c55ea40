//! A scenario on disk (rule book, "A scenario on disk"), read whole before anything is run.

use std::path::Path;

use exchange::markets::auction::Announcement;

use super::bids::{self, Bid};
use super::hand::{self, Act};
use super::members::{self, Firm};
use super::wrong::Wrong;
use super::{announcement, text};

/// Acts on contracts, which this version cannot run: what it would print without them would not be what the folder says.
const ACTS: &str = "acts.csv";

/// Everything that a folder says.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The terms; members by the place they have in `firms`, from 1.
    pub terms: Announcement,
    /// Who is there.
    pub firms: Vec<Firm>,
    /// Who bids what, in time order.
    pub bids: Vec<Bid>,
    /// What the exchange does, in time order; `None` where the folder has no `hand.csv`.
    pub hand: Option<Vec<Act>>,
}

impl Scenario {
    /// Reads a folder.
    ///
    /// # Errors
    /// The first thing found that cannot be right.
    pub fn read(folder: &Path) -> Result<Self, Wrong> {
        let announcement = text::needed(folder, announcement::FILE, "the terms of one auction, in TOML")?;
        let members = text::needed(folder, members::FILE, &columns(&members::COLUMNS))?;
        let bids = text::needed(folder, bids::FILE, &columns(&bids::COLUMNS))?;
        let hand = text::optional(folder, hand::FILE)?;
        if folder.join(ACTS).exists() {
            return Err(Wrong::new(
                ACTS,
                1,
                "acts on contracts cannot be replayed; expected a folder without this file",
            ));
        }
        let firms = members::read(&members)?;
        let terms = announcement::read(&announcement, &firms)?;
        let bids = bids::read(&bids, &firms, &announcement::places(&terms))?;
        let hand = hand.map(|text| hand::read(&text)).transpose()?;
        hand::check_outages(hand.as_deref().unwrap_or_default(), &bids)?;
        Ok(Scenario { terms, firms: firms.all, bids, hand })
    }
}

fn columns(columns: &[&str]) -> String {
    format!("the columns {}", columns.join(","))
}
