//! Announcements and auctions: hand in, approve, control, read.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::files::Owner;
use exchange::markets::auction::{AuctionStatus, Side};
use exchange::units::AuctionId;
use exchange::{Answer, Body, Reply};
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, answer, json};
use crate::live::{Auction, AuctionStill, Gathering};
use crate::problem::{Document, Problem, outcome};
use crate::query::{self, At, PAGE_MAX, Params};
use crate::view::{AuctionSeen, Page, viewer};
use crate::wire::{self, Extension, NewAuction, Nothing, Reason};

/// How many lots a page of the list has at the most, unless its first auction alone has more.
const LOTS_PER_PAGE_MAX: usize = 2_000;

/// An announcement was handed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Submitted {
    /// The auction's number.
    id: u32,
    /// `submitted`.
    status: &'static str,
    /// The entry that did it.
    sequence: u64,
}

/// What an act made of an auction.
#[derive(Serialize, ToSchema)]
pub(crate) struct Acted {
    /// The auction's status after it.
    status: &'static str,
    /// The entry that did it.
    sequence: u64,
}

/// The auctions that the caller may see, newest first.
#[utoipa::path(get, path = "/api/v1/auctions", tag = "auctions",
    params(("status" = Option<String>, Query), ("side" = Option<String>, Query), ("product" = Option<String>, Query),
        ("initiator" = Option<String>, Query), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<AuctionSeen>), (status = 422, body = Document<'static>)))]
pub(crate) async fn list(State(gateway): State<Gateway>, caller: Caller, params: Params) -> Result<Response, Problem> {
    let filter = Filter::of(params)?;
    let viewer = viewer(caller.role, caller.member);
    let mut gathering = Gathering::new(filter.below, filter.limit, LOTS_PER_PAGE_MAX);
    // A code that no member has initiated nothing.
    let initiator = filter.initiator.as_deref();
    let initiator = initiator.map(|code| gateway.live.read(|picture| picture.member_by_code(code).map(|of| of.id)));
    let wanted = |auction: &Auction| {
        auction.is_visible_to(caller.role, caller.member)
            && filter.admits(auction)
            && initiator.is_none_or(|of| of == Some(auction.terms.initiator))
    };
    while !gateway.live.read(|picture| gathering.look(picture, viewer, wanted)) {}
    let (found, next) = gathering.done();
    let items = found.iter().map(|auction| AuctionSeen::brief(auction, viewer)).collect();
    Ok(json(StatusCode::OK, &Page { items, next: next.map(|id| id.to_string()) }))
}

struct Filter {
    status: Option<AuctionStatus>,
    side: Option<Side>,
    product: Option<String>,
    initiator: Option<String>,
    limit: usize,
    below: Option<AuctionId>,
}

impl Filter {
    fn admits(&self, auction: &Auction) -> bool {
        self.status.is_none_or(|status| auction.status == status)
            && self.side.is_none_or(|side| auction.terms.side == side)
            && self.product.as_ref().is_none_or(|product| auction.terms.product == *product)
    }

    fn of(mut params: Params) -> Result<Self, Problem> {
        const STATUSES: [AuctionStatus; 7] = [
            AuctionStatus::Submitted,
            AuctionStatus::Rejected,
            AuctionStatus::Published,
            AuctionStatus::Running,
            AuctionStatus::Suspended,
            AuctionStatus::Closed,
            AuctionStatus::Cancelled,
        ];
        let wrong = |reason, name: &str, expected: String| {
            Problem::invalid(reason, format!("{name} is unknown; expected one of {expected}"))
        };
        let status = params.take("status").map(|word| {
            STATUSES
                .into_iter()
                .find(|status| status.word() == word)
                .ok_or_else(|| wrong("invalid_status", "status", STATUSES.map(AuctionStatus::word).join(", ")))
        });
        let side = params
            .take("side")
            .map(|word| wire::side(&word).ok_or_else(|| wrong("invalid_side", "side", "sale, procurement".to_owned())));
        let below = params.take("cursor").map(|text| {
            query::id(&text)
                .map(AuctionId)
                .ok_or_else(|| Problem::invalid("invalid_cursor", "cursor is none of this list; begin without one"))
        });
        let filter = Filter {
            status: status.transpose()?,
            side: side.transpose()?,
            product: params.take("product"),
            initiator: params.take("initiator"),
            limit: params.limit(PAGE_MAX)?,
            below: below.transpose()?,
        };
        params.end()?;
        Ok(filter)
    }
}

/// A manager hands in an announcement of its own member.
#[utoipa::path(post, path = "/api/v1/auctions", tag = "auctions", request_body = NewAuction,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Submitted), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn submit(State(gateway): State<Gateway>, asked: Asked<NewAuction>) -> Result<Response, Problem> {
    let announcement = gateway.live.read(|picture| {
        let own = asked.caller.member.and_then(|member| picture.member(member)).ok_or_else(Problem::forbidden)?;
        let owner = Owner::Member(own.id);
        asked.body.announcement(
            (own.id, &own.code),
            |code| picture.member_by_code(code).map(|member| member.id),
            |file| picture.files.of(file, owner).is_some(),
        )
    })?;
    let reply = asked.submit(&gateway, Body::Submit(announcement)).await?;
    match outcome(&reply)? {
        Answer::Submitted(id) => Ok(answer(
            &reply,
            StatusCode::CREATED,
            &Submitted { id: id.0, status: AuctionStatus::Submitted.word(), sequence: reply.sequence.0 },
        )),
        other => Err(Problem::unexpected(other)),
    }
}

/// One auction with its lots.
#[utoipa::path(get, path = "/api/v1/auctions/{id}", tag = "auctions", params(("id" = u32, Path)),
    responses((status = 200, body = AuctionSeen), (status = 404, body = Document<'static>)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Response, Problem> {
    let id = auction_id(&id)?;
    let viewer = viewer(caller.role, caller.member);
    let still = gateway.live.read(|picture| {
        let auction = picture.auction_for(id, caller.role, caller.member)?;
        Some(AuctionStill::of(auction, picture, viewer))
    });
    let still = still.ok_or_else(Problem::unknown_auction)?;
    Ok(json(StatusCode::OK, &AuctionSeen::of(&still, viewer)))
}

/// Staff refuse an announcement; the initiator may submit it anew.
#[utoipa::path(post, path = "/api/v1/auctions/{id}/rejection", tag = "auctions", request_body = Reason,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn reject(gateway: State<Gateway>, id: At<String>, asked: Asked<Reason>) -> Result<Response, Problem> {
    with_reason(gateway, id, asked, |auction, reason| Body::Reject { auction, reason }).await
}

/// Staff approve an announcement: it is published, and the initiator's margin is held.
#[utoipa::path(post, path = "/api/v1/auctions/{id}/approval", tag = "auctions", request_body = Nothing,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn approve(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let auction = known(&gateway, &asked.caller, &id)?;
    acted(&asked.submit(&gateway, Body::Publish { auction }).await?)
}

/// The clocks of an auction stand still.
#[utoipa::path(post, path = "/api/v1/auctions/{id}/suspension", tag = "auctions", request_body = Reason,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn suspend(
    gateway: State<Gateway>,
    id: At<String>,
    asked: Asked<Reason>,
) -> Result<Response, Problem> {
    with_reason(gateway, id, asked, |auction, reason| Body::Suspend { auction, reason }).await
}

/// The clocks go on.
#[utoipa::path(post, path = "/api/v1/auctions/{id}/resumption", tag = "auctions", request_body = Reason,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn resume(gateway: State<Gateway>, id: At<String>, asked: Asked<Reason>) -> Result<Response, Problem> {
    with_reason(gateway, id, asked, |auction, reason| Body::Resume { auction, reason }).await
}

/// `closes` moves later.
#[utoipa::path(post, path = "/api/v1/auctions/{id}/extension", tag = "auctions", request_body = Extension,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn extend(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Extension>,
) -> Result<Response, Problem> {
    let auction = known(&gateway, &asked.caller, &id)?;
    let until = wire::instant("until", &asked.body.until)?;
    let reason = reason(&asked.body.reason)?;
    acted(&asked.submit(&gateway, Body::Extend { auction, until, reason }).await?)
}

/// What has not ended is cancelled; what was sold stays sold.
#[utoipa::path(post, path = "/api/v1/auctions/{id}/cancellation", tag = "auctions", request_body = Reason,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn cancel(gateway: State<Gateway>, id: At<String>, asked: Asked<Reason>) -> Result<Response, Problem> {
    with_reason(gateway, id, asked, |auction, reason| Body::Cancel { auction, reason }).await
}

async fn with_reason(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Reason>,
    body: impl FnOnce(AuctionId, String) -> Body,
) -> Result<Response, Problem> {
    let auction = known(&gateway, &asked.caller, &id)?;
    let reason = reason(&asked.body.reason)?;
    acted(&asked.submit(&gateway, body(auction, reason)).await?)
}

pub(crate) fn reason(text: &str) -> Result<String, Problem> {
    wire::text("invalid_reason", "reason", text, 500)?;
    Ok(text.to_owned())
}

/// The auction of a path, if there is one for the eyes of the caller: no entry is made of what does not exist.
pub(crate) fn known(gateway: &Gateway, caller: &Caller, id: &str) -> Result<AuctionId, Problem> {
    let id = auction_id(id)?;
    let there = gateway.live.read(|picture| picture.auction_for(id, caller.role, caller.member).is_some());
    if there { Ok(id) } else { Err(Problem::unknown_auction()) }
}

/// The number in a path; what is no number is no auction.
pub(crate) fn auction_id(text: &str) -> Result<AuctionId, Problem> {
    query::id(text).map(AuctionId).ok_or_else(Problem::unknown_auction)
}

fn acted(reply: &Reply) -> Result<Response, Problem> {
    match outcome(reply)? {
        Answer::Auction(status) => {
            Ok(answer(reply, StatusCode::OK, &Acted { status: status.word(), sequence: reply.sequence.0 }))
        }
        other => Err(Problem::unexpected(other)),
    }
}
