//! The second factor: setting it up, checking it, removing it. Staff always have one; members by choice.

use std::net::IpAddr;
use std::time::Instant as Moment;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::members::secret_tag;
use exchange::units::UserId;
use exchange::{Body, Proof};
use minicbor::bytes::ByteArray;
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, answer, json};
use crate::live::User;
use crate::members::done;
use crate::origin::Peer;
use crate::problem::{Document, Problem, outcome};
use crate::query::At;
use crate::sessions::{Done, bad_credentials, too_many_attempts};
use crate::text::letters;
use crate::totp::TotpSecret;
use crate::users::managed;
use crate::wire::{Code, CodeIfAny, Nothing};

/// How many recovery codes a user gets.
const RECOVERY_CODES: usize = 10;
/// How many letters each has: five bits each, so fifty that nobody guesses.
const RECOVERY_LETTERS: usize = 10;
const RECOVERY_BYTES: usize = RECOVERY_CODES * RECOVERY_LETTERS;

/// One's own second factor.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactor)]
pub(crate) struct SecondView {
    /// Whether signing in needs a code.
    totp: bool,
    /// Whether one is needed: staff always have one.
    required: bool,
    /// How many recovery codes are left.
    recovery_codes_left: usize,
}

/// A secret that waits for its first code.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpBegun {
    /// What is typed into an authenticator app, 32 letters and digits (Base32).
    secret: String,
    /// The same with login and issuer, for a QR code.
    uri: String,
    /// The entry that did it.
    sequence: u64,
}

/// A second factor serves.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpConfirmed {
    /// Each replaces one code, once. They are shown this once.
    recovery_codes: Vec<String>,
    /// The entry that did it.
    sequence: u64,
}

/// One's own second factor.
#[utoipa::path(get, path = "/api/v1/second-factor", tag = "second-factor",
    responses((status = 200, body = SecondView)))]
pub(crate) async fn get(State(gateway): State<Gateway>, caller: Caller) -> Result<Response, Problem> {
    let user = user(&gateway, caller.user)?;
    let view = SecondView {
        totp: user.has_second(),
        required: !user.role.is_members(),
        recovery_codes_left: user.second.map_or(0, |second| second.recovery.len()),
    };
    Ok(json(StatusCode::OK, &view))
}

/// Begins to set up a second factor, or another one in place of the one that serves, whose code is then asked for. It serves
/// once it is confirmed.
#[utoipa::path(post, path = "/api/v1/second-factor/totp", tag = "second-factor", request_body = CodeIfAny,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = TotpBegun), (status = 401, body = Document<'static>)))]
pub(crate) async fn begin(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    asked: Asked<CodeIfAny>,
) -> Result<Response, Problem> {
    let user = user(&gateway, asked.caller.user)?;
    let secret = TotpSecret::new(gateway.node.vault().one_time(&asked.request, "totp"));
    let waits = user.second.as_ref().and_then(|second| second.pending.as_ref());
    let again = waits.and_then(|sealed| gateway.node.vault().open_totp(user.id, sealed));
    // Asked again it has used its code already; then the secret that waits shows that it is the same request.
    if user.has_second() && again.as_ref() != Some(secret.bytes()) {
        let code = asked.body.code.as_deref().ok_or_else(second_factor_required)?;
        prove(&gateway, &user, address, code)?;
    }
    let sealed = gateway.node.vault().seal_totp(user.id, secret.bytes());
    let reply = asked.submit(&gateway, Body::BeginTotp { user: user.id, sealed }).await?;
    outcome(&reply)?;
    let login = gateway.node.vault().decrypt_person(&user.personal).map(|person| person.login).unwrap_or_default();
    let begun = TotpBegun { uri: secret.uri(&login), secret: secret.text(), sequence: reply.sequence.0 };
    Ok(answer(&reply, StatusCode::CREATED, &begun))
}

/// Confirms the secret with its first code. From now on signing in needs one.
#[utoipa::path(post, path = "/api/v1/second-factor/totp/confirmation", tag = "second-factor", request_body = Code,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = TotpConfirmed), (status = 401, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn confirm(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    asked: Asked<Code>,
) -> Result<Response, Problem> {
    let user = user(&gateway, asked.caller.user)?;
    let vault = gateway.node.vault();
    let pending = user.second.as_ref().and_then(|second| second.pending.as_ref());
    let (checked, step) = match pending {
        // Nothing waits: it was confirmed with this request before, or never begun. The exchange knows.
        None => ([0; 16].into(), 0),
        Some(sealed) => {
            let secret = vault.open_totp(user.id, sealed).map(TotpSecret::new);
            let step = secret.and_then(|secret| secret.step_of(&asked.body.code, now_s()));
            gateway.code_wait(&user, address)?;
            let Some(step) = step else { return Err(gateway.code_failed(&user, address)) };
            (secret_tag(sealed), step)
        }
    };
    let random: [u8; RECOVERY_BYTES] = vault.one_time(&asked.request, "recovery codes");
    let codes: Vec<String> = random.chunks(RECOVERY_LETTERS).map(letters).collect();
    let recovery = codes.iter().map(|code| ByteArray::from(vault.recovery_tag(user.id, &plain(code)))).collect();
    let reply = asked.submit(&gateway, Body::ConfirmTotp { user: user.id, checked, step, recovery }).await?;
    outcome(&reply)?;
    Ok(answer(&reply, StatusCode::OK, &TotpConfirmed { recovery_codes: codes, sequence: reply.sequence.0 }))
}

/// Removes one's own second factor, with a code of it. Staff cannot.
#[utoipa::path(delete, path = "/api/v1/second-factor/totp", tag = "second-factor", request_body = CodeIfAny,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 401, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn remove(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    asked: Asked<CodeIfAny>,
) -> Result<Response, Problem> {
    let user = user(&gateway, asked.caller.user)?;
    let proof = match asked.body.code.as_deref() {
        // Without any it may be asked again, or is refused by the exchange.
        _ if !user.has_second() || !user.role.is_members() => None,
        None => return Err(second_factor_required()),
        Some(code) => Some(prove(&gateway, &user, address, code)?),
    };
    done(&asked.submit(&gateway, Body::RemoveTotp { user: user.id, proof }).await?)
}

/// Removes the second factor of a user who has lost it; its sessions end, and staff set up another one before anything else.
#[utoipa::path(delete, path = "/api/v1/users/{login}/second-factor", tag = "users", request_body = Nothing,
    params(("login" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 403, body = Document<'static>),
        (status = 404, body = Document<'static>), (status = 409, body = Document<'static>)))]
pub(crate) async fn remove_of(
    State(gateway): State<Gateway>,
    At(login): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let user = managed(&gateway, &asked.caller, &login)?;
    if user == asked.caller.user {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "same_person",
            "one's own second factor is replaced or removed with a code of it; see /api/v1/second-factor",
        ));
    }
    done(&asked.submit(&gateway, Body::RemoveTotp { user, proof: None }).await?)
}

/// 401: the password is right, and a code is wanted too.
pub(crate) fn second_factor_required() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "second_factor_required",
        "this user has a second factor; send the code that its authenticator shows, or a recovery code, as \"code\"",
    )
}

/// What a code shows: that it is of this moment and has not served, or that it is a recovery code that is left. A wrong one
/// makes its sender wait as a wrong password does.
pub(crate) fn prove(gateway: &Gateway, user: &User, address: IpAddr, code: &str) -> Result<Proof, Problem> {
    gateway.code_wait(user, address)?;
    let second = user.second.as_ref();
    let vault = gateway.node.vault();
    let sealed = second.and_then(|second| second.totp.as_ref());
    let secret = sealed.and_then(|sealed| vault.open_totp(user.id, sealed)).map(TotpSecret::new);
    let code = plain(code);
    let last = second.and_then(|second| second.last_step);
    if let Some(step) = secret.and_then(|secret| secret.step_of(&code, now_s()))
        && last.is_none_or(|last| step > last)
    {
        return Ok(Proof::Code(step));
    }
    let hash = ByteArray::from(vault.recovery_tag(user.id, &code));
    if second.is_some_and(|second| second.recovery.contains(&hash)) {
        return Ok(Proof::Recovery(hash));
    }
    Err(gateway.code_failed(user, address))
}

impl Gateway {
    /// Whoever has sent wrong codes waits, wherever they came from: they come from somebody who has the password.
    fn code_wait(&self, user: &User, address: IpAddr) -> Result<(), Problem> {
        let now = Moment::now();
        let wait = self.failed_codes.wait(user.id, now).max(self.failed_addresses.wait(address, now));
        wait.map_or(Ok(()), |wait| Err(too_many_attempts(wait)))
    }

    fn code_failed(&self, user: &User, address: IpAddr) -> Problem {
        let now = Moment::now();
        self.failed_codes.failed(user.id, now);
        self.failed_addresses.failed(address, now);
        bad_credentials()
    }
}

/// A code as people type it: spaces and dashes do not matter.
fn plain(code: &str) -> String {
    code.chars().filter(|letter| !matches!(letter, ' ' | '-')).flat_map(char::to_lowercase).collect()
}

fn now_s() -> u64 {
    u64::try_from(Gateway::now().us() / 1_000_000).unwrap_or_default()
}

fn user(gateway: &Gateway, id: UserId) -> Result<User, Problem> {
    gateway.live.read(|picture| picture.user(id).cloned()).ok_or_else(Problem::not_signed_in)
}
