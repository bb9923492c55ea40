//! Freezing a member (auction.md, "The exchange's own hand"): it neither bids, publishes nor withdraws, and its users are
//! signed out. Keys of its own systems rest, at the gateway. Its leads, its running auctions and its contracts stand.

use super::{Frozen, Member, User};
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::markets::auction::check_reason;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{MemberId, UserId};

impl Exchange {
    pub(crate) fn freeze(&mut self, id: MemberId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        self.judge_freeze(id, true)?;
        check_reason(reason)?;
        let frozen = Frozen { since: self.now, reason: reason.to_owned() };
        self.set_frozen(id, Some(frozen), reason, out);
        let users: Vec<UserId> = self.members.people_of(id).map(|user| user.id).collect();
        for user in users {
            self.end_sessions(user, None, out);
        }
        Ok(Answer::Done)
    }

    pub(crate) fn unfreeze(&mut self, id: MemberId, reason: &str, out: &mut Output) -> Result<Answer, Refusal> {
        self.judge_freeze(id, false)?;
        check_reason(reason)?;
        self.set_frozen(id, None, reason, out);
        Ok(Answer::Done)
    }

    /// The column of both acts, before their reason: `unknown_member`, `unchanged` where it is so already.
    pub(crate) fn judge_freeze(&self, id: MemberId, freezes: bool) -> Result<&Member, Refusal> {
        let member = self.members.member(id).ok_or(Refusal::UnknownMember)?;
        if member.frozen.is_some() == freezes {
            return Err(Refusal::Unchanged);
        }
        Ok(member)
    }

    fn set_frozen(&mut self, id: MemberId, frozen: Option<Frozen>, reason: &str, out: &mut Output) {
        out.emit(&Event::MemberFrozen { member: id, frozen: frozen.is_some(), reason: reason.to_owned() });
        if frozen.is_some() {
            self.members.frozen.insert(id);
        } else {
            self.members.frozen.remove(&id);
        }
        self.members.member_mut(id).expect("judged above").frozen = frozen;
        self.mark(Table::Members, id.0 as usize - 1);
    }
}

impl super::Members {
    /// The people of a member, in their order. Its keys rest while it is frozen: a key whose session has ended would never
    /// serve again.
    pub(crate) fn people_of(&self, id: MemberId) -> impl Iterator<Item = &User> {
        self.users.iter().filter(move |user| user.member == Some(id) && user.key.is_none())
    }
}
