//! Forgetting a person. Its data are ciphertext under a key that lies beside the log and is destroyed when this is decided; here
//! it loses everything by which it could sign in. Its number stays, so that history says who did what without saying who
//! that was; its login stays taken, since nobody else should be found where it was.

use super::Role;
use crate::approvals::Act;
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::UserId;

impl Exchange {
    /// Always waits for a second person: it cannot be undone.
    pub(crate) fn ask_erasure(&mut self, by: Option<UserId>, id: UserId, out: &mut Output) -> Result<Answer, Refusal> {
        let by = by.ok_or(Refusal::Forbidden)?;
        self.judge_erasure(id)?;
        self.ask_second_person(by, Act::Erase(id), out)
    }

    /// The second person agrees; whom it is about is no second person.
    pub(crate) fn erase(&mut self, by: UserId, id: UserId, out: &mut Output) -> Result<Answer, Refusal> {
        if by == id {
            return Err(Refusal::SamePerson);
        }
        self.judge_erasure(id)?;
        let now = self.now;
        let user = self.members.user_mut(id).expect("judged before");
        user.forgotten = Some(now);
        user.locked = true;
        user.password_hash = String::new();
        user.second = None;
        user.limit = None;
        user.notices = None;
        (user.first_until, user.given, user.followed) = (None, None, None);
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::PersonForgotten { user: id });
        self.end_sessions(id, None, out);
        Ok(Answer::Forgotten(id))
    }

    pub(crate) fn judge_erasure(&self, id: UserId) -> Result<(), Refusal> {
        let user = self.members.user(id).filter(|user| user.role != Role::Key).ok_or(Refusal::UnknownUser)?;
        if user.forgotten.is_some() { Err(Refusal::Forgotten) } else { Ok(()) }
    }
}
