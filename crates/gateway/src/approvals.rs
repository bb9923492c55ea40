//! Acts that wait for a second person (四眼).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::approvals::{Act, Approval};
use exchange::units::{ApprovalId, Money};
use exchange::{Answer, Body, Refusal};
use ordering::Vault;
use serde::Serialize;
use utoipa::ToSchema;

use crate::funds;
use crate::gateway::Gateway;
use crate::idempotency::{Asked, answer, json};
use crate::live::Picture;
use crate::members::ProfileView;
use crate::problem::{Document, Problem, outcome};
use crate::query::{self, At, PAGE_MAX, Params};
use crate::sessions::Done;
use crate::users::{destroy_key, destroy_key_of_applicant};
use crate::view::Page;
use crate::wire::{Nothing, shown_or_null};

/// What waits.
#[derive(Serialize, ToSchema)]
pub(crate) struct Waiting {
    /// Its number.
    id: u32,
    /// The role whose other users may decide.
    role: &'static str,
    /// The login of who asked; null where the person was forgotten.
    #[schema(required)]
    by: Option<String>,
    /// `deposit`, `withdrawal`, `annulment`, `correction`, `profile`, `erasure` or `applicant_erasure`.
    act: &'static str,
    /// The code of the member whose cash it is, of a deposit, withdrawal or correction; else null.
    #[schema(required)]
    member: Option<String>,
    /// How much, of a deposit, withdrawal or correction; else null.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    amount: Option<Money>,
    /// What the bank's statement says, of a deposit or withdrawal; else null.
    #[schema(required)]
    reference: Option<String>,
    /// The auction of an annulment; else null.
    #[schema(required)]
    auction: Option<u32>,
    /// The lot of an annulment; else null.
    #[schema(required)]
    lot: Option<String>,
    /// The entry whose payment is corrected; else null.
    #[schema(required)]
    corrects: Option<u64>,
    /// Why, of an annulment or correction; else null.
    #[schema(required)]
    reason: Option<String>,
    /// The rules and limits as they shall be, of a change of the profile; else null.
    #[schema(required)]
    profile: Option<ProfileView>,
    /// The number of who is to be forgotten, of an erasure; else null.
    #[schema(required)]
    user: Option<u32>,
    /// Its login; null where it was forgotten meanwhile.
    #[schema(required)]
    login: Option<String>,
    /// Whose application it was, of the erasure of an applicant; else null.
    #[schema(required)]
    application: Option<u32>,
}

/// What the act answers, once it is done.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Approved {
    /// Of a deposit, withdrawal or correction.
    Moved(funds::Moved),
    /// Of an annulment.
    Annulled(Annulled),
    /// Of a change of the profile, and of an erasure.
    Done(Done),
}

/// A lot was annulled.
#[derive(Serialize, ToSchema)]
pub(crate) struct Annulled {
    /// `annulled`.
    status: &'static str,
    /// The contract that is cancelled.
    contract: u32,
    /// The entry that did it.
    sequence: u64,
}

impl Waiting {
    fn of(approval: &Approval, picture: &Picture, vault: &Vault) -> Self {
        let login = |user| picture.user(user).and_then(|user| vault.decrypt_person(&user.personal)).map(|p| p.login);
        let mut waiting = Waiting {
            id: approval.id.0,
            role: approval.role.word(),
            by: login(approval.by),
            act: "profile",
            member: None,
            amount: None,
            reference: None,
            auction: None,
            lot: None,
            corrects: None,
            reason: None,
            profile: None,
            user: None,
            login: None,
            application: None,
        };
        match &approval.act {
            Act::Deposit(payment) | Act::Withdraw(payment) => {
                waiting.act = if matches!(approval.act, Act::Deposit(_)) { "deposit" } else { "withdrawal" };
                waiting.member = Some(picture.member_code(payment.member).to_owned());
                waiting.amount = Some(payment.amount);
                waiting.reference = Some(payment.reference.clone());
            }
            Act::Annul { auction, lot, reason } => {
                let row = picture.auction(*auction).and_then(|auction| auction.lots.get(usize::from(lot.0)));
                waiting.act = "annulment";
                waiting.auction = Some(auction.0);
                waiting.lot = row.map(|lot| lot.code.to_string());
                waiting.reason = Some(reason.clone());
            }
            Act::Correct { payment, reason } => {
                waiting.act = "correction";
                waiting.member = Some(picture.member_code(payment.member).to_owned());
                waiting.amount = Some(payment.amount);
                waiting.corrects = Some(payment.sequence.0);
                waiting.reason = Some(reason.clone());
            }
            Act::SetProfile(profile) => waiting.profile = Some(ProfileView::of(profile)),
            Act::Erase(user) => {
                waiting.act = "erasure";
                (waiting.user, waiting.login) = (Some(user.0), login(*user));
            }
            Act::ForgetApplicant(application) => {
                waiting.act = "applicant_erasure";
                waiting.application = Some(application.0);
            }
        }
        waiting
    }
}

/// That it was let fall.
#[derive(Serialize, ToSchema)]
pub(crate) struct Declined {
    /// `declined`.
    status: &'static str,
    /// The entry that did it.
    sequence: u64,
}

/// What waits for a second person, oldest first.
#[utoipa::path(get, path = "/api/v1/approvals", tag = "approvals",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<Waiting>)))]
pub(crate) async fn list(State(gateway): State<Gateway>, mut params: Params) -> Result<Response, Problem> {
    let limit = params.limit(PAGE_MAX)?;
    let after = match params.take("cursor") {
        None => 0,
        Some(text) => query::id(&text)
            .ok_or_else(|| Problem::invalid("invalid_cursor", "cursor is none of this list; begin without one"))?,
    };
    params.end()?;
    let vault = gateway.node.vault();
    let (items, goes_on) = gateway.live.read(|picture| {
        let mut waiting = picture
            .approvals
            .range(ApprovalId(after.saturating_add(1))..)
            .map(|(_, approval)| Waiting::of(approval, picture, vault));
        let items: Vec<Waiting> = waiting.by_ref().take(limit).collect();
        (items, waiting.next().is_some())
    });
    let next = items.last().filter(|_| goes_on).map(|last| last.id.to_string());
    Ok(json(StatusCode::OK, &Page { items, next }))
}

/// The second person agrees; the act is judged, and dated, now.
#[utoipa::path(post, path = "/api/v1/approvals/{id}", tag = "approvals", request_body = Nothing,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Approved), (status = 403, body = Document<'static>),
        (status = 404, body = Document<'static>), (status = 409, body = Document<'static>)))]
pub(crate) async fn approve(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let approval = approval_id(&id)?;
    let reply = asked.submit(&gateway, Body::Approve { approval }).await?;
    let sequence = reply.sequence.0;
    let approved = match outcome(&reply)? {
        Answer::Funds { available } => Approved::Moved(funds::Moved { sequence, available: *available }),
        Answer::Annulled(contract) => {
            Approved::Annulled(Annulled { status: "annulled", contract: contract.0, sequence })
        }
        Answer::Done => Approved::Done(Done { sequence }),
        Answer::Forgotten(user) => {
            destroy_key(&gateway, *user).await?;
            Approved::Done(Done { sequence })
        }
        Answer::ApplicantForgotten(application) => {
            destroy_key_of_applicant(&gateway, *application).await?;
            Approved::Done(Done { sequence })
        }
        other => return Err(Problem::unexpected(other)),
    };
    Ok(answer(&reply, StatusCode::OK, &approved))
}

/// The second person lets the act fall.
#[utoipa::path(delete, path = "/api/v1/approvals/{id}", tag = "approvals",
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Declined), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn decline(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let approval = approval_id(&id)?;
    let reply = asked.submit(&gateway, Body::Decline { approval }).await?;
    outcome(&reply)?;
    Ok(answer(&reply, StatusCode::OK, &Declined { status: "declined", sequence: reply.sequence.0 }))
}

fn approval_id(text: &str) -> Result<ApprovalId, Problem> {
    query::id(text)
        .map(ApprovalId)
        .ok_or_else(|| Problem::not_found("unknown_approval", Refusal::UnknownApproval.to_string()))
}
