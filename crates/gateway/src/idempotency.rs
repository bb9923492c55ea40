//! Ask twice, happen once: the key of a command, what it is compared by, and its one answer.

use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use exchange::units::UserId;
use exchange::{Body, Command, Principal, Reply, RequestId};
use http_body_util::BodyExt;
use minicbor::bytes::ByteArray;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::problem::{Problem, REPLAYED};
use crate::wire;

/// How much of a body that is too large is still read, so that its sender is there to hear the answer.
const DRAINED_BYTES_MAX: usize = 16 << 20;

/// A command as it was asked: by whom, by which key, with which body.
pub(crate) struct Asked<T> {
    pub caller: Caller,
    pub request: RequestId,
    pub body: T,
}

impl<T> Asked<T> {
    /// Puts it in the one order.
    pub async fn submit(&self, gateway: &Gateway, body: Body) -> Result<Reply, Problem> {
        gateway.submit(self.caller.user, self.request, body).await
    }
}

impl<T: DeserializeOwned + Serialize> FromRequest<Gateway> for Asked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Problem> {
        let caller = request.extensions().get::<Caller>().copied().ok_or_else(Problem::not_signed_in)?;
        let (parts, body) = request.into_parts();
        let bytes = read(gateway, &parts.headers, body).await?;
        let key = key(&parts.headers)?;
        // Nothing more is to be said when something is let fall.
        let bytes = if parts.method == Method::DELETE && bytes.is_empty() { Bytes::from_static(b"{}") } else { bytes };
        let body: T = wire::parse(&bytes)?;
        let request = request_id(gateway, caller.user, key, &asked(&parts.method, parts.uri.path(), &body));
        Ok(Asked { caller, request, body })
    }
}

/// A command of somebody who is not signed in: the gateway says what it may.
pub(crate) struct Stranger<T> {
    pub request: RequestId,
    pub body: T,
}

impl<T> Stranger<T> {
    /// Puts it in the one order.
    pub async fn submit(&self, gateway: &Gateway, body: Body) -> Result<Reply, Problem> {
        gateway.put(Command { principal: Principal::System, request: Some(self.request), body }).await
    }
}

/// The keys of strangers are in one row, and whoever guessed one and what was asked with it would hear its answer: so they are
/// long enough not to be guessed.
const STRANGERS_KEY_MIN: usize = 16;

impl<T: DeserializeOwned + Serialize> FromRequest<Gateway> for Stranger<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(gateway, &parts.headers, body).await?;
        let key = key(&parts.headers)?;
        if key.len() < STRANGERS_KEY_MIN {
            return Err(Problem::bad_request(
                "idempotency_key_invalid",
                "the Idempotency-Key of who is not signed in has at least 16 characters; take a random one",
            ));
        }
        let body: T = wire::parse(&bytes)?;
        let request = request_id(gateway, UserId::NOBODY, key, &asked(&parts.method, parts.uri.path(), &body));
        Ok(Stranger { request, body })
    }
}

fn request_id(gateway: &Gateway, user: UserId, key: &str, asked: &[u8]) -> RequestId {
    let vault = gateway.node.vault();
    RequestId {
        key: ByteArray::from(vault.request_key(user, key)),
        fingerprint: ByteArray::from(vault.fingerprint(asked)),
    }
}

/// What two requests with the same key must agree in: method, path and parsed body, in one spelling.
pub(crate) fn asked<T: Serialize>(method: &Method, path: &str, body: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(method.as_str().as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(path.as_bytes());
    bytes.push(0);
    serde_json::to_writer(&mut bytes, body).expect("a body that was read can be written");
    bytes
}

/// The `Idempotency-Key` of a command.
pub(crate) fn key(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all("idempotency-key").into_iter();
    let Some(value) = values.next() else {
        return Err(Problem::bad_request(
            "idempotency_key_missing",
            "a call that changes something needs an Idempotency-Key header; take a new random one, and the same when you ask again",
        ));
    };
    let text = value.to_str().ok().filter(|text| {
        values.next().is_none() && (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
    });
    text.ok_or_else(|| {
        Problem::bad_request(
            "idempotency_key_invalid",
            "the Idempotency-Key cannot be; expected one header with 1 to 64 visible ASCII characters",
        )
    })
}

/// A body without a key: signing in.
pub(crate) struct Sent<T> {
    pub headers: HeaderMap,
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<Gateway> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = read(gateway, &parts.headers, body).await?;
        Ok(Sent { body: wire::parse(&bytes)?, headers: parts.headers })
    }
}

/// The bytes of a body, as long as they are no more than that and arrive in time. What is too much is read on for a while.
pub(crate) async fn bytes(
    headers: &HeaderMap,
    body: HttpBody,
    limit: usize,
    timeout: Duration,
) -> Result<Bytes, Problem> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) && headers.contains_key(header::EXPECT) {
        // The sender asked first and is told no; what it did not send need not be read.
        return Err(too_large(limit));
    }
    let collected = tokio::time::timeout(timeout, collect(body, limit)).await;
    collected.map_err(|_| {
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "request_timeout",
            format!("the body did not arrive within {timeout:?}; send it again"),
        )
    })?
}

/// The bytes of a JSON body, within the limits.
async fn read(gateway: &Gateway, headers: &HeaderMap, body: HttpBody) -> Result<Bytes, Problem> {
    let bytes = bytes(headers, body, gateway.config.body_bytes_max, gateway.config.body_timeout).await?;
    if !bytes.is_empty() && !is_json(headers) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "the body is not declared as JSON in UTF-8; send Content-Type: application/json",
        ));
    }
    if !bytes.is_empty() && !is_plain(headers) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "the body is compressed or otherwise encoded; send it as it is, without Content-Encoding",
        ));
    }
    Ok(bytes)
}

/// JSON, in the one character set that JSON has between systems (RFC 8259, 8.1).
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next().and_then(|value| value.to_str().ok()), values.next()) else {
        return false;
    };
    let mut parts = value.split(';');
    let essence = parts.next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
        && parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

pub(crate) fn is_plain(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
    values.all(|value| value.to_str().is_ok_and(|value| value.trim().eq_ignore_ascii_case("identity")))
}

fn too_large(limit: usize) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", format!("a body has at most {limit} bytes"))
}

async fn collect(mut body: HttpBody, limit: usize) -> Result<Bytes, Problem> {
    let mut first: Option<Bytes> = None;
    let mut rest: Vec<u8> = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|e| Problem::bad_request("invalid_body", format!("the body broke off: {e}")))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > limit {
            if length > DRAINED_BYTES_MAX {
                return Err(too_large(limit));
            }
            (first, rest) = (None, Vec::new());
            continue;
        }
        // Nearly every body is one frame, which is taken as it is.
        match first.take() {
            None if rest.is_empty() => first = Some(data),
            None => rest.extend_from_slice(&data),
            Some(before) => {
                rest.extend_from_slice(&before);
                rest.extend_from_slice(&data);
            }
        }
    }
    if length > limit {
        return Err(too_large(limit));
    }
    Ok(first.unwrap_or_else(|| Bytes::from(rest)))
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let mut bytes = Vec::with_capacity(256);
    serde_json::to_writer(&mut bytes, body).expect("what the gateway answers can be written as JSON");
    let mut response = Response::new(HttpBody::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The answer to a command; given again, it says so.
pub(crate) fn answer(reply: &Reply, status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = json(status, body);
    if reply.replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
