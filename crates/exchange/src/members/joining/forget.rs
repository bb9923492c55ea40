//! Forgetting who applied in vain. Who was admitted is a user, and is forgotten as one (`members/erase.rs`). What was said of the
//! firm stays, since it is no person; its token opens nothing any more.

use super::ApplicationStatus;
use crate::approvals::Act;
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{ApplicationId, UserId};

impl Exchange {
    /// Always waits for a second person: it cannot be undone.
    pub(crate) fn ask_forgetting(
        &mut self,
        by: Option<UserId>,
        id: ApplicationId,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let by = by.ok_or(Refusal::Forbidden)?;
        self.judge_forgetting(id)?;
        self.ask_second_person(by, Act::ForgetApplicant(id), out)
    }

    /// The second person agrees; whoever keeps the applicant's key destroys it.
    pub(crate) fn forget_applicant(&mut self, id: ApplicationId, out: &mut Output) -> Result<Answer, Refusal> {
        self.judge_forgetting(id)?;
        let now = self.now;
        out.emit(&Event::ApplicantForgotten { application: id });
        self.applications.change(id, |application| application.forgotten = Some(now));
        self.mark(Table::Applications, id.0 as usize - 1);
        Ok(Answer::ApplicantForgotten(id))
    }

    fn judge_forgetting(&self, id: ApplicationId) -> Result<(), Refusal> {
        let application = self.applications.application(id).ok_or(Refusal::UnknownApplication)?;
        if application.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        if application.status == ApplicationStatus::Refused { Ok(()) } else { Err(Refusal::NotRefused) }
    }
}
