//! The door of the live feed: who is signed in is let through to a WebSocket. What goes over it is [`crate::live`]'s.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::live::{Viewer, serve_socket};
use crate::origin::Peer;
use crate::problem::{Document, Problem};

/// Opens the live feed: a WebSocket. A browser's cookie needs its own origin.
#[utoipa::path(get, path = "/api/v1/feed", tag = "feed",
    responses((status = 101, description = "a WebSocket"), (status = 426, body = Document<'static>),
        (status = 429, body = Document<'static>)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    caller: Caller,
    Peer { limited, held, .. }: Peer,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        let problem = Problem::new(
            StatusCode::UPGRADE_REQUIRED,
            "upgrade_required",
            "this is a WebSocket; connect with a client that asks for the upgrade",
        );
        let mut response = problem.into_response();
        response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        return response;
    };
    let place = limited.map_or(Ok(None), |address| gateway.feed_places.take(address));
    let (true, Ok(place)) = (gateway.live.feed_has_room(caller.user), place) else {
        gateway.live.feed_refused();
        let why = "there are too many connections to the feed; close one, or try again later";
        return Problem::too_many("too_many_connections", why, 5).into_response();
    };
    let viewer = Viewer {
        user: caller.user,
        role: caller.role,
        member: caller.member,
        token_hash: caller.token_hash,
        expires: caller.expires,
    };
    let live = gateway.live.clone();
    live.feed_limits().set_up(upgrade).on_upgrade(async move |socket| {
        // From here it is a feed, which has a limit of its own for each address; among all it stays one.
        if let Some(held) = &held {
            held.leave_place();
        }
        serve_socket(live, viewer, socket).await;
        drop((place, held));
    })
}
