//! What is remembered of firms, users and sessions.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use super::{Act, Firm, Role};
use crate::units::{AuctionId, Instant, MemberId, Money, Sequence, UserId};

/// A firm.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Member {
    /// Its number.
    #[n(0)]
    pub id: MemberId,
    /// Its code, unique.
    #[n(1)]
    pub code: String,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// How many of its announcements wait for approval or have not ended.
    #[n(3)]
    pub auctions_open: u32,
    /// Since when and why it is frozen (auction.md, "The exchange's own hand").
    #[n(50)]
    pub frozen: Option<Frozen>,
    /// What it said of itself; `None` of one that joined without applying.
    #[n(190)]
    pub firm: Option<Firm>,
}

/// That a member is frozen.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Frozen {
    /// Since when.
    #[n(0)]
    pub since: Instant,
    /// Why.
    #[n(1)]
    pub reason: String,
}

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct User {
    /// Its number.
    #[n(0)]
    pub id: UserId,
    /// What it may do.
    #[n(1)]
    pub role: Role,
    /// Whose it is; `None` for staff.
    #[n(2)]
    pub member: Option<MemberId>,
    /// Keyed hash of the login.
    #[n(3)]
    pub login_tag: ByteArray<16>,
    /// Login and name under the person's key.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub personal: Vec<u8>,
    /// Argon2id in PHC form.
    #[n(5)]
    pub password_hash: String,
    /// Whether the password serves once and must then be replaced.
    #[n(6)]
    pub single_use: bool,
    /// Whether it can no longer sign in.
    #[n(7)]
    pub locked: bool,
    /// Its sessions, oldest first, as places in the table of sessions.
    #[n(8)]
    pub sessions: Vec<u32>,
    /// Its second factor, from the first time that it began to set one up.
    #[n(9)]
    pub second: Option<SecondFactor>,
    /// What it is, where it is no person but a member's own system.
    #[n(10)]
    pub key: Option<Key>,
    /// Above which amount of one bid it is to be asked once more.
    #[n(11)]
    pub limit: Option<Money>,
    /// Since when it is forgotten.
    #[n(12)]
    pub forgotten: Option<Instant>,
    /// The entry up to which it has read its notices.
    #[n(110)]
    pub notices_read: Option<Sequence>,
    /// How it wants its notices delivered, under the person's key.
    #[n(111)]
    pub notices: Option<ByteVec>,
    /// When its password ends, where that serves once; `None`: it does not end by itself.
    #[n(190)]
    pub first_until: Option<Instant>,
    /// The largest amount of one bid that it may make, as who manages it says.
    #[n(191)]
    pub given: Option<Money>,
    /// The announcements that it follows, in the order in which it began to; `None`: none.
    #[n(220)]
    pub followed: Option<Vec<AuctionId>>,
}

impl User {
    /// Whether it has a first password that served until before now, or until now.
    #[must_use]
    pub fn first_has_ended(&self, now: Instant) -> bool {
        self.single_use && self.first_until.is_some_and(|until| until <= now)
    }

    /// Whether it may do this: by its role, or a key by its scopes.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        match &self.key {
            None => self.role.may(act),
            Some(key) => key.may(act),
        }
    }
}

/// A key of a member's own system. Its token is that of the one session of its user, which ends with it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Key {
    /// What the member calls it.
    #[n(0)]
    pub label: String,
    /// What it is for.
    #[n(1)]
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[n(2)]
    pub made: Instant,
    /// When it ends.
    #[n(3)]
    pub expires: Instant,
    /// Who made it.
    #[n(4)]
    pub by: UserId,
}

impl Key {
    /// Whether its scopes allow this.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        match act {
            Act::Bid => self.scopes.contains(&Scope::Bid),
            Act::Announce => self.scopes.contains(&Scope::Publish),
            _ => false,
        }
    }
}

/// What a key is for. None includes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Scope {
    /// Reads what a trader and a manager read, the feed included.
    #[n(0)]
    Read,
    /// Bids.
    #[n(1)]
    Bid,
    /// Hands in announcements.
    #[n(2)]
    Publish,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 3] = [Scope::Read, Scope::Bid, Scope::Publish];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Bid => "bid",
            Scope::Publish => "publish",
        }
    }
}

/// What a user shows beside its password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct SecondFactor {
    /// The secret that serves, under a key of the venue.
    #[n(0)]
    pub totp: Option<ByteVec>,
    /// The secret that waits for its first code, under a key of the venue.
    #[n(1)]
    pub pending: Option<ByteVec>,
    /// The time step of the last code that served.
    #[n(2)]
    pub last_step: Option<u64>,
    /// Keyed hashes of the recovery codes that were not used.
    #[n(3)]
    pub recovery: Vec<ByteArray<32>>,
    /// Its passkeys, the oldest first; `None` where there is none.
    #[n(4)]
    pub passkeys: Option<Vec<Passkey>>,
    /// When the last challenge was given out that a passkey has answered: none of then or before serves again.
    #[n(5)]
    pub challenged: Option<Instant>,
}

/// A passkey: an authenticator's key of this user alone (WebAuthn).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Passkey {
    /// By what its authenticator finds it.
    #[n(0)]
    pub credential: ByteVec,
    /// The public key (`COSE_Key`, RFC 9052).
    #[n(1)]
    pub public_key: ByteVec,
    /// What its authenticator had last counted; 0 where it does not count.
    #[n(2)]
    pub counter: u32,
    /// What the user calls it, under the person's key.
    #[n(3)]
    pub name: ByteVec,
    /// When it was added.
    #[n(4)]
    pub added: Instant,
    /// When it was last used.
    #[n(5)]
    pub used: Option<Instant>,
}

/// A session: who holds the token is the user until it ends.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Session {
    /// Whose.
    #[n(0)]
    pub user: UserId,
    /// SHA-256 of the token.
    #[n(1)]
    pub token_hash: ByteArray<32>,
    /// When it ends at the latest.
    #[n(2)]
    pub expires: Instant,
    /// When it began; `None` where it was opened by [`crate::Body::OpenSession`], which did not keep that.
    #[n(3)]
    pub begun: Option<Instant>,
}

/// All firms, users and sessions.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// Firms, by number.
    pub members: Vec<Member>,
    /// Users, by number.
    pub users: Vec<User>,
    /// Sessions; a place that is free is used again, the last freed first.
    pub sessions: Vec<Option<Session>>,
    pub(crate) sessions_free: Vec<u32>,
    /// Those that are frozen: a bid looks here, where nothing is most of the time, and not at its member's row.
    pub(crate) frozen: BTreeSet<MemberId>,
    pub(crate) by_code: BTreeMap<String, MemberId>,
    /// Those that have said theirs.
    pub(crate) by_credit_code: BTreeMap<String, MemberId>,
    pub(crate) by_login: BTreeMap<[u8; 16], UserId>,
    pub(crate) by_token: BTreeMap<[u8; 32], u32>,
}

impl Members {
    /// The firm with this number.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.get((id.0 as usize).checked_sub(1)?)
    }

    /// The firm with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Member> {
        self.member(*self.by_code.get(code)?)
    }

    /// The firm with this unified social credit code, if it applied with it.
    #[must_use]
    pub fn by_credit_code(&self, credit_code: &str) -> Option<&Member> {
        self.member(*self.by_credit_code.get(credit_code)?)
    }

    /// The user whose login has this keyed hash.
    #[must_use]
    pub fn by_login(&self, login_tag: &[u8; 16]) -> Option<&User> {
        self.user(*self.by_login.get(login_tag)?)
    }

    /// The user with this number.
    #[must_use]
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get((id.0 as usize).checked_sub(1)?)
    }

    /// Whether the member is frozen.
    #[must_use]
    pub fn is_frozen(&self, id: MemberId) -> bool {
        self.frozen.contains(&id)
    }

    pub(crate) fn member_mut(&mut self, id: MemberId) -> Option<&mut Member> {
        self.members.get_mut((id.0 as usize).checked_sub(1)?)
    }

    pub(crate) fn user_mut(&mut self, id: UserId) -> Option<&mut User> {
        self.users.get_mut((id.0 as usize).checked_sub(1)?)
    }
}
