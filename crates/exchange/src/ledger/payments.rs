//! Deposits and withdrawals as they are remembered, so that one can be corrected.

use minicbor::{Decode, Encode};

use crate::units::{MemberId, Money, Sequence};

/// A deposit or withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Paid {
    /// The entry that made it.
    #[n(0)]
    pub sequence: Sequence,
    /// Whose cash.
    #[n(1)]
    pub member: MemberId,
    /// How much.
    #[n(2)]
    pub amount: Money,
    /// Whether it went out to the bank.
    #[n(3)]
    pub out: bool,
    /// The entry that corrected it.
    #[n(4)]
    pub corrected: Option<Sequence>,
}

/// All of them, in the order of their entries: an entry makes one at the most.
#[derive(Clone, Debug, Default)]
pub struct Payments(Vec<Paid>);

impl Payments {
    pub(crate) fn restore(all: Vec<Paid>) -> Self {
        Payments(all)
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Paid] {
        &self.0
    }

    /// The one that this entry made.
    #[must_use]
    pub fn of(&self, sequence: Sequence) -> Option<&Paid> {
        self.find(sequence).map(|place| &self.0[place])
    }

    /// The place of the one that this entry made.
    pub(crate) fn find(&self, sequence: Sequence) -> Option<usize> {
        self.0.binary_search_by_key(&sequence, |paid| paid.sequence).ok()
    }

    /// Remembers one, and says where.
    pub(crate) fn enter(&mut self, paid: Paid) -> usize {
        assert!(self.0.last().is_none_or(|last| last.sequence < paid.sequence), "an entry makes one payment");
        self.0.push(paid);
        self.0.len() - 1
    }

    pub(crate) fn set_corrected(&mut self, place: usize, by: Sequence) {
        self.0[place].corrected = Some(by);
    }
}
