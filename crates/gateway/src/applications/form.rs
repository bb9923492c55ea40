//! What an application says, as it comes in and as it is shown.

use exchange::members::{
    AFFILIATES_MAX, AMENDMENTS_MAX, Affiliate, Application, CreditCodeError, Firm, check_credit_code,
};
use exchange::units::{Day, Instant};
use minicbor::{Decode, Encode};
use ordering::{PersonalData, Vault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::wire::{self, Object, shown, shown_or_null};

/// An application, all of it at once.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApplication {
    /// The firm.
    #[schema(value_type = FirmForm)]
    firm: Object<FirmForm>,
    /// Who applies for it, and becomes its first user.
    #[schema(value_type = ContactForm)]
    contact: Object<ContactForm>,
}

/// A firm as it describes itself.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirmForm {
    /// Its unified social credit code (GB 32100-2015), 18 characters.
    #[schema(example = "91150000701463622D")]
    credit_code: String,
    /// Its name, as on its licence, 1 to 200 characters.
    name: String,
    /// The last day of its business licence; left out or null: it has no end.
    #[serde(default)]
    #[schema(example = "2031-05-20")]
    licence_until: Option<String>,
    /// Firms that stand behind it, or that the same people run, at most 20.
    #[serde(default)]
    #[schema(value_type = Vec<AffiliateForm>)]
    affiliates: Vec<Object<AffiliateForm>>,
}

/// An affiliate: by its name, its code, or both.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AffiliateForm {
    /// Its name.
    #[serde(default)]
    name: Option<String>,
    /// Its unified social credit code, or its code as a member.
    #[serde(default)]
    code: Option<String>,
}

/// Who applies.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactForm {
    /// The person's name.
    name: String,
    /// By what it wishes to sign in, 1 to 64 characters.
    login: String,
    /// `+` and 8 to 15 digits.
    #[schema(example = "+8613800000000")]
    phone: String,
    /// An address of e-mail.
    email: String,
}

/// How a person is reached, as it is stored under its key: CBOR with numbered fields, so that fields can be added.
#[derive(Encode, Decode)]
pub(super) struct Reach {
    #[n(0)]
    phone: String,
    #[n(1)]
    email: String,
}

impl NewApplication {
    /// What is said of the firm, the person, and how it is reached.
    pub(super) fn read(&self) -> Result<(Firm, PersonalData, Vec<u8>), Problem> {
        let FirmForm { credit_code, name, licence_until, affiliates } = &self.firm.0;
        check_credit_code(credit_code).map_err(|error| wrong_code("credit_code", credit_code, error))?;
        wire::text("invalid_name", "name", name, 200)?;
        let licence_until = licence_until.as_deref().map(day).transpose()?;
        if affiliates.len() > AFFILIATES_MAX {
            let detail = format!("a firm names at most {AFFILIATES_MAX} affiliates");
            return Err(Problem::invalid("invalid_affiliate", detail));
        }
        let affiliates = affiliates.iter().map(|affiliate| affiliate.0.read()).collect::<Result<_, _>>()?;
        let firm = Firm { credit_code: credit_code.clone(), name: name.clone(), licence_until, affiliates };
        let ContactForm { name, login, phone, email } = &self.contact.0;
        wire::text("invalid_name", "name", name, 200)?;
        wire::code("invalid_login", "login", login, 64)?;
        wire::phone(phone)?;
        wire::email(email)?;
        let person = PersonalData { login: login.clone(), name: name.clone() };
        let reach = Reach { phone: phone.clone(), email: email.clone() };
        Ok((firm, person, minicbor::to_vec(&reach).expect("writing to memory does not fail")))
    }
}

impl AffiliateForm {
    fn read(&self) -> Result<Affiliate, Problem> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let affiliate = Affiliate { name: given(&self.name), code: given(&self.code) };
        if affiliate.name.is_none() && affiliate.code.is_none() {
            return Err(Problem::invalid("invalid_affiliate", "an affiliate has a name, a code, or both"));
        }
        if let Some(name) = &affiliate.name {
            wire::text("invalid_affiliate", "name", name, 200)?;
        }
        if let Some(code) = &affiliate.code {
            wire::text("invalid_affiliate", "code", code, 32)?;
            // What is as long as a credit code is meant as one.
            match check_credit_code(code) {
                Ok(()) | Err(CreditCodeError::Length(_)) => {}
                Err(error) => return Err(wrong_code("code", code, error)),
            }
        }
        Ok(affiliate)
    }
}

fn wrong_code(field: &str, code: &str, error: CreditCodeError) -> Problem {
    let short: String = code.chars().take(80).collect();
    Problem::invalid("invalid_credit_code", format!("{field} {short:?} {error}"))
}

fn day(text: &str) -> Result<Day, Problem> {
    Day::parse(text).ok_or_else(|| {
        let short: String = text.chars().take(80).collect();
        Problem::invalid("invalid_time", format!("licence_until {short:?} is no day; expected for example 2031-05-20"))
    })
}

/// A firm as it describes itself.
#[derive(Serialize, ToSchema)]
#[schema(as = Firm)]
pub(crate) struct FirmView {
    /// Its unified social credit code.
    credit_code: String,
    /// Its name.
    name: String,
    /// The last day of its business licence; null: it has no end.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    licence_until: Option<Day>,
    /// Firms that stand behind it, or that the same people run.
    affiliates: Vec<AffiliateView>,
}

/// An affiliate.
#[derive(Serialize, ToSchema)]
#[schema(as = Affiliate)]
pub(crate) struct AffiliateView {
    /// Its name; null where only its code was said.
    #[schema(required)]
    name: Option<String>,
    /// Its code; null where only its name was said.
    #[schema(required)]
    code: Option<String>,
}

/// Who applied.
#[derive(Serialize, ToSchema)]
#[schema(as = Contact)]
pub(crate) struct ContactView {
    /// The person's name.
    name: String,
    /// By what it wishes to sign in.
    login: String,
    /// Its phone.
    phone: String,
    /// Its e-mail.
    email: String,
}

/// Where an application stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Application)]
pub(crate) struct ApplicationView {
    /// Its number.
    pub id: u32,
    /// `waiting`, `refused` or `admitted`.
    pub status: &'static str,
    /// When it was made, or last amended.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub made_at: Instant,
    /// When staff last decided.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    pub decided_at: Option<Instant>,
    /// Why it was last refused.
    #[schema(required)]
    pub reason: Option<String>,
    /// The firm.
    pub firm: FirmView,
    /// The code of the member that it became.
    #[schema(required)]
    pub member: Option<String>,
    /// How often it was amended: an admission names it.
    version: u32,
    /// How often it may still be amended.
    pub amendments_left: u32,
    /// Whether the applicant was forgotten.
    pub forgotten: bool,
}

impl FirmView {
    fn of(firm: &Firm) -> Self {
        let affiliate = |known: &Affiliate| AffiliateView { name: known.name.clone(), code: known.code.clone() };
        FirmView {
            credit_code: firm.credit_code.clone(),
            name: firm.name.clone(),
            licence_until: firm.licence_until,
            affiliates: firm.affiliates.iter().map(affiliate).collect(),
        }
    }
}

impl ApplicationView {
    /// `member`: the code of the member that it became.
    pub(super) fn of(application: &Application, member: Option<String>) -> Self {
        ApplicationView {
            id: application.id.0,
            status: application.status.word(),
            made_at: application.at,
            decided_at: application.decided,
            reason: application.reason.clone(),
            firm: FirmView::of(&application.firm),
            member,
            version: application.amended,
            amendments_left: AMENDMENTS_MAX.saturating_sub(application.amended),
            forgotten: application.forgotten.is_some(),
        }
    }
}

impl ContactView {
    /// `None`: the person was forgotten.
    pub(super) fn of(application: &Application, vault: &Vault) -> Option<Self> {
        let applicant = &application.applicant;
        let PersonalData { login, name } = vault.decrypt_person(&applicant.personal)?;
        let reach = vault.open_contact(&application.token_hash, &applicant.contact)?;
        let Reach { phone, email } = minicbor::decode(&reach).ok()?;
        Some(ContactView { name, login, phone, email })
    }
}
