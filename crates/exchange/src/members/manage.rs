//! Who manages whom. The role was judged before; here it is the firm.

use super::Role;
use crate::exchange::Exchange;
use crate::refusal::Refusal;
use crate::units::{MemberId, UserId};

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
