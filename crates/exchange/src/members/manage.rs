//! Who manages whom. The role was judged before; here it is the firm.

use super::{Role, User};
use crate::approvals::Act;
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{MemberId, Money, UserId};

/// How many users of its member a manager may add, those before it included; an admin may add more.
pub const USERS_PER_MEMBER_MAX: usize = 1_000;

impl Exchange {
    /// The node and admins manage everybody, a manager the traders and managers of its own member: to it everybody else is
    /// unknown.
    pub(crate) fn judge_management(&self, by: Option<UserId>, subject: UserId) -> Result<(), Refusal> {
        let Some(by) = by else { return Ok(()) };
        let by = self.members.user(by).ok_or(Refusal::NotSignedIn)?;
        match by.role {
            Role::Admin => Ok(()),
            Role::Manager => {
                let own = self.members.user(subject).is_some_and(|user| user.member == by.member);
                if own { Ok(()) } else { Err(Refusal::UnknownUser) }
            }
            _ => Err(Refusal::Forbidden),
        }
    }

    /// Whether an admin asks a second person before somebody of this role can sign in as it: who asks. While there is no other
    /// admin there is nobody to be asked: so a venue gets its first ones. One that is locked counts, or who locks the other
    /// would be alone.
    pub(crate) fn asks_second_person(&self, by: Option<UserId>, role: Role) -> Option<UserId> {
        let is_other = |user: &User| user.role == Role::Admin && user.forgotten.is_none() && Some(user.id) != by;
        by.filter(|_| {
            self.profile.has_second_for_staff() && !role.is_members() && self.members.users.iter().any(is_other)
        })
    }

    /// Another role for a user: a member's for a member's, of the staff for one of the staff. What it could do before it can do no
    /// longer, so its sessions end. Nobody gives a role to oneself.
    pub(crate) fn set_role(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        role: Role,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_management(by, id)?;
        if by == Some(id) {
            return Err(Refusal::SamePerson);
        }
        self.judge_role(id, role)?;
        match self.asks_second_person(by, role) {
            Some(by) => self.ask_second_person(by, Act::SetRole { user: id, role }, out),
            None => Ok(self.put_role(id, role, out)),
        }
    }

    pub(crate) fn judge_role(&self, id: UserId, role: Role) -> Result<(), Refusal> {
        let user = self.members.user(id).filter(|user| user.role != Role::Key).ok_or(Refusal::UnknownUser)?;
        if user.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        if role == Role::Key || role.is_members() != user.role.is_members() {
            return Err(Refusal::RoleMismatch);
        }
        if user.role == role { Err(Refusal::Unchanged) } else { Ok(()) }
    }

    pub(super) fn put_role(&mut self, id: UserId, role: Role, out: &mut Output) -> Answer {
        let user = self.members.user_mut(id).expect("judged before");
        user.role = role;
        // Only a trader has limits.
        (user.limit, user.given) = (None, None);
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::RoleSet { user: id, role });
        self.end_sessions(id, None, out);
        Answer::Done
    }

    /// A limit for a trader, which it cannot lift itself: every bid is held against it from now on.
    pub(crate) fn give_limit(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        most: Option<Money>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_management(by, id)?;
        let user = self.members.user(id).filter(|user| user.role == Role::Trader).ok_or(Refusal::UnknownUser)?;
        if user.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        if most.is_some_and(|most| most.is_zero() || most.is_negative() || most > Money::MOST) {
            return Err(Refusal::InvalidAmount);
        }
        self.members.user_mut(id).expect("looked up above").given = most;
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::LimitGiven { user: id, most });
        Ok(Answer::Done)
    }

    /// A manager adds users to its own member only, and up to a limit.
    pub(crate) fn judge_addition(
        &self,
        by: Option<UserId>,
        role: Role,
        member: Option<MemberId>,
    ) -> Result<(), Refusal> {
        let manager = by.and_then(|by| self.members.user(by)).filter(|user| user.role == Role::Manager);
        let Some(manager) = manager else { return Ok(()) };
        if !role.is_members() || member != manager.member {
            return Err(Refusal::Forbidden);
        }
        let colleagues = self.members.users.iter().filter(|user| user.member == member).count();
        if colleagues >= USERS_PER_MEMBER_MAX {
            return Err(Refusal::LimitReached("users of a member".to_owned()));
        }
        Ok(())
    }
}
