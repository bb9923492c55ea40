//! What the archive answers: plain rows in the units of the exchange.

use exchange::approvals;
use exchange::disclosure;
use exchange::ledger::Account;
use exchange::markets::auction::{Announcement, AuctionStatus, LotStatus, Side};
use exchange::members::Role;
use exchange::products::Description;
use exchange::units::{
    ApprovalId, AuctionId, ContractId, Instant, LotIndex, MemberId, Money, Price, ProductId, Quantity, Sequence, UserId,
};
use exchange::{Cause, Change};

/// A firm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its number.
    pub id: MemberId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The entry with which it joined.
    pub sequence: Sequence,
    /// When it joined.
    pub at: Instant,
}

/// An item of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its number.
    pub id: ProductId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The quoting unit.
    pub unit: String,
    /// What else is said of it.
    pub description: Option<Description>,
    /// The entry with which it came.
    pub sequence: Sequence,
    /// When it came.
    pub at: Instant,
}

/// An announcement and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auction {
    /// Its number.
    pub id: AuctionId,
    /// The entry that handed it in.
    pub sequence: Sequence,
    /// When it was handed in.
    pub at: Instant,
    /// Where it stands.
    pub status: AuctionStatus,
    /// When it opens, as it stands.
    pub opens: Instant,
    /// When it closes, as it stands.
    pub closes: Instant,
    /// What staff last said about it; may be empty.
    pub reason: String,
    /// The key of its sealed bids, once revealed.
    pub key: Option<[u8; 32]>,
    /// The terms as handed in.
    pub announcement: Announcement,
}

/// A lot and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Where.
    pub auction: AuctionId,
    /// Its place in the announcement.
    pub lot: LotIndex,
    /// Its name in the announcement.
    pub code: String,
    /// How much.
    pub quantity: Quantity,
    /// Where it stands.
    pub status: LotStatus,
    /// Its end: still to come, or when it ended.
    pub end: Instant,
    /// Who leads or won; of a sealed lot only who won.
    pub leader: Option<MemberId>,
    /// The best price, or what it was sold at.
    pub price: Option<Price>,
    /// How many bids there were; of a sealed lot `None` before it has ended.
    pub counts: Option<Counts>,
    /// The contract it became.
    pub contract: Option<ContractId>,
}

/// How many bids named a lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accepted, replaced sealed bids among them.
    pub accepted: u64,
    /// Refused.
    pub refused: u64,
}

/// A bid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bid {
    /// The entry that made it.
    pub sequence: Sequence,
    /// When.
    pub at: Instant,
    /// Where.
    pub auction: AuctionId,
    /// Which lot; of a refused bid one that may not exist.
    pub lot: LotIndex,
    /// Whose.
    pub member: MemberId,
    /// The person who made it, where that is known.
    pub user: Option<UserId>,
    /// At what price; `None` while it is sealed, and for a refused bid in a sealed lot.
    pub price: Option<Price>,
    /// What became of it.
    pub outcome: Outcome,
    /// What was held for it.
    pub margin: Option<Money>,
    /// The lot's end after it.
    pub end: Option<Instant>,
    /// The bidder's alias in this lot, from 1.
    pub alias: Option<u32>,
    /// Whom it overtook.
    pub overtaken: Option<MemberId>,
    /// The best price the bidder saw when it decided.
    pub seen_price: Option<Price>,
}

/// What became of a bid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Refused, with the stable word of the reason; of a sealed lot none is said.
    Refused(Option<String>),
    /// Accepted; of a sealed lot, opened and counting at its end.
    Accepted,
    /// Accepted, and sealed: the lot has not ended.
    Sealed,
    /// A sealed bid that was opened and had been replaced before the end.
    Replaced,
}

/// One side of a movement of money: what an account gained or lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The entry that made it.
    pub sequence: Sequence,
    /// Which movement of the entry, from 0. With the account it tells postings of one entry apart.
    pub place: u32,
    /// When.
    pub at: Instant,
    /// Which account; never [`Account::SealedMargin`], which counts as available.
    pub account: Account,
    /// By how much: below zero what it lost.
    pub amount: Money,
    /// Why.
    pub cause: Cause,
}

/// A sold lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Its number.
    pub id: ContractId,
    /// The entry with which it came into being.
    pub sequence: Sequence,
    /// When the lot ended.
    pub at: Instant,
    /// Of which auction.
    pub auction: AuctionId,
    /// Of which lot.
    pub lot: LotIndex,
    /// Who sells.
    pub seller: MemberId,
    /// Who buys.
    pub buyer: MemberId,
    /// Which of both won the auction; the other announced it.
    pub winner: MemberId,
    /// The price per unit.
    pub price: Price,
    /// How much.
    pub quantity: Quantity,
    /// price × quantity.
    pub amount: Money,
    /// What was held from the seller at the award.
    pub seller_margin: Money,
    /// What was held from the buyer at the award.
    pub buyer_margin: Money,
    /// That it was cancelled: its lot was annulled.
    pub cancelled: Option<Cancelled>,
}

/// The end of a contract whose lot was annulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// In which entry.
    pub sequence: Sequence,
    /// When.
    pub at: Instant,
    /// The second person, who agreed; `None`: the node itself.
    pub by: Option<UserId>,
    /// Why.
    pub reason: String,
}

/// An award as the public reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// When, at what price, how much.
    pub trade: disclosure::Trade,
    /// Whether the initiator sold or bought.
    pub side: Side,
    /// The lot's name in its announcement.
    pub code: String,
}

/// Something that was done with an auction, or that the clock did. The figures are those after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The entry that did it.
    pub sequence: Sequence,
    /// When.
    pub at: Instant,
    /// What was done.
    pub kind: ActKind,
    /// Who did it; `None`: the clock, or the node itself.
    pub by: Option<UserId>,
    /// The auction's status after it.
    pub status: AuctionStatus,
    /// When it opens after it; `None`: the act does not touch it.
    pub opens: Option<Instant>,
    /// When it closes after it; `None`: the act does not touch it.
    pub closes: Option<Instant>,
    /// What members read about it; empty where nothing was said.
    pub reason: String,
}

/// What can be done with an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActKind {
    /// Its announcement was handed in.
    Submitted,
    /// Staff refused the announcement.
    Rejected,
    /// Staff approved it.
    Published,
    /// Its time to open came.
    Opened,
    /// Staff stopped its clocks.
    Suspended,
    /// Staff let them go on.
    Resumed,
    /// Staff moved its end.
    Extended,
    /// An outage moved its times.
    Outage,
    /// Staff cancelled what had not ended.
    Cancelled,
    /// Its last lot ended.
    Closed,
    /// Staff halted it with the market, its product or its mode.
    Halted,
    /// Staff lifted such a halt.
    Lifted,
}

impl ActKind {
    /// All of them.
    pub const ALL: [ActKind; 12] = [
        ActKind::Submitted,
        ActKind::Rejected,
        ActKind::Published,
        ActKind::Opened,
        ActKind::Suspended,
        ActKind::Resumed,
        ActKind::Extended,
        ActKind::Outage,
        ActKind::Cancelled,
        ActKind::Closed,
        ActKind::Halted,
        ActKind::Lifted,
    ];

    /// The word in the file and on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            ActKind::Submitted => "submitted",
            ActKind::Rejected => "rejected",
            ActKind::Published => "published",
            ActKind::Opened => "opened",
            ActKind::Suspended => "suspended",
            ActKind::Resumed => "resumed",
            ActKind::Extended => "extended",
            ActKind::Outage => "outage",
            ActKind::Cancelled => "cancelled",
            ActKind::Closed => "closed",
            ActKind::Halted => "halted",
            ActKind::Lifted => "lifted",
        }
    }

    /// Whether the clock did it, whoever's command it came with.
    #[must_use]
    pub const fn is_clocks(self) -> bool {
        matches!(self, ActKind::Opened | ActKind::Outage | ActKind::Closed)
    }
}

impl From<Change> for ActKind {
    fn from(change: Change) -> Self {
        match change {
            Change::Published => ActKind::Published,
            Change::Opened => ActKind::Opened,
            Change::Suspended => ActKind::Suspended,
            Change::Resumed => ActKind::Resumed,
            Change::Extended => ActKind::Extended,
            Change::Outage => ActKind::Outage,
            Change::Cancelled => ActKind::Cancelled,
            Change::Closed => ActKind::Closed,
            Change::Halted => ActKind::Halted,
            Change::Lifted => ActKind::Lifted,
        }
    }
}

/// An act that waits or waited for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Its number.
    pub id: ApprovalId,
    /// The entry that asked.
    pub sequence: Sequence,
    /// When it was asked.
    pub at: Instant,
    /// Who asked.
    pub by: UserId,
    /// The role that may decide.
    pub role: Role,
    /// What was asked.
    pub act: approvals::Act,
    /// How it stands.
    pub decision: approvals::Decision,
    /// Who decided in which entry, and when.
    pub decided: Option<Decided>,
}

/// By whom and when something was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// In which entry.
    pub sequence: Sequence,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: UserId,
}

/// Which auctions are asked for; `None` and empty leave a column out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuctionFilter {
    /// Only with this status.
    pub status: Option<AuctionStatus>,
    /// Only of this side.
    pub side: Option<Side>,
    /// Only of the product with this code.
    pub product: Option<String>,
    /// Who asks: announcements that were not published are for their initiator and staff alone.
    pub viewer: Viewer,
}

/// Who asks for auctions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Viewer {
    /// Only what was published.
    #[default]
    Public,
    /// That, and what this member has announced.
    Member(MemberId),
    /// Everything.
    Staff,
}

/// In which order a list by time is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    NewestFirst,
    /// The oldest first.
    OldestFirst,
}

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailLine {
    /// The entry that did it.
    pub sequence: Sequence,
    /// Its place among the lines of that entry, from 0.
    pub place: u32,
    /// When.
    pub at: Instant,
    /// Who did it; of sign-ins that went wrong, as whom it was tried. `None`: nobody has that login.
    pub user: Option<UserId>,
    /// What, in one of the words of [`crate::TRAIL_ACTS`].
    pub act: String,
    /// The member whom it concerns.
    pub member: Option<MemberId>,
    /// The auction that it concerns.
    pub auction: Option<AuctionId>,
    /// The user whom it concerns.
    pub subject: Option<UserId>,
    /// What more there is to say; may be empty.
    pub detail: String,
}

/// Which lines of the audit trail are asked for; `None` leaves a column out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailFilter {
    /// Only what this user did, or what concerns it.
    pub user: Option<UserId>,
    /// Only this act.
    pub act: Option<String>,
    /// Only what concerns this member.
    pub member: Option<MemberId>,
    /// Only what concerns this auction.
    pub auction: Option<AuctionId>,
    /// Only from here on.
    pub from: Option<Instant>,
    /// Only before.
    pub to: Option<Instant>,
}
