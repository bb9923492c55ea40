//! What a replay says: one JSON object in the form of the rule book. `table.rs` says the same to people.

use exchange::units::{Instant, Money, Price, Quantity};
use exchange::{Answer, Refusal};
use serde::{Serialize, Serializer};

/// What became of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The auction's status; `refused` where the announcement could not be published.
    pub status: &'static str,
    /// Why the announcement could not be published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The lots, in the announcement's order.
    pub lots: Vec<LotReport>,
    /// The bids, by line.
    pub bids: Vec<Judged>,
    /// The exchange's acts, by line, where the folder has a `hand.csv`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand: Option<Vec<Judged>>,
    /// The members, in the file's order.
    pub members: Vec<MemberReport>,
}

/// What became of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LotReport {
    /// Its code.
    pub code: String,
    /// Sold, unsold or cancelled.
    pub status: &'static str,
    /// When it ended or was cancelled.
    #[serde(serialize_with = "text")]
    pub ended_at: Instant,
    /// Who won it.
    pub winner: Option<String>,
    /// At what price per unit.
    #[serde(serialize_with = "text_or_null")]
    pub price: Option<Price>,
    /// How much there was of it.
    #[serde(serialize_with = "text")]
    pub quantity: Quantity,
    /// price × quantity.
    #[serde(serialize_with = "text_or_null")]
    pub amount: Option<Money>,
    /// How many bids were accepted.
    pub accepted: u32,
    /// How many bids were refused.
    pub rejected: u32,
}

/// What became of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The line in its file.
    pub line: usize,
    /// Accepted or rejected; of the exchange's acts done or refused.
    pub status: &'static str,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// What a member has at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberReport {
    /// Its code.
    pub code: String,
    /// What it can use.
    #[serde(serialize_with = "text")]
    pub available: Money,
    /// What is held from it.
    #[serde(serialize_with = "text")]
    pub held: Money,
}

impl Report {
    /// An announcement that could not be published: the members as they came, and nothing more.
    #[must_use]
    pub fn refused(reason: &'static str, members: Vec<MemberReport>) -> Self {
        let (lots, bids) = (Vec::new(), Vec::new());
        Report { status: "refused", reason: Some(reason), lots, bids, hand: None, members }
    }
}

impl Judged {
    /// A bid.
    #[must_use]
    pub fn bid(line: usize, outcome: &Result<Answer, Refusal>) -> Self {
        Judged::new(line, outcome, "accepted", "rejected")
    }

    /// An act of the exchange.
    #[must_use]
    pub fn act(line: usize, outcome: &Result<Answer, Refusal>) -> Self {
        Judged::new(line, outcome, "done", "refused")
    }

    fn new(line: usize, outcome: &Result<Answer, Refusal>, yes: &'static str, no: &'static str) -> Self {
        match outcome {
            Ok(_) => Judged { line, status: yes, reason: None },
            Err(refusal) => Judged { line, status: no, reason: Some(refusal.reason()) },
        }
    }
}

fn text<T: core::fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn text_or_null<T: core::fmt::Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
