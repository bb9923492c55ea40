//! Above which amount a trader is asked once more before it bids. The app asks; no bid is refused for it.

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
use crate::query::Params;
use crate::sessions::Done;
use crate::users::managed;
use crate::wire::{self, NewLimits, shown_or_null};

/// The limits of a trader.
#[derive(Serialize, ToSchema)]
#[schema(as = Limits)]
pub(crate) struct LimitsView {
    /// The largest amount (price × quantity) of one bid that it is not asked about once more; null: it is never asked.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    bid_amount_max: Option<Money>,
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
    let bid_amount_max = gateway.live.read(|picture| picture.user(user).and_then(|user| user.limit));
    Ok(json(StatusCode::OK, &LimitsView { bid_amount_max }))
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
