//! What is remembered of an auction and its lots.

use minicbor::bytes::ByteArray;
use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};

use super::announcement::{Announcement, LotTerms};
use crate::units::{AuctionId, ContractId, Instant, MemberId, Money, Price, Sequence};

/// Where an auction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum AuctionStatus {
    /// Waits for approval.
    #[n(0)]
    Submitted,
    /// Refused by staff.
    #[n(1)]
    Rejected,
    /// Approved; has not opened.
    #[n(2)]
    Published,
    /// Accepts bids.
    #[n(3)]
    Running,
    /// Its clocks stand still.
    #[n(4)]
    Suspended,
    /// Every lot has ended.
    #[n(5)]
    Closed,
    /// Cancelled by staff; what was sold before stays sold.
    #[n(6)]
    Cancelled,
}

impl AuctionStatus {
    /// The word of the rule book and of the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            AuctionStatus::Submitted => "submitted",
            AuctionStatus::Rejected => "rejected",
            AuctionStatus::Published => "published",
            AuctionStatus::Running => "running",
            AuctionStatus::Suspended => "suspended",
            AuctionStatus::Closed => "closed",
            AuctionStatus::Cancelled => "cancelled",
        }
    }
}

/// Where a lot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum LotStatus {
    /// Its auction has not opened.
    #[n(0)]
    Waiting,
    /// Its auction has opened and it has not ended.
    #[n(1)]
    Running,
    /// Ended with a leader.
    #[n(2)]
    Sold,
    /// Ended without (流拍).
    #[n(3)]
    Unsold,
    /// Cancelled before its end.
    #[n(4)]
    Cancelled,
    /// Sold, and annulled by staff: its contract is cancelled.
    #[n(50)]
    Annulled,
}

impl LotStatus {
    /// The word of the rule book and of the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            LotStatus::Waiting => "waiting",
            LotStatus::Running => "running",
            LotStatus::Sold => "sold",
            LotStatus::Unsold => "unsold",
            LotStatus::Cancelled => "cancelled",
            LotStatus::Annulled => "annulled",
        }
    }

    /// Whether nothing can happen to it any more.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        !matches!(self, LotStatus::Waiting | LotStatus::Running)
    }
}

/// An announcement and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Auction {
    /// Its number.
    #[n(0)]
    pub id: AuctionId,
    /// The terms, frozen once published.
    #[n(1)]
    pub terms: Announcement,
    /// Where it stands.
    #[n(2)]
    pub status: AuctionStatus,
    /// When it opens: as announced, or as moved by a resumption or an outage.
    #[n(3)]
    pub opens: Instant,
    /// When it closes: as announced, or as moved.
    #[n(4)]
    pub closes: Instant,
    /// Since when its clocks stand still.
    #[n(5)]
    pub suspended_at: Option<Instant>,
    /// What staff last said about it.
    #[n(6)]
    pub reason: String,
    /// How many of its lots have not ended.
    #[n(7)]
    pub lots_running: u16,
    /// Whether the key of its sealed bids is in the log.
    #[n(8)]
    pub key_revealed: bool,
    /// The lots, in the announcement's order. They are digested and stored one by one.
    #[cbor(skip)]
    pub lots: Vec<Lot>,
    /// The number of its first lot among all lots of the exchange.
    #[n(9)]
    pub first_lot: u32,
    /// Whether a halt holds it, or has held it since its clocks stopped.
    #[n(10)]
    pub halted: Option<Halted>,
    /// Whether the log is stamped at least once a second on its account; follows from the rest.
    #[cbor(skip)]
    pub(crate) watched: bool,
}

impl Auction {
    /// Whether nothing can happen to it any more.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        matches!(self.status, AuctionStatus::Closed | AuctionStatus::Cancelled)
    }

    /// Its own suspension, apart from halts that hold it too.
    #[must_use]
    pub fn own_suspension(&self) -> Option<Suspension> {
        match &self.halted {
            Some(halted) => halted.own.clone(),
            // Nothing is said of a suspended auction but why it is.
            None => self.suspended_at.map(|since| Suspension { since, reason: self.reason.clone() }),
        }
    }

    /// Its own suspension, where a halt holds it too.
    pub(crate) fn own_suspension_beside_halts(&self) -> Option<&Suspension> {
        self.halted.as_ref()?.own.as_ref()
    }

    /// A copy of all but the lots.
    pub(crate) fn without_lots(&self) -> Auction {
        Auction {
            id: self.id,
            terms: self.terms.clone(),
            status: self.status,
            opens: self.opens,
            closes: self.closes,
            suspended_at: self.suspended_at,
            reason: self.reason.clone(),
            lots_running: self.lots_running,
            key_revealed: self.key_revealed,
            lots: Vec::new(),
            first_lot: self.first_lot,
            halted: self.halted.clone(),
            watched: self.watched,
        }
    }
}

/// That a halt has stopped an auction's clocks, or holds them beside its own suspension. Which halts hold it follows from
/// those in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Halted {
    /// Its own suspension, which holds it when the halts are lifted.
    #[n(0)]
    pub own: Option<Suspension>,
}

/// That staff have stopped the clocks of one auction.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Suspension {
    /// Since when.
    #[n(0)]
    pub since: Instant,
    /// Why, for members to read.
    #[n(1)]
    pub reason: String,
}

/// The bid that leads a lot, or won it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Lead {
    /// Whose.
    #[n(0)]
    pub member: MemberId,
    /// At what price.
    #[n(1)]
    pub price: Price,
    /// What is held for it.
    #[n(2)]
    pub margin: Money,
    /// The entry that made it.
    #[n(3)]
    pub sequence: Sequence,
}

/// A bid in a sealed lot. It is never part of a digest or an event before the lot's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SealedBid {
    /// The entry that made it.
    #[n(0)]
    pub sequence: Sequence,
    /// When.
    #[n(1)]
    pub at: Instant,
    /// Whose.
    #[n(2)]
    pub member: MemberId,
    /// At what price.
    #[n(3)]
    pub price: Price,
    /// What is held for it while it counts.
    #[n(4)]
    pub margin: Money,
    /// Whether a later one replaced it.
    #[n(5)]
    pub replaced: bool,
}

/// What is remembered of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Lot {
    /// Its name and quantity.
    #[n(0)]
    pub terms: LotTerms,
    /// Where it stands.
    #[n(1)]
    pub status: LotStatus,
    /// Its end: still to come, or when it ended.
    #[n(2)]
    pub end: Instant,
    /// The bid that leads or won; in a sealed lot only from its end.
    #[n(3)]
    pub lead: Option<Lead>,
    /// How many bids were accepted.
    #[n(4)]
    pub accepted: u32,
    /// How many bids were refused.
    #[n(5)]
    pub rejected: u32,
    /// What is held from the initiator for it.
    #[n(6)]
    pub initiator_margin: Money,
    /// Who has bid, in the order of the first bid: the place, from 1, is the alias.
    #[n(7)]
    pub bidders: Bidders,
    /// The contract it became.
    #[n(8)]
    pub contract: Option<ContractId>,
    /// When those who take part were told that it ends soon.
    #[n(110)]
    pub end_told: Option<Instant>,
    /// The bids of a sealed lot, in their order, kept apart from what is digested until the lot ends.
    #[cbor(skip)]
    pub sealed: Vec<SealedBid>,
}

impl Lot {
    /// The alias of a member in this lot, from 1; `None` before its first bid.
    #[must_use]
    pub fn alias(&self, member: MemberId) -> Option<u32> {
        self.bidders.alias(member)
    }

    /// What the digest covers of it: all but the sealed bids, the bidders by their hash.
    pub(crate) const fn digested(&self) -> impl Encode<()> + '_ {
        // Every field is named, so that one that is added must be covered or left out on purpose.
        let Lot {
            terms,
            status,
            end,
            lead,
            accepted,
            rejected,
            initiator_margin,
            bidders: Bidders { list: _, hash: bidders },
            contract,
            end_told,
            sealed: _,
        } = self;
        Digested {
            terms,
            status: *status,
            end: *end,
            lead: *lead,
            accepted: *accepted,
            rejected: *rejected,
            initiator_margin: *initiator_margin,
            bidders: *bidders,
            contract: *contract,
            end_told: *end_told,
        }
    }
}

#[derive(Encode)]
struct Digested<'a> {
    #[n(0)]
    terms: &'a LotTerms,
    #[n(1)]
    status: LotStatus,
    #[n(2)]
    end: Instant,
    #[n(3)]
    lead: Option<Lead>,
    #[n(4)]
    accepted: u32,
    #[n(5)]
    rejected: u32,
    #[n(6)]
    initiator_margin: Money,
    #[n(7)]
    bidders: ByteArray<32>,
    #[n(8)]
    contract: Option<ContractId>,
    #[n(110)]
    end_told: Option<Instant>,
}

/// Who has bid in a lot, in the order of the first bid, with a hash over the list that grows with it: a lot with a
/// thousand bidders is not hashed anew at every checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bidders {
    list: Vec<MemberId>,
    /// BLAKE3 over the hash before and the member's number as four bytes, big-endian; zeros for none.
    hash: ByteArray<32>,
}

impl Default for Bidders {
    fn default() -> Self {
        Bidders { list: Vec::new(), hash: ByteArray::from([0; 32]) }
    }
}

impl Bidders {
    /// The list: the place, from 1, is the alias.
    #[must_use]
    pub fn list(&self) -> &[MemberId] {
        &self.list
    }

    fn alias(&self, member: MemberId) -> Option<u32> {
        self.list.iter().position(|bidder| *bidder == member).and_then(|place| u32::try_from(place + 1).ok())
    }

    /// The alias of a bidder, given with its first bid.
    pub(crate) fn enter(&mut self, member: MemberId) -> u32 {
        self.alias(member).unwrap_or_else(|| self.push(member))
    }

    fn push(&mut self, member: MemberId) -> u32 {
        self.list.push(member);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&*self.hash).update(&member.0.to_be_bytes());
        self.hash = ByteArray::from(*hasher.finalize().as_bytes());
        u32::try_from(self.list.len()).expect("fewer than 2^32 bidders")
    }
}

impl<C> Encode<C> for Bidders {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        self.list.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Bidders {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        let mut bidders = Bidders::default();
        for member in Vec::<MemberId>::decode(d, ctx)? {
            bidders.push(member);
        }
        Ok(bidders)
    }
}
