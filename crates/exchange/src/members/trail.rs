//! What only leaves a trace: looks of staff at what is another's, and sign-ins that went wrong. Neither changes the state;
//! the audit trail is made of their events.

use crate::command::Sight;
use crate::event::Event;
use crate::exchange::{Exchange, Output};
use crate::files::FileHash;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{ApplicationId, Instant, MemberId, UserId};

impl Exchange {
    pub(crate) fn look(
        &self,
        sight: Sight,
        member: Option<MemberId>,
        (file, application): (Option<FileHash>, Option<ApplicationId>),
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if member.is_some_and(|member| self.members.member(member).is_none()) {
            return Err(Refusal::UnknownMember);
        }
        if application.is_some_and(|application| self.applications.application(application).is_none()) {
            return Err(Refusal::UnknownApplication);
        }
        if file.is_some_and(|file| self.files.with_hash(&file).next().is_none()) {
            return Err(Refusal::UnknownFile);
        }
        out.emit(&Event::Looked { sight, member, file, application });
        Ok(Answer::Done)
    }

    pub(crate) fn count_failures(
        &self,
        user: Option<UserId>,
        count: u32,
        since: Instant,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if user.is_some_and(|user| self.members.user(user).is_none()) {
            return Err(Refusal::UnknownUser);
        }
        out.emit(&Event::SignInsFailed { user, count, since });
        Ok(Answer::Done)
    }
}
