//! Applying, amending, admitting and refusing.

use minicbor::bytes::ByteArray;

use super::{Affiliate, Applicant, Application, ApplicationStatus, CREDIT_CODE_CHARACTERS, Firm, check_credit_code};
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::markets::auction::check_reason;
use crate::members::acts::{CODE_MAX, HASH_MAX, NAME_MAX, NewUser, PERSONAL_MAX};
use crate::members::{Role, password_tag};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::text::check_text;
use crate::units::{ApplicationId, Day};

/// How many applications may wait.
pub const APPLICATIONS_WAITING_MAX: usize = 1_000;
/// How often one may be amended.
pub const AMENDMENTS_MAX: u32 = 50;
/// How many affiliates a firm may name.
pub const AFFILIATES_MAX: usize = 20;

/// What staff decide when they admit a firm.
pub(crate) struct Admission<'a> {
    /// The member's code.
    pub(crate) code: &'a str,
    /// Keyed hash of the first user's login.
    pub(crate) login_tag: ByteArray<16>,
    /// Its login and name under the key that the application has.
    pub(crate) personal: &'a [u8],
    /// The hash of its first password, which serves once.
    pub(crate) password_hash: &'a str,
    /// How often the application had been amended when they read it.
    pub(crate) amended: Option<u32>,
}

impl Exchange {
    /// A firm applies. Who asks is not signed in: only the gateway speaks for it.
    pub(crate) fn apply(
        &mut self,
        token_hash: ByteArray<32>,
        firm: &Firm,
        applicant: &Applicant,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_firm(firm)?;
        judge_applicant(applicant)?;
        if self.applications.waiting() >= APPLICATIONS_WAITING_MAX {
            return Err(Refusal::LimitReached("applications that wait for a decision".to_owned()));
        }
        if self.applications.by_token(&token_hash).is_some() {
            return Err(Refusal::Taken);
        }
        let count = self.applications.all().len();
        let id = ApplicationId(u32::try_from(count + 1).expect("fewer than 2^32 applications"));
        let (firm, applicant) = (firm.clone(), applicant.clone());
        out.emit(&Event::Applied { application: id, token_hash, firm: firm.clone(), applicant: applicant.clone() });
        self.applications.add(Application {
            id,
            at: self.now,
            token_hash,
            firm,
            applicant,
            status: ApplicationStatus::Waiting,
            amended: 0,
            decided: None,
            reason: None,
            member: None,
            user: None,
            password: None,
            forgotten: None,
        });
        self.mark(Table::Applications, count);
        Ok(Answer::Application(id))
    }

    /// What was said is replaced, whole; what was refused waits again.
    pub(crate) fn amend(
        &mut self,
        id: ApplicationId,
        firm: &Firm,
        applicant: &Applicant,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let before = self.applications.application(id).ok_or(Refusal::UnknownApplication)?;
        if before.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        let status = before.status;
        if status == ApplicationStatus::Admitted {
            return Err(Refusal::AlreadyDecided);
        }
        if before.amended >= AMENDMENTS_MAX {
            return Err(Refusal::LimitReached("amendments of one application".to_owned()));
        }
        self.judge_firm(firm)?;
        judge_applicant(applicant)?;
        if status != ApplicationStatus::Waiting && self.applications.waiting() >= APPLICATIONS_WAITING_MAX {
            return Err(Refusal::LimitReached("applications that wait for a decision".to_owned()));
        }
        let (at, firm, applicant) = (self.now, firm.clone(), applicant.clone());
        out.emit(&Event::ApplicationAmended { application: id, firm: firm.clone(), applicant: applicant.clone() });
        self.applications.change(id, |application| {
            (application.at, application.firm, application.applicant) = (at, firm, applicant);
            application.status = ApplicationStatus::Waiting;
            application.amended += 1;
        });
        self.mark(Table::Applications, id.0 as usize - 1);
        Ok(Answer::Application(id))
    }

    /// The firm becomes a member, and who applied its first user, a manager.
    pub(crate) fn admit_applicant(
        &mut self,
        id: ApplicationId,
        admission: &Admission<'_>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let firm = self.judge_admission(id, admission)?.firm.clone();
        let (at, password) = (self.now, password_tag(admission.password_hash));
        let member = self.join(admission.code, &firm.name.clone(), Some(firm), out);
        let user = self.enter_user(
            NewUser {
                role: Role::Manager,
                member: Some(member),
                login_tag: admission.login_tag,
                personal: admission.personal.to_vec(),
                password_hash: admission.password_hash.to_owned(),
                single_use: true,
                until: self.first_password_until(),
            },
            out,
        );
        out.emit(&Event::ApplicationAdmitted { application: id, member, user });
        self.applications.change(id, |application| {
            application.status = ApplicationStatus::Admitted;
            application.decided = Some(at);
            (application.member, application.user) = (Some(member), Some(user));
            application.password = Some(password);
        });
        self.mark(Table::Applications, id.0 as usize - 1);
        Ok(Answer::Joined { member, user })
    }

    pub(crate) fn judge_admission(
        &self,
        id: ApplicationId,
        admission: &Admission<'_>,
    ) -> Result<&Application, Refusal> {
        let application = self.judge_waiting(id)?;
        if admission.amended.is_some_and(|seen| seen != application.amended) {
            return Err(Refusal::ChangedMeanwhile);
        }
        self.judge_licence(application.firm.licence_until)?;
        if self.members.by_credit_code(&application.firm.credit_code).is_some() {
            return Err(Refusal::AlreadyApplied);
        }
        check_text("code", admission.code, CODE_MAX)?;
        self.judge_code(admission.code)?;
        if self.members.by_login(&admission.login_tag).is_some() {
            return Err(Refusal::LoginTaken);
        }
        if admission.personal.is_empty() || admission.personal.len() > PERSONAL_MAX {
            return Err(Refusal::InvalidText("personal".to_owned()));
        }
        if admission.password_hash.len() > HASH_MAX {
            return Err(Refusal::InvalidText("password_hash".to_owned()));
        }
        Ok(application)
    }

    pub(crate) fn refuse_applicant(
        &mut self,
        id: ApplicationId,
        reason: &str,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_waiting(id)?;
        check_reason(reason)?;
        let (at, reason) = (self.now, reason.to_owned());
        out.emit(&Event::ApplicationRefused { application: id, reason: reason.clone() });
        self.applications.change(id, |application| {
            application.status = ApplicationStatus::Refused;
            (application.decided, application.reason) = (Some(at), Some(reason));
        });
        self.put_forgetting(id);
        self.mark(Table::Applications, id.0 as usize - 1);
        Ok(Answer::Application(id))
    }

    pub(crate) fn judge_waiting(&self, id: ApplicationId) -> Result<&Application, Refusal> {
        let application = self.applications.application(id).ok_or(Refusal::UnknownApplication)?;
        if application.status == ApplicationStatus::Waiting { Ok(application) } else { Err(Refusal::AlreadyDecided) }
    }

    /// Several applications may name one firm: anybody can type its code, and none of them keeps the others out. Staff find the
    /// right one, and the firm is admitted once.
    fn judge_firm(&self, firm: &Firm) -> Result<(), Refusal> {
        check_credit_code(&firm.credit_code).map_err(Refusal::InvalidCreditCode)?;
        check_text("name", &firm.name, NAME_MAX)?;
        if firm.affiliates.len() > AFFILIATES_MAX {
            return Err(Refusal::LimitReached("affiliates of one firm".to_owned()));
        }
        firm.affiliates.iter().try_for_each(judge_affiliate)?;
        self.judge_licence(firm.licence_until)?;
        if self.members.by_credit_code(&firm.credit_code).is_some() {
            return Err(Refusal::AlreadyApplied);
        }
        Ok(())
    }

    /// A licence must outlast today, which is the venue's.
    fn judge_licence(&self, until: Option<Day>) -> Result<(), Refusal> {
        let today = Day::of(self.now, self.profile.offset());
        match until {
            Some(until) if until <= today => Err(Refusal::LicenceEnded { until }),
            _ => Ok(()),
        }
    }
}

fn judge_affiliate(affiliate: &Affiliate) -> Result<(), Refusal> {
    if affiliate.name.is_none() && affiliate.code.is_none() {
        return Err(Refusal::InvalidText("affiliate".to_owned()));
    }
    affiliate.name.as_deref().map_or(Ok(()), |name| check_text("affiliate", name, NAME_MAX))?;
    let Some(code) = affiliate.code.as_deref() else { return Ok(()) };
    check_text("affiliate", code, CODE_MAX)?;
    // A member's code may be anything; what is as long as a credit code is meant as one.
    if code.chars().count() == CREDIT_CODE_CHARACTERS {
        return check_credit_code(code).map_err(Refusal::InvalidCreditCode);
    }
    Ok(())
}

fn judge_applicant(applicant: &Applicant) -> Result<(), Refusal> {
    for (what, sealed) in [("personal", &applicant.personal), ("contact", &applicant.contact)] {
        if sealed.is_empty() || sealed.len() > PERSONAL_MAX {
            return Err(Refusal::InvalidText(what.to_owned()));
        }
    }
    Ok(())
}
