//! Problem documents (RFC 9457): what was wrong, what to do, and a stable word for programs.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::units::Sequence;
use exchange::{Answer, Refusal, Reply};
use ordering::Unavailable;
use serde::Serialize;

use crate::figures::Figures;
use crate::passkeys::PasskeyRequest;

/// Says that an answer was given before, to the same request.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// An answer that says no.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    reason: &'static str,
    detail: Cow<'static, str>,
    /// The entry that refused, where the log has one.
    sequence: Option<Sequence>,
    retry_after_s: Option<u32>,
    /// Whether it was given before, to the same request.
    replayed: bool,
    /// How a passkey may be shown, where that is asked for.
    passkey: Option<Box<PasskeyRequest>>,
    /// The figures of the rule that refused.
    figures: Option<Box<Figures>>,
}

/// The document on the wire.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document<'p> {
    /// A URI of the reason.
    #[serde(rename = "type")]
    kind: String,
    /// The reason in words.
    title: String,
    /// The HTTP status again.
    status: u16,
    /// What was wrong and what to do.
    detail: &'p str,
    /// A stable word.
    reason: &'p str,
    /// The entry of the log that refused, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// With `second_factor_required`: how the user may show a passkey, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    passkey: Option<&'p PasskeyRequest>,
    /// The figures of the rule that said no, where it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<&'p Figures>,
}

impl Problem {
    /// A problem with this status, stable word and explanation.
    pub fn new(status: StatusCode, reason: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Problem {
            status,
            reason,
            detail: detail.into(),
            sequence: None,
            retry_after_s: None,
            replayed: false,
            passkey: None,
            figures: None,
        }
    }

    /// 400: not JSON, not the schema, or a header that cannot be.
    pub fn bad_request(reason: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, reason, detail)
    }

    /// 422: a value that cannot be.
    pub fn invalid(reason: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, reason, detail)
    }

    /// 404: there is no such thing, or it is not for the eyes of who asks.
    pub fn not_found(reason: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Problem::new(StatusCode::NOT_FOUND, reason, detail)
    }

    /// 404 `unknown_auction`.
    pub fn unknown_auction() -> Self {
        Problem::not_found("unknown_auction", Refusal::UnknownAuction.to_string())
    }

    /// 404 `unknown_lot`.
    pub fn unknown_lot() -> Self {
        Problem::not_found("unknown_lot", Refusal::UnknownLot.to_string())
    }

    /// 404 `unknown_member`.
    pub fn unknown_member() -> Self {
        Problem::not_found("unknown_member", Refusal::UnknownMember.to_string())
    }

    /// 404 `unknown_application`.
    pub fn unknown_application() -> Self {
        Problem::not_found("unknown_application", Refusal::UnknownApplication.to_string())
    }

    /// 401 `not_signed_in`.
    pub fn not_signed_in() -> Self {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "not_signed_in",
            "there is no valid session; sign in with POST /api/v1/sessions and send the token as Authorization: Bearer",
        )
    }

    /// 403 `forbidden`.
    pub fn forbidden() -> Self {
        Problem::new(StatusCode::FORBIDDEN, "forbidden", Refusal::Forbidden.to_string())
    }

    /// 429: too often.
    pub fn too_many(reason: &'static str, detail: impl Into<Cow<'static, str>>, retry_after_s: u32) -> Self {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, reason, detail).retry_after(retry_after_s)
    }

    /// 503: surely nothing was done.
    pub fn unavailable(reason: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, reason, detail).retry_after(1)
    }

    /// 500: the exchange answered what it never answers to this; a fault of ours, not of who asked.
    pub(crate) fn unexpected(answer: &Answer) -> Self {
        tracing::error!(?answer, "the exchange answered another question");
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the exchange answered another question; tell its staff",
        )
    }

    /// With a `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds.max(1));
        self
    }

    /// With how a passkey may be shown.
    pub(crate) fn with_passkey(mut self, request: Option<PasskeyRequest>) -> Self {
        self.passkey = request.map(Box::new);
        self
    }

    /// A refusal of the exchange, with the entry that refused.
    #[must_use]
    pub fn refused(refusal: &Refusal, sequence: Sequence, replayed: bool) -> Self {
        let mut problem = Problem::new(status_of(refusal), refusal.reason(), refusal.to_string());
        problem.sequence = Some(sequence);
        problem.replayed = replayed;
        problem.figures = Figures::of(refusal).map(Box::new);
        if problem.status == StatusCode::TOO_MANY_REQUESTS {
            problem = problem.retry_after(60);
        }
        problem
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable word.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.reason
    }

    /// The document's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut title = self.reason.replace('_', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let document = Document {
            kind: format!("urn:bayan:problem:{}", self.reason),
            title,
            status: self.status.as_u16(),
            detail: &self.detail,
            reason: self.reason,
            sequence: self.sequence.map(|s| s.0),
            passkey: self.passkey.as_deref(),
            figures: self.figures.as_deref(),
        };
        serde_json::to_vec(&document).expect("a document of texts and numbers is JSON")
    }
}

impl From<Unavailable> for Problem {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::Refused(why) | Unavailable::Leaderless(why) => {
                Problem::unavailable("unavailable", format!("{why}; nothing was done, ask again in a moment"))
            }
            Unavailable::Unknown(why) => Problem::new(
                StatusCode::GATEWAY_TIMEOUT,
                "outcome_unknown",
                format!("{why}; it may have been done: ask again with the same Idempotency-Key"),
            ),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.to_bytes()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"bayan\""));
        }
        response
    }
}

/// The one place that says which status a refusal of the exchange has.
#[must_use]
pub const fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::UnknownAuction
        | Refusal::UnknownLot
        | Refusal::UnknownMember
        | Refusal::UnknownUser
        | Refusal::UnknownSession
        | Refusal::UnknownKey
        | Refusal::UnknownPasskey
        | Refusal::UnknownApproval
        | Refusal::UnknownFile
        | Refusal::UnknownHalt
        | Refusal::UnknownPayment
        | Refusal::UnknownApplication => StatusCode::NOT_FOUND,
        Refusal::Forbidden | Refusal::SamePerson => StatusCode::FORBIDDEN,
        Refusal::NotSignedIn
        | Refusal::PasswordReplaced
        | Refusal::SecondFactorRequired
        | Refusal::CodeUsed
        | Refusal::PasskeyCopied
        | Refusal::FirstPasswordEnded => StatusCode::UNAUTHORIZED,
        Refusal::InvalidAnnouncement(_)
        | Refusal::InvalidAmount
        | Refusal::InvalidText(_)
        | Refusal::RoleMismatch
        | Refusal::InvalidProfile(_)
        | Refusal::InvalidCreditCode(_)
        | Refusal::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::TooManyKeys => StatusCode::TOO_MANY_REQUESTS,
        Refusal::NotOpen
        | Refusal::OwnAuction
        | Refusal::NotEligible
        | Refusal::ConsecutiveBid
        | Refusal::OffStep { .. }
        | Refusal::NotBetter { .. }
        | Refusal::AboveMaxStep { .. }
        | Refusal::BeyondLimit { .. }
        | Refusal::InsufficientMargin { .. }
        | Refusal::Ended
        | Refusal::Suspended
        | Refusal::NotSuspended
        | Refusal::NotLater { .. }
        | Refusal::TooLate { .. }
        | Refusal::NotSubmitted
        | Refusal::ModeNotAllowed
        | Refusal::UnknownProduct
        | Refusal::WrongFormat
        | Refusal::UnreadableBid
        | Refusal::InsufficientCash { .. }
        | Refusal::Taken
        | Refusal::AlreadyDecided
        | Refusal::LimitReached(_)
        | Refusal::OverFileQuota { .. }
        | Refusal::FileInUse { .. }
        | Refusal::Unchanged
        | Refusal::Frozen
        | Refusal::Halted
        | Refusal::OutsideHours
        | Refusal::NotSold
        | Refusal::ContractUnderWay
        | Refusal::AlreadyCorrected { .. }
        | Refusal::KeyNotDue
        | Refusal::NotBegun
        | Refusal::Forgotten
        | Refusal::ChangedMeanwhile
        | Refusal::LicenceEnded { .. }
        | Refusal::AboveGivenLimit { .. }
        | Refusal::AlreadyApplied
        | Refusal::NotRefused
        | Refusal::LoginTaken
        | Refusal::SecondFactorNeeded => StatusCode::CONFLICT,
    }
}

/// The outcome of a reply: the answer, or the refusal as a problem.
pub(crate) fn outcome(reply: &Reply) -> Result<&Answer, Problem> {
    reply.outcome.as_ref().map_err(|refusal| Problem::refused(refusal, reply.sequence, reply.replayed))
}
