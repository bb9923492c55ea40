//! What can be asked of the exchange. One variant an act; the numbers are the format and never change their meaning.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::files::{FileHash, FileKind, Owner};
use crate::markets::auction::Announcement;
use crate::members::{Applicant, Firm, Role, Scope};
use crate::products::Description;
use crate::profile::Profile;
use crate::risk::HaltScope;
use crate::units::{
    ApplicationId, ApprovalId, AuctionId, HaltId, Instant, LotIndex, MemberId, Money, Price, ProductId, Sequence, Span,
    UserId,
};

/// One entry of the log: the only thing that changes what is true.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// Its place, from 1, without a gap.
    #[n(0)]
    pub sequence: Sequence,
    /// The leader's stamp; never before that of the entry before it.
    #[n(1)]
    pub at: Instant,
    /// What is asked.
    #[n(2)]
    pub command: Command,
}

/// A request with who asks and by which key it is known again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Command {
    /// Who asks.
    #[n(0)]
    pub principal: Principal,
    /// By what the same request is known again; the ordering layer's own entries have none. With one, [`Principal::System`]
    /// speaks for somebody who is not signed in.
    #[n(1)]
    pub request: Option<RequestId>,
    /// What is asked.
    #[n(2)]
    pub body: Body,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Principal {
    /// The node itself: time, keys of ended auctions, the first set-up of a venue. Never reachable from outside.
    #[n(0)]
    System,
    /// A person who is signed in.
    #[n(1)]
    User(#[n(0)] UserId),
}

/// By what a request is known again: digests under a secret of the venue, so that neither tells what was asked (the
/// price of a sealed bid could be guessed from a plain hash).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub struct RequestId {
    /// Keyed digest of the user and its `Idempotency-Key`.
    #[n(0)]
    pub key: ByteArray<16>,
    /// Keyed digest of method, path and parsed body.
    #[n(1)]
    pub fingerprint: ByteArray<16>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Body {
    /// Time has come to this entry's stamp.
    #[n(0)]
    Tick,
    /// What lies between the stamp of the entry before and this one is an outage, however short (auction.md,
    /// "Outage"). A node never needs it, since gaps longer than `outage_after` are outages by themselves; a scenario does.
    #[n(1)]
    Outage,
    /// The venue's rules and limits from here on.
    #[n(2)]
    SetProfile(#[n(0)] Profile),
    /// A firm joins.
    #[n(3)]
    AdmitMember {
        /// Its code, unique, 1 to 32 characters, not `EXCHANGE`.
        #[n(0)]
        code: String,
        /// The firm's name.
        #[n(1)]
        name: String,
    },
    /// A person may sign in.
    #[n(4)]
    AddUser {
        /// What it may do.
        #[n(0)]
        role: Role,
        /// Whose it is; `None` for staff.
        #[n(1)]
        member: Option<MemberId>,
        /// Keyed hash of the login.
        #[n(2)]
        login_tag: ByteArray<16>,
        /// Login and name, encrypted under a key of this person that lies beside the log.
        #[n(3)]
        #[cbor(with = "minicbor::bytes")]
        personal: Vec<u8>,
        /// Argon2id in PHC form.
        #[n(4)]
        password_hash: String,
        /// Whether the password serves once and must then be replaced.
        #[n(5)]
        single_use: bool,
    },
    /// A new password; every session of the user but the one named dies.
    #[n(5)]
    SetPassword {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// Argon2id in PHC form.
        #[n(1)]
        password_hash: String,
        /// The session that goes on.
        #[n(2)]
        keep: Option<ByteArray<32>>,
    },
    /// A user can no longer sign in; its sessions die.
    #[n(6)]
    LockUser {
        /// Whom.
        #[n(0)]
        user: UserId,
    },
    /// A locked user may sign in again.
    #[n(7)]
    UnlockUser {
        /// Whom.
        #[n(0)]
        user: UserId,
    },
    /// The gateway has checked a password and gave out a token.
    #[n(8)]
    OpenSession {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// SHA-256 of the token.
        #[n(1)]
        token_hash: ByteArray<32>,
        /// How long it lasts at the most.
        #[n(2)]
        lasts: Span,
        /// What was checked: [`crate::members::password_tag`] of the hash. A password that was replaced meanwhile
        /// opens nothing. `None`: no password was checked.
        #[n(3)]
        checked: Option<ByteArray<16>>,
    },
    /// Signed out.
    #[n(9)]
    CloseSession {
        /// SHA-256 of the token.
        #[n(0)]
        token_hash: ByteArray<32>,
    },
    /// Something that may be traded.
    #[n(10)]
    AddProduct {
        /// Its code, unique.
        #[n(0)]
        code: String,
        /// Its name.
        #[n(1)]
        name: String,
        /// The quoting unit.
        #[n(2)]
        unit: String,
        /// What else is said of it.
        #[n(3)]
        description: Option<Description>,
    },
    /// Cash comes in from the bank.
    #[n(11)]
    Deposit(#[n(0)] Payment),
    /// Cash goes out to the bank.
    #[n(12)]
    Withdraw(#[n(0)] Payment),
    /// The second person agrees; the act is judged and dated now.
    #[n(13)]
    Approve {
        /// What waits.
        #[n(0)]
        approval: ApprovalId,
        /// Argon2id in PHC form of the password that somebody is given by it, where it gives one.
        #[n(1)]
        password_hash: Option<String>,
    },
    /// The second person lets the act fall.
    #[n(14)]
    Decline {
        /// What waits.
        #[n(0)]
        approval: ApprovalId,
    },
    /// A manager hands in an announcement; the exchange gives it its number.
    #[n(15)]
    Submit(#[n(0)] Announcement),
    /// Staff refuse an announcement; the initiator may submit it anew.
    #[n(16)]
    Reject {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// Why, for the initiator to read.
        #[n(1)]
        reason: String,
    },
    /// Staff approve an announcement: it is published and the initiator's margin is held.
    #[n(17)]
    Publish {
        /// Which.
        #[n(0)]
        auction: AuctionId,
    },
    /// A bid in an open auction.
    #[n(18)]
    Bid {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// The lot's place in the announcement; one that is not there is `unknown_lot`.
        #[n(1)]
        lot: LotIndex,
        /// What is bid per unit.
        #[n(2)]
        price: Price,
        /// The best price the bidder saw when it decided; recorded, not judged.
        #[n(3)]
        seen_price: Option<Price>,
    },
    /// A bid in a sealed auction. The ordering layer opens it for the exchange.
    #[n(19)]
    SealedBid {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// The lot's place in the announcement.
        #[n(1)]
        lot: LotIndex,
        /// The price, encrypted under the auction's key.
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    /// The clocks of an auction stand still.
    #[n(20)]
    Suspend {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// Why, for members to read.
        #[n(1)]
        reason: String,
    },
    /// They go on.
    #[n(21)]
    Resume {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// Why, for members to read.
        #[n(1)]
        reason: String,
    },
    /// `closes` moves later.
    #[n(22)]
    Extend {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// The new `closes`.
        #[n(1)]
        until: Instant,
        /// Why, for members to read.
        #[n(2)]
        reason: String,
    },
    /// What has not ended is cancelled.
    #[n(23)]
    Cancel {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// Why, for members to read.
        #[n(1)]
        reason: String,
    },
    /// The key under which the bids of an ended sealed auction were encrypted, so that anybody can verify them.
    #[n(24)]
    RevealKey {
        /// Which.
        #[n(0)]
        auction: AuctionId,
        /// Its key.
        #[n(1)]
        key: ByteArray<32>,
    },
    /// The market, a product or a mode is halted.
    #[n(50)]
    Halt {
        /// What is halted.
        #[n(0)]
        scope: HaltScope,
        /// Why, for members to read.
        #[n(1)]
        reason: String,
    },
    /// A halt is lifted.
    #[n(51)]
    LiftHalt {
        /// Which.
        #[n(0)]
        halt: HaltId,
        /// Why, for members to read.
        #[n(1)]
        reason: String,
    },
    /// A member is frozen: its users are signed out, it cannot bid, publish or withdraw.
    #[n(52)]
    FreezeMember {
        /// Whom.
        #[n(0)]
        member: MemberId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// A frozen member may trade again.
    #[n(53)]
    UnfreezeMember {
        /// Whom.
        #[n(0)]
        member: MemberId,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// A sold lot is annulled, with a second person.
    #[n(54)]
    Annul {
        /// Where.
        #[n(0)]
        auction: AuctionId,
        /// Which lot.
        #[n(1)]
        lot: LotIndex,
        /// Why, for members to read.
        #[n(2)]
        reason: String,
    },
    /// A deposit or withdrawal is corrected, with a second person.
    #[n(55)]
    Correct {
        /// The entry that made it.
        #[n(0)]
        payment: Sequence,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// The gateway has checked who signs in and gave out a token.
    #[n(70)]
    SignIn {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// SHA-256 of the token.
        #[n(1)]
        token_hash: ByteArray<32>,
        /// How long it lasts at the most.
        #[n(2)]
        lasts: Span,
        /// What was checked: [`crate::members::password_tag`] of the hash. A password that was replaced meanwhile
        /// opens nothing.
        #[n(3)]
        checked: ByteArray<16>,
        /// The second factor that was checked; needed where the user has one.
        #[n(4)]
        proof: Option<Proof>,
    },
    /// Staff look at what is another's. It changes nothing and is answered when it is in the log.
    #[n(71)]
    Look {
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
    /// The gateway has counted sign-ins that went wrong, so that not each of them is an entry.
    #[n(72)]
    CountFailures {
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
    /// A user begins to set up a second factor; it serves once it is confirmed, and until then the one before it.
    #[n(73)]
    BeginTotp {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// The secret under a key of the venue that lies beside the log.
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    /// The gateway has checked the first code.
    #[n(74)]
    ConfirmTotp {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// Which secret was checked: [`crate::members::secret_tag`] of what was begun with.
        #[n(1)]
        checked: ByteArray<16>,
        /// The time step of the code; no code of it or of before serves again.
        #[n(2)]
        step: u64,
        /// Keyed hashes of codes that each replace one code, once.
        #[n(3)]
        recovery: Vec<ByteArray<32>>,
    },
    /// A user no longer has a second factor: by itself, with a proof, or by who manages it.
    #[n(75)]
    RemoveTotp {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// What was checked, where it is one's own.
        #[n(1)]
        proof: Option<Proof>,
    },
    /// A member's own system gets a key: a user of its own that no person signs in as.
    #[n(76)]
    AddKey {
        /// What the member calls it.
        #[n(0)]
        label: String,
        /// SHA-256 of the token.
        #[n(1)]
        token_hash: ByteArray<32>,
        /// What it is for.
        #[n(2)]
        scopes: Vec<Scope>,
        /// When it ends.
        #[n(3)]
        expires: Instant,
    },
    /// A key ends before its time.
    #[n(77)]
    RevokeKey {
        /// Which.
        #[n(0)]
        key: UserId,
    },
    /// Above which amount a trader is to be asked once more; the app asks, nothing is refused by it.
    #[n(78)]
    SetLimit {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// The largest amount of one bid; `None`: no limit.
        #[n(1)]
        most: Option<Money>,
    },
    /// What is said of a product is replaced, whole.
    #[n(90)]
    DescribeProduct {
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
    /// A user has read its notices of this entry and of before.
    #[n(110)]
    ReadNotices {
        /// The entry.
        #[n(0)]
        up_to: Sequence,
    },
    /// How a user wants its notices delivered: addresses, hours, and over which way what.
    #[n(111)]
    SetNotices {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// What it was read as before it was changed: [`crate::members::secret_tag`] of the ciphertext; `None`: there was
        /// none. Where it is another by now nothing is replaced.
        #[n(1)]
        before: Option<ByteArray<16>>,
        /// All of it, under the person's key, which lies beside the log.
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    /// A user adds a passkey, whose making the gateway has checked.
    #[n(150)]
    AddPasskey {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// By what its authenticator finds it.
        #[n(1)]
        credential: ByteVec,
        /// The public key (`COSE_Key`, RFC 9052).
        #[n(2)]
        public_key: ByteVec,
        /// What its authenticator has counted.
        #[n(3)]
        counter: u32,
        /// What the user calls it, under the person's key.
        #[n(4)]
        name: ByteVec,
        /// When the challenge was given out that it has answered.
        #[n(5)]
        challenged: Instant,
        /// The second factor that was checked; needed where the user has one.
        #[n(6)]
        proof: Option<Proof>,
        /// Keyed hashes of recovery codes, for a user that had no second factor before.
        #[n(7)]
        recovery: Vec<ByteArray<32>>,
    },
    /// A user removes one of its passkeys.
    #[n(151)]
    RemovePasskey {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// Which: [`crate::members::passkey_tag`] of its credential.
        #[n(1)]
        passkey: ByteArray<16>,
        /// What was checked.
        #[n(2)]
        proof: Option<Proof>,
    },
    /// Somebody keeps a file. Its bytes were durable before this became an entry.
    #[n(170)]
    KeepFile {
        /// SHA-256 of the stored bytes.
        #[n(0)]
        hash: FileHash,
        /// How many bytes are stored.
        #[n(1)]
        size: u32,
        /// What is in it, found by its content.
        #[n(2)]
        kind: FileKind,
        /// Whose it is: of a user its own member.
        #[n(3)]
        owner: Owner,
        /// What a document of an application is called, under the key of a person.
        #[n(4)]
        name: Option<ByteVec>,
    },
    /// Somebody lets a file go.
    #[n(171)]
    DropFile {
        /// SHA-256 of the stored bytes.
        #[n(0)]
        hash: FileHash,
        /// Whose it is.
        #[n(1)]
        owner: Owner,
    },
    /// A person is to be forgotten; it waits for a second person.
    #[n(79)]
    AskErasure {
        /// Whom.
        #[n(0)]
        user: UserId,
    },
    /// A firm that is no member applies to become one; the gateway gave it a token.
    #[n(190)]
    Apply {
        /// SHA-256 of the token.
        #[n(0)]
        token_hash: ByteArray<32>,
        /// The firm.
        #[n(1)]
        firm: Firm,
        /// Who applies for it.
        #[n(2)]
        applicant: Applicant,
    },
    /// An application is replaced, whole; one that was refused waits again. The gateway has asked for its token.
    #[n(191)]
    Amend {
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
    /// Staff admit a firm: it becomes a member, and who applied its first user.
    #[n(192)]
    AdmitApplicant {
        /// Which.
        #[n(0)]
        application: ApplicationId,
        /// The member's code, unique, 1 to 32 characters, not `EXCHANGE`.
        #[n(1)]
        code: String,
        /// Keyed hash of the first user's login: the one it wished, or another where that is taken.
        #[n(2)]
        login_tag: ByteArray<16>,
        /// Login and name, encrypted under the key that the application has.
        #[n(3)]
        personal: ByteVec,
        /// Argon2id in PHC form of a password that serves once.
        #[n(4)]
        password_hash: String,
        /// How often the application had been amended when staff read it: what nobody has read is not admitted.
        #[n(5)]
        amended: Option<u32>,
    },
    /// Staff refuse an application; it may be amended.
    #[n(193)]
    RefuseApplicant {
        /// Which.
        #[n(0)]
        application: ApplicationId,
        /// Why, for the applicant to read.
        #[n(1)]
        reason: String,
    },
    /// Who applied in vain is to be forgotten; it waits for a second person.
    #[n(194)]
    AskForgetting {
        /// Whose application.
        #[n(0)]
        application: ApplicationId,
    },
    /// A user has another role; its sessions die.
    #[n(195)]
    SetRole {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// What it may do from now on.
        #[n(1)]
        role: Role,
    },
    /// The largest amount of one bid that a trader may make, given by who manages it; a bid above it is refused.
    #[n(196)]
    GiveLimit {
        /// Whose.
        #[n(0)]
        user: UserId,
        /// The largest amount; `None`: no limit.
        #[n(1)]
        most: Option<Money>,
    },
    /// The venue's rules and limits change from what they were read as; it waits for a second person.
    #[n(210)]
    ChangeProfile {
        /// As they shall be.
        #[n(0)]
        profile: Profile,
        /// As they were read: [`Profile::tag`]. Where they are others by now nothing is changed.
        #[n(1)]
        base: ByteArray<16>,
    },
    /// A user follows announcements, and follows others no longer.
    #[n(220)]
    Follow {
        /// Those that it follows from now on, beside the ones that it does.
        #[n(0)]
        add: Vec<AuctionId>,
        /// Those that it follows no longer.
        #[n(1)]
        remove: Vec<AuctionId>,
    },
}

/// What shows a second factor, checked by the gateway. The exchange sees to it that each serves once.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Proof {
    /// A code of this time step (RFC 6238).
    #[n(0)]
    Code(#[n(0)] u64),
    /// The keyed hash of a recovery code.
    #[n(1)]
    Recovery(#[n(0)] ByteArray<32>),
    /// What a passkey has signed.
    #[n(150)]
    Passkey {
        /// Which: [`crate::members::passkey_tag`] of its credential.
        #[n(0)]
        passkey: ByteArray<16>,
        /// What its authenticator has counted.
        #[n(1)]
        counter: u32,
        /// When the challenge was given out that it has answered.
        #[n(2)]
        challenged: Instant,
    },
}

/// What of another's staff look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Sight {
    /// A member's funds.
    #[n(0)]
    Funds,
    /// The users with their names.
    #[n(1)]
    Users,
    /// The audit trail.
    #[n(2)]
    Audit,
    /// A document of an application.
    #[n(3)]
    Document,
    /// An application, with who applies and how it is reached.
    #[n(4)]
    Application,
}

/// Money from or to the bank.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Payment {
    /// Whose cash.
    #[n(0)]
    pub member: MemberId,
    /// How much; above zero.
    #[n(1)]
    pub amount: Money,
    /// What the bank's statement says, 1 to 140 characters.
    #[n(2)]
    pub reference: String,
}

impl Entry {
    /// The canonical bytes: what is stored, hashed and signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128);
        self.encode_into(&mut bytes);
        bytes
    }

    /// Appends the canonical bytes.
    pub fn encode_into(&self, bytes: &mut Vec<u8>) {
        crate::cbor::append(self, bytes);
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// The bytes are no entry.
    pub fn decode(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        minicbor::decode(bytes)
    }
}

impl Body {
    /// The rules that a program must know to execute this as all others do. What came with rules newer than 1 may be asked once
    /// they are in force, which they may be when every node knows them; a program that meets rules it does not know stops.
    #[must_use]
    pub const fn rules(&self) -> u32 {
        match self {
            Body::SetProfile(profile) => profile.rules,
            Body::ChangeProfile { profile, .. } if profile.rules > 3 => profile.rules,
            Body::ChangeProfile { .. } | Body::Follow { .. } => 3,
            _ => 1,
        }
    }
}

impl Command {
    /// A command of the node itself.
    #[must_use]
    pub const fn system(body: Body) -> Self {
        Command { principal: Principal::System, request: None, body }
    }
}
