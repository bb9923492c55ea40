//! Money, in double entry. Every movement names the account it leaves and the account it reaches, so that the sum over
//! all accounts is zero at all times; nothing is created but out of the named source account, the bank.

mod acts;
mod correct;
mod payments;

pub use payments::{Paid, Payments};

use core::fmt;

use minicbor::Decode;
use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encode, Encoder, Error as EncodeError, Write};

use crate::units::{MemberId, Money};

/// Where money can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// The source account: what has come in from the bank is its debt.
    Bank,
    /// What a member can use.
    Available(MemberId),
    /// Held for the bids with which it leads open lots.
    BidMargin(MemberId),
    /// Held for the lots it has announced.
    InitiatorMargin(MemberId),
    /// Held for contracts.
    ContractMargin(MemberId),
    /// Held for bids in sealed lots that have not ended. Outside this process it reads as available.
    SealedMargin(MemberId),
}

impl Account {
    const KINDS: u64 = 8;

    /// The number in the format: member × 8 + kind; the bank is 0.
    #[must_use]
    pub const fn number(self) -> u64 {
        let (member, kind) = match self {
            Account::Bank => return 0,
            Account::Available(m) => (m, 1),
            Account::BidMargin(m) => (m, 2),
            Account::InitiatorMargin(m) => (m, 3),
            Account::ContractMargin(m) => (m, 4),
            Account::SealedMargin(m) => (m, 5),
        };
        member.0 as u64 * Account::KINDS + kind
    }

    /// The account with this number.
    #[must_use]
    pub fn from_number(number: u64) -> Option<Self> {
        let member = MemberId(u32::try_from(number / Account::KINDS).ok()?);
        match (number % Account::KINDS, member.0) {
            (0, 0) => Some(Account::Bank),
            (_, 0) => None,
            (1, _) => Some(Account::Available(member)),
            (2, _) => Some(Account::BidMargin(member)),
            (3, _) => Some(Account::InitiatorMargin(member)),
            (4, _) => Some(Account::ContractMargin(member)),
            (5, _) => Some(Account::SealedMargin(member)),
            _ => None,
        }
    }

    /// Whose it is; `None`: the exchange's own.
    #[must_use]
    pub const fn member(self) -> Option<MemberId> {
        match self {
            Account::Bank => None,
            Account::Available(m)
            | Account::BidMargin(m)
            | Account::InitiatorMargin(m)
            | Account::ContractMargin(m)
            | Account::SealedMargin(m) => Some(m),
        }
    }

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Account::Bank => "bank",
            Account::Available(_) => "available",
            Account::BidMargin(_) => "bid_margin",
            Account::InitiatorMargin(_) => "initiator_margin",
            Account::ContractMargin(_) => "contract_margin",
            Account::SealedMargin(_) => "sealed_margin",
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.member() {
            None => f.write_str(self.word()),
            Some(member) => write!(f, "{} of member {member}", self.word()),
        }
    }
}

impl<C> Encode<C> for Account {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.u64(self.number())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Account {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Account::from_number(d.u64()?).ok_or_else(|| DecodeError::message("no such account"))
    }
}

/// Who judges whether cash is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Eyes {
    /// The exchange, that decides: what is held for sealed bids is not available.
    Exchange,
    /// Staff, in a preview: as if nothing were held for sealed bids. A preview leaves no trace, and whoever asks for many
    /// of them would find out what is held.
    Staff,
}

/// The balances of one member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub struct Balances {
    /// What it can use.
    #[n(0)]
    pub available: Money,
    /// Held for leads in open lots.
    #[n(1)]
    pub bid_margin: Money,
    /// Held for lots it has announced.
    #[n(2)]
    pub initiator_margin: Money,
    /// Held for contracts.
    #[n(3)]
    pub contract_margin: Money,
    /// Held for sealed bids; for the member's own eyes.
    #[n(4)]
    pub sealed_margin: Money,
}

impl Balances {
    /// What is held, sealed bids included: what the member itself sees.
    #[must_use]
    pub fn held(&self) -> Money {
        self.bid_margin + self.initiator_margin + self.contract_margin + self.sealed_margin
    }

    /// As everyone else sees them: as if nothing were held for sealed bids.
    #[must_use]
    pub fn in_public(&self) -> Balances {
        Balances { available: self.available + self.sealed_margin, sealed_margin: Money::ZERO, ..*self }
    }
}

/// All accounts.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    bank: Money,
    members: Vec<Balances>,
    /// Kept beside every change of a balance, so that the law can be asserted after each command at no cost.
    sum: Money,
}

impl Ledger {
    /// Accounts for one more member.
    pub(crate) fn open(&mut self) {
        self.members.push(Balances::default());
    }

    /// The balances of a member; all zero where there is none.
    #[must_use]
    pub fn balances(&self, member: MemberId) -> Balances {
        (member.0 as usize).checked_sub(1).and_then(|at| self.members.get(at)).copied().unwrap_or_default()
    }

    /// What a member has available, as these eyes see it.
    pub(crate) fn available(&self, member: MemberId, eyes: Eyes) -> Money {
        let balances = self.balances(member);
        match eyes {
            Eyes::Exchange => balances.available,
            Eyes::Staff => balances.in_public().available,
        }
    }

    /// What the bank has brought in, as a debt: never above zero.
    #[must_use]
    pub const fn bank(&self) -> Money {
        self.bank
    }

    /// The sum over all accounts, kept with every change.
    #[must_use]
    pub const fn sum(&self) -> Money {
        self.sum
    }

    /// The sum over all accounts, from scratch.
    #[must_use]
    pub fn sum_from_scratch(&self) -> Money {
        self.bank + self.members.iter().map(|b| b.available + b.held()).sum()
    }

    /// Moves money. The checks have been made: an account of a member that would go below zero is a broken invariant.
    pub(crate) fn post(&mut self, from: Account, to: Account, amount: Money) {
        assert!(!amount.is_negative(), "a posting moves an amount, never a debt");
        assert!(from != to, "a posting has two accounts");
        self.change(from, -amount);
        self.change(to, amount);
    }

    fn change(&mut self, account: Account, by: Money) {
        let balance = match account {
            Account::Bank => &mut self.bank,
            Account::Available(m) => &mut self.of(m).available,
            Account::BidMargin(m) => &mut self.of(m).bid_margin,
            Account::InitiatorMargin(m) => &mut self.of(m).initiator_margin,
            Account::ContractMargin(m) => &mut self.of(m).contract_margin,
            Account::SealedMargin(m) => &mut self.of(m).sealed_margin,
        };
        *balance += by;
        assert!(account == Account::Bank || !balance.is_negative(), "{account} went below zero");
        self.sum += by;
    }

    fn of(&mut self, member: MemberId) -> &mut Balances {
        &mut self.members[member.0 as usize - 1]
    }

    pub(crate) fn restore(bank: Money, members: Vec<Balances>) -> Self {
        let mut ledger = Ledger { bank, members, sum: Money::ZERO };
        ledger.sum = ledger.sum_from_scratch();
        ledger
    }

    pub(crate) fn members(&self) -> &[Balances] {
        &self.members
    }
}
