//! The signed head of the log, for everyone: with it anybody can check us.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use exchange::units::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::min_sequence;
use crate::idempotency::json;
use crate::problem::{Document, Problem};
use crate::text::hex;
use crate::wire::shown;

/// A signed head. Hashes, signature and key are hexadecimal.
#[derive(Serialize, ToSchema)]
pub(crate) struct Head {
    /// The last entry it covers.
    sequence: u64,
    /// The RFC 6962 tree head over all entries up to it (SHA-256).
    hash: String,
    /// The digest of the exchange's state after that entry.
    state_digest: String,
    /// When it was signed.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    signed_at: Instant,
    /// Ed25519.
    signature: String,
    /// The node's public key.
    key: String,
}

/// The signed head of the log.
#[utoipa::path(get, path = "/api/v1/head", tag = "proof",
    responses((status = 200, body = Head), (status = 503, body = Document<'static>)))]
pub(crate) async fn get(State(gateway): State<Gateway>, headers: HeaderMap) -> Result<Response, Problem> {
    let at_least = min_sequence(&headers)?.unwrap_or_default().max(gateway.answered());
    let head = gateway.node.head(at_least).await?;
    let view = Head {
        sequence: head.sequence.0,
        hash: hex(&head.hash),
        state_digest: hex(&head.state_digest),
        signed_at: head.signed_at,
        signature: hex(&head.signature),
        key: hex(&head.key),
    };
    Ok(json(StatusCode::OK, &view))
}
