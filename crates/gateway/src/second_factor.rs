//! The second factor: setting it up, checking it, removing it. Staff always have one; members by choice.

use std::net::IpAddr;
use std::time::Instant as Moment;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::members::secret_tag;
use exchange::units::UserId;
use exchange::{Body, Proof, RequestId};
use minicbor::bytes::ByteArray;
use serde::Serialize;
use utoipa::ToSchema;

use crate::funds::Pending;
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, answer, json};
use crate::live::User;
use crate::members::{done, done_or_pending};
use crate::origin::Peer;
use crate::passkeys::{self, PasskeyView};
use crate::problem::{Document, Problem, outcome};
use crate::query::At;
use crate::sessions::{Done, bad_credentials, too_many_attempts};
use crate::text::letters;
use crate::totp::TotpSecret;
use crate::users::managed;
use crate::wire::{Code, Nothing, ProofIfAny};

/// How many recovery codes a user gets.
const RECOVERY_CODES: usize = 10;
/// How many letters each has: five bits each, so fifty that nobody guesses.
const RECOVERY_LETTERS: usize = 10;
const RECOVERY_BYTES: usize = RECOVERY_CODES * RECOVERY_LETTERS;

/// One's own second factor.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactor)]
pub(crate) struct SecondView {
    /// Whether an authenticator's codes serve.
    totp: bool,
    /// One's passkeys, the oldest first. Where there are codes or passkeys, signing in needs one of them.
    passkeys: Vec<PasskeyView>,
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
    let required = !user.role.is_members();
    let second = user.second.unwrap_or_default();
    let view = SecondView {
        totp: second.totp.is_some(),
        passkeys: passkeys::views(&gateway, user.id, second.passkeys()),
        required,
        recovery_codes_left: second.recovery.len(),
    };
    Ok(json(StatusCode::OK, &view))
}

/// Begins to set up a second factor, or another one in place of the one that serves, whose code is then asked for. It serves
/// once it is confirmed.
#[utoipa::path(post, path = "/api/v1/second-factor/totp", tag = "second-factor", request_body = ProofIfAny,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = TotpBegun), (status = 401, body = Document<'static>)))]
pub(crate) async fn begin(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    asked: Asked<ProofIfAny>,
) -> Result<Response, Problem> {
    let user = user(&gateway, asked.caller.user)?;
    let secret = TotpSecret::new(gateway.node.vault().one_time(&asked.request, "totp"));
    let waits = user.second.as_ref().and_then(|second| second.pending.as_ref());
    let again = waits.and_then(|sealed| gateway.node.vault().open_totp(user.id, sealed));
    // Asked again it has used its code already; then the secret that waits shows that it is the same request.
    if user.has_second() && again.as_ref() != Some(secret.bytes()) {
        prove(&gateway, &user, address, &asked.body)?;
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
    let codes = recovery_codes(&gateway, &asked.request);
    let recovery = recovery_tags(&gateway, user.id, &codes);
    let reply = asked.submit(&gateway, Body::ConfirmTotp { user: user.id, checked, step, recovery }).await?;
    outcome(&reply)?;
    Ok(answer(&reply, StatusCode::OK, &TotpConfirmed { recovery_codes: codes, sequence: reply.sequence.0 }))
}

/// Removes the codes of one's own authenticator, with a second factor. Staff cannot where they have no passkey.
#[utoipa::path(delete, path = "/api/v1/second-factor/totp", tag = "second-factor", request_body = ProofIfAny,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 401, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn remove(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    asked: Asked<ProofIfAny>,
) -> Result<Response, Problem> {
    let user = user(&gateway, asked.caller.user)?;
    let second = user.second.as_ref();
    let may = user.role.is_members() || second.is_some_and(|second| second.passkeys.is_some());
    let proof = match second.is_some_and(|second| second.totp.is_some()) && may {
        true => Some(prove(&gateway, &user, address, &asked.body)?),
        // It may be asked again, or is refused by the exchange.
        false => None,
    };
    done(&asked.submit(&gateway, Body::RemoveTotp { user: user.id, proof }).await?)
}

/// Removes the second factor of a user who has lost it; its sessions end, and staff set up another one before anything else. Of one
/// of the staff it waits for another admin, if there is one.
#[utoipa::path(delete, path = "/api/v1/users/{login}/second-factor", tag = "users", request_body = Nothing,
    params(("login" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 202, body = Pending, description = "of the staff"),
        (status = 403, body = Document<'static>), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
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
            "one's own second factor is replaced or removed by showing it; see /api/v1/second-factor",
        ));
    }
    done_or_pending(&asked.submit(&gateway, Body::RemoveTotp { user, proof: None }).await?)
}

/// 401: the password is right, and a second factor is wanted too. Who has passkeys is told how to show one.
pub(crate) fn second_factor_required(gateway: &Gateway, user: &User) -> Problem {
    let request = match passkeys::request(gateway, user) {
        Ok(request) => request,
        Err(problem) => return problem,
    };
    let problem = Problem::new(
        StatusCode::UNAUTHORIZED,
        "second_factor_required",
        "this user has a second factor; send the code that its authenticator shows, or a recovery code, as \"code\", or what its passkey signed as \"passkey\"",
    );
    problem.with_passkey(request)
}

/// What a code or a passkey shows: that it is of this moment and has not served, or that it is a recovery code that is left. A
/// wrong one makes its sender wait as a wrong password does.
pub(crate) fn prove(gateway: &Gateway, user: &User, address: IpAddr, shown: &ProofIfAny) -> Result<Proof, Problem> {
    match (&shown.code, &shown.passkey) {
        (None, None) => Err(second_factor_required(gateway, user)),
        (Some(code), None) => prove_code(gateway, user, address, code),
        (None, Some(passkey)) => passkeys::prove_passkey(gateway, user, address, passkey),
        (Some(_), Some(_)) => {
            Err(Problem::bad_request("invalid_body", "there is a code and a passkey; send one of the two"))
        }
    }
}

fn prove_code(gateway: &Gateway, user: &User, address: IpAddr, code: &str) -> Result<Proof, Problem> {
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

/// The recovery codes of this request: the same when it is asked again.
pub(crate) fn recovery_codes(gateway: &Gateway, request: &RequestId) -> Vec<String> {
    let random: [u8; RECOVERY_BYTES] = gateway.node.vault().one_time(request, "recovery codes");
    random.chunks(RECOVERY_LETTERS).map(letters).collect()
}

/// What the log has of them.
pub(crate) fn recovery_tags(gateway: &Gateway, user: UserId, codes: &[String]) -> Vec<ByteArray<32>> {
    codes.iter().map(|code| ByteArray::from(gateway.node.vault().recovery_tag(user, &plain(code)))).collect()
}

impl Gateway {
    /// Whoever has sent wrong codes waits, wherever they came from: they come from somebody who has the password.
    pub(crate) fn code_wait(&self, user: &User, address: IpAddr) -> Result<(), Problem> {
        let now = Moment::now();
        let wait = self.failed_codes.wait(user.id, now).max(self.failed_addresses.wait(address, now));
        wait.map_or(Ok(()), |wait| Err(too_many_attempts(wait)))
    }

    /// Counts what was wrong, and says so.
    pub(crate) fn code_failed(&self, user: &User, address: IpAddr) -> Problem {
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

/// The user with this number, as it is now.
pub(crate) fn user(gateway: &Gateway, id: UserId) -> Result<User, Problem> {
    gateway.live.read(|picture| picture.user(id).cloned()).ok_or_else(Problem::not_signed_in)
}
