//! The exchange's own hand beyond one auction (交易所干预): halts of the market, a product or a mode, freezes of
//! members, annulled lots, and corrections. What staff do to one auction is in `auctions.rs`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::markets::auction::{Format, Side};
use exchange::risk::HaltScope;
use exchange::units::{HaltId, Sequence};
use exchange::{Answer, Body, Refusal, Reply};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auctions::{known, reason};
use crate::funds::{Pending, pending};
use crate::gateway::Gateway;
use crate::idempotency::{Asked, answer, json};
use crate::live::wire::HaltView;
use crate::problem::{Document, Problem, outcome};
use crate::query::{self, At, PAGE_MAX, Params};
use crate::sessions::Done;
use crate::view::Page;
use crate::wire::{self, Reason};

/// `POST /api/v1/halts`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHalt {
    /// What is halted.
    #[schema(value_type = NewScope)]
    scope: wire::Object<NewScope>,
    /// Why, for members to read, 1 to 500 characters.
    reason: String,
}

/// What is halted.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewHaltScope)]
pub(crate) struct NewScope {
    /// `market`, `product` or `mode`.
    kind: String,
    /// The product's code, where `kind` is `product`.
    #[serde(default)]
    product: Option<String>,
    /// `sale`, `procurement`, `open` or `sealed`, where `kind` is `mode`.
    #[serde(default)]
    mode: Option<String>,
}

/// `POST /api/v1/corrections`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCorrection {
    /// The entry that made the deposit or withdrawal: `sequence` of its answer, and of its posting.
    sequence: u64,
    /// Why, 1 to 500 characters.
    reason: String,
}

/// A halt began.
#[derive(Serialize, ToSchema)]
pub(crate) struct HaltBegun {
    /// The halt's number.
    id: u32,
    /// `halted`.
    status: &'static str,
    /// The entry that did it.
    sequence: u64,
}

impl NewScope {
    pub(crate) fn scope(&self) -> Result<HaltScope, Problem> {
        let wrong = |what: &str| Problem::invalid("invalid_scope", what.to_owned());
        match (self.kind.as_str(), self.product.as_deref(), self.mode.as_deref()) {
            ("market", None, None) => Ok(HaltScope::Market),
            ("product", Some(code), None) => Ok(HaltScope::Product(code.to_owned())),
            ("mode", None, Some("sale")) => Ok(HaltScope::Side(Side::Sale)),
            ("mode", None, Some("procurement")) => Ok(HaltScope::Side(Side::Procurement)),
            ("mode", None, Some("open")) => Ok(HaltScope::Format(Format::Open)),
            ("mode", None, Some("sealed")) => Ok(HaltScope::Format(Format::Sealed)),
            ("mode", None, Some(_)) => Err(wrong("mode is unknown; expected sale, procurement, open or sealed")),
            ("market" | "product" | "mode", ..) => {
                Err(wrong("a market has neither product nor mode, a product its product, a mode its mode"))
            }
            _ => Err(wrong("kind is unknown; expected market, product or mode")),
        }
    }
}

/// Halts, newest first; those that were lifted too.
#[utoipa::path(get, path = "/api/v1/halts", tag = "hand",
    params(("in_force" = Option<bool>, Query), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<HaltView>), (status = 422, body = Document<'static>)))]
pub(crate) async fn halts(State(gateway): State<Gateway>, mut params: Params) -> Result<Response, Problem> {
    let limit = params.limit(PAGE_MAX)?;
    let in_force = params.parse::<bool>("in_force", "invalid_in_force", "true or false")?.unwrap_or(false);
    let below = match params.take("cursor") {
        None => u32::MAX,
        Some(text) => query::id(&text)
            .ok_or_else(|| Problem::invalid("invalid_cursor", "cursor is none of this list; begin without one"))?,
    };
    params.end()?;
    let (items, goes_on) = gateway.live.read(|picture| {
        let all = picture.halts.all().iter().rev();
        let mut wanted = all.filter(|halt| halt.id.0 < below && !(in_force && halt.lifted.is_some()));
        let items: Vec<HaltView> = wanted.by_ref().take(limit).map(HaltView::of).collect();
        (items, wanted.next().is_some())
    });
    let next = items.last().filter(|_| goes_on).map(|last| last.id.to_string());
    Ok(json(StatusCode::OK, &Page { items, next }))
}

/// Every auction concerned is suspended, and nothing of it is published until the halt is lifted.
#[utoipa::path(post, path = "/api/v1/halts", tag = "hand", request_body = NewHalt,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = HaltBegun), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn halt(State(gateway): State<Gateway>, asked: Asked<NewHalt>) -> Result<Response, Problem> {
    let scope = asked.body.scope.0.scope()?;
    let reason = reason(&asked.body.reason)?;
    let reply = asked.submit(&gateway, Body::Halt { scope, reason }).await?;
    match outcome(&reply)? {
        Answer::Halt(id) => {
            let begun = HaltBegun { id: id.0, status: "halted", sequence: reply.sequence.0 };
            Ok(answer(&reply, StatusCode::CREATED, &begun))
        }
        other => Err(Problem::unexpected(other)),
    }
}

/// What it concerned runs again, where nothing else holds it.
#[utoipa::path(post, path = "/api/v1/halts/{id}/lifting", tag = "hand", request_body = Reason,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn lift(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Reason>,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("unknown_halt", Refusal::UnknownHalt.to_string());
    let halt = query::id(&id).map(HaltId).ok_or_else(unknown)?;
    if gateway.live.read(|picture| picture.halts.halt(halt).is_none()) {
        return Err(unknown());
    }
    let reason = reason(&asked.body.reason)?;
    done(&asked.submit(&gateway, Body::LiftHalt { halt, reason }).await?)
}

/// A member's users are signed out and stay out; it neither bids, publishes nor withdraws.
#[utoipa::path(post, path = "/api/v1/members/{code}/freeze", tag = "hand", request_body = Reason,
    params(("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn freeze(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    asked: Asked<Reason>,
) -> Result<Response, Problem> {
    let member = gateway.member(&code)?;
    let reason = reason(&asked.body.reason)?;
    done(&asked.submit(&gateway, Body::FreezeMember { member, reason }).await?)
}

/// A frozen member may trade again.
#[utoipa::path(post, path = "/api/v1/members/{code}/unfreeze", tag = "hand", request_body = Reason,
    params(("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn unfreeze(
    State(gateway): State<Gateway>,
    At(code): At<String>,
    asked: Asked<Reason>,
) -> Result<Response, Problem> {
    let member = gateway.member(&code)?;
    let reason = reason(&asked.body.reason)?;
    done(&asked.submit(&gateway, Body::UnfreezeMember { member, reason }).await?)
}

/// A sold lot is annulled, once a second operator agrees: its contract is cancelled and both margins are released.
#[utoipa::path(post, path = "/api/v1/auctions/{id}/lots/{code}/annulment", tag = "hand", request_body = Reason,
    params(("id" = u32, Path), ("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 202, body = Pending), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn annul(
    State(gateway): State<Gateway>,
    At((id, code)): At<(String, String)>,
    asked: Asked<Reason>,
) -> Result<Response, Problem> {
    let auction = known(&gateway, &asked.caller, &id)?;
    let lot = gateway.live.read(|picture| {
        let (lot, _) = picture.auction(auction)?.lot_by_code(&code)?;
        Some(lot)
    });
    let lot = lot.ok_or_else(Problem::unknown_lot)?;
    let reason = reason(&asked.body.reason)?;
    let reply = asked.submit(&gateway, Body::Annul { auction, lot, reason }).await?;
    pending(&reply, outcome(&reply)?)
}

/// A deposit or withdrawal is corrected, once a second person agrees: a posting with the sign turned round.
#[utoipa::path(post, path = "/api/v1/corrections", tag = "hand", request_body = NewCorrection,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 202, body = Pending), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn correct(State(gateway): State<Gateway>, asked: Asked<NewCorrection>) -> Result<Response, Problem> {
    let payment = Sequence(asked.body.sequence);
    let reason = reason(&asked.body.reason)?;
    let reply = asked.submit(&gateway, Body::Correct { payment, reason }).await?;
    pending(&reply, outcome(&reply)?)
}

fn done(reply: &Reply) -> Result<Response, Problem> {
    outcome(reply)?;
    Ok(answer(reply, StatusCode::OK, &Done { sequence: reply.sequence.0 }))
}
