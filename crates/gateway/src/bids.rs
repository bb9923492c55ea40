//! Bids: make one, read those of a lot, read one's own.

use std::sync::Arc;

use archive::{Cursor, Order, Outcome};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::units::{AuctionId, Instant, LotIndex, MemberId, Money, Price, Sequence};
use exchange::{Answer, Body};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auctions::auction_id;
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::history::{self, Wanted};
use crate::idempotency::{Asked, answer, json};
use crate::live::alias_text;
use crate::problem::{Document, Problem, outcome};
use crate::query::{At, PAGE_MAX, Params};
use crate::view::{Page, viewer};
use crate::wire::{self, NewBid, shown, shown_or_null};

/// How many bids of a lot one page has at the most.
const LOT_BIDS_MAX: usize = archive::LIMIT_MAX;

/// How many bids one page of a lot's path has at the most, and usually.
const PATH_MAX: usize = 5_000;

/// An accepted bid.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// `accepted`.
    status: &'static str,
    /// The entry that made it.
    sequence: u64,
    /// When.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// What was bid.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    price: Price,
    /// What is held for it.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    margin: Money,
    /// The lot's end after it.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    end: Instant,
    /// The bidder's own alias in this lot; in a sealed lot it has none before the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
    /// The best price before it, where there was one.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>)]
    best_before: Option<Price>,
}

/// A bid of a lot.
#[derive(Serialize, ToSchema)]
pub(crate) struct LotBid {
    /// The entry that made it.
    sequence: u64,
    /// When.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// What was bid.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    price: Price,
    /// The bidder's alias; `you` in a sealed lot before its end.
    bidder: String,
    /// Whether it is the caller's member's.
    own: bool,
}

/// The bids of a lot.
#[derive(Serialize, ToSchema)]
pub(crate) struct LotBids {
    /// In their order, or the newest first where that is asked for.
    items: Vec<LotBid>,
    /// What to give as `after` for the next page; null: this is the last one.
    next: Option<u64>,
}

/// The path of the bids in a lot: times and prices, the first with the first.
#[derive(Serialize, ToSchema)]
pub(crate) struct LotPath {
    /// When each bid was made.
    at: Vec<String>,
    /// What was bid.
    price: Vec<String>,
    /// What to give as `after` for the next page; null: this is the last one.
    #[schema(required)]
    next: Option<u64>,
}

/// One of one's own bids.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnBid {
    /// The entry that made or refused it.
    sequence: u64,
    /// When.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// Where.
    auction: u32,
    /// The lot's code; null where there is none such.
    lot: Option<String>,
    /// What was bid; null for a refused bid in a sealed lot.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>)]
    price: Option<Price>,
    /// `accepted`, `replaced` or `rejected`.
    status: &'static str,
    /// Why it was refused, or null.
    reason: Option<String>,
}

/// Bids in a lot.
#[utoipa::path(post, path = "/api/v1/auctions/{id}/lots/{code}/bids", tag = "bids", request_body = NewBid,
    params(("id" = u32, Path), ("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Accepted), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn post(
    State(gateway): State<Gateway>,
    At((id, code)): At<(String, String)>,
    asked: Asked<NewBid>,
) -> Result<Response, Problem> {
    let Place { auction, lot, sealed, .. } = place(&gateway, &asked.caller, &id, &code)?;
    let price = wire::price("price", &asked.body.price)?;
    let seen_price = asked.body.seen_price.as_deref().map(|text| wire::price("seen_price", text)).transpose()?;
    let body = if sealed {
        let sealed = gateway.node.vault().seal_price(auction, lot, asked.caller.user, price);
        Body::SealedBid { auction, lot, sealed }
    } else {
        Body::Bid { auction, lot, price, seen_price }
    };
    let reply = asked.submit(&gateway, body).await?;
    match outcome(&reply)? {
        Answer::Bid { price, margin, end, alias: own, best_before } => Ok(answer(
            &reply,
            StatusCode::CREATED,
            &Accepted {
                status: "accepted",
                sequence: reply.sequence.0,
                at: reply.at,
                price: *price,
                margin: *margin,
                end: *end,
                alias: own.map(alias_text),
                best_before: *best_before,
            },
        )),
        other => Err(Problem::unexpected(other)),
    }
}

/// The last sequence that the archive can look for, whose integers have a sign. Behind a later one there is nothing either.
const SEQUENCE_MAX: u64 = i64::MAX as u64;

/// The accepted bids of a lot in their order, or the newest first; of a sealed lot before its end, one's own.
#[utoipa::path(get, path = "/api/v1/auctions/{id}/lots/{code}/bids", tag = "bids",
    params(("id" = u32, Path), ("code" = String, Path), ("order" = Option<String>, Query),
        ("after" = Option<u64>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = LotBids), (status = 404, body = Document<'static>)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    caller: Caller,
    At((id, code)): At<(String, String)>,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let order = order(&mut params)?;
    let after = params.parse::<u64>("after", "invalid_after", "the sequence of a bid, a whole number")?;
    let after = after.map(|after| after.min(SEQUENCE_MAX));
    let limit = params.limit(LOT_BIDS_MAX)?;
    params.end()?;
    let place = place(&gateway, &caller, &id, &code)?;
    let own = viewer(caller.role, caller.member);
    if place.hidden {
        let mut items = own.map(|member| own_sealed(&gateway, &place, member)).unwrap_or_default();
        match order {
            Order::OldestFirst => items.retain(|bid| after.is_none_or(|after| bid.sequence > after)),
            Order::NewestFirst => {
                items.retain(|bid| after.is_none_or(|after| bid.sequence < after));
                items.reverse();
            }
        }
        return Ok(json(StatusCode::OK, &LotBids::cut(items, limit)));
    }
    let position = gateway.history(wanted).await?;
    let archive = Arc::clone(&gateway.archive);
    let (auction, lot, after) = (place.auction, place.lot, after.map(Sequence));
    let rows = history::read(move || archive.bids_of_lot(auction, lot, order, after, limit)).await?;
    let items = rows
        .items
        .into_iter()
        .filter_map(|bid| {
            Some(LotBid {
                sequence: bid.sequence.0,
                at: bid.at,
                price: bid.price?,
                bidder: alias_text(bid.alias?),
                own: Some(bid.member) == own,
            })
        })
        .collect();
    let page = LotBids { items, next: rows.next.map(|next| next.0) };
    Ok(position.mark(json(StatusCode::OK, &page)))
}

/// In which order the bids of a lot are wanted.
fn order(params: &mut Params) -> Result<Order, Problem> {
    match params.take("order").as_deref() {
        None | Some("oldest") => Ok(Order::OldestFirst),
        Some("newest") => Ok(Order::NewestFirst),
        Some(_) => Err(Problem::invalid("invalid_order", "order is unknown; expected one of oldest, newest")),
    }
}

/// The path of the bids in a lot, as a chart draws it: the accepted bids in their order, column by column. Of a sealed lot
/// before its end, nothing.
#[utoipa::path(get, path = "/api/v1/auctions/{id}/lots/{code}/path", tag = "bids",
    params(("id" = u32, Path), ("code" = String, Path), ("after" = Option<u64>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = LotPath), (status = 404, body = Document<'static>)))]
pub(crate) async fn path(
    State(gateway): State<Gateway>,
    caller: Caller,
    At((id, code)): At<(String, String)>,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let after = params.parse::<u64>("after", "invalid_after", "the sequence of a bid, a whole number")?.unwrap_or(0);
    let limit = params.limit_or(PATH_MAX, PATH_MAX)?;
    params.end()?;
    let place = place(&gateway, &caller, &id, &code)?;
    let mut path = LotPath { at: Vec::new(), price: Vec::new(), next: None };
    if place.hidden {
        return Ok(json(StatusCode::OK, &path));
    }
    let position = gateway.history(wanted).await?;
    let archive = Arc::clone(&gateway.archive);
    let path = history::read(move || {
        let mut after = Sequence(after.min(SEQUENCE_MAX));
        loop {
            let (order, left) = (Order::OldestFirst, limit - path.at.len());
            let page = archive.bids_of_lot(place.auction, place.lot, order, Some(after), left)?;
            for bid in page.items {
                if let Some(price) = bid.price {
                    path.at.push(bid.at.to_string());
                    path.price.push(price.to_string());
                }
            }
            match page.next {
                Some(next) if path.at.len() < limit => after = next,
                next => {
                    path.next = next.map(|next| next.0);
                    return Ok(path);
                }
            }
        }
    })
    .await?;
    Ok(position.mark(json(StatusCode::OK, &path)))
}

impl LotBids {
    /// Of all that are left, up to `limit`.
    fn cut(mut items: Vec<LotBid>, limit: usize) -> Self {
        let goes_on = items.len() > limit;
        items.truncate(limit);
        let next = if goes_on { items.last().map(|bid| bid.sequence) } else { None };
        LotBids { items, next }
    }
}

/// What a member may read of its own bids in a sealed lot that has not ended.
fn own_sealed(gateway: &Gateway, place: &Place, member: MemberId) -> Vec<LotBid> {
    gateway.live.read(|picture| {
        let lot = picture.auction(place.auction).and_then(|auction| auction.lots.get(place.lot.0 as usize));
        let bids = lot.into_iter().flat_map(|lot| lot.sealed_bids(member));
        bids.map(|bid| LotBid {
            sequence: bid.sequence.0,
            at: bid.at,
            price: bid.price,
            bidder: "you".to_owned(),
            own: true,
        })
        .collect()
    })
}

/// The bids of the caller's member, newest first, refused ones included.
#[utoipa::path(get, path = "/api/v1/bids", tag = "bids",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<OwnBid>), (status = 422, body = Document<'static>)))]
pub(crate) async fn own(
    State(gateway): State<Gateway>,
    caller: Caller,
    mut params: Params,
    wanted: Wanted,
) -> Result<Response, Problem> {
    let member = caller.member.ok_or_else(Problem::forbidden)?;
    let limit = params.limit(PAGE_MAX)?;
    let cursor = history::cursor(&mut params)?;
    params.end()?;
    let position = gateway.history(wanted).await?;
    let archive = Arc::clone(&gateway.archive);
    let rows = history::read(move || archive.bids_of_member(member, Order::NewestFirst, cursor, limit)).await?;
    let next = rows.next.map(|next: Cursor| next.to_string());
    let items: Vec<OwnBid> = gateway.live.read(|picture| {
        let render = |bid: archive::Bid| {
            let lot = picture.auction(bid.auction).and_then(|auction| auction.lots.get(bid.lot.0 as usize));
            // The price of a sealed bid is in no file before the lot has ended; its bidder reads it from memory.
            let own = lot.and_then(|lot| lot.sealed_bids(member).find(|own| own.sequence == bid.sequence));
            let (status, reason) = match bid.outcome {
                Outcome::Accepted => ("accepted", None),
                Outcome::Sealed if own.is_some_and(|own| own.replaced) => ("replaced", None),
                Outcome::Sealed => ("accepted", None),
                Outcome::Replaced => ("replaced", None),
                Outcome::Refused(reason) => ("rejected", reason),
            };
            OwnBid {
                sequence: bid.sequence.0,
                at: bid.at,
                auction: bid.auction.0,
                lot: lot.map(|lot| lot.code.to_string()),
                price: bid.price.or(own.map(|own| own.price)),
                status,
                reason,
            }
        };
        rows.items.into_iter().map(render).collect()
    });
    Ok(position.mark(json(StatusCode::OK, &Page { items, next })))
}

/// A lot that the caller may see.
struct Place {
    auction: AuctionId,
    lot: LotIndex,
    sealed: bool,
    /// Whether nobody may see its bids yet.
    hidden: bool,
}

fn place(gateway: &Gateway, caller: &Caller, id: &str, code: &str) -> Result<Place, Problem> {
    let id = auction_id(id)?;
    gateway.live.read(|picture| {
        let auction = picture.auction_for(id, caller.role, caller.member).ok_or_else(Problem::unknown_auction)?;
        let (index, lot) = auction.lot_by_code(code).ok_or_else(Problem::unknown_lot)?;
        let sealed = auction.terms.is_sealed();
        Ok(Place { auction: id, lot: index, sealed, hidden: sealed && !lot.status.has_ended() })
    })
}
