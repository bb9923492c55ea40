//! The venue and its node at a glance, for staff: figures of the day that are made of many things, and what Prometheus
//! reads, as far as a person before a screen acts on it.

use std::sync::Arc;

use archive::Health;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::disclosure::Day;
use exchange::markets::auction::{AuctionStatus, LotStatus};
use exchange::units::{Instant, Money};
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::idempotency::json;
use crate::live::{Member, Picture};
use crate::ops::why_not_ready;
use crate::problem::Problem;
use crate::wire::{shown, shown_or_null};

/// The venue today.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Today {
    /// The venue's day, such as `2026-01-09`.
    day: String,
    /// The exchange's time.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    now: Instant,
    /// How many auctions run, with clocks that go.
    running: u32,
    /// How many stand still, those too that have not opened.
    suspended: u32,
    /// How many are published and have not opened.
    coming: u32,
    /// How many lots of all these have not ended.
    lots_open: u32,
    /// When the next one opens; null: none waits to.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    next_opens: Option<Instant>,
    /// How many lots were sold on this day and not annulled.
    lots_sold: u32,
    /// For how much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    turnover: Money,
    /// What is held from all members, as if nothing were held for sealed bids.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    held: Money,
    /// What all members can use, likewise. With what is held it is what the bank has of theirs.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    available: Money,
    /// How many members there are.
    members: u32,
    /// How many of them are frozen.
    frozen: u32,
    /// How many halts are in force.
    halts: u32,
    /// How many acts wait for a second person.
    approvals: u32,
    /// How many people are signed in.
    people: u32,
    /// The last entry that this answer knows.
    sequence: u64,
}

/// How the node is that answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct NodeView {
    /// Whether it leads and has applied its log.
    ready: bool,
    /// Why it is not ready; null where it is.
    #[schema(required)]
    why: Option<String>,
    /// The last entry applied.
    sequence: u64,
    /// The engine's term.
    term: u64,
    /// The entry of the last signed head.
    head_sequence: u64,
    /// The entry of the newest snapshot on the disk; 0: there is none yet.
    snapshot_sequence: u64,
    /// The last entry in the archive.
    archive_sequence: u64,
    /// Entries that are not in the archive yet.
    archive_lag: u64,
    /// Why the archive stands still; null while it goes on by itself.
    #[schema(required)]
    archive_stands_still: Option<String>,
    /// Bytes that can still be written beside the log; null where the disk does not say.
    #[schema(required)]
    disk_free_bytes: Option<u64>,
    /// Commands that wait for their place in the order.
    queue: usize,
    /// How many may wait.
    queue_max: usize,
    /// Clients of the feed.
    feed_clients: u64,
    /// By how many milliseconds the machine's clock is ahead of the time by which the log is stamped; below zero: behind.
    clock_ahead_ms: i64,
    /// Whether that is so much that the machine's clock is not followed.
    clock_apart: bool,
}

/// Figures of the venue today.
#[utoipa::path(get, path = "/api/v1/today", tag = "venue", responses((status = 200, body = Today)))]
pub(crate) async fn today(State(gateway): State<Gateway>) -> Result<Response, Problem> {
    let now = Gateway::now();
    let today = gateway.live.read(|picture| Today::of(picture, now.max(picture.at)));
    Ok(json(StatusCode::OK, &today))
}

/// How this node is.
#[utoipa::path(get, path = "/api/v1/node", tag = "operations", responses((status = 200, body = NodeView)))]
pub(crate) async fn node(State(gateway): State<Gateway>) -> Result<Response, Problem> {
    let node = gateway.node.clone();
    // How much room the disk has is asked of the disk.
    let metrics = tokio::task::spawn_blocking(move || node.metrics()).await;
    let metrics = metrics.map_err(|stopped| Problem::unavailable("unavailable", stopped.to_string()))?;
    let why = why_not_ready(&gateway);
    let archive = Arc::clone(&gateway.archive);
    let view = NodeView {
        ready: why.is_none(),
        why,
        sequence: metrics.sequence,
        term: metrics.term,
        head_sequence: metrics.head_sequence,
        snapshot_sequence: metrics.snapshot_sequence,
        archive_sequence: archive.position().0,
        archive_lag: archive.lag().entries,
        archive_stands_still: match archive.health() {
            Health::Stalled(why) | Health::Failed(why) => Some(why),
            Health::Following | Health::Behind(_) | Health::Closed => None,
        },
        disk_free_bytes: metrics.disk_free_bytes,
        queue: metrics.queue_len,
        queue_max: metrics.queue_max,
        feed_clients: gateway.live.feed_metrics().clients,
        clock_ahead_ms: metrics.clock_ahead_us / 1_000,
        clock_apart: metrics.clock_apart,
    };
    Ok(json(StatusCode::OK, &view))
}

impl Today {
    fn of(picture: &Picture, now: Instant) -> Self {
        let day = Day::of(now, picture.quotes.offset());
        let (lots_sold, turnover) = picture.quotes.of_day(day);
        let funds = || picture.members.iter().map(Member::public_funds);
        let open = |status| count(picture.open_auctions().filter(move |auction| auction.status == status));
        let lots = picture.open_auctions().flat_map(|auction| &auction.lots);
        let coming = || picture.open_auctions().filter(|auction| auction.status == AuctionStatus::Published);
        let signed_in = |token| picture.session(token, now).is_some();
        let people = picture.users.iter().filter(|user| user.key.is_none());
        Today {
            day: day.to_string(),
            now,
            running: open(AuctionStatus::Running),
            suspended: open(AuctionStatus::Suspended),
            coming: open(AuctionStatus::Published),
            lots_open: count(lots.filter(|lot| matches!(lot.status, LotStatus::Waiting | LotStatus::Running))),
            next_opens: coming().map(|auction| auction.opens).min(),
            lots_sold,
            turnover,
            held: funds().map(|funds| funds.held).sum(),
            available: funds().map(|funds| funds.available).sum(),
            members: count(picture.members.iter()),
            frozen: count(picture.members.iter().filter(|member| member.frozen.is_some())),
            halts: count(picture.halts.all().iter().filter(|halt| halt.lifted.is_none())),
            approvals: count(picture.approvals.keys()),
            people: count(people.filter(|user| user.sessions.iter().any(signed_in))),
            sequence: picture.sequence.0,
        }
    }
}

fn count(of: impl Iterator) -> u32 {
    u32::try_from(of.count()).unwrap_or(u32::MAX)
}
