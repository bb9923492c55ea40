//! Reading from the archive: it may lag, so a read waits for it within bounds, and says how far it is.

use archive::{ArchiveError, Cursor};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use exchange::units::Sequence;

use crate::gateway::Gateway;
use crate::guard::min_sequence;
use crate::problem::Problem;
use crate::query::Params;

/// The entry that a read wants to know, from `Min-Sequence`.
#[derive(Clone, Copy)]
pub(crate) struct Wanted(Option<Sequence>);

impl<S: Sync> FromRequestParts<S> for Wanted {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        min_sequence(&parts.headers).map(Wanted)
    }
}

/// How far the archive was when it was read.
pub(crate) struct Position(Sequence);

impl Position {
    /// Says so in the answer.
    pub fn mark(&self, mut response: Response) -> Response {
        const ARCHIVE_SEQUENCE: HeaderName = HeaderName::from_static("archive-sequence");
        response.headers_mut().insert(ARCHIVE_SEQUENCE, HeaderValue::from(self.0.0));
        response
    }
}

impl Gateway {
    /// Waits until the archive has what the picture shows and what the client names. The latter is a must; without the
    /// former, after the same patience, the archive answers what it has.
    pub(crate) async fn history(&self, wanted: Wanted) -> Result<Position, Problem> {
        let shown = self.live.sequence();
        let target = wanted.0.map_or(shown, |least| least.max(shown));
        let patience = self.config.min_sequence_wait;
        let reached = self.archive.position() >= target || self.archive.reached(target, patience).await;
        let position = self.archive.position();
        match wanted.0 {
            Some(least) if !reached && position < least => Err(Problem::unavailable(
                "not_there_yet",
                format!("entry {least} has not come to the archive within {patience:?}; ask again"),
            )),
            _ => Ok(Position(position)),
        }
    }
}

/// Runs a read of the archive where blocking is allowed.
pub(crate) async fn read<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, ArchiveError> + Send + 'static,
) -> Result<T, Problem> {
    let result = tokio::task::spawn_blocking(read).await;
    result
        .map_err(|e| Problem::unavailable("history_unavailable", format!("reading the archive broke off: {e}")))?
        .map_err(|error| match error {
            ArchiveError::Cursor => Problem::invalid("invalid_cursor", ArchiveError::Cursor.to_string()),
            error => {
                tracing::warn!(%error, "the archive could not be read");
                Problem::unavailable("history_unavailable", "the history cannot be read now; ask again in a moment")
            }
        })
}

/// The `cursor` of a list.
pub(crate) fn cursor(params: &mut Params) -> Result<Option<Cursor>, Problem> {
    params.parse("cursor", "invalid_cursor", "what `next` of the page before said")
}
