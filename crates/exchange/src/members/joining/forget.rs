//! Forgetting who applied in vain: two admins do, or time does where the profile says how long who was refused is kept. Who was
//! admitted is a user, and is forgotten as one (`members/erase.rs`). What was said of the firm stays, since it is no person; its
//! token opens nothing any more.

use super::ApplicationStatus;
use crate::approvals::Act;
use crate::deadlines::Due;
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{ApplicationId, Instant, UserId};

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
        out.emit(&Event::ApplicantForgotten { application: id });
        self.set_forgotten(id);
        Ok(Answer::ApplicantForgotten(id))
    }

    /// The same in time: nobody asks for it, and each node destroys the key that it keeps.
    pub(crate) fn forget_in_time(&mut self, id: ApplicationId, out: &mut Output) {
        out.emit(&Event::RefusedForgotten { application: id });
        self.set_forgotten(id);
    }

    fn set_forgotten(&mut self, id: ApplicationId) {
        let now = self.now;
        self.applications.change(id, |application| application.forgotten = Some(now));
        self.mark(Table::Applications, id.0 as usize - 1);
    }

    /// When who applied in vain is forgotten; `None`: not by itself, as things are. An amendment waits for a decision again.
    pub(crate) fn forgets_at(&self, id: ApplicationId) -> Option<Instant> {
        self.judge_forgetting(id).ok()?;
        Some(self.applications.application(id)?.decided?.plus(self.profile.refused_kept?))
    }

    pub(crate) fn put_forgetting(&mut self, id: ApplicationId) {
        if let Some(at) = self.forgets_at(id) {
            self.deadlines.add(at, Due::RefusedForgotten(id));
        }
    }

    /// All of them, from the state: when the profile says another time, and when a snapshot is read.
    pub(crate) fn put_refused(&mut self) {
        let count = self.applications.all().len();
        (1..=count).for_each(|id| self.put_forgetting(ApplicationId(u32::try_from(id).expect("fewer than 2^32"))));
    }

    fn judge_forgetting(&self, id: ApplicationId) -> Result<(), Refusal> {
        let application = self.applications.application(id).ok_or(Refusal::UnknownApplication)?;
        if application.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        if application.status == ApplicationStatus::Refused { Ok(()) } else { Err(Refusal::NotRefused) }
    }
}
