//! The signed head of the log, for everyone: with it anybody can check us.

use std::time::{Duration, Instant as Moment};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use exchange::units::{Instant, Sequence};
use ordering::SignedHead;
use serde::Serialize;
use tokio::sync::Mutex;
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

/// The last head that was given out. Signing one costs a sync of the disk, and everyone may ask: whoever asks for a newer
/// one shares it with all who ask within [`APART`].
#[derive(Default)]
pub(crate) struct Heads(Mutex<Option<(Moment, SignedHead)>>);

/// The least time between two heads that are signed because somebody asks.
const APART: Duration = Duration::from_millis(50);

impl Heads {
    async fn at_least(&self, gateway: &Gateway, wanted: Sequence) -> Result<SignedHead, Problem> {
        let mut last = self.0.lock().await;
        if let Some((signed, head)) = *last {
            if head.sequence >= wanted {
                return Ok(head);
            }
            tokio::time::sleep_until((signed + APART).into()).await;
        }
        let head = gateway.node.head(wanted).await?;
        *last = Some((Moment::now(), head));
        Ok(head)
    }
}

/// The signed head of the log.
#[utoipa::path(get, path = "/api/v1/head", tag = "proof",
    responses((status = 200, body = Head), (status = 503, body = Document<'static>)))]
pub(crate) async fn get(State(gateway): State<Gateway>, headers: HeaderMap) -> Result<Response, Problem> {
    let shown = gateway.live.sequence();
    let wanted = min_sequence(&headers)?.map_or(shown, |least| least.max(shown));
    let head = gateway.heads.at_least(&gateway, wanted).await?;
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
