//! The contracts that auctions have made, as their two sides read them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::units::{Instant, Money, Price, Quantity};
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::history::{self, Wanted};
use crate::idempotency::json;
use crate::problem::{Document, Problem};
use crate::query::{PAGE_MAX, Params};
use crate::view::Page;
use crate::wire::shown;

/// A contract of the caller's member.
#[derive(Serialize, ToSchema)]
pub(crate) struct Contract {
    /// Its number.
    id: u32,
    /// The entry with which it came into being.
    sequence: u64,
    /// When: the lot's end.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// Of which auction.
    auction: u32,
    /// The auction's title.
    title: String,
    /// The product's code.
    product: String,
    /// The quoting unit.
    unit: String,
    /// The lot's code.
    lot: String,
    /// What the caller's member is in it: `seller` or `buyer`.
    side: &'static str,
    /// The code of the other side.
    counterpart: String,
    /// The price per unit.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    price: Price,
    /// How much.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    quantity: Quantity,
    /// price × quantity.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    amount: Money,
    /// What was held from the caller's member at the award.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    margin: Money,
    /// That it is cancelled, its lot being annulled; null while it stands.
    #[schema(required)]
    cancelled: Option<Cancelled>,
}

/// The end of a contract whose lot was annulled.
#[derive(Serialize, ToSchema)]
pub(crate) struct Cancelled {
    /// When.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// Why.
    reason: String,
}

/// The contracts of the caller's member, newest first.
#[utoipa::path(get, path = "/api/v1/contracts", tag = "contracts",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<Contract>), (status = 422, body = Document<'static>)))]
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
    let rows = history::read(move || archive.contracts_of_member(member, cursor, limit)).await?;
    let next = rows.next.map(|next| next.to_string());
    let items: Vec<Contract> = gateway.live.read(|picture| {
        let render = |contract: archive::Contract| {
            // The archive knows no contract of an auction that the picture does not: it never runs ahead of it.
            let auction = picture.auction(contract.auction)?;
            let sells = contract.seller == member;
            let other = if sells { contract.buyer } else { contract.seller };
            Some(Contract {
                id: contract.id.0,
                sequence: contract.sequence.0,
                at: contract.at,
                auction: contract.auction.0,
                title: auction.terms.title.clone(),
                product: auction.terms.product.clone(),
                unit: auction.terms.unit.clone(),
                lot: auction.lots.get(contract.lot.0 as usize)?.code.to_string(),
                side: if sells { "seller" } else { "buyer" },
                counterpart: picture.member(other)?.code.to_string(),
                price: contract.price,
                quantity: contract.quantity,
                amount: contract.amount,
                margin: if sells { contract.seller_margin } else { contract.buyer_margin },
                cancelled: contract.cancelled.map(|cancelled| Cancelled { at: cancelled.at, reason: cancelled.reason }),
            })
        };
        rows.items.into_iter().filter_map(render).collect()
    });
    Ok(position.mark(json(StatusCode::OK, &Page { items, next })))
}
