//! The announcements that a user follows: its own on every device of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::Body;
use exchange::units::AuctionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, json};
use crate::members::done;
use crate::problem::{Document, Problem};
use crate::query::Params;
use crate::sessions::Done;

/// What a user follows.
#[derive(Serialize, ToSchema)]
pub(crate) struct Followed {
    /// The auctions, in the order in which it began to follow them; those that it may not see are left out.
    auctions: Vec<u32>,
}

/// `POST /api/v1/followed`.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowChange {
    /// The auctions to follow from now on, at most 200. What is not there is left out: a device may remember what is gone.
    #[serde(default)]
    follow: Vec<u32>,
    /// Those to follow no longer, at most 200.
    #[serde(default)]
    unfollow: Vec<u32>,
}

/// What the caller follows.
#[utoipa::path(get, path = "/api/v1/followed", tag = "followed", responses((status = 200, body = Followed)))]
pub(crate) async fn get(State(gateway): State<Gateway>, caller: Caller, params: Params) -> Result<Response, Problem> {
    params.end()?;
    let auctions = gateway.live.read(|picture| {
        let followed = picture.user(caller.user).map(|user| user.followed.clone()).unwrap_or_default();
        let seen = |id: &AuctionId| picture.auction_for(*id, caller.role, caller.member).is_some();
        followed.iter().filter(|id| seen(id)).map(|id| id.0).collect()
    });
    Ok(json(StatusCode::OK, &Followed { auctions }))
}

/// The caller follows some from now on, and others no longer.
#[utoipa::path(post, path = "/api/v1/followed", tag = "followed", request_body = FollowChange,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 409, body = Document<'static>)))]
pub(crate) async fn change(State(gateway): State<Gateway>, asked: Asked<FollowChange>) -> Result<Response, Problem> {
    let caller = &asked.caller;
    let ids = |numbers: &[u32]| -> Vec<AuctionId> { numbers.iter().copied().map(AuctionId).collect() };
    let mut add = ids(&asked.body.follow);
    gateway.live.read(|picture| add.retain(|id| picture.auction_for(*id, caller.role, caller.member).is_some()));
    done(&asked.submit(&gateway, Body::Follow { add, remove: ids(&asked.body.unfollow) }).await?)
}
