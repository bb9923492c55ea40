//! Signing in and out, and one's own password.

use std::net::IpAddr;
use std::time::{Duration, Instant as Moment};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::units::{Instant, MemberId, Span};
use exchange::{Answer, Body, Refusal};
use minicbor::bytes::ByteArray;
use serde::Serialize;
use utoipa::ToSchema;

use crate::devices::Device;
use crate::gateway::Gateway;
use crate::guard::{self, COOKIE, Caller};
use crate::idempotency::{Asked, Sent, answer, json};
use crate::live::{Picture, Session, TokenHash};
use crate::origin::Peer;
use crate::problem::{Document, Problem, outcome};
use crate::query::At;
use crate::second_factor::prove;
use crate::text::hex;
use crate::view::Page;
use crate::wire::{self, NewPassword, ProofIfAny, SignIn, shown, shown_or_null};

/// A session.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// What goes into `Authorization: Bearer`; a browser that asked for a cookie gets none.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// When it ends at the latest.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    expires_at: Instant,
    /// Who is signed in.
    user: UserView,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserView {
    /// Its number, as `Expected-User` names it.
    id: u32,
    /// The login; null where the person was forgotten.
    #[schema(required)]
    login: Option<String>,
    /// What it may do.
    role: &'static str,
    /// The code of its member; null for staff.
    #[schema(required)]
    member: Option<String>,
    /// Whether the password served once and must now be replaced.
    new_password_required: bool,
    /// Whether a second factor must now be set up: staff always have one.
    second_factor_enrolment_required: bool,
}

/// One of one's own sessions.
#[derive(Serialize, ToSchema)]
#[schema(as = Device)]
pub(crate) struct DeviceView {
    /// By what it is signed out.
    id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// When it began; null for one of before this was kept.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    begun_at: Option<Instant>,
    /// When it ends at the latest.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    expires_at: Instant,
    /// From where it was last seen; null where that is not known any more.
    #[schema(required)]
    address: Option<String>,
    /// What its program then called itself; null where that is not known.
    #[schema(required)]
    agent: Option<String>,
    /// When it was last seen: signing in, or asking who it is; null where that is not known any more.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    seen_at: Option<Instant>,
}

/// That something was done.
#[derive(Serialize, ToSchema)]
pub(crate) struct Done {
    /// The entry that did it.
    pub sequence: u64,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", request_body = SignIn,
    responses((status = 201, body = SessionView), (status = 401, body = Document<'static>),
        (status = 403, body = Document<'static>), (status = 429, body = Document<'static>)))]
pub(crate) async fn open(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    sent: Sent<SignIn>,
) -> Result<Response, Problem> {
    let SignIn { login, password, cookie, code, passkey } = sent.body;
    let shown = ProofIfAny { code, passkey };
    let cookie = cookie.unwrap_or(false);
    if cookie && sent.headers.contains_key(header::ORIGIN) && !guard::same_origin(&gateway, &sent.headers) {
        return Err(guard::foreign_origin());
    }
    let tag = gateway.node.vault().login_tag(&login);
    let user = gateway.live.read(|picture| picture.user_by_login(&tag).cloned());
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let checked = async {
        check(&gateway, tag, address, &password, stored).await?;
        // A locked user hears what a stranger hears.
        let user = user.as_ref().filter(|user| !user.locked).ok_or_else(bad_credentials)?;
        let proof = if user.has_second() { Some(prove(&gateway, user, address, &shown)?) } else { None };
        right(&gateway, tag, address);
        gateway.failed_codes.succeeded(user.id);
        Ok((user.clone(), proof))
    };
    let checked: Result<_, Problem> = checked.await;
    if let Err(problem) = &checked
        && problem.reason() == "bad_credentials"
    {
        gateway.sign_in_failed(user.as_ref().map(|user| user.id));
    }
    let (user, proof) = checked?;
    gateway.enter_counted(Some(user.id)).await;
    if let Some(problem) = gateway.live.read(|picture| frozen(picture, user.member?)) {
        return Err(problem);
    }
    let token = new_token()?;
    let token_hash = guard::hash(&token);
    let body = Body::SignIn {
        user: user.id,
        token_hash: ByteArray::from(token_hash),
        lasts: span(gateway.config.session),
        checked: exchange::members::password_tag(&user.password_hash),
        proof,
    };
    let reply = gateway.submit_own(body).await?;
    let expires = match &reply.outcome {
        Ok(Answer::Session { expires }) => expires,
        // Frozen while the password was checked.
        Err(Refusal::Frozen) => {
            let told = gateway.live.read(|picture| frozen(picture, user.member?));
            return Err(told.unwrap_or_else(bad_credentials));
        }
        // Only who has the password is told.
        Err(refusal @ Refusal::FirstPasswordEnded) => {
            return Err(Problem::refused(refusal, reply.sequence, reply.replayed));
        }
        Err(refusal @ Refusal::PasskeyCopied) => {
            gateway.code_failed(&user, address);
            gateway.sign_in_failed(Some(user.id));
            return Err(Problem::refused(refusal, reply.sequence, reply.replayed));
        }
        _ => return Err(bad_credentials()),
    };
    gateway.devices.saw(&gateway.live, token_hash, address, &sent.headers);
    let member = gateway.live.read(|picture| user.member.map(|member| picture.member_code(member).to_owned()));
    let view = SessionView {
        token: (!cookie).then(|| token.clone()),
        expires_at: *expires,
        user: UserView {
            id: user.id.0,
            login: Some(login),
            role: user.role.word(),
            member,
            new_password_required: user.single_use,
            second_factor_enrolment_required: user.must_enrol(),
        },
    };
    let mut response = json(StatusCode::CREATED, &view);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if cookie {
        set_cookie(&gateway, &sent.headers, &mut response, &token, gateway.config.session.as_secs());
    }
    Ok(response)
}

/// Who is signed in with this session.
#[utoipa::path(get, path = "/api/v1/sessions/current", tag = "sessions",
    responses((status = 200, body = SessionView), (status = 401, body = Document<'static>)))]
pub(crate) async fn current(
    State(gateway): State<Gateway>,
    caller: Caller,
    Peer { address, .. }: Peer,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    gateway.devices.saw(&gateway.live, caller.token_hash, address, &headers);
    let vault = gateway.node.vault();
    let (user, member) = gateway
        .live
        .read(|picture| {
            let user = picture.user(caller.user)?;
            let member = user.member.map(|member| picture.member_code(member).to_owned());
            Some((user.clone(), member))
        })
        .ok_or_else(Problem::not_signed_in)?;
    let view = SessionView {
        token: None,
        expires_at: caller.expires,
        user: UserView {
            id: caller.user.0,
            login: vault.decrypt_person(&user.personal).map(|person| person.login),
            role: caller.role.word(),
            member,
            new_password_required: user.single_use,
            second_factor_enrolment_required: user.must_enrol(),
        },
    };
    Ok(json(StatusCode::OK, &view))
}

/// Signs out: the token is dead on every node.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "sessions",
    responses((status = 204), (status = 401, body = Document<'static>)))]
pub(crate) async fn close(
    State(gateway): State<Gateway>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let reply = gateway.submit_own(Body::CloseSession { token_hash: ByteArray::from(caller.token_hash) }).await?;
    // Of two that sign out at once, one comes too late for a session, and is told so.
    outcome(&reply).map_err(|_| Problem::not_signed_in())?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&gateway, &headers, &mut response, "", 0);
    Ok(response)
}

/// One's own sessions, the newest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions", responses((status = 200, body = Page<DeviceView>)))]
pub(crate) async fn list(State(gateway): State<Gateway>, caller: Caller) -> Result<Response, Problem> {
    let now = Gateway::now();
    let own: Vec<(TokenHash, Session)> = gateway.live.read(|picture| {
        let own = picture.user(caller.user).map(|user| user.sessions.iter().rev()).into_iter().flatten();
        own.filter_map(|token_hash| {
            let session = picture.sessions.get(token_hash).filter(|session| now < session.expires)?;
            Some((*token_hash, *session))
        })
        .collect()
    });
    let items = own.into_iter().map(|(token_hash, session)| {
        let device = gateway.devices.of(&token_hash);
        let (address, agent, seen_at) = match device {
            Some(Device { address, agent, seen_at }) => (Some(address.to_string()), agent, Some(seen_at)),
            None => (None, None, None),
        };
        let current = token_hash == caller.token_hash;
        let id = session_id(&token_hash);
        DeviceView { id, current, begun_at: session.begun, expires_at: session.expires, address, agent, seen_at }
    });
    Ok(json(StatusCode::OK, &Page { items: items.collect::<Vec<_>>(), next: None }))
}

/// Signs out another of one's own devices, or this one.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Document<'static>)))]
pub(crate) async fn close_one(
    State(gateway): State<Gateway>,
    caller: Caller,
    At(id): At<String>,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("unknown_session", Refusal::UnknownSession.to_string());
    let token_hash = gateway.live.read(|picture| {
        picture.user(caller.user)?.sessions.iter().find(|token_hash| session_id(token_hash) == id).copied()
    });
    let body = Body::CloseSession { token_hash: ByteArray::from(token_hash.ok_or_else(unknown)?) };
    outcome(&gateway.submit_own(body).await?).map_err(|_| unknown())?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// By what one's own sessions are told apart: the beginning of the token's hash, which opens nothing.
fn session_id(token_hash: &TokenHash) -> String {
    hex(&token_hash[..8])
}

/// Replaces one's own password; every other session of the user ends.
#[utoipa::path(post, path = "/api/v1/password", tag = "sessions", request_body = NewPassword,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 401, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn password(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    asked: Asked<NewPassword>,
) -> Result<Response, Problem> {
    wire::password("new", &asked.body.new)?;
    if asked.body.new == asked.body.current {
        return Err(Problem::invalid("invalid_password", "the new password is the old one; choose another"));
    }
    let user = asked.caller.user;
    let stored = gateway
        .live
        .read(|picture| picture.user(user).map(|user| (user.login_tag, user.password_hash.clone(), user.single_use)));
    let (tag, stored, single_use) = stored.ok_or_else(Problem::not_signed_in)?;
    // A repeated request finds the new password in place already; then that one shows who asks. It has counted as a wrong
    // one all the same, or a stolen session could guess at passwords without ever having to wait.
    let checked = check(&gateway, tag, address, &asked.body.current, Some(stored.clone())).await;
    if checked.is_ok() {
        right(&gateway, tag, address);
    }
    if let Err(problem) = checked {
        // A password that serves once cannot be the new one of an earlier try: it must be replaced by another.
        let repeated = problem.status() == StatusCode::UNAUTHORIZED
            && !single_use
            && gateway.passwords.verify(asked.body.new.clone(), Some(stored)).await?;
        if !repeated {
            return Err(problem);
        }
    }
    let password_hash = gateway.passwords.hash(asked.body.new.clone()).await?;
    let keep = Some(ByteArray::from(asked.caller.token_hash));
    let reply = asked.submit(&gateway, Body::SetPassword { user, password_hash, keep }).await?;
    outcome(&reply)?;
    Ok(answer(&reply, StatusCode::OK, &Done { sequence: reply.sequence.0 }))
}

/// Checks a password; wrong ones make whoever sends them wait, per login and per address.
async fn check(
    gateway: &Gateway,
    tag: [u8; 16],
    address: IpAddr,
    password: &str,
    stored: Option<String>,
) -> Result<(), Problem> {
    let now = Moment::now();
    let wait = gateway.failed_logins.wait((tag, address), now).max(gateway.failed_addresses.wait(address, now));
    let wait = wait.max(gateway.failed_anywhere.wait(tag, now));
    if let Some(wait) = wait {
        return Err(too_many_attempts(wait));
    }
    if gateway.passwords.verify(password.to_owned(), stored).await? {
        return Ok(());
    }
    gateway.failed_logins.failed((tag, address), Moment::now());
    gateway.failed_anywhere.failed(tag, Moment::now());
    gateway.failed_addresses.failed(address, Moment::now());
    Err(bad_credentials())
}

/// What a user of a frozen member is told, once its password was right.
fn frozen(picture: &Picture, member: MemberId) -> Option<Problem> {
    let frozen = picture.member(member)?.frozen.as_ref()?;
    let detail = format!("your firm is frozen since {}: {}; ask the exchange", frozen.since, frozen.reason);
    Some(Problem::new(StatusCode::FORBIDDEN, "frozen", detail))
}

/// Everything that was asked for was right: what went wrong before is forgotten.
fn right(gateway: &Gateway, tag: [u8; 16], address: IpAddr) {
    gateway.failed_logins.succeeded((tag, address));
    gateway.failed_addresses.eased(address);
}

/// 401: which of them is wrong is not said.
pub(crate) fn bad_credentials() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", "login, password or code is wrong; check them")
}

/// 429: too much went wrong before.
pub(crate) fn too_many_attempts(wait: Duration) -> Problem {
    let seconds = u32::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
    let detail = format!("too many wrong passwords or codes; try again in {seconds} s");
    Problem::too_many("too_many_attempts", detail, seconds)
}

fn new_token() -> Result<String, Problem> {
    let mut token = [0_u8; 32];
    getrandom::fill(&mut token)
        .map_err(|e| Problem::unavailable("unavailable", format!("the system gave no random bytes: {e}")))?;
    Ok(hex(&token))
}

fn span(duration: Duration) -> Span {
    Span::from_us(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
}

/// A browser does not send a Secure cookie without TLS, so a session does not travel in the clear; only on its own machine it may.
fn set_cookie(gateway: &Gateway, asked: &HeaderMap, response: &mut Response, token: &str, lasts_s: u64) {
    let secure = if gateway.wants_tls(asked) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Strict{secure}");
    let value = HeaderValue::try_from(cookie).expect("a cookie of hexadecimal digits is a header");
    response.headers_mut().insert(header::SET_COOKIE, value);
}
