//! What an applicant calls. It is not signed in: its token says which application is meant.

use std::time::Instant as Moment;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use exchange::members::{Applicant, Application, ApplicationStatus, password_tag};
use exchange::units::Instant;
use exchange::{Answer, Body, Refusal, Reply};
use minicbor::bytes::ByteArray;
use ordering::Unavailable;
use serde::Serialize;
use utoipa::ToSchema;

use super::documents::DocumentView;
use super::first_password;
use super::form::{ApplicationView, ContactView, NewApplication};
use crate::gateway::Gateway;
use crate::guard;
use crate::idempotency::{Stranger, answer, json};
use crate::live::Picture;
use crate::origin::Peer;
use crate::problem::{Document, Problem, outcome, status_of};
use crate::text::hex;
use crate::users::{encrypt_person, forget_person};
use crate::wire::shown_or_null;

/// The header in which an applicant shows its token.
const TOKEN: &str = "application-token";

/// An application was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApplicationMade {
    /// Its number.
    id: u32,
    /// What goes into the header `Application-Token`: who holds it reads the application and amends it. It is told this once.
    token: String,
    /// `waiting`.
    status: &'static str,
    /// The entry that did it.
    sequence: u64,
}

/// An application was amended.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApplicationAmended {
    /// `waiting`.
    status: &'static str,
    /// The entry that did it.
    sequence: u64,
}

/// One's own application.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnApplication)]
pub(crate) struct OwnView {
    #[serde(flatten)]
    application: ApplicationView,
    /// Who applied; null where that person was forgotten as a user.
    #[schema(required)]
    contact: Option<ContactView>,
    /// How the firm's first user gets in, once it is admitted.
    #[schema(required)]
    welcome: Option<WelcomeView>,
    /// Its documents, in the order in which they came.
    documents: Vec<DocumentView>,
}

/// The first user of a firm that was admitted, and its first password.
#[derive(Serialize, ToSchema)]
#[schema(as = Welcome)]
pub(crate) struct WelcomeView {
    /// `open`: the first password waits to be replaced; `ended`: it was not in time, and staff give a new one; `used`: the
    /// first user has a password, or was given another.
    state: &'static str,
    /// By what the first user signs in; null where it was forgotten.
    #[schema(required)]
    login: Option<String>,
    /// The first password, which serves once, while it is `open`.
    #[schema(required)]
    password: Option<String>,
    /// When it ends; null: it does not, or not any more.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    ends_at: Option<Instant>,
}

/// A firm applies to become a member. Anyone may.
#[utoipa::path(post, path = "/api/v1/applications", tag = "applications", request_body = NewApplication,
    params(("Idempotency-Key" = String, Header, description = "At least 16 characters, known to nobody else")),
    responses((status = 201, body = ApplicationMade), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>), (status = 429, body = Document<'static>)))]
pub(crate) async fn apply(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    asked: Stranger<NewApplication>,
) -> Result<Response, Problem> {
    gateway.applications.take(address, Moment::now())?;
    let (firm, person, reach) = asked.body.read()?;
    let vault = gateway.node.vault();
    // It follows from the request, so that a request that is repeated hears the same.
    let token = hex(&vault.one_time::<32>(&asked.request, "application"));
    let token_hash = guard::hash(&token);
    let login_tag = ByteArray::from(vault.login_tag(&person.login));
    // A task of its own: who asked may go, and the key of a person who did not apply must go all the same.
    let applying = tokio::spawn(async move {
        let personal = encrypt_person(&gateway, person).await?;
        let contact = gateway.node.vault().seal_contact(&personal, &token_hash, &reach);
        let contact = contact.ok_or_else(|| Problem::unavailable("unavailable", "the person's key is gone"))?;
        let applicant = Applicant { login_tag, personal: personal.clone().into(), contact: contact.into() };
        let body = Body::Apply { token_hash: ByteArray::from(token_hash), firm, applicant };
        let reply = asked.submit(&gateway, body).await;
        let unused = match &reply {
            // An answer that is given again may be that to this very application, asked for twice on its way.
            Ok(_) => gateway.live.read(|picture| {
                let found = picture.applications.by_token(&token_hash);
                found.is_none_or(|application| *application.applicant.personal != *personal)
            }),
            // Where the outcome is unknown it may have applied, and the key is needed.
            Err(problem) => problem.status() != StatusCode::GATEWAY_TIMEOUT,
        };
        if unused {
            forget_person(&gateway, personal).await;
        }
        made(&reply?, token)
    });
    applying.await.unwrap_or_else(|broken| match broken.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(stopped) => Err(Unavailable::Unknown(stopped.to_string()).into()),
    })
}

fn made(reply: &Reply, token: String) -> Result<Response, Problem> {
    match outcome(reply)? {
        Answer::Application(id) => {
            let status = ApplicationStatus::Waiting.word();
            let made = ApplicationMade { id: id.0, token, status, sequence: reply.sequence.0 };
            Ok(answer(reply, StatusCode::CREATED, &made))
        }
        other => Err(Problem::unexpected(other)),
    }
}

/// One's own application: where it stands, and how one gets in once it is admitted.
#[utoipa::path(get, path = "/api/v1/applications/own", tag = "applications",
    params(("Application-Token" = String, Header)),
    responses((status = 200, body = OwnView), (status = 404, body = Document<'static>)))]
pub(crate) async fn own(State(gateway): State<Gateway>, Own(application): Own) -> Result<Response, Problem> {
    let now = Gateway::now();
    let vault = gateway.node.vault();
    let (member, user, documents) = gateway.live.read(|picture| {
        let member = application.member.map(|member| picture.member_code(member).to_owned());
        let user = application.user.and_then(|user| picture.user(user).cloned());
        (member, user, DocumentView::all_of(picture, application.id, vault))
    });
    let welcome = user.map(|user| {
        let waits = user.single_use && Some(password_tag(&user.password_hash)) == application.password;
        let ended = user.first_until.is_some_and(|until| until <= now);
        let state = match (waits, ended) {
            (true, false) => "open",
            (true, true) => "ended",
            (false, _) => "used",
        };
        WelcomeView {
            state,
            login: vault.decrypt_person(&user.personal).map(|person| person.login),
            password: (state == "open").then(|| first_password(&gateway, &application)),
            ends_at: user.first_until.filter(|_| waits),
        }
    });
    let contact = ContactView::of(&application, vault);
    let application = ApplicationView::of(&application, member);
    Ok(json(StatusCode::OK, &OwnView { application, contact, welcome, documents }))
}

/// What was said is replaced, whole. What was refused waits again.
#[utoipa::path(put, path = "/api/v1/applications/own", tag = "applications", request_body = NewApplication,
    params(("Application-Token" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationAmended), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>),
        (status = 429, body = Document<'static>)))]
pub(crate) async fn amend(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    Own(application): Own,
    asked: Stranger<NewApplication>,
) -> Result<Response, Problem> {
    gateway.applications.take(address, Moment::now())?;
    let (firm, person, reach) = asked.body.read()?;
    let vault = gateway.node.vault();
    // Under the key that it has: what was said before goes with it when the person must be forgotten.
    let before = &application.applicant.personal;
    let sealed = vault
        .encrypt_person_again(before, &person)
        .zip(vault.seal_contact(before, &application.token_hash, &reach))
        .ok_or_else(|| Problem::new(status_of(&Refusal::Forgotten), "forgotten", Refusal::Forgotten.to_string()))?;
    let applicant = Applicant {
        login_tag: ByteArray::from(vault.login_tag(&person.login)),
        personal: sealed.0.into(),
        contact: sealed.1.into(),
    };
    let reply = asked.submit(&gateway, Body::Amend { application: application.id, firm, applicant }).await?;
    outcome(&reply)?;
    let status = ApplicationStatus::Waiting.word();
    Ok(answer(&reply, StatusCode::OK, &ApplicationAmended { status, sequence: reply.sequence.0 }))
}

/// The application whose token a request shows: known before anything of its body is read.
pub(crate) struct Own(pub Application);

impl FromRequestParts<Gateway> for Own {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, Problem> {
        shown(gateway, &parts.headers).map(Own)
    }
}

fn shown(gateway: &Gateway, headers: &HeaderMap) -> Result<Application, Problem> {
    let token = headers.get(TOKEN).and_then(|token| token.to_str().ok()).ok_or_else(|| {
        Problem::bad_request(
            "application_token_missing",
            "your own application is shown to who has its token; send it as Application-Token",
        )
    })?;
    let token_hash = guard::hash(token);
    let found = |picture: &Picture| picture.applications.by_token(&token_hash).cloned();
    gateway.live.read(found).ok_or_else(Problem::unknown_application)
}
