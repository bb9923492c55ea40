//! What is true now, as far as screens and answers need it: built from the exchange once, then from events alone.
//!
//! It holds no bids but the sealed ones that still count for somebody's funds; history is the archive's. What only one
//! member may know (its sealed bids and what is held for them) is in here too: whoever renders an answer asks for the
//! public figures, or for a member's own.

mod apply;
mod begin;
mod still;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use exchange::Profile;
use exchange::approvals::Approval;
use exchange::contracts::Contract;
use exchange::disclosure::Quotes;
use exchange::files::Files;
use exchange::ledger::Balances;
use exchange::markets::auction::{Announcement, AuctionStatus, LotStatus, SealedBid, Suspension};
use exchange::members::{Applications, Frozen, Key, Role, SecondFactor};
use exchange::products::Product;
use exchange::risk::Halts;
use exchange::units::{
    ApprovalId, AuctionId, ContractId, Instant, LotIndex, MemberId, Money, Price, ProductId, Quantity, Sequence, UserId,
};
use hashbrown::HashMap;

use still::Codes;
#[cfg(test)]
pub(super) use still::LOOKED_AT_ONCE;
pub use still::{AuctionStill, Gathering, HeadStill, HoldStill, LotStill, MemberStill, SealedStill};

/// The SHA-256 of a session's token: sessions are found by it, and the token itself is nowhere.
pub type TokenHash = [u8; 32];

/// Everything that answers and feed show, as of one entry of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// The last entry that is in here.
    pub sequence: Sequence,
    /// The stamp of that entry.
    pub at: Instant,
    /// The venue profile in force.
    pub profile: Profile,
    /// Firms, by number.
    pub members: Vec<Member>,
    /// Users, by number.
    pub users: Vec<User>,
    /// Who is signed in.
    pub sessions: HashMap<TokenHash, Session>,
    /// The catalogue, by number.
    pub products: Vec<Product>,
    /// Announcements and auctions, by number.
    pub auctions: Vec<Auction>,
    /// Awards, by number.
    pub contracts: Vec<Contract>,
    /// What awards come to, by product.
    pub quotes: Quotes,
    /// What waits for a second person; what was decided is not here.
    pub approvals: BTreeMap<ApprovalId, Approval>,
    /// Halts, those that were lifted too.
    pub halts: Halts,
    /// Applications; whom they name is ciphertext.
    pub applications: Applications,
    /// Files, and which announcements name them.
    pub files: Files,
    /// The auctions that are published and have not ended.
    open: BTreeSet<AuctionId>,
    /// The codes of all members, by number: shared with stills.
    codes: Codes,
    by_code: HashMap<Arc<str>, MemberId>,
    by_login: HashMap<[u8; 16], UserId>,
    by_product: HashMap<String, usize>,
}

/// A firm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its number.
    pub id: MemberId,
    /// Its code, unique.
    pub code: Arc<str>,
    /// Its name.
    pub name: String,
    /// Since when and why it is frozen.
    pub frozen: Option<Frozen>,
    /// Its balances as everyone but itself may see them: as if nothing were held for sealed bids.
    public: Balances,
    /// What is held for its sealed bids, as one sum; for its own eyes.
    sealed_margin: Money,
    /// The lots in which it has an alias or a sealed bid, of auctions that have not ended.
    bidding: BTreeSet<(AuctionId, LotIndex)>,
}

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its number.
    pub id: UserId,
    /// What it may do.
    pub role: Role,
    /// Whose it is; `None` for staff.
    pub member: Option<MemberId>,
    /// Keyed hash of the login.
    pub login_tag: [u8; 16],
    /// Login and name under the person's key.
    pub personal: Vec<u8>,
    /// Argon2id in PHC form.
    pub password_hash: String,
    /// Whether the password serves once and must then be replaced.
    pub single_use: bool,
    /// Whether it can no longer sign in.
    pub locked: bool,
    /// Its sessions, oldest first.
    pub sessions: Vec<TokenHash>,
    /// Its second factor; the secret is ciphertext.
    pub second: Option<SecondFactor>,
    /// What it is, where it is no person but a member's own system.
    pub key: Option<Arc<Key>>,
    /// Above which amount of one bid it is to be asked once more.
    pub limit: Option<Money>,
    /// Whether it is forgotten.
    pub forgotten: bool,
    /// The entry up to which it has read its notices.
    pub notices_read: Option<Sequence>,
    /// How it wants its notices delivered, under the person's key.
    pub notices: Option<Arc<[u8]>>,
    /// When its password ends, where that serves once.
    pub first_until: Option<Instant>,
    /// The largest amount of one bid that it may make, as who manages it says.
    pub given: Option<Money>,
    /// The announcements that it follows, in the order in which it began to.
    pub followed: Arc<[AuctionId]>,
}

impl User {
    /// Whether signing in as it needs a second factor.
    #[must_use]
    pub fn has_second(&self) -> bool {
        self.second.as_ref().is_some_and(SecondFactor::serves)
    }

    /// Whether it must set up a second factor before anything else: staff always have one.
    #[must_use]
    pub fn must_enrol(&self) -> bool {
        !self.role.is_members() && !self.has_second()
    }
}

/// A session: who holds the token is the user until it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: UserId,
    /// When it ends at the latest.
    pub expires: Instant,
    /// When it began, where that was kept.
    pub begun: Option<Instant>,
}

/// An announcement and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auction {
    /// Its number.
    pub id: AuctionId,
    /// The terms as announced: they never change, and are shared with stills.
    pub terms: Arc<Announcement>,
    /// Where it stands.
    pub status: AuctionStatus,
    /// When it opens: as announced, or as moved by the exchange's own hand.
    pub opens: Instant,
    /// When it closes: as announced, or as moved.
    pub closes: Instant,
    /// Since when its clocks stand still.
    pub suspended_at: Option<Instant>,
    /// Its own suspension, apart from halts that hold it too.
    pub own_suspension: Option<Suspension>,
    /// What staff last said about it; empty where nothing was said.
    pub reason: Arc<str>,
    /// The lots, in the announcement's order.
    pub lots: Vec<Lot>,
}

/// One lot (标的) of an auction. Of a sealed lot that runs, [`Lot::figures`] gives nothing away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Its name within the announcement.
    pub code: Arc<str>,
    /// How much is bid for as one piece.
    pub quantity: Quantity,
    /// Where it stands.
    pub status: LotStatus,
    /// Its end: still to come, or when it ended.
    pub end: Instant,
    /// The bid that leads or won; of a sealed lot only from its end.
    pub lead: Option<Lead>,
    /// The contract it became.
    pub contract: Option<ContractId>,
    /// Why it was annulled.
    pub annulled: Option<Arc<str>>,
    /// How many bids were accepted; of a sealed lot for nobody's eyes before its end.
    accepted: u32,
    /// How many bids were refused; of a sealed lot for nobody's eyes before its end.
    rejected: u32,
    /// Who has bid, in the order of the first bid: the place, from 1, is the alias. Of a sealed lot only from its end.
    bidders: Vec<MemberId>,
    /// The bids of a sealed lot that has not ended, in their order, replaced ones included.
    sealed: Vec<SealedBid>,
}

/// The bid that leads a lot, or won it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Whose.
    pub member: MemberId,
    /// The bidder's alias in this lot, from 1.
    pub alias: u32,
    /// At what price.
    pub price: Price,
}

/// What everybody may know of a lot's bids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The bid that leads or won.
    pub lead: Option<Lead>,
    /// How many bids were accepted; of a sealed lot that has not ended, nobody knows.
    pub accepted: Option<u32>,
    /// How many bids were refused; of a sealed lot that has not ended, nobody knows.
    pub rejected: Option<u32>,
}

/// Balances as shown: what can be used, and what is held for whatever purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funds {
    /// What can be used.
    pub available: Money,
    /// What is held.
    pub held: Money,
}

/// Ids are given out from 1, so a table is a vector.
fn place(id: u32) -> Option<usize> {
    (id as usize).checked_sub(1)
}

impl Picture {
    /// The firm with this number.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.get(place(id.0)?)
    }

    /// The firm with this code.
    #[must_use]
    pub fn member_by_code(&self, code: &str) -> Option<&Member> {
        self.member(*self.by_code.get(code)?)
    }

    /// The code of a firm; empty where there is none, which no event can bring about.
    #[must_use]
    pub fn member_code(&self, id: MemberId) -> &str {
        self.member(id).map_or("", |member| &*member.code)
    }

    /// The user with this number.
    #[must_use]
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(place(id.0)?)
    }

    /// The user whose login has this keyed hash.
    #[must_use]
    pub fn user_by_login(&self, login_tag: &[u8; 16]) -> Option<&User> {
        self.user(*self.by_login.get(login_tag)?)
    }

    /// The session of a token and its user, while it lasts: not one that has expired by `now`, nor of a locked user, nor of
    /// a key of a frozen member.
    #[must_use]
    pub fn session(&self, token_hash: &TokenHash, now: Instant) -> Option<(&Session, &User)> {
        let session = self.sessions.get(token_hash).filter(|session| now < session.expires)?;
        let user = self.user(session.user).filter(|user| !user.locked)?;
        let frozen = |member| self.member(member).is_some_and(|member| member.frozen.is_some());
        if user.member.is_some_and(frozen) {
            return None;
        }
        Some((session, user))
    }

    /// The item of the catalogue with this code.
    #[must_use]
    pub fn product_by_code(&self, code: &str) -> Option<&Product> {
        self.products.get(*self.by_product.get(code)?)
    }

    /// The item of the catalogue with this number.
    #[must_use]
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.products.get(place(id.0)?)
    }

    /// The auction with this number, whoever may see it.
    #[must_use]
    pub fn auction(&self, id: AuctionId) -> Option<&Auction> {
        self.auctions.get(place(id.0)?)
    }

    /// The auction with this number if a user of this role and member may see it.
    #[must_use]
    pub fn auction_for(&self, id: AuctionId, role: Role, member: Option<MemberId>) -> Option<&Auction> {
        self.auction(id).filter(|auction| auction.is_visible_to(role, member))
    }

    /// The award with this number.
    #[must_use]
    pub fn contract(&self, id: ContractId) -> Option<&Contract> {
        self.contracts.get(place(id.0)?)
    }

    /// The aliases that a member has in the lots of auctions that have not ended.
    pub fn aliases_of(&self, member: MemberId) -> impl Iterator<Item = (&Auction, &Lot, u32)> {
        self.bidding_of(member).filter_map(move |(auction, lot)| Some((auction, lot, lot.alias(member)?)))
    }

    /// The sealed bids of a member that count, in lots that have not ended. For that member's eyes only.
    pub fn sealed_bids_of(&self, member: MemberId) -> impl Iterator<Item = (&Auction, &Lot, &SealedBid)> {
        self.bidding_of(member).filter_map(move |(auction, lot)| Some((auction, lot, lot.sealed_bid(member)?)))
    }

    fn bidding_of(&self, member: MemberId) -> impl Iterator<Item = (&Auction, &Lot)> {
        let lots = self.member(member).into_iter().flat_map(|member| &member.bidding);
        lots.filter_map(|(auction, lot)| {
            let auction = self.auction(*auction)?;
            Some((auction, auction.lots.get(lot.0 as usize)?))
        })
    }
}

impl Member {
    /// Its balances by purpose as everyone but itself may see them, auditors included: as if nothing were held for
    /// sealed bids (auction.md, "A sealed auction").
    #[must_use]
    pub const fn public_balances(&self) -> Balances {
        self.public
    }

    /// Its balances by purpose. For the member's own eyes.
    #[must_use]
    pub fn own_balances(&self) -> Balances {
        Balances {
            available: self.public.available - self.sealed_margin,
            sealed_margin: self.sealed_margin,
            ..self.public
        }
    }

    /// Its funds as everyone but itself may see them.
    #[must_use]
    pub fn public_funds(&self) -> Funds {
        Funds::of(&self.public_balances())
    }

    /// Its funds as its own traders and managers see them, sealed bids included.
    #[must_use]
    pub fn own_funds(&self) -> Funds {
        Funds::of(&self.own_balances())
    }
}

impl Funds {
    fn of(balances: &Balances) -> Self {
        Funds { available: balances.available, held: balances.held() }
    }
}

impl Auction {
    /// Whether a user of this role and member may know that it exists: until it is published, only its initiator and
    /// staff may.
    #[must_use]
    pub fn is_visible_to(&self, role: Role, member: Option<MemberId>) -> bool {
        self.is_public() || !role.is_members() || member == Some(self.terms.initiator)
    }

    /// Whether it has been published, whatever has become of it since.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        !matches!(self.status, AuctionStatus::Submitted | AuctionStatus::Rejected)
    }

    /// Whether nothing can happen to it any more.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        matches!(self.status, AuctionStatus::Rejected | AuctionStatus::Closed | AuctionStatus::Cancelled)
    }

    /// The place of the lot with this code, and the lot.
    #[must_use]
    pub fn lot_by_code(&self, code: &str) -> Option<(LotIndex, &Lot)> {
        let at = self.lots.iter().position(|lot| *lot.code == *code)?;
        Some((LotIndex(u16::try_from(at).ok()?), &self.lots[at]))
    }

    /// What everybody may know of the bids in one of its lots.
    #[must_use]
    pub fn figures(&self, lot: &Lot) -> Figures {
        lot.figures(self.terms.is_sealed())
    }
}

impl Lot {
    /// What everybody may know of its bids: of a sealed lot before its end, nothing.
    #[must_use]
    pub const fn figures(&self, sealed: bool) -> Figures {
        if sealed && !self.status.has_ended() {
            return Figures { lead: None, accepted: None, rejected: None };
        }
        Figures { lead: self.lead, accepted: Some(self.accepted), rejected: Some(self.rejected) }
    }

    /// The alias of a member in this lot, from 1; `None` before its first bid, and in a sealed lot before the end.
    #[must_use]
    pub fn alias(&self, member: MemberId) -> Option<u32> {
        self.bidders.iter().position(|bidder| *bidder == member).and_then(|at| u32::try_from(at + 1).ok())
    }

    /// Whether this alias belongs to a bidder already.
    pub(in crate::live) fn is_given(&self, alias: u32) -> bool {
        place(alias).is_some_and(|at| at < self.bidders.len())
    }

    /// The member's own bid that counts in this sealed lot, until it ends. For that member's eyes only.
    #[must_use]
    pub fn sealed_bid(&self, member: MemberId) -> Option<&SealedBid> {
        self.sealed.iter().find(|bid| bid.member == member && !bid.replaced)
    }

    /// Whoever has bid in it, sealed bids included: to tell each of them something, and nobody of the others.
    pub(in crate::live) fn all_bidders(&self) -> impl Iterator<Item = MemberId> {
        self.bidders.iter().copied().chain(self.sealed.iter().map(|bid| bid.member))
    }

    /// All the member's own bids in this sealed lot in their order, replaced ones included, until it ends. For that
    /// member's eyes only.
    pub fn sealed_bids(&self, member: MemberId) -> impl Iterator<Item = &SealedBid> {
        self.sealed.iter().filter(move |bid| bid.member == member)
    }
}
