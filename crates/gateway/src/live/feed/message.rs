//! Messages as they go out. Each is encoded once, for all its readers.

use std::fmt::Display;

use axum::extract::ws::Utf8Bytes;
use exchange::units::{Instant, Money, Price, Quantity, Sequence};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::live::quotes::{QuoteView, SparkView};
use crate::live::wire::{AuctionHead, AuctionView, HaltView, LotView};

/// A message of a channel.
#[derive(Serialize)]
struct Envelope<'a, D: Serialize> {
    channel: &'a str,
    sequence: u64,
    previous: Option<u64>,
    kind: &'static str,
    data: D,
}

/// A message of a channel, encoded. A snapshot has no `previous`.
pub(super) fn encode<D: Serialize>(
    channel: &str,
    sequence: Sequence,
    previous: Option<Sequence>,
    kind: &'static str,
    data: D,
) -> Utf8Bytes {
    text(&Envelope { channel, sequence: sequence.0, previous: previous.map(|before| before.0), kind, data })
}

/// `{"kind":"time","data":{"now"}}`: what time it is here.
pub(super) fn time(now: Instant) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Time {
        kind: &'static str,
        data: Now,
    }
    #[derive(Serialize)]
    struct Now {
        #[serde(serialize_with = "shown")]
        now: Instant,
    }
    text(&Time { kind: "time", data: Now { now } })
}

/// `{"channel","kind":"conflated","data":{"dropped"}}`: what this one reader did not get.
pub(super) fn conflated(channel: &str, dropped: u64) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Conflated<'a> {
        channel: &'a str,
        kind: &'static str,
        data: Dropped,
    }
    #[derive(Serialize)]
    struct Dropped {
        dropped: u64,
    }
    text(&Conflated { channel, kind: "conflated", data: Dropped { dropped } })
}

/// `{"kind":"error","reason","detail","channel"?}`: what was not understood, and what to do.
pub(super) fn error(reason: &'static str, detail: &str, channel: Option<&str>) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Error<'a> {
        kind: &'static str,
        reason: &'static str,
        detail: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        channel: Option<&'a str>,
    }
    text(&Error { kind: "error", reason, detail, channel })
}

fn text<T: Serialize>(value: &T) -> Utf8Bytes {
    serde_json::to_string(value).expect("messages are plain data with text keys").into()
}

fn shown<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// `bid`: a bid was accepted and leads.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedBid)]
pub(super) struct Bid<'a> {
    pub lot: &'a str,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub price: Price,
    pub bidder: String,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub at: Instant,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub end: Instant,
}

/// The snapshot of `market`.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedMarket)]
pub(super) struct Market {
    pub auctions: Vec<AuctionHead>,
    /// Those in force.
    pub halts: Vec<HaltView>,
    pub quotes: Vec<QuoteView>,
}

/// The snapshot of `quotes/PRODUCT`: sale and procurement.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedQuotes)]
pub(super) struct Quotes {
    pub items: Vec<SparkView>,
}

/// The snapshot of `me`.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedMe)]
pub(super) struct Me<'a> {
    pub member: &'a str,
    pub funds: Funds,
    pub aliases: Vec<Alias<'a>>,
    pub sealed_bids: Vec<SealedBid<'a>>,
}

/// `funds`: what a member has, its sealed bids included.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedFunds)]
pub(super) struct Funds {
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub available: Money,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub held: Money,
}

/// `alias`: how one is called in a lot.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedAlias)]
pub(super) struct Alias<'a> {
    pub auction: u32,
    pub lot: &'a str,
    pub alias: String,
}

/// `sealed_bid`: one's own bid in a sealed lot that counts now.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedSealedBid)]
pub(super) struct SealedBid<'a> {
    pub auction: u32,
    pub lot: &'a str,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub price: Price,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub margin: Money,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub at: Instant,
}

/// `overtaken`: somebody else leads now.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedOvertaken)]
pub(super) struct Overtaken<'a> {
    pub auction: u32,
    pub lot: &'a str,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub price: Price,
    pub bidder: String,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub at: Instant,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub end: Instant,
}

/// `released`: a margin is held no longer.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedReleased)]
pub(super) struct Released<'a> {
    pub auction: u32,
    pub lot: &'a str,
    /// `bid` or `initiator`.
    pub margin: &'static str,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub amount: Money,
}

/// `notices`: there may be new notices, or some were read; `GET /api/v1/notices` tells.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedNotices)]
pub(super) struct Notices {}

/// `followed`: a user of the member follows other announcements than before; `GET /api/v1/followed` tells.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedFollowed)]
pub(super) struct Followed {}

/// `annulled`: a contract of one's own is cancelled, its lot being annulled.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedAnnulled)]
pub(super) struct Annulled<'a> {
    pub contract: u32,
    pub auction: u32,
    pub lot: &'a str,
    /// What was held from oneself, and is released.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub margin: Money,
    pub reason: &'a str,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub at: Instant,
}

/// `awarded`: a lot became a contract of one's own.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedAwarded)]
pub(super) struct Awarded<'a> {
    pub contract: u32,
    pub auction: u32,
    pub lot: &'a str,
    /// What one is in it: `seller` or `buyer`.
    pub side: &'static str,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub price: Price,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub quantity: Quantity,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub amount: Money,
    /// What stays held from oneself.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub margin: Money,
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub at: Instant,
}

/// The data of all messages, for the OpenAPI document: the feed itself is no call that it could describe.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    Bid,
    Market,
    Quotes,
    Me,
    Funds,
    Alias,
    SealedBid,
    Overtaken,
    Released,
    Notices,
    Followed,
    Awarded,
    Annulled,
    HaltView,
    AuctionView,
    LotView,
    QuoteView
)))]
pub(crate) struct Messages;
