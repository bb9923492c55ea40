//! Keys of members' own systems, and the limits above which traders are asked once more.
//!
//! A key is a user of its own with one session: what it does is its own in log, history and rate, it ends as sessions end, and
//! its scopes take the place of a role.

use minicbor::bytes::ByteArray;

use super::{Key, Role, Scope, Session, User};
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::text::check_text;
use crate::units::{Instant, Money, Span, UserId};

/// How many keys of one member may serve at once.
pub const KEYS_PER_MEMBER_MAX: usize = 20;
/// How many keys one member may have made in all: each stays in the history.
const KEYS_EVER_MAX: usize = 10_000;
/// How long a key lasts at the most: a year.
pub const KEY_LASTS_MAX: Span = Span::from_seconds(366 * 24 * 3600);
/// The most characters of what it is called.
const LABEL_MAX: usize = 64;

impl Exchange {
    pub(crate) fn add_key(
        &mut self,
        by: Option<UserId>,
        (label, scopes): (&str, &[Scope]),
        token_hash: ByteArray<32>,
        expires: Instant,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let manager = by.and_then(|by| self.members.user(by)).ok_or(Refusal::Forbidden)?;
        let (by, member) = (manager.id, manager.member.ok_or(Refusal::Forbidden)?);
        check_text("label", label, LABEL_MAX)?;
        let twice = scopes.iter().enumerate().any(|(at, scope)| scopes[..at].contains(scope));
        if scopes.is_empty() || twice {
            return Err(Refusal::InvalidText("scopes".to_owned()));
        }
        if expires <= self.now || expires.since(self.now) > KEY_LASTS_MAX {
            return Err(Refusal::InvalidText("expires".to_owned()));
        }
        let own = self.members.users.iter().filter(|user| user.role == Role::Key && user.member == Some(member));
        let (mut serve, mut ever) = (0, 0);
        for key in own {
            serve += usize::from(!key.sessions.is_empty());
            ever += 1;
        }
        if serve >= KEYS_PER_MEMBER_MAX || ever >= KEYS_EVER_MAX {
            return Err(Refusal::LimitReached("keys of a member".to_owned()));
        }
        let mut login_tag = [0; 16];
        login_tag.copy_from_slice(&token_hash[16..]);
        if self.members.by_token.contains_key(&*token_hash) || self.members.by_login.contains_key(&login_tag) {
            return Err(Refusal::Taken);
        }
        let id = UserId(u32::try_from(self.members.users.len() + 1).expect("fewer than 2^32 users"));
        let key = Key { label: label.to_owned(), scopes: scopes.to_vec(), made: self.now, expires, by };
        self.members.by_login.insert(login_tag, id);
        let login_tag = ByteArray::from(login_tag);
        self.members.users.push(User {
            id,
            role: Role::Key,
            member: Some(member),
            login_tag,
            personal: Vec::new(),
            password_hash: String::new(),
            single_use: false,
            locked: false,
            sessions: Vec::new(),
            second: None,
            key: Some(key.clone()),
            limit: None,
            forgotten: None,
            notices_read: None,
            notices: None,
            first_until: None,
            given: None,
            followed: None,
        });
        self.mark(Table::Users, id.0 as usize - 1);
        self.begin_session(Session { user: id, token_hash, expires, begun: Some(self.now) }, out);
        out.emit(&Event::KeyAdded { user: id, member, key, login_tag, token_hash });
        Ok(Answer::User(id))
    }

    pub(crate) fn revoke_key(&mut self, by: Option<UserId>, id: UserId, out: &mut Output) -> Result<Answer, Refusal> {
        let manager = by.and_then(|by| self.members.user(by)).ok_or(Refusal::Forbidden)?;
        let member = manager.member;
        let key = self.members.user(id).filter(|user| user.role == Role::Key && user.member == member);
        let key = key.ok_or(Refusal::UnknownKey)?;
        if key.sessions.is_empty() {
            return Err(Refusal::Unchanged);
        }
        self.members.user_mut(id).expect("looked up above").locked = true;
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::KeyRevoked { user: id });
        self.end_sessions(id, None, out);
        Ok(Answer::Done)
    }

    /// A trader sets its own, a manager those of its member's traders.
    pub(crate) fn set_limit(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        most: Option<Money>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if by != Some(id) {
            self.judge_management(by, id)?;
        }
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        if user.role != Role::Trader {
            return Err(Refusal::UnknownUser);
        }
        if most.is_some_and(|most| most.is_zero() || most.is_negative() || most > Money::MOST) {
            return Err(Refusal::InvalidAmount);
        }
        self.members.user_mut(id).expect("looked up above").limit = most;
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::LimitSet { user: id, most });
        Ok(Answer::Done)
    }
}
