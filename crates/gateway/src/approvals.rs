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
use crate::text::letters;
use crate::users::{PasswordReset, UserAdded, destroy_key, destroy_key_of_applicant, forget_person};
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
    /// `deposit`, `withdrawal`, `annulment`, `correction`, `profile`, `erasure`, `applicant_erasure`, `staff_addition`,
    /// `staff_role`, `password_reset` or `second_factor_removal`.
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
    /// The number of the user whom it is about: of an erasure, and of the staff; null of who is to join it.
    #[schema(required)]
    user: Option<u32>,
    /// Its login; null where it was forgotten meanwhile.
    #[schema(required)]
    login: Option<String>,
    /// The name of who is to join the staff; else null.
    #[schema(required)]
    name: Option<String>,
    /// The role that it shall have, of an addition to the staff or a role in it; else null.
    #[schema(required)]
    gets_role: Option<&'static str>,
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
    /// Of an addition to the staff: the password is for the person who was added.
    Joined(UserAdded),
    /// Of a password that was reset: it is for the person whose it is.
    Reset(PasswordReset),
    /// Of everything else.
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
            name: None,
            gets_role: None,
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
            Act::SetProfile(profile) | Act::ChangeProfile { profile, .. } => {
                waiting.profile = Some(ProfileView::of(profile));
            }
            Act::AddStaff { role, personal, .. } => {
                waiting.act = "staff_addition";
                (waiting.login, waiting.name) =
                    vault.decrypt_person(personal).map(|person| (person.login, person.name)).unzip();
                waiting.gets_role = Some(role.word());
            }
            Act::SetRole { user, role } => {
                waiting.act = "staff_role";
                (waiting.user, waiting.login) = (Some(user.0), login(*user));
                waiting.gets_role = Some(role.word());
            }
            Act::ResetPassword(user) | Act::RemoveSecondFactor(user) => {
                let resets = matches!(approval.act, Act::ResetPassword(_));
                waiting.act = if resets { "password_reset" } else { "second_factor_removal" };
                (waiting.user, waiting.login) = (Some(user.0), login(*user));
            }
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

/// The second person agrees; the act is judged, and dated, now. Where it gives somebody a password that serves once, who
/// agrees is told it, and who asked is not.
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
    let rules = gateway.live.read(|picture| match picture.approvals.get(&approval).map(|waiting| &waiting.act) {
        Some(Act::SetProfile(profile) | Act::ChangeProfile { profile, .. }) => Some(profile.rules),
        _ => None,
    });
    if let Some(rules) = rules {
        gateway.may_be_in_force(rules).await?;
    }
    // It follows from the request, so that a request that is repeated hears the same. What the picture does not know may give one.
    let password = letters(&gateway.node.vault().one_time::<20>(&asked.request, "password"));
    let gives =
        gateway.live.read(|picture| picture.approvals.get(&approval).is_none_or(|waits| waits.act.gives_password()));
    let password_hash = if gives { Some(gateway.passwords.hash(password.clone()).await?) } else { None };
    let reply = asked.submit(&gateway, Body::Approve { approval, password_hash }).await?;
    let sequence = reply.sequence.0;
    let approved = match outcome(&reply)? {
        Answer::Funds { available } => Approved::Moved(funds::Moved { sequence, available: *available }),
        Answer::Annulled(contract) => {
            Approved::Annulled(Annulled { status: "annulled", contract: contract.0, sequence })
        }
        Answer::Done => Approved::Done(Done { sequence }),
        Answer::User(id) => Approved::Joined(UserAdded { id: id.0, sequence, password: Some(password) }),
        Answer::PasswordReset(_) => Approved::Reset(PasswordReset { sequence, password: Some(password) }),
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
    let joins = gateway.live.read(|picture| match &picture.approvals.get(&approval)?.act {
        Act::AddStaff { personal, .. } => Some(personal.to_vec()),
        _ => None,
    });
    let reply = asked.submit(&gateway, Body::Decline { approval }).await?;
    outcome(&reply)?;
    if let Some(personal) = joins {
        forget_person(&gateway, personal).await;
    }
    Ok(answer(&reply, StatusCode::OK, &Declined { status: "declined", sequence: reply.sequence.0 }))
}

fn approval_id(text: &str) -> Result<ApprovalId, Problem> {
    query::id(text)
        .map(ApprovalId)
        .ok_or_else(|| Problem::not_found("unknown_approval", Refusal::UnknownApproval.to_string()))
}
