//! Above which amount a trader is asked once more before it bids: the app asks, no bid is refused for it. And up to which amount who
//! manages it lets it bid: above that, a bid is refused.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::Body;
use exchange::members::Role;
use exchange::units::{Money, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, json};
use crate::members::done;
use crate::problem::{Document, Problem};
use crate::query::{At, Params};
use crate::sessions::Done;
use crate::users::managed;
use crate::wire::{self, GivenLimit, NewLimits, shown_or_null};

/// The limits of a trader.
#[derive(Serialize, ToSchema)]
#[schema(as = Limits)]
pub(crate) struct LimitsView {
    /// The largest amount (price × quantity) of one bid that it is not asked about once more; null: it is never asked.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    bid_amount_max: Option<Money>,
    /// The largest amount of one bid that it may make, as who manages it says; null: any.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    given_max: Option<Money>,
}

/// One's own limits; a manager names a trader of its member.
#[utoipa::path(get, path = "/api/v1/limits", tag = "limits", params(("login" = Option<String>, Query)),
    responses((status = 200, body = LimitsView), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    caller: Caller,
    mut params: Params,
) -> Result<Response, Problem> {
    let login = params.take("login");
    params.end()?;
    let user = trader(&gateway, &caller, login.as_deref())?;
    let found = gateway.live.read(|picture| picture.user(user).map(|user| (user.limit, user.given)));
    let (bid_amount_max, given_max) = found.unwrap_or_default();
    Ok(json(StatusCode::OK, &LimitsView { bid_amount_max, given_max }))
}

/// Sets them, all at once.
#[utoipa::path(put, path = "/api/v1/limits", tag = "limits", request_body = NewLimits,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn set(State(gateway): State<Gateway>, asked: Asked<NewLimits>) -> Result<Response, Problem> {
    let user = trader(&gateway, &asked.caller, asked.body.login.as_deref())?;
    let most = asked.body.bid_amount_max.as_deref().map(|text| wire::amount("bid_amount_max", text)).transpose()?;
    done(&asked.submit(&gateway, Body::SetLimit { user, most }).await?)
}

/// A limit for a trader, which it cannot lift itself: a bid above it is refused.
#[utoipa::path(put, path = "/api/v1/users/{login}/limit", tag = "limits", request_body = GivenLimit,
    params(("login" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn give(
    State(gateway): State<Gateway>,
    At(login): At<String>,
    asked: Asked<GivenLimit>,
) -> Result<Response, Problem> {
    let user = managed(&gateway, &asked.caller, &login)?;
    let most = asked.body.bid_amount_max.as_deref().map(|text| wire::amount("bid_amount_max", text)).transpose()?;
    done(&asked.submit(&gateway, Body::GiveLimit { user, most }).await?)
}

/// Whose limits are meant: a trader's own, or those of a trader whom a manager names.
fn trader(gateway: &Gateway, caller: &Caller, login: Option<&str>) -> Result<UserId, Problem> {
    let named = login.map(|login| managed(gateway, caller, login)).transpose()?;
    match (caller.role, named) {
        (Role::Trader, None) => Ok(caller.user),
        (Role::Trader, Some(user)) if user == caller.user => Ok(user),
        (Role::Manager, Some(user)) => {
            let is_trader = gateway.live.read(|picture| picture.user(user).map(|user| user.role)) == Some(Role::Trader);
            let unknown = || Problem::not_found("unknown_user", exchange::Refusal::UnknownUser.to_string());
            if is_trader { Ok(user) } else { Err(unknown()) }
        }
        (Role::Manager, None) => {
            Err(Problem::invalid("invalid_login", "login is missing; name the trader whose limits are meant"))
        }
        _ => Err(Problem::forbidden()),
    }
}
