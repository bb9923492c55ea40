//! Asking a second person, and what it decides.

use super::{Act, Approval, Decision};
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{ApprovalId, UserId};

impl Exchange {
    pub(crate) fn ask_second_person(&mut self, by: UserId, act: Act, out: &mut Output) -> Result<Answer, Refusal> {
        if self.approvals_waiting >= self.profile.approvals_max {
            return Err(Refusal::LimitReached("acts that wait for a second person".to_owned()));
        }
        let role = self.members.user(by).ok_or(Refusal::UnknownUser)?.role;
        let id = ApprovalId(u32::try_from(self.approvals.len() + 1).expect("fewer than 2^32 approvals"));
        self.approvals.push(Approval { id, by, role, act: act.clone(), decision: Decision::Waiting });
        self.approvals_waiting += 1;
        self.mark(Table::Approvals, id.0 as usize - 1);
        out.emit(&Event::ApprovalAsked { approval: id, by, role, act });
        Ok(Answer::Pending(id))
    }

    /// The second person agrees. The act is judged now; refused, it goes on waiting.
    pub(crate) fn approve(
        &mut self,
        by: Option<UserId>,
        id: ApprovalId,
        password_hash: Option<&str>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let (by, act) = self.judge_decision(by, id)?;
        let answer = match &act {
            Act::Deposit(payment) => self.deposit(payment, out),
            Act::Withdraw(payment) => self.withdraw(payment, out),
            Act::Annul { auction, lot, reason } => self.annul((*auction, *lot), reason, out),
            Act::Correct { payment, reason } => self.correct(payment.sequence, reason, out),
            Act::SetProfile(profile) => self.change_profile(profile, None, out),
            Act::Erase(user) => self.erase(by, *user, out),
            Act::ForgetApplicant(application) => self.forget_applicant(*application, out),
            Act::AddStaff { role, login_tag, personal } => {
                self.add_staff(*role, *login_tag, personal, password_hash, out)
            }
            Act::SetRole { user, role } => self.set_staff_role(by, *user, *role, out),
            Act::ResetPassword(user) => self.reset_staff_password(*user, password_hash, out),
            Act::RemoveSecondFactor(user) => self.remove_second_factor(*user, out),
            Act::ChangeProfile { profile, base } => self.change_profile(profile, Some(base), out),
        }?;
        self.decided(id, by, Decision::Done, out);
        Ok(answer)
    }

    /// The second person lets it fall.
    pub(crate) fn decline(&mut self, by: Option<UserId>, id: ApprovalId, out: &mut Output) -> Result<Answer, Refusal> {
        let (by, _) = self.judge_decision(by, id)?;
        self.decided(id, by, Decision::Declined, out);
        Ok(Answer::Done)
    }

    pub(crate) fn judge_decision(&self, by: Option<UserId>, id: ApprovalId) -> Result<(UserId, Act), Refusal> {
        let by = by.ok_or(Refusal::Forbidden)?;
        let approval =
            (id.0 as usize).checked_sub(1).and_then(|at| self.approvals.get(at)).ok_or(Refusal::UnknownApproval)?;
        if self.members.user(by).is_none_or(|user| user.role != approval.role) {
            return Err(Refusal::Forbidden);
        }
        if approval.by == by {
            return Err(Refusal::SamePerson);
        }
        if approval.decision != Decision::Waiting {
            return Err(Refusal::AlreadyDecided);
        }
        Ok((by, approval.act.clone()))
    }

    fn decided(&mut self, id: ApprovalId, by: UserId, decision: Decision, out: &mut Output) {
        self.approvals[id.0 as usize - 1].decision = decision;
        self.approvals_waiting -= 1;
        self.mark(Table::Approvals, id.0 as usize - 1);
        out.emit(&Event::ApprovalDecided { approval: id, by, done: decision == Decision::Done });
    }
}
