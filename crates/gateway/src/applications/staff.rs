//! What staff see of applications, and what they decide.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::members::{Application, ApplicationStatus};
use exchange::units::{ApplicationId, Instant};
use exchange::{Answer, Body, Refusal};
use minicbor::bytes::ByteArray;
use ordering::PersonalData;
use serde::Serialize;
use utoipa::ToSchema;

use super::documents::DocumentView;
use super::first_password;
use super::form::{ApplicationView, ContactView};
use crate::funds::{Pending, moved};
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, answer, json};
use crate::live::Picture;
use crate::members::after;
use crate::problem::{Document, Problem, outcome, status_of};
use crate::query::{self, At, PAGE_MAX, Params};
use crate::view::Page;
use crate::wire::{self, Admission, Nothing, Reason, shown_or_null};

/// An application with who made it.
#[derive(Serialize, ToSchema)]
#[schema(as = WholeApplication)]
pub(crate) struct WholeView {
    #[serde(flatten)]
    application: ApplicationView,
    /// Who applied; null where that person was forgotten.
    #[schema(required)]
    contact: Option<ContactView>,
    /// Whether the login that was wished is taken, so that an admission needs another.
    login_taken: bool,
    /// The numbers of other applications with the same unified social credit code, the newest first, at most 20.
    others: Vec<u32>,
    /// Its documents, in the order in which they came; each is read at `/api/v1/files/{id}`.
    documents: Vec<DocumentView>,
}

/// A firm was admitted.
#[derive(Serialize, ToSchema)]
pub(crate) struct Admitted {
    /// `admitted`.
    status: &'static str,
    /// The member's code.
    member: String,
    /// By what its first user signs in.
    login: String,
    /// Its first password, which serves once. The applicant reads it with its token too.
    password: String,
    /// When that ends; null: it does not.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    ends_at: Option<Instant>,
    /// The entry that did it.
    sequence: u64,
}

/// An application was refused.
#[derive(Serialize, ToSchema)]
pub(crate) struct Refused {
    /// `refused`.
    status: &'static str,
    /// The entry that did it.
    sequence: u64,
}

/// The applications in the order in which they were made. Whom they name is not in the list.
#[utoipa::path(get, path = "/api/v1/applications", tag = "applications",
    params(("status" = Option<String>, Query, description = "waiting, refused or admitted"),
        ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<ApplicationView>), (status = 422, body = Document<'static>)))]
pub(crate) async fn list(State(gateway): State<Gateway>, mut params: Params) -> Result<Response, Problem> {
    let (limit, after) = (params.limit(PAGE_MAX)?, after(&mut params)?);
    let status = params.take("status").map(|word| status_of_word(&word)).transpose()?;
    params.end()?;
    let (items, goes_on) = gateway.live.read(|picture| {
        let rest = picture.applications.all().get(after..).unwrap_or_default();
        let mut rest = rest.iter().filter(|one| status.is_none_or(|status| one.status == status));
        let items: Vec<ApplicationView> = rest.by_ref().take(limit).map(|one| view(picture, one)).collect();
        (items, rest.next().is_some())
    });
    let next = items.last().filter(|_| goes_on).map(|last| last.id.to_string());
    Ok(json(StatusCode::OK, &Page { items, next }))
}

/// One application, whole. The look enters the audit trail before it is answered.
#[utoipa::path(get, path = "/api/v1/applications/{id}", tag = "applications", params(("id" = u32, Path)),
    responses((status = 200, body = WholeView), (status = 404, body = Document<'static>)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    caller: Caller,
    At(id): At<String>,
    params: Params,
) -> Result<Response, Problem> {
    params.end()?;
    let id = application(&gateway, &id)?.id;
    gateway.look_at(&caller, id).await?;
    let vault = gateway.node.vault();
    let (application, view, others, login_taken, documents) = gateway
        .live
        .read(|picture| {
            let all = picture.applications.all();
            let application = picture.applications.application(id).cloned()?;
            let same = |one: &&Application| one.id != id && one.firm.credit_code == application.firm.credit_code;
            let others: Vec<u32> = all.iter().rev().filter(same).take(20).map(|one| one.id.0).collect();
            let taken = picture.user_by_login(&application.applicant.login_tag).map(|user| user.id);
            let login_taken = taken.is_some() && taken != application.user;
            let view = view(picture, &application);
            let documents = DocumentView::all_of(picture, id, vault);
            Some((application, view, others, login_taken, documents))
        })
        .ok_or_else(Problem::unknown_application)?;
    let contact = ContactView::of(&application, vault);
    Ok(json(StatusCode::OK, &WholeView { application: view, contact, login_taken, others, documents }))
}

/// The firm becomes a member, and who applied for it its first user, a manager.
#[utoipa::path(post, path = "/api/v1/applications/{id}/admission", tag = "applications", request_body = Admission,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Admitted), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn admit_applicant(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Admission>,
) -> Result<Response, Problem> {
    let application = application(&gateway, &id)?;
    let Admission { code, version, login } = &asked.body;
    wire::code("invalid_code", "code", code, 32)?;
    let (vault, applicant) = (gateway.node.vault(), &application.applicant);
    let forgotten = || Problem::new(status_of(&Refusal::Forgotten), "forgotten", Refusal::Forgotten.to_string());
    let PersonalData { login: wished, name } = vault.decrypt_person(&applicant.personal).ok_or_else(forgotten)?;
    let (login, personal) = match login.clone().filter(|login| *login != wished) {
        None => (wished, applicant.personal.clone()),
        Some(login) => {
            wire::code("invalid_login", "login", &login, 64)?;
            let person = PersonalData { login, name };
            let again = vault.encrypt_person_again(&applicant.personal, &person).ok_or_else(forgotten)?;
            (person.login, again.into())
        }
    };
    let password = first_password(&gateway, &application);
    let password_hash = gateway.passwords.hash(password.clone()).await?;
    let login_tag = ByteArray::from(vault.login_tag(&login));
    let lasts = gateway.live.read(|picture| picture.profile.first_password_lasts);
    let body = Body::AdmitApplicant {
        application: application.id,
        code: code.clone(),
        login_tag,
        personal,
        password_hash,
        amended: Some(*version),
    };
    let reply = asked.submit(&gateway, body).await?;
    match outcome(&reply)? {
        Answer::Joined { .. } => {
            let admitted = Admitted {
                status: ApplicationStatus::Admitted.word(),
                member: code.clone(),
                login,
                password,
                ends_at: lasts.map(|lasts| reply.at.plus(lasts)),
                sequence: reply.sequence.0,
            };
            Ok(answer(&reply, StatusCode::OK, &admitted))
        }
        other => Err(Problem::unexpected(other)),
    }
}

/// Refuses an application; the applicant reads why, and may amend it.
#[utoipa::path(post, path = "/api/v1/applications/{id}/refusal", tag = "applications", request_body = Reason,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Refused), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn refuse_applicant(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Reason>,
) -> Result<Response, Problem> {
    let application = application(&gateway, &id)?.id;
    wire::text("invalid_reason", "reason", &asked.body.reason, 500)?;
    let body = Body::RefuseApplicant { application, reason: asked.body.reason.clone() };
    let reply = asked.submit(&gateway, body).await?;
    outcome(&reply)?;
    let refused = Refused { status: ApplicationStatus::Refused.word(), sequence: reply.sequence.0 };
    Ok(answer(&reply, StatusCode::OK, &refused))
}

/// Who applied in vain is to be forgotten: it waits for another admin. Then its key is destroyed, so that nobody can read its name,
/// login and how it is reached, nor its documents, in log and snapshots neither; its token opens nothing any more.
#[utoipa::path(post, path = "/api/v1/applications/{id}/erasure", tag = "applications", request_body = Nothing,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 202, body = Pending), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn erase_applicant(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let application = application(&gateway, &id)?.id;
    moved(&asked.submit(&gateway, Body::AskForgetting { application }).await?, StatusCode::ACCEPTED)
}

fn view(picture: &Picture, application: &Application) -> ApplicationView {
    let member = application.member.map(|member| picture.member_code(member).to_owned());
    ApplicationView::of(application, member)
}

fn application(gateway: &Gateway, id: &str) -> Result<Application, Problem> {
    let found = query::id(id)
        .and_then(|id| gateway.live.read(|picture| picture.applications.application(ApplicationId(id)).cloned()));
    found.ok_or_else(Problem::unknown_application)
}

fn status_of_word(word: &str) -> Result<ApplicationStatus, Problem> {
    let found = ApplicationStatus::ALL.into_iter().find(|status| status.word() == word);
    found.ok_or_else(|| Problem::invalid("invalid_status", "status is none of waiting, refused, admitted"))
}
