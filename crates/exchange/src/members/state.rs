//! What is remembered of firms, users and sessions.

use std::collections::BTreeMap;

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use super::Role;
use crate::units::{Instant, MemberId, UserId};

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
    pub(crate) by_code: BTreeMap<String, MemberId>,
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

    pub(crate) fn member_mut(&mut self, id: MemberId) -> Option<&mut Member> {
        self.members.get_mut((id.0 as usize).checked_sub(1)?)
    }

    pub(crate) fn user_mut(&mut self, id: UserId) -> Option<&mut User> {
        self.users.get_mut((id.0 as usize).checked_sub(1)?)
    }
}
