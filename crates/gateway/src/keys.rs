//! Keys of a member's own systems, made and revoked by its managers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::members::Scope;
use exchange::units::{Instant, UserId};
use exchange::{Answer, Body, Refusal};
use minicbor::bytes::ByteArray;
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::{self, Caller};
use crate::idempotency::{Asked, answer, json};
use crate::members::{after, done};
use crate::problem::{Document, Problem, outcome};
use crate::query::{self, At, PAGE_MAX, Params};
use crate::sessions::Done;
use crate::text::hex;
use crate::view::Page;
use crate::wire::{self, NewKey, Nothing, shown};

/// A key of one's own member.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub(crate) struct KeyView {
    /// Its number.
    id: u32,
    /// What it is called.
    name: String,
    /// What it is for: `read`, `bid`, `publish`.
    scopes: Vec<&'static str>,
    /// `active`, `revoked` or `expired`.
    status: &'static str,
    /// When it was made.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    made_at: Instant,
    /// The login of who made it; null where the person was forgotten.
    #[schema(required)]
    made_by: Option<String>,
    /// When it ends by itself.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    expires_at: Instant,
}

/// A key with its token.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyAdded {
    /// Its number.
    id: u32,
    /// What goes into `Authorization: Bearer`. It is shown this once.
    token: String,
    /// The entry that did it.
    sequence: u64,
}

/// The keys of the caller's member, in the order in which they were made.
#[utoipa::path(get, path = "/api/v1/keys", tag = "keys",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Page<KeyView>), (status = 422, body = Document<'static>)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    caller: Caller,
    mut params: Params,
) -> Result<Response, Problem> {
    let (limit, after) = (params.limit(PAGE_MAX)?, after(&mut params)?);
    params.end()?;
    let now = Gateway::now();
    let (found, goes_on) = gateway.live.read(|picture| {
        let mut rest =
            picture.users.iter().skip(after).filter(|user| user.member == caller.member).filter_map(|user| {
                let key = user.key.clone()?;
                let over = user.sessions.is_empty() || now >= key.expires;
                let status = if user.locked {
                    "revoked"
                } else if over {
                    "expired"
                } else {
                    "active"
                };
                let maker = picture.user(key.by).map(|by| by.personal.clone()).unwrap_or_default();
                Some((user.id, key, status, maker))
            });
        let found: Vec<_> = rest.by_ref().take(limit).collect();
        (found, rest.next().is_some())
    });
    let next = found.last().filter(|_| goes_on).map(|(id, ..)| id.0.to_string());
    let vault = gateway.node.vault();
    let items = found.into_iter().map(|(id, key, status, maker)| KeyView {
        id: id.0,
        name: key.label.clone(),
        scopes: key.scopes.iter().map(|scope| scope.word()).collect(),
        status,
        made_at: key.made,
        made_by: vault.decrypt_person(&maker).map(|person| person.login),
        expires_at: key.expires,
    });
    Ok(json(StatusCode::OK, &Page { items: items.collect::<Vec<_>>(), next }))
}

/// A key for a system of the caller's member.
#[utoipa::path(post, path = "/api/v1/keys", tag = "keys", request_body = NewKey,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = KeyAdded), (status = 409, body = Document<'static>),
        (status = 422, body = Document<'static>)))]
pub(crate) async fn add(State(gateway): State<Gateway>, asked: Asked<NewKey>) -> Result<Response, Problem> {
    let NewKey { name, scopes, expires_at } = &asked.body;
    wire::text("invalid_name", "name", name, 64)?;
    let expires = wire::instant("expires_at", expires_at)?;
    let scopes: Vec<Scope> = scopes.iter().map(|word| scope(word)).collect::<Result<_, _>>()?;
    // It follows from the request, so that a request that is repeated hears the same; the log has its hash alone.
    let token = format!("bayan_{}", hex(&gateway.node.vault().one_time::<32>(&asked.request, "key")));
    let token_hash = ByteArray::from(guard::hash(&token));
    let reply = asked.submit(&gateway, Body::AddKey { label: name.clone(), token_hash, scopes, expires }).await?;
    match outcome(&reply)? {
        Answer::User(id) => {
            Ok(answer(&reply, StatusCode::CREATED, &KeyAdded { id: id.0, token, sequence: reply.sequence.0 }))
        }
        other => Err(Problem::unexpected(other)),
    }
}

/// A key ends at once.
#[utoipa::path(delete, path = "/api/v1/keys/{id}", tag = "keys", request_body = Nothing,
    params(("id" = u32, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn revoke(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("unknown_key", Refusal::UnknownKey.to_string());
    let key = query::id(&id).map(UserId).ok_or_else(unknown)?;
    done(&asked.submit(&gateway, Body::RevokeKey { key }).await?)
}

fn scope(word: &str) -> Result<Scope, Problem> {
    Scope::ALL.into_iter().find(|scope| scope.word() == word).ok_or_else(|| {
        let short: String = word.chars().take(80).collect();
        Problem::invalid("invalid_scope", format!("scope {short:?} does not exist; expected read, bid or publish"))
    })
}
