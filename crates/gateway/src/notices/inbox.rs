//! The notices in the app.

use std::sync::Arc;

use archive::Notice;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::Body;
use exchange::units::{Instant, Money, Price, Sequence};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::history::{self, Wanted};
use crate::idempotency::{Asked, json};
use crate::live::Picture;
use crate::members::done;
use crate::problem::{Document, Problem};
use crate::query::{PAGE_MAX, Params};
use crate::sessions::Done;
use crate::wire::{shown, shown_or_null};

/// Up to how many unread notices are counted.
const UNREAD_MAX: usize = 100;

/// What a member was told.
#[derive(Serialize, ToSchema)]
#[schema(as = Notice)]
pub(crate) struct NoticeView {
    /// What tells it from every other of the member.
    id: String,
    /// The entry that brought it about.
    sequence: u64,
    /// When.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// `overtaken`, `ends_soon`, `won`, `lost`, `sold`, `approved`, `refused` or `released`.
    kind: &'static str,
    /// Of which auction.
    auction: u32,
    /// The auction's title.
    title: String,
    /// The lot's code; null: it is of the whole announcement.
    #[schema(required)]
    lot: Option<String>,
    /// The price that leads (`overtaken`) or won (`won`, `lost`, `sold`); else null.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    price: Option<Price>,
    /// Price × quantity of the contract (`won`, `sold`), or the margin (`released`); else null.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    amount: Option<Money>,
    /// When the lot ends, as it stood then (`overtaken`, `ends_soon`); else null.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    ends: Option<Instant>,
    /// Why the announcement was refused; else null.
    #[schema(required)]
    reason: Option<String>,
    /// Whether this user has read it.
    read: bool,
}

/// A page of notices.
#[derive(Serialize, ToSchema)]
pub(crate) struct Notices {
    /// The notices, newest first.
    items: Vec<NoticeView>,
    /// What to give as `cursor` for the next page; null: this is the last one.
    #[schema(required)]
    next: Option<String>,
    /// How many this user has not read, counted up to 100.
    unread: usize,
    /// The entry up to which this user has read them; 0: none.
    read_up_to: u64,
}

/// `POST /api/v1/notices/read`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadUpTo {
    /// The `sequence` of the newest notice that was read; those before it are read too.
    pub up_to: u64,
}

/// The notices of the caller's member, newest first, and which of them the caller has read.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Notices), (status = 422, body = Document<'static>)))]
pub(crate) async fn list(
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
    let read = gateway.live.read(|picture| picture.user(caller.user).and_then(|user| user.notices_read));
    let read = read.unwrap_or(Sequence(0));
    let archive = Arc::clone(&gateway.archive);
    let (page, unread) = history::read(move || {
        Ok((archive.notices_of_member(member, cursor, limit)?, archive.notices_unread(member, read, UNREAD_MAX)?))
    })
    .await?;
    let next = page.next.map(|next| next.to_string());
    let items =
        gateway.live.read(|picture| page.items.into_iter().filter_map(|one| view(picture, one, read)).collect());
    Ok(position.mark(json(StatusCode::OK, &Notices { items, next, unread, read_up_to: read.0 })))
}

/// The archive knows no notice of an auction that the picture does not: it never runs ahead of it.
fn view(picture: &Picture, notice: Notice, read: Sequence) -> Option<NoticeView> {
    let auction = picture.auction(notice.auction)?;
    let lot = match notice.lot {
        Some(lot) => Some(auction.lots.get(usize::from(lot.0))?.code.to_string()),
        None => None,
    };
    Some(NoticeView {
        id: format!("{}-{}", notice.sequence, notice.place),
        sequence: notice.sequence.0,
        at: notice.at,
        kind: notice.kind.word(),
        auction: notice.auction.0,
        title: auction.terms.title.clone(),
        lot,
        price: notice.price,
        amount: notice.amount,
        ends: notice.ends,
        reason: notice.reason,
        read: notice.sequence <= read,
    })
}

/// The caller has read its notices up to an entry, on all of its devices. What was read stays read.
#[utoipa::path(post, path = "/api/v1/notices/read", tag = "notices", request_body = ReadUpTo,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 422, body = Document<'static>)))]
pub(crate) async fn read(State(gateway): State<Gateway>, asked: Asked<ReadUpTo>) -> Result<Response, Problem> {
    done(&asked.submit(&gateway, Body::ReadNotices { up_to: Sequence(asked.body.up_to) }).await?)
}
