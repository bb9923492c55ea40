//! What happened: the exchange's only way out. The archive and the live projection are built from events alone.
//!
//! Events are encoded once, where they happen, as a sequence of CBOR items. A [`Event::Stamped`] opens the events of an
//! entry; an entry without events leaves none. What must not reach a disk before its time (a sealed bid's price and
//! margin) is not here but in [`Private`], which lives in memory only.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::command::Sight;
use crate::files::{FileHash, FileKind, Owner};
use crate::ledger::Account;
use crate::markets::auction::Announcement;
use crate::markets::auction::state::{AuctionStatus, LotStatus};
use crate::members::{Applicant, Firm, Key, Role, SecondFactor};
use crate::products::Description;
use crate::profile::Profile;
use crate::refusal::Refusal;
use crate::risk::HaltScope;
use crate::units::{
    ApplicationId, ApprovalId, AuctionId, ContractId, HaltId, Instant, LotIndex, MemberId, Money, Price, ProductId,
    Quantity, Sequence, UserId,
};

/// What happened. Numbers are the format and never change their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// The events behind this one, up to the next of its kind, are of this entry.
    #[n(0)]
    Stamped {
        /// The entry's place.
        #[n(0)]
        sequence: Sequence,
        /// The entry's stamp.
        #[n(1)]
        at: Instant,
        /// Who asked; `None`: the node itself.
        #[n(2)]
        by: Option<UserId>,
    },
    /// A venue profile is in force.
    #[n(1)]
    ProfileSet(#[n(0)] Profile),
    /// A firm has joined.
    #[n(2)]
    MemberAdmitted {
        /// Its number.
        #[n(0)]
        member: MemberId,
        /// Its code.
        #[n(1)]
        code: String,
        /// Its name.
        #[n(2)]
        name: String,
        /// What it said of itself, where it applied.
        #[n(3)]
        firm: Option<Firm>,
    },
    /// A user may sign in.
    #[n(3)]
    UserAdded {
        /// Its number.
        #[n(0)]
        user: UserId,
        /// What it may do.
        #[n(1)]
        role: Role,
        /// Whose it is.
        #[n(2)]
        member: Option<MemberId>,
        /// Keyed hash of the login.
        #[n(3)]
        login_tag: ByteArray<16>,
        /// Login and name under the person's key.
        #[n(4)]
        #[cbor(with = "minicbor::bytes")]
        personal: Vec<u8>,
        /// Argon2id in PHC form.
        #[n(5)]
        password_hash: String,
        /// Whether the password serves once.
        #[n(6)]
        single_use: bool,
        /// When it ends, where it serves once.
        #[n(7)]
        until: Option<Instant>,
    },
    /// A password was replaced.
    #[n(4)]
    PasswordSet {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// Argon2id in PHC form.
        #[n(1)]
        password_hash: String,
        /// Whether it serves once.
        #[n(2)]
        single_use: bool,
        /// When it ends, where it serves once.
        #[n(3)]
        until: Option<Instant>,
    },
    /// A user was locked or unlocked.
    #[n(5)]
    UserLocked {
        /// Whom.
        #[n(0)]
        user: UserId,
        /// Whether it can no longer sign in.
        #[n(1)]
        locked: bool,
    },
    /// A session has begun.
    #[n(6)]
    SessionOpened {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// SHA-256 of the token.
        #[n(1)]
        token_hash: ByteArray<32>,
        /// When it ends at the latest.
        #[n(2)]
        expires: Instant,
    },
    /// A session has ended: signed out, expired, replaced, or its user locked.
    #[n(7)]
    SessionClosed {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// SHA-256 of the token.
        #[n(1)]
        token_hash: ByteArray<32>,
    },
    /// A product has entered the catalogue.
    #[n(8)]
    ProductAdded {
        /// Its number.
        #[n(0)]
        product: ProductId,
        /// Its code.
        #[n(1)]
        code: String,
        /// Its name.
        #[n(2)]
        name: String,
        /// The quoting unit.
        #[n(3)]
        unit: String,
        /// What else is said of it.
        #[n(4)]
        description: Option<Description>,
    },
    /// Money moved between two accounts.
    #[n(9)]
    Posted {
        /// Where it comes from.
        #[n(0)]
        from: Account,
        /// Where it goes.
        #[n(1)]
        to: Account,
        /// How much, above zero.
        #[n(2)]
        amount: Money,
        /// Why.
        #[n(3)]
        cause: Cause,
    },
    /// An announcement was handed in.
    #[n(10)]
    AuctionSubmitted {
        /// Its number.
        #[n(0)]
        auction: AuctionId,
        /// Its terms.
        #[n(1)]
        announcement: Announcement,
    },
    /// An announcement was refused.
    #[n(11)]
    AuctionRejected {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// An auction's status or times have changed: published, opened, suspended, resumed, extended, moved by an outage, cancelled
    /// or closed. All figures are those after the change.
    #[n(12)]
    AuctionChanged {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// Its status.
        #[n(1)]
        status: AuctionStatus,
        /// When it opens.
        #[n(2)]
        opens: Instant,
        /// When it closes.
        #[n(3)]
        closes: Instant,
        /// What staff last said about it, which may be about an earlier change; empty where nothing was said.
        #[n(4)]
        reason: String,
        /// What changed it.
        #[n(5)]
        change: Change,
    },
    /// A lot's status or end has changed otherwise than by a bid.
    #[n(13)]
    LotChanged {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which.
        #[n(1)]
        lot: LotIndex,
        /// Its status.
        #[n(2)]
        status: LotStatus,
        /// Its end: still to come, or when it ended.
        #[n(3)]
        end: Instant,
    },
    /// A bid in an open lot is accepted and leads.
    #[n(14)]
    BidAccepted {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which lot.
        #[n(1)]
        lot: LotIndex,
        /// Who bids.
        #[n(2)]
        member: MemberId,
        /// At what price.
        #[n(3)]
        price: Price,
        /// What is held for it.
        #[n(4)]
        margin: Money,
        /// The lot's end after it.
        #[n(5)]
        end: Instant,
        /// The bidder's alias in this lot, from 1.
        #[n(6)]
        alias: u32,
        /// Whom it overtakes, when that is another.
        #[n(7)]
        overtaken: Option<MemberId>,
        /// The best price the bidder saw when it decided.
        #[n(8)]
        seen_price: Option<Price>,
    },
    /// A bid is refused. Of a sealed lot, neither price nor reason is said.
    #[n(15)]
    BidRefused {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which lot; it may not exist.
        #[n(1)]
        lot: LotIndex,
        /// Who bids.
        #[n(2)]
        member: MemberId,
        /// At what price.
        #[n(3)]
        price: Option<Price>,
        /// Why not.
        #[n(4)]
        reason: Option<Refusal>,
    },
    /// A bid in a sealed lot is accepted.
    #[n(16)]
    SealedBidPlaced {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which lot.
        #[n(1)]
        lot: LotIndex,
        /// Who bids.
        #[n(2)]
        member: MemberId,
    },
    /// A sealed lot has ended, and this is one of the bids that were made, in their order.
    #[n(17)]
    SealedBidOpened {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which lot.
        #[n(1)]
        lot: LotIndex,
        /// The entry that made it.
        #[n(2)]
        sequence: Sequence,
        /// When it was made.
        #[n(3)]
        at: Instant,
        /// Who bid.
        #[n(4)]
        member: MemberId,
        /// At what price.
        #[n(5)]
        price: Price,
        /// The bidder's alias in this lot, from 1.
        #[n(6)]
        alias: u32,
        /// Whether it counted when the lot ended or was cancelled; else it was replaced before.
        #[n(7)]
        counts: bool,
        /// What was held for it.
        #[n(8)]
        margin: Money,
    },
    /// A lot is sold: a contract comes into being, with both margins held.
    #[n(18)]
    Awarded {
        /// Its number.
        #[n(0)]
        contract: ContractId,
        /// Where.
        #[n(1)]
        auction: AuctionId,
        /// Which lot.
        #[n(2)]
        lot: LotIndex,
        /// Who sells.
        #[n(3)]
        seller: MemberId,
        /// Who buys.
        #[n(4)]
        buyer: MemberId,
        /// The winner: buyer of a sale, seller of a procurement.
        #[n(5)]
        winner: MemberId,
        /// The price per unit.
        #[n(6)]
        price: Price,
        /// How much.
        #[n(7)]
        quantity: Quantity,
        /// price × quantity.
        #[n(8)]
        amount: Money,
        /// What stays held from the winner.
        #[n(9)]
        winner_margin: Money,
        /// What stays held from the initiator.
        #[n(10)]
        initiator_margin: Money,
        /// When: the lot's end.
        #[n(11)]
        at: Instant,
    },
    /// An act waits for a second person.
    #[n(19)]
    ApprovalAsked {
        /// Its number.
        #[n(0)]
        approval: ApprovalId,
        /// Who asked.
        #[n(1)]
        by: UserId,
        /// The role that may decide.
        #[n(2)]
        role: Role,
        /// What is asked, for people.
        #[n(3)]
        act: crate::approvals::Act,
    },
    /// It was decided.
    #[n(20)]
    ApprovalDecided {
        /// Its number.
        #[n(0)]
        approval: ApprovalId,
        /// Who decided.
        #[n(1)]
        by: UserId,
        /// Whether the act was done.
        #[n(2)]
        done: bool,
    },
    /// The key of an ended sealed auction.
    #[n(21)]
    KeyRevealed {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// Its key.
        #[n(1)]
        key: ByteArray<32>,
    },
    /// The market, a product or a mode is halted; the auctions concerned follow as [`Event::AuctionChanged`].
    #[n(50)]
    Halted {
        /// The halt's number.
        #[n(0)]
        halt: HaltId,
        /// What is halted.
        #[n(1)]
        scope: HaltScope,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// A halt is lifted; the auctions concerned follow as [`Event::AuctionChanged`].
    #[n(51)]
    HaltLifted {
        /// Which.
        #[n(0)]
        halt: HaltId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// A member was frozen, or may trade again; sessions that end follow.
    #[n(52)]
    MemberFrozen {
        /// Whom.
        #[n(0)]
        member: MemberId,
        /// Whether it is frozen now.
        #[n(1)]
        frozen: bool,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// A sold lot is annulled and its contract cancelled; the lot and both margins follow.
    #[n(53)]
    LotAnnulled {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which lot.
        #[n(1)]
        lot: LotIndex,
        /// The contract that is cancelled.
        #[n(2)]
        contract: ContractId,
        /// Why.
        #[n(3)]
        reason: String,
    },
    /// Somebody has signed in: a session has begun with the entry's stamp.
    #[n(70)]
    SignedIn {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// SHA-256 of the token.
        #[n(1)]
        token_hash: ByteArray<32>,
        /// When it ends at the latest.
        #[n(2)]
        expires: Instant,
    },
    /// Staff have looked at what is another's.
    #[n(71)]
    Looked {
        /// At what.
        #[n(0)]
        sight: Sight,
        /// Whose, where it is one member's.
        #[n(1)]
        member: Option<MemberId>,
        /// Which file, where it is one.
        #[n(2)]
        file: Option<FileHash>,
        /// Which application, where it is one.
        #[n(3)]
        application: Option<ApplicationId>,
    },
    /// A user's second factor is another, or was used.
    #[n(73)]
    SecondFactorSet {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// All of it after the change; `None`: there is none.
        #[n(1)]
        second: Option<SecondFactor>,
        /// What changed it.
        #[n(2)]
        change: SecondChange,
        /// Which passkey, where it is one: [`crate::members::passkey_tag`] of its credential.
        #[n(3)]
        passkey: Option<ByteArray<16>>,
    },
    /// A member's own system has a key, which is a session of a user of its own.
    #[n(74)]
    KeyAdded {
        /// The key's user.
        #[n(0)]
        user: UserId,
        /// Whose.
        #[n(1)]
        member: MemberId,
        /// What it is called, what it is for, and until when.
        #[n(2)]
        key: Key,
        /// By what its user would be found: nobody has such a login.
        #[n(3)]
        login_tag: ByteArray<16>,
        /// SHA-256 of the token.
        #[n(4)]
        token_hash: ByteArray<32>,
    },
    /// A key was revoked.
    #[n(75)]
    KeyRevoked {
        /// The key's user.
        #[n(0)]
        user: UserId,
    },
    /// A trader is asked once more above another amount.
    #[n(76)]
    LimitSet {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// The largest amount of one bid; `None`: no limit.
        #[n(1)]
        most: Option<Money>,
    },
    /// A person is forgotten: it cannot sign in any more, and whoever keeps its key destroys it.
    #[n(77)]
    PersonForgotten {
        /// Whom.
        #[n(0)]
        user: UserId,
    },
    /// Sign-ins went wrong.
    #[n(72)]
    SignInsFailed {
        /// As whom; `None`: logins that nobody has.
        #[n(0)]
        user: Option<UserId>,
        /// How many.
        #[n(1)]
        count: u32,
        /// When the first of them was.
        #[n(2)]
        since: Instant,
    },
    /// A passkey has counted less than before: another device may hold a copy of it. What it was shown for was refused.
    #[n(150)]
    PasskeyCopied {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// Which: [`crate::members::passkey_tag`] of its credential.
        #[n(1)]
        passkey: ByteArray<16>,
        /// What it had counted before.
        #[n(2)]
        known: u32,
        /// What it says now.
        #[n(3)]
        counter: u32,
    },
    /// What is said of a product was replaced, whole.
    #[n(90)]
    ProductDescribed {
        /// Which.
        #[n(0)]
        product: ProductId,
        /// Its name.
        #[n(1)]
        name: String,
        /// What else is said of it.
        #[n(2)]
        description: Option<Description>,
    },
    /// A user has read its notices.
    #[n(110)]
    NoticesRead {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// Those of this entry and of before.
        #[n(1)]
        up_to: Sequence,
    },
    /// How a user wants its notices delivered is another.
    #[n(111)]
    NoticesSet {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// All of it, under the person's key.
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    /// A firm has applied to become a member.
    #[n(190)]
    Applied {
        /// Its application's number.
        #[n(0)]
        application: ApplicationId,
        /// SHA-256 of the token.
        #[n(1)]
        token_hash: ByteArray<32>,
        /// The firm.
        #[n(2)]
        firm: Firm,
        /// Who applies for it.
        #[n(3)]
        applicant: Applicant,
    },
    /// An application was replaced, whole, and waits.
    #[n(191)]
    ApplicationAmended {
        /// Which.
        #[n(0)]
        application: ApplicationId,
        /// The firm.
        #[n(1)]
        firm: Firm,
        /// Who applies for it.
        #[n(2)]
        applicant: Applicant,
    },
    /// A firm was admitted; that it is a member and has a user was said before.
    #[n(192)]
    ApplicationAdmitted {
        /// Which.
        #[n(0)]
        application: ApplicationId,
        /// The member that it is.
        #[n(1)]
        member: MemberId,
        /// The member's first user.
        #[n(2)]
        user: UserId,
    },
    /// An application was refused.
    #[n(193)]
    ApplicationRefused {
        /// Which.
        #[n(0)]
        application: ApplicationId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// Who applied in vain is forgotten: whoever keeps its key destroys it.
    #[n(194)]
    ApplicantForgotten {
        /// Whose application.
        #[n(0)]
        application: ApplicationId,
    },
    /// A user has another role; its limits are gone.
    #[n(195)]
    RoleSet {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// What it may do.
        #[n(1)]
        role: Role,
    },
    /// A trader may make bids up to another amount.
    #[n(196)]
    LimitGiven {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// The largest amount of one bid; `None`: no limit.
        #[n(1)]
        most: Option<Money>,
    },
    /// Who applied in vain is forgotten since it is long ago that it was refused: whoever keeps its key destroys it.
    #[n(222)]
    RefusedForgotten {
        /// Whose application.
        #[n(0)]
        application: ApplicationId,
    },
    /// A user follows other announcements than before.
    #[n(220)]
    Followed {
        /// Who.
        #[n(0)]
        user: UserId,
        /// All that it follows, in the order in which it began to.
        #[n(1)]
        auctions: Vec<AuctionId>,
    },
    /// A lot ends soon; those who take part are told so once.
    #[n(112)]
    LotEndsSoon {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which lot.
        #[n(1)]
        lot: LotIndex,
        /// Its end as it stands.
        #[n(2)]
        end: Instant,
    },
    /// Somebody keeps a file.
    #[n(170)]
    FileKept {
        /// SHA-256 of the stored bytes.
        #[n(0)]
        hash: FileHash,
        /// How many bytes are stored.
        #[n(1)]
        size: u32,
        /// What is in it.
        #[n(2)]
        kind: FileKind,
        /// Whose it is.
        #[n(3)]
        owner: Owner,
        /// What it is called, under the key of a person.
        #[n(4)]
        name: Option<ByteVec>,
    },
    /// Somebody has let a file go.
    #[n(171)]
    FileDropped {
        /// SHA-256 of the stored bytes.
        #[n(0)]
        hash: FileHash,
        /// Whose it was.
        #[n(1)]
        owner: Owner,
    },
}

/// What changes a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum SecondChange {
    /// A secret waits for its first code.
    #[n(0)]
    Begun,
    /// It serves.
    #[n(1)]
    Confirmed,
    /// A code was used.
    #[n(2)]
    Used,
    /// A recovery code was used.
    #[n(3)]
    Recovered,
    /// There is none any more, or no code any more where passkeys are left.
    #[n(4)]
    Removed,
    /// A passkey was added.
    #[n(150)]
    PasskeyAdded,
    /// A passkey was used.
    #[n(151)]
    PasskeyUsed,
    /// A passkey was removed.
    #[n(152)]
    PasskeyRemoved,
}

/// What changes an auction: an act of the exchange's own hand, or the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Change {
    /// Staff approved it.
    #[n(0)]
    Published,
    /// Its time to open has come.
    #[n(1)]
    Opened,
    /// Staff stopped its clocks.
    #[n(2)]
    Suspended,
    /// Staff let them go on.
    #[n(3)]
    Resumed,
    /// Staff moved its end.
    #[n(4)]
    Extended,
    /// An outage moved its times.
    #[n(5)]
    Outage,
    /// Staff cancelled what had not ended.
    #[n(6)]
    Cancelled,
    /// Its last lot has ended.
    #[n(7)]
    Closed,
    /// A halt that concerns it began.
    #[n(50)]
    Halted,
    /// A halt that concerned it was lifted.
    #[n(51)]
    Lifted,
}

/// Why money moved.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Cause {
    /// In from the bank; the reference of the bank's statement.
    #[n(0)]
    Deposit(#[n(0)] String),
    /// Out to the bank.
    #[n(1)]
    Withdrawal(#[n(0)] String),
    /// A bid's margin is held.
    #[n(2)]
    BidHeld(#[n(0)] AuctionId, #[n(1)] LotIndex),
    /// A bid's margin is released: overtaken, outbid, replaced or cancelled.
    #[n(3)]
    BidReleased(#[n(0)] AuctionId, #[n(1)] LotIndex),
    /// The initiator's margin is held at publication, for one lot.
    #[n(4)]
    InitiatorHeld(#[n(0)] AuctionId, #[n(1)] LotIndex),
    /// The initiator's margin is released: unsold or cancelled.
    #[n(5)]
    InitiatorReleased(#[n(0)] AuctionId, #[n(1)] LotIndex),
    /// A margin passes from the auction to the contract that the lot became.
    #[n(6)]
    Awarded(#[n(0)] ContractId),
    /// A margin is released because the contract was annulled.
    #[n(50)]
    Annulled(#[n(0)] ContractId),
    /// A deposit or withdrawal with its sign turned round: the entry that made it, and why it was wrong.
    #[n(51)]
    Correction(#[n(0)] Sequence, #[n(1)] String),
}

/// What only one member may know, and no disk before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Private {
    /// The entry that made it.
    pub sequence: Sequence,
    /// Its stamp.
    pub at: Instant,
    /// Whose.
    pub member: MemberId,
    /// Where.
    pub auction: AuctionId,
    /// Which lot.
    pub lot: LotIndex,
    /// What was bid.
    pub price: Price,
    /// What is held for it.
    pub margin: Money,
    /// What the member has held for all its sealed bids now, as one sum.
    pub sealed_held: Money,
}

/// What a run of entries has left behind, as it goes to the projection, the feed and the archive: in order, without a gap.
#[derive(Debug, Default)]
pub struct Applied {
    /// The first entry of the run.
    pub first: Sequence,
    /// The last entry of the run.
    pub last: Sequence,
    /// The stamp of the last entry.
    pub at: Instant,
    /// The encoded [`Event`]s of the run; read them back with [`Events`].
    pub events: Vec<u8>,
    /// What only one member may know; for memory only.
    pub private: Vec<Private>,
}

/// Reads encoded events back, each with its entry's place and stamp.
pub struct Events<'b> {
    decoder: minicbor::Decoder<'b>,
    sequence: Sequence,
    at: Instant,
    by: Option<UserId>,
}

/// An event with the entry it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The entry's place.
    pub sequence: Sequence,
    /// The entry's stamp.
    pub at: Instant,
    /// Who asked; `None`: the node itself.
    pub by: Option<UserId>,
    /// What happened.
    pub event: Event,
}

impl<'b> Events<'b> {
    /// Over the encoded events of whole entries.
    #[must_use]
    pub fn new(bytes: &'b [u8]) -> Self {
        Events { decoder: minicbor::Decoder::new(bytes), sequence: Sequence(0), at: Instant::MIN, by: None }
    }
}

impl Iterator for Events<'_> {
    type Item = Result<Happened, minicbor::decode::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.decoder.position() == self.decoder.input().len() {
                return None;
            }
            match self.decoder.decode::<Event>() {
                Ok(Event::Stamped { sequence, at, by }) => {
                    (self.sequence, self.at, self.by) = (sequence, at, by);
                }
                Ok(event) => {
                    return Some(Ok(Happened { sequence: self.sequence, at: self.at, by: self.by, event }));
                }
                Err(error) => {
                    self.decoder.set_position(self.decoder.input().len());
                    return Some(Err(error));
                }
            }
        }
    }
}
