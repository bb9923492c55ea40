//! Joining, adding and locking users, and their sessions.

use minicbor::bytes::{ByteArray, ByteVec};

use super::{Firm, Member, Role, Session, User};
use crate::approvals::Act;
use crate::command::{Body, Proof};
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::text::check_text;
use crate::units::{Instant, MemberId, Span, UserId};

/// The most characters of a member's code.
pub(super) const CODE_MAX: usize = 32;
/// The most characters of a firm's name.
pub(super) const NAME_MAX: usize = 200;
/// The most bytes of a person's encrypted data.
pub(super) const PERSONAL_MAX: usize = 4096;
/// The most characters of a password's hash in PHC form.
pub(super) const HASH_MAX: usize = 512;

/// By what a password's hash is known again: the first half of its BLAKE3.
#[must_use]
pub fn password_tag(password_hash: &str) -> ByteArray<16> {
    let mut tag = [0; 16];
    tag.copy_from_slice(&blake3::hash(password_hash.as_bytes()).as_bytes()[..16]);
    ByteArray::from(tag)
}

pub(super) fn judge_password(password_hash: &str) -> Result<(), Refusal> {
    if password_hash.is_empty() || password_hash.len() > HASH_MAX {
        return Err(Refusal::InvalidText("password_hash".to_owned()));
    }
    Ok(())
}

/// A user to be, judged.
pub(super) struct NewUser {
    pub(super) role: Role,
    pub(super) member: Option<MemberId>,
    pub(super) login_tag: ByteArray<16>,
    pub(super) personal: Vec<u8>,
    pub(super) password_hash: String,
    pub(super) single_use: bool,
    /// When the password ends, where it serves once.
    pub(super) until: Option<Instant>,
}

impl Exchange {
    pub(crate) fn admit(&mut self, code: &str, name: &str, out: &mut Output) -> Result<Answer, Refusal> {
        if self.profile.texts_checked {
            check_text("code", code, CODE_MAX)?;
            check_text("name", name, NAME_MAX)?;
        }
        self.judge_code(code)?;
        Ok(Answer::Member(self.join(code, name, None, out)))
    }

    pub(super) fn judge_code(&self, code: &str) -> Result<(), Refusal> {
        // The exchange itself is called so in files of acts.
        if code == "EXCHANGE" {
            return Err(Refusal::InvalidText("code".to_owned()));
        }
        if self.members.by_code.contains_key(code) { Err(Refusal::Taken) } else { Ok(()) }
    }

    /// A firm becomes a member. What it said of itself is known of one that applied.
    pub(super) fn join(&mut self, code: &str, name: &str, firm: Option<Firm>, out: &mut Output) -> MemberId {
        let id = MemberId(u32::try_from(self.members.members.len() + 1).expect("fewer than 2^32 members"));
        let (code, name) = (code.to_owned(), name.to_owned());
        self.members.by_code.insert(code.clone(), id);
        if let Some(firm) = &firm {
            self.members.by_credit_code.insert(firm.credit_code.clone(), id);
        }
        out.emit(&Event::MemberAdmitted { member: id, code: code.clone(), name: name.clone(), firm: firm.clone() });
        self.members.members.push(Member { id, code, name, auctions_open: 0, frozen: None, firm });
        self.ledger.open();
        self.mark(Table::Members, id.0 as usize - 1);
        self.mark(Table::Balances, id.0 as usize - 1);
        id
    }

    /// When a first password ends that is given now.
    pub(super) fn first_password_until(&self) -> Option<Instant> {
        self.profile.first_password_lasts.map(|lasts| self.now.plus(lasts))
    }

    pub(crate) fn add_user(&mut self, by: Option<UserId>, body: &Body, out: &mut Output) -> Result<Answer, Refusal> {
        let Body::AddUser { role, member, login_tag, personal, password_hash, single_use } = body else {
            unreachable!("called for this body only")
        };
        self.judge_addition(by, *role, *member)?;
        self.judge_new_user(*role, *member, login_tag, (personal, password_hash))?;
        if let Some(by) = self.asks_second_person(by, *role) {
            let (login_tag, personal) = (*login_tag, ByteVec::from(personal.clone()));
            return self.ask_second_person(by, Act::AddStaff { role: *role, login_tag, personal }, out);
        }
        let user = NewUser {
            role: *role,
            member: *member,
            login_tag: *login_tag,
            personal: personal.clone(),
            password_hash: password_hash.clone(),
            single_use: *single_use,
            // What the node itself sets up, such as the first admin, has nobody who could renew it.
            until: by.filter(|_| *single_use).and_then(|_| self.first_password_until()),
        };
        Ok(Answer::User(self.enter_user(user, out)))
    }

    pub(crate) fn judge_new_user(
        &self,
        role: Role,
        member: Option<MemberId>,
        login_tag: &ByteArray<16>,
        (personal, password_hash): (&[u8], &str),
    ) -> Result<(), Refusal> {
        if member.is_some_and(|member| self.members.member(member).is_none()) {
            return Err(Refusal::UnknownMember);
        }
        if role.is_members() != member.is_some() {
            return Err(Refusal::RoleMismatch);
        }
        if personal.len() > PERSONAL_MAX {
            return Err(Refusal::InvalidText("personal".to_owned()));
        }
        if password_hash.len() > HASH_MAX {
            return Err(Refusal::InvalidText("password_hash".to_owned()));
        }
        if self.members.by_login.contains_key(&**login_tag) { Err(Refusal::Taken) } else { Ok(()) }
    }

    pub(super) fn enter_user(&mut self, user: NewUser, out: &mut Output) -> UserId {
        let id = UserId(u32::try_from(self.members.users.len() + 1).expect("fewer than 2^32 users"));
        let NewUser { role, member, login_tag, personal, password_hash, single_use, until } = user;
        self.members.by_login.insert(*login_tag, id);
        self.members.users.push(User {
            id,
            role,
            member,
            login_tag,
            personal: personal.clone(),
            password_hash: password_hash.clone(),
            single_use,
            locked: false,
            sessions: Vec::new(),
            second: None,
            key: None,
            limit: None,
            forgotten: None,
            notices_read: None,
            notices: None,
            first_until: until,
            given: None,
            followed: None,
        });
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::UserAdded { user: id, role, member, login_tag, personal, password_hash, single_use, until });
        id
    }

    /// One's own password, or by who manages the user a new one that serves once.
    pub(crate) fn set_password(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        password_hash: &str,
        keep: Option<ByteArray<32>>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let own = by == Some(id);
        if !own {
            self.judge_management(by, id)?;
        }
        judge_password(password_hash)?;
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        if user.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        // Who signed in with it while it served.
        if own && self.profile.has_second_for_staff() && user.first_has_ended(self.now) {
            return Err(Refusal::FirstPasswordEnded);
        }
        if let Some(by) = self.asks_second_person(by.filter(|_| !own), user.role) {
            return self.ask_second_person(by, Act::ResetPassword(id), out);
        }
        let until = by.filter(|_| !own).and_then(|_| self.first_password_until());
        self.put_password(id, password_hash, (!own).then_some(until), out);
        self.end_sessions(id, keep, out);
        Ok(Answer::Done)
    }

    /// `first`: it serves once, until then.
    pub(super) fn put_password(
        &mut self,
        id: UserId,
        password_hash: &str,
        first: Option<Option<Instant>>,
        out: &mut Output,
    ) {
        let (single_use, until) = (first.is_some(), first.flatten());
        let user = self.members.user_mut(id).expect("judged before");
        password_hash.clone_into(&mut user.password_hash);
        (user.single_use, user.first_until) = (single_use, until);
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::PasswordSet { user: id, password_hash: password_hash.to_owned(), single_use, until });
    }

    pub(crate) fn lock(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        locked: bool,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_management(by, id)?;
        // So somebody who manages is always left.
        if by == Some(id) {
            return Err(Refusal::SamePerson);
        }
        let user = self.members.user_mut(id).ok_or(Refusal::UnknownUser)?;
        if user.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        if user.locked == locked {
            return Err(Refusal::Unchanged);
        }
        user.locked = locked;
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::UserLocked { user: id, locked });
        if locked {
            self.end_sessions(id, None, out);
        }
        Ok(Answer::Done)
    }

    /// The gateway has checked the password.
    pub(crate) fn open_session(
        &mut self,
        id: UserId,
        token_hash: ByteArray<32>,
        lasts: Span,
        checked: Option<ByteArray<16>>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_session(id, token_hash, checked)?;
        let expires = self.now.plus(lasts);
        self.begin_session(Session { user: id, token_hash, expires, begun: None }, out);
        out.emit(&Event::SessionOpened { user: id, token_hash, expires });
        Ok(Answer::Session { expires })
    }

    /// The gateway has checked who signs in.
    pub(crate) fn sign_in(
        &mut self,
        id: UserId,
        token_hash: ByteArray<32>,
        lasts: Span,
        checked: ByteArray<16>,
        proof: Option<&Proof>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_session(id, token_hash, Some(checked))?;
        self.check_proof(id, proof, out)?;
        self.use_proof(id, proof, out);
        let expires = self.now.plus(lasts);
        self.begin_session(Session { user: id, token_hash, expires, begun: Some(self.now) }, out);
        out.emit(&Event::SignedIn { user: id, token_hash, expires });
        Ok(Answer::Session { expires })
    }

    fn judge_session(
        &self,
        id: UserId,
        token_hash: ByteArray<32>,
        checked: Option<ByteArray<16>>,
    ) -> Result<(), Refusal> {
        let user = self.members.user(id).filter(|user| !user.locked).ok_or(Refusal::NotSignedIn)?;
        if user.member.is_some_and(|member| self.members.is_frozen(member)) {
            return Err(Refusal::Frozen);
        }
        if checked.is_some_and(|checked| checked != password_tag(&user.password_hash)) {
            return Err(Refusal::PasswordReplaced);
        }
        if user.first_has_ended(self.now) {
            return Err(Refusal::FirstPasswordEnded);
        }
        if self.members.by_token.contains_key(&*token_hash) {
            return Err(Refusal::Taken);
        }
        Ok(())
    }

    /// One session too many ends the oldest.
    pub(crate) fn begin_session(&mut self, session: Session, out: &mut Output) {
        let most = usize::from(self.profile.sessions_per_user_max).max(1);
        let (id, token_hash, expires) = (session.user, session.token_hash, session.expires);
        let user = self.members.user(id).expect("judged before");
        let too_many = (user.sessions.len() >= most).then(|| user.sessions[0]);
        if let Some(oldest) = too_many {
            self.end_session(oldest, out);
        }
        let place = match self.members.sessions_free.pop() {
            Some(place) => {
                self.members.sessions[place as usize] = Some(session);
                place
            }
            None => {
                self.members.sessions.push(Some(session));
                u32::try_from(self.members.sessions.len() - 1).expect("fewer than 2^32 sessions")
            }
        };
        self.members.by_token.insert(*token_hash, place);
        self.members.user_mut(id).expect("judged before").sessions.push(place);
        self.mark(Table::Sessions, place as usize);
        self.mark(Table::Users, id.0 as usize - 1);
        self.deadlines.add(expires, crate::deadlines::Due::SessionExpires(place));
    }

    pub(crate) fn close_session(&mut self, token_hash: ByteArray<32>, out: &mut Output) -> Result<Answer, Refusal> {
        let place = *self.members.by_token.get(&*token_hash).ok_or(Refusal::UnknownSession)?;
        self.end_session(place, out);
        Ok(Answer::Done)
    }

    pub(crate) fn end_session(&mut self, place: u32, out: &mut Output) {
        let session = self.members.sessions[place as usize].take().expect("a session ends once");
        self.members.by_token.remove(&*session.token_hash);
        self.members.sessions_free.push(place);
        let user = self.members.user_mut(session.user).expect("a session has a user");
        user.sessions.retain(|own| *own != place);
        self.mark(Table::Sessions, place as usize);
        self.mark(Table::Users, session.user.0 as usize - 1);
        out.emit(&Event::SessionClosed { user: session.user, token_hash: session.token_hash });
    }

    pub(crate) fn end_sessions(&mut self, id: UserId, keep: Option<ByteArray<32>>, out: &mut Output) {
        let places = self.members.user(id).map(|user| user.sessions.clone()).unwrap_or_default();
        for place in places {
            let token = self.members.sessions[place as usize].as_ref().map(|session| session.token_hash);
            if token != keep {
                self.end_session(place, out);
            }
        }
    }
}
