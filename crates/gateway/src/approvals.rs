//! Acts that wait for a second person (四眼).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::approvals::Act;
use exchange::units::{ApprovalId, Money};
use exchange::{Body, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::funds;
use crate::gateway::Gateway;
use crate::idempotency::{Asked, answer, json};
use crate::problem::{Document, Problem, outcome};
use crate::query::{self, At, PAGE_MAX, Params};
use crate::view::Page;
use crate::wire::{Nothing, shown};

/// What waits.
#[derive(Serialize, ToSchema)]
pub(crate) struct Waiting {
    /// Its number.
    id: u32,
    /// The role whose other users may decide.
    role: &'static str,
    /// The login of who asked; null where the person was forgotten.
    by: Option<String>,
    /// `deposit` or `withdrawal`.
    act: &'static str,
    /// The code of the member whose cash it is.
    member: String,
    /// How much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    amount: Money,
    /// What the bank's statement says.
    reference: String,
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
        let mut waiting = picture.approvals.range(ApprovalId(after.saturating_add(1))..).map(|(_, approval)| {
            let (act, payment) = match &approval.act {
                Act::Deposit(payment) => ("deposit", payment),
                Act::Withdraw(payment) => ("withdrawal", payment),
            };
            Waiting {
                id: approval.id.0,
                role: approval.role.word(),
                by: picture.user(approval.by).and_then(|user| vault.decrypt_person(&user.personal)).map(|p| p.login),
                act,
                member: picture.member_code(payment.member).to_owned(),
                amount: payment.amount,
                reference: payment.reference.clone(),
            }
        });
        let items: Vec<Waiting> = waiting.by_ref().take(limit).collect();
        (items, waiting.next().is_some())
    });
    let next = items.last().filter(|_| goes_on).map(|last| last.id.to_string());
    Ok(json(StatusCode::OK, &Page { items, next }))
}

/// The second person agrees; the act is judged, and dated, now.
#[utoipa::path(post, path = "/api/v1/approvals/{id}", tag = "approvals", request_body = Nothing,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = funds::Moved), (status = 403, body = Document<'static>),
        (status = 404, body = Document<'static>), (status = 409, body = Document<'static>)))]
pub(crate) async fn approve(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let approval = approval_id(&id)?;
    funds::moved(&asked.submit(&gateway, Body::Approve { approval }).await?, StatusCode::OK)
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
