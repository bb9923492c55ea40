//! The one place where it is decided whether a request reaches its handler: by the table of [`crate::access`], the
//! session, the origin of a browser, the rate of its user, and the sequence that a read wants to know.

use std::sync::Arc;
use std::time::Instant as Moment;

use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use exchange::members::{Key, Role};
use exchange::units::{Instant, MemberId, Sequence, UserId};
use sha2::{Digest, Sha256};

use crate::access::{self, Who};
use crate::gateway::Gateway;
use crate::live::User;
use crate::problem::Problem;
use crate::query;

/// The cookie that holds a browser's token.
pub(crate) const COOKIE: &str = "bayan_session";

/// Who asks, as far as the handlers need it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub user: UserId,
    pub role: Role,
    pub member: Option<MemberId>,
    pub token_hash: [u8; 32],
    pub expires: Instant,
}

/// Where a token came from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Bearer([u8; 32]),
    Cookie([u8; 32]),
}

/// Lets a request pass to its handler, or answers it.
pub(crate) async fn guard(State(gateway): State<Gateway>, request: Request, next: Next) -> Response {
    match admit(&gateway, request).await {
        Ok(request) => next.run(request).await,
        Err(response) => *response,
    }
}

async fn admit(gateway: &Gateway, mut request: Request) -> Result<Request, Box<Response>> {
    let no = |problem: Problem| Box::new(problem.into_response());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map_or("", MatchedPath::as_str);
    let method = request.method();
    let Some(row) = access::find(method, path) else {
        return Err(Box::new(method_not_allowed(path)));
    };
    let reads = method == Method::GET || method == Method::HEAD;
    if row.who != Who::Anyone {
        let (caller, key, not_ready) = signed_in(gateway, request.headers()).await.map_err(no)?;
        gateway.rate.take(caller.user, Moment::now()).map_err(no)?;
        expected(&request, path, caller.user).map_err(no)?;
        if !row.admits(caller.role, key.as_deref()) {
            return Err(no(Problem::forbidden()));
        }
        if let Some((reason, detail)) = not_ready.filter(|_| !row.before_ready) {
            return Err(no(Problem::new(StatusCode::FORBIDDEN, reason, detail)));
        }
        let from_cookie = matches!(token(request.headers()), Some(Token::Cookie(_)));
        if from_cookie && (!reads || path == "/api/v1/feed") && !same_origin(gateway, request.headers()) {
            return Err(no(foreign_origin()));
        }
        request.extensions_mut().insert(caller);
    }
    if reads {
        let at_least = min_sequence(request.headers()).map_err(no)?;
        gateway.catch_up(at_least).await.map_err(no)?;
    }
    Ok(request)
}

fn method_not_allowed(path: &str) -> Response {
    let allowed = access::methods(path);
    if allowed.is_empty() {
        return unknown_path().into_response();
    }
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("this path understands {allowed}; see /api/openapi.json"),
    );
    let mut response = problem.into_response();
    if let Ok(value) = HeaderValue::try_from(allowed) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

/// The tabs of a browser share one cookie, and each may believe to be somebody else: one that names whom it speaks for
/// neither acts nor reads as another. A browser's WebSocket sends no header of its own, so the feed takes it as a query too.
fn expected(request: &Request, path: &str, user: UserId) -> Result<(), Problem> {
    let header = request.headers().get("expected-user").map(|value| value.to_str().unwrap_or_default());
    let query = request.uri().query().filter(|_| path == "/api/v1/feed").and_then(|query| query.strip_prefix("user="));
    match header.or(query) {
        Some(text) if query::id(text) != Some(user.0) => Err(other_user()),
        _ => Ok(()),
    }
}

/// 409 for a page that speaks for somebody who is no longer signed in here.
fn other_user() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "other_user",
        "somebody else is signed in in this browser now; nothing was done. Look who it is with GET /api/v1/sessions/current",
    )
}

/// 404 for a path that nothing is at.
pub(crate) fn unknown_path() -> Problem {
    Problem::not_found("unknown_path", "there is nothing at this path; /api/openapi.json lists what there is")
}

/// 403 for a browser that was sent here by another site.
pub(crate) fn foreign_origin() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign_origin",
        "a session in a cookie may change something only from this site; send its Origin, or use a bearer token",
    )
}

/// What a user must do before anything else: a stable word, and how.
type NotReady = (&'static str, &'static str);

const NEW_PASSWORD: NotReady =
    ("new_password_required", "your password served once; set a new one with POST /api/v1/password first");
const ENROLMENT: NotReady = (
    "second_factor_enrolment_required",
    "staff always have a second factor; set one up with POST /api/v1/second-factor/totp or /passkeys/options first",
);

/// A caller, what it is where it is a key, and what it must do first.
type Called = (Caller, Option<Arc<Key>>, Option<NotReady>);

/// The session of a request with its user. One that was begun at another node a moment ago may not have come here yet.
async fn signed_in(gateway: &Gateway, headers: &HeaderMap) -> Result<Called, Problem> {
    match caller(gateway, headers) {
        Err(_) if !gateway.node.leads() && token(headers).is_some() && gateway.node.catch_up().await => {
            caller(gateway, headers)
        }
        called => called,
    }
}

fn caller(gateway: &Gateway, headers: &HeaderMap) -> Result<Called, Problem> {
    let (Token::Bearer(token_hash) | Token::Cookie(token_hash)) = token(headers).ok_or_else(Problem::not_signed_in)?;
    let now = Gateway::now();
    gateway
        .live
        .read(|picture| {
            let (session, user) = picture.session(&token_hash, now)?;
            let caller =
                Caller { user: user.id, role: user.role, member: user.member, token_hash, expires: session.expires };
            let not_ready = match user {
                User { single_use: true, .. } => Some(NEW_PASSWORD),
                user if user.must_enrol() => Some(ENROLMENT),
                _ => None,
            };
            Some((caller, user.key.clone(), not_ready))
        })
        .ok_or_else(Problem::not_signed_in)
}

/// The hash of the token that a request carries. A bearer token goes before a cookie.
fn token(headers: &HeaderMap) -> Option<Token> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Token::Bearer(hash(token.trim())));
    }
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
        .map(|token| Token::Cookie(hash(token)))
}

/// What the log knows of a token.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Whether a browser says that the request comes from this site or one that the configuration names.
pub(crate) fn same_origin(gateway: &Gateway, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    (authority.is_some() && authority == host) || gateway.config.origins.iter().any(|allowed| allowed == origin)
}

/// The entry that a read wants to know.
pub(crate) fn min_sequence(headers: &HeaderMap) -> Result<Option<Sequence>, Problem> {
    let Some(value) = headers.get("min-sequence") else { return Ok(None) };
    let number = value.to_str().ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    number.and_then(|text| text.parse().ok()).map(|n| Some(Sequence(n))).ok_or_else(|| {
        Problem::bad_request(
            "min_sequence_invalid",
            "Min-Sequence is no sequence; expected a whole number such as 4711",
        )
    })
}

/// Handlers take the caller by naming it; behind the guard it is always there where the table wants a session.
impl<S: Sync> axum::extract::FromRequestParts<S> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().copied().ok_or_else(Problem::not_signed_in)
    }
}
