//! Passkeys as second factor (WebAuthn): adding, removing, and what one shows. `docs/decisions/0005` says why these checks are
//! ours and what they leave out.

mod ceremony;
mod challenge;
mod cose;
mod site;

use std::net::IpAddr;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::members::{Passkey, passkey_tag};
use exchange::units::{Instant, UserId};
use exchange::{Body, Proof};
use minicbor::bytes::ByteArray;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use self::site::Site;

use self::challenge::{Challenge, Purpose};
use crate::base64url;
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, Sent, answer, json};
use crate::live::User;
use crate::members::done;
use crate::origin::Peer;
use crate::problem::{Document, Problem, outcome};
use crate::query::At;
use crate::second_factor::{prove, recovery_codes, recovery_tags, second_factor_required, user};
use crate::sessions::Done;
use crate::text::hex;
use crate::wire::{self, Assertion, NewPasskey, ProofIfAny, shown, shown_or_null};

/// The most characters of a passkey's name.
const NAME_MAX: usize = 64;
/// The word of WebAuthn for the kind of all these credentials.
const KIND: &str = "public-key";

/// One of one's own passkeys.
#[derive(Serialize, ToSchema)]
#[schema(as = Passkey)]
pub(crate) struct PasskeyView {
    /// By what it is removed.
    id: String,
    /// What one calls it; null where it cannot be read any more.
    #[schema(required)]
    name: Option<String>,
    /// When it was added.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    added_at: Instant,
    /// When it was last used; null: never.
    #[serde(serialize_with = "shown_or_null")]
    #[schema(value_type = Option<String>, required)]
    used_at: Option<Instant>,
}

/// What a browser is asked to make a passkey with: `PublicKeyCredentialCreationOptionsJSON` of WebAuthn, bytes as base64url.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasskeyCreation {
    /// Serves once, within five minutes.
    challenge: String,
    rp: RelyingParty,
    user: PasskeyUser,
    pub_key_cred_params: Vec<Algorithm>,
    /// Milliseconds.
    timeout: u32,
    /// One's passkeys: an authenticator that has one of them makes no second one.
    exclude_credentials: Vec<Credential>,
    authenticator_selection: Selection,
    attestation: &'static str,
}

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(crate) struct RelyingParty {
    /// The host.
    id: String,
    name: &'static str,
}

/// Whose passkey it is to be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasskeyUser {
    /// Tells nobody who it is.
    id: String,
    /// The login.
    name: String,
    /// The person's name.
    display_name: String,
}

/// A kind of key.
#[derive(Serialize, ToSchema)]
pub(crate) struct Algorithm {
    #[serde(rename = "type")]
    kind: &'static str,
    /// Of IANA's register of COSE algorithms.
    alg: i64,
}

/// A passkey as browsers name it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PasskeyCredential)]
pub(crate) struct Credential {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
}

/// What the authenticator is to be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Selection {
    resident_key: &'static str,
    user_verification: &'static str,
}

/// What a browser is asked to show a passkey with: `PublicKeyCredentialRequestOptionsJSON` of WebAuthn, bytes as base64url.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasskeyRequest {
    /// Serves once, within five minutes.
    challenge: String,
    /// The host.
    rp_id: String,
    /// The user's passkeys.
    allow_credentials: Vec<Credential>,
    /// Milliseconds.
    timeout: u32,
    user_verification: &'static str,
}

/// A passkey serves.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyAdded {
    /// By what it is removed.
    id: String,
    /// Each replaces a second factor, once. They are shown this once, to whom had no second factor before; else there is none.
    recovery_codes: Vec<String>,
    /// The entry that did it.
    sequence: u64,
}

/// Begins to add a passkey: what the browser is asked to make it with. Nothing is remembered. Where a second factor serves, it
/// is shown here.
#[utoipa::path(post, path = "/api/v1/second-factor/passkeys/options", tag = "second-factor", request_body = ProofIfAny,
    responses((status = 200, body = PasskeyCreation), (status = 401, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn passkey_options(
    State(gateway): State<Gateway>,
    caller: Caller,
    Peer { address, .. }: Peer,
    sent: Sent<ProofIfAny>,
) -> Result<Response, Problem> {
    let user = user(&gateway, caller.user)?;
    let vault = gateway.node.vault();
    let proof = if user.has_second() { Some(prove(&gateway, &user, address, &sent.body)?) } else { None };
    let challenge = Challenge { given: Gateway::now(), proof };
    let challenge = challenge.give(vault, user.id, Purpose::Add).map_err(no_random)?;
    let person = vault.decrypt_person(&user.personal).ok_or_else(Problem::not_signed_in)?;
    let creation = PasskeyCreation {
        challenge: base64url::encode(&challenge),
        rp: RelyingParty { id: gateway.site.host.clone(), name: "Bayan" },
        user: PasskeyUser {
            id: base64url::encode(&vault.user_handle(user.id)),
            name: person.login,
            display_name: person.name,
        },
        pub_key_cred_params: cose::ALGORITHMS.iter().map(|alg| Algorithm { kind: KIND, alg: *alg }).collect(),
        timeout: timeout_ms(&gateway),
        exclude_credentials: credentials(&user),
        authenticator_selection: Selection { resident_key: "preferred", user_verification: VERIFICATION },
        attestation: "none",
    };
    Ok(json(StatusCode::OK, &creation))
}

/// Adds a passkey that was made with these options. From now on signing in needs it or another second factor.
#[utoipa::path(post, path = "/api/v1/second-factor/passkeys", tag = "second-factor", request_body = NewPasskey,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = PasskeyAdded), (status = 401, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn add_passkey(State(gateway): State<Gateway>, asked: Asked<NewPasskey>) -> Result<Response, Problem> {
    let user = user(&gateway, asked.caller.user)?;
    let vault = gateway.node.vault();
    let NewPasskey { name, client_data, attestation } = &asked.body;
    let name = name.trim();
    wire::text("invalid_name", "the name", name, NAME_MAX)?;
    let invalid = |detail: String| Problem::invalid("invalid_passkey", detail);
    let client_data = bytes("client_data", client_data).map_err(|wrong| invalid(wrong.to_string()))?;
    let attestation = bytes("attestation", attestation).map_err(|wrong| invalid(wrong.to_string()))?;
    let made = ceremony::made(&gateway.site, &client_data, &attestation).map_err(|wrong| invalid(wrong.to_string()))?;
    let challenge = Challenge::read(&made.challenge, vault, user.id, Purpose::Add)
        .ok_or_else(|| invalid("its challenge was not given out to you; begin anew".to_owned()))?;
    let tag = passkey_tag(&made.credential);
    // Asked again it is there already; the exchange knows whether it is the same request.
    let again = user.second.as_ref().is_some_and(|second| second.passkey(&tag).is_some());
    if !again && !challenge.is_fresh(Gateway::now(), gateway.config.passkey_timeout) {
        return Err(Problem::new(StatusCode::CONFLICT, "challenge_expired", "it took too long; begin anew"));
    }
    let name = vault.seal_for(&user.personal, user.id, name.as_bytes()).ok_or_else(Problem::not_signed_in)?;
    let codes = recovery_codes(&gateway, &asked.request);
    let recovery = recovery_tags(&gateway, user.id, &codes);
    // They serve where there was no second factor before. Asked again, they are there already.
    let known = user.second.as_ref().map(|second| second.recovery.as_slice()).unwrap_or_default();
    let serve = !user.has_second() || recovery.iter().any(|code| known.contains(code));
    let body = Body::AddPasskey {
        user: user.id,
        credential: made.credential.into(),
        public_key: made.public_key.into(),
        counter: made.counter,
        name: name.into(),
        challenged: challenge.given,
        proof: challenge.proof,
        recovery,
    };
    let reply = asked.submit(&gateway, body).await?;
    outcome(&reply)?;
    let added = PasskeyAdded {
        id: hex(&*tag),
        recovery_codes: if serve { codes } else { Vec::new() },
        sequence: reply.sequence.0,
    };
    Ok(answer(&reply, StatusCode::CREATED, &added))
}

/// Removes one of one's own passkeys, with a second factor. Staff keep one at least.
#[utoipa::path(delete, path = "/api/v1/second-factor/passkeys/{id}", tag = "second-factor", request_body = ProofIfAny,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 401, body = Document<'static>),
        (status = 404, body = Document<'static>), (status = 409, body = Document<'static>)))]
pub(crate) async fn remove_passkey(
    State(gateway): State<Gateway>,
    Peer { address, .. }: Peer,
    At(id): At<String>,
    asked: Asked<ProofIfAny>,
) -> Result<Response, Problem> {
    let user = user(&gateway, asked.caller.user)?;
    let passkeys = user.second.as_ref().map(|second| second.passkeys()).unwrap_or_default();
    let tag = passkeys.iter().map(|passkey| passkey_tag(&passkey.credential)).find(|tag| hex(&**tag) == id);
    let (passkey, proof) = match tag {
        Some(tag) => (tag, Some(prove(&gateway, &user, address, &asked.body)?)),
        // It may be asked again, or is refused by the exchange.
        None => (tag_of(&id).ok_or_else(unknown)?, None),
    };
    done(&asked.submit(&gateway, Body::RemovePasskey { user: user.id, passkey, proof }).await?)
}

/// What a passkey shows: that it has signed a challenge of ours to this user that has not served. What is wrong makes its
/// sender wait as a wrong code does; who has only taken too long is asked anew.
pub(crate) fn prove_passkey(
    gateway: &Gateway,
    user: &User,
    address: IpAddr,
    shown: &Assertion,
) -> Result<Proof, Problem> {
    gateway.code_wait(user, address)?;
    let failed = || gateway.code_failed(user, address);
    let second = user.second.as_ref();
    let used = check_shown(gateway, user, shown).ok_or_else(failed)?;
    let (tag, counter, challenge) = used;
    if second.and_then(|second| second.challenged).is_some_and(|last| challenge.given <= last) {
        return Err(failed());
    }
    if !challenge.is_fresh(Gateway::now(), gateway.config.passkey_timeout) {
        return Err(second_factor_required(gateway, user));
    }
    Ok(Proof::Passkey { passkey: tag, counter, challenged: challenge.given })
}

/// Which passkey, its counter, and the challenge; `None`: something is wrong, and it is not said what.
fn check_shown(gateway: &Gateway, user: &User, shown: &Assertion) -> Option<(ByteArray<16>, u32, Challenge)> {
    let credential = base64url::decode(&shown.credential)?;
    let tag = passkey_tag(&credential);
    let passkey = user.second.as_ref()?.passkey(&tag)?;
    let client_data = base64url::decode(&shown.client_data)?;
    let data = base64url::decode(&shown.authenticator_data)?;
    let signature = base64url::decode(&shown.signature)?;
    let used = ceremony::used(&gateway.site, &passkey.public_key, &client_data, &data, &signature);
    let used = match used {
        Ok(used) => used,
        Err(wrong) => {
            tracing::info!(user = user.id.0, %wrong, "a passkey was shown that does not serve");
            return None;
        }
    };
    let challenge = Challenge::read(&used.challenge, gateway.node.vault(), user.id, Purpose::Show)?;
    Some((tag, used.counter, challenge))
}

/// How a user may show a passkey; `None`: it has none.
pub(crate) fn request(gateway: &Gateway, user: &User) -> Result<Option<PasskeyRequest>, Problem> {
    let allow_credentials = credentials(user);
    if allow_credentials.is_empty() {
        return Ok(None);
    }
    let challenge = Challenge { given: Gateway::now(), proof: None };
    let challenge = challenge.give(gateway.node.vault(), user.id, Purpose::Show).map_err(no_random)?;
    Ok(Some(PasskeyRequest {
        challenge: base64url::encode(&challenge),
        rp_id: gateway.site.host.clone(),
        allow_credentials,
        timeout: timeout_ms(gateway),
        user_verification: VERIFICATION,
    }))
}

/// One's own passkeys, the oldest first.
pub(crate) fn views(gateway: &Gateway, user: UserId, passkeys: &[Passkey]) -> Vec<PasskeyView> {
    let view = |passkey: &Passkey| PasskeyView {
        id: hex(&*passkey_tag(&passkey.credential)),
        name: gateway.node.vault().open_for(user, &passkey.name).and_then(|name| String::from_utf8(name).ok()),
        added_at: passkey.added,
        used_at: passkey.used,
    };
    passkeys.iter().map(view).collect()
}

/// The password is the other factor, so the authenticator need not ask for a PIN; it must be touched.
const VERIFICATION: &str = "discouraged";

fn timeout_ms(gateway: &Gateway) -> u32 {
    u32::try_from(gateway.config.passkey_timeout.as_millis()).unwrap_or(u32::MAX)
}

fn credentials(user: &User) -> Vec<Credential> {
    let passkeys = user.second.as_ref().map(|second| second.passkeys()).unwrap_or_default();
    passkeys.iter().map(|passkey| Credential { kind: KIND, id: base64url::encode(&passkey.credential) }).collect()
}

fn bytes(what: &'static str, text: &str) -> Result<Vec<u8>, ceremony::Wrong> {
    base64url::decode(text).ok_or(ceremony::Wrong::Malformed(what))
}

/// The tag that an id of the API names.
fn tag_of(id: &str) -> Option<ByteArray<16>> {
    let digits = id.len() == 32 && id.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let number = u128::from_str_radix(id, 16).ok().filter(|_| digits)?;
    Some(ByteArray::from(number.to_be_bytes()))
}

fn unknown() -> Problem {
    Problem::not_found("unknown_passkey", exchange::Refusal::UnknownPasskey.to_string())
}

fn no_random(error: getrandom::Error) -> Problem {
    Problem::unavailable("unavailable", format!("the system gave no random bytes: {error}"))
}
