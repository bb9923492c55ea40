//! Files over HTTP: taking them in, giving them out where they cannot run script, and who may read which.
//!
//! The bytes are the ordering layer's, their table the exchange's. Here a file's kind is found by its content, an
//! applicant's document is put under the key of a person, and every file goes out as something to be saved: an attachment
//! of the type that it has, never sniffed, in a sandbox without script.

mod content;
mod serve;
mod upload;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use exchange::files::{FileHash, FileKind, Owner};
use exchange::units::{ApplicationId, Instant, MemberId};
use exchange::{Answer, Body, Command, Principal, Reply, RequestId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency::{Asked, answer, json};
use crate::members::done;
use crate::problem::{Document, Problem, outcome};
use crate::query::{At, PAGE_MAX, Params};
use crate::sessions::Done;
use crate::text::hex;
use crate::wire::{Nothing, shown};

pub(crate) use serve::{__path_get, Downloads, get};
pub(crate) use upload::{AskedFile, Upload, Uploads};

/// Whose a file becomes.
pub(crate) enum Whose {
    /// A member's, for its announcements: stored as it is.
    Member(MemberId),
    /// A firm's that applies: stored under the key of the person whose data are this ciphertext.
    Application { application: ApplicationId, personal: Vec<u8>, name: String },
}

/// A file that is kept.
pub(crate) struct Kept {
    pub file: FileHash,
    pub kind: FileKind,
    /// In bytes, as it was handed in.
    pub size: u64,
    pub reply: Reply,
}

/// A file is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct FileAdded {
    /// By what it is known: the SHA-256 of its bytes, in 64 hexadecimal digits.
    id: String,
    /// Its type, found by its content.
    #[serde(rename = "type")]
    media_type: &'static str,
    /// How many bytes it has.
    size: u64,
    /// The entry that did it.
    sequence: u64,
}

/// A file of the caller's member.
#[derive(Serialize, ToSchema)]
#[schema(as = File)]
pub(crate) struct FileView {
    /// By what it is known: the SHA-256 of its bytes.
    id: String,
    /// Its type, found by its content.
    #[serde(rename = "type")]
    media_type: &'static str,
    /// How many bytes it has.
    size: u32,
    /// Since when it is kept.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    at: Instant,
    /// The announcements of the member that name it; while one of them was not rejected, the file stays.
    auctions: Vec<u32>,
}

/// The files of the caller's member.
#[derive(Serialize, ToSchema)]
pub(crate) struct FilePage {
    /// The files.
    items: Vec<FileView>,
    /// What to give as `cursor` for the next page; null: this is the last one.
    #[schema(required)]
    next: Option<String>,
    /// How many files the member keeps.
    files: u64,
    /// How many it may keep.
    files_max: u64,
    /// How many bytes they have.
    bytes: u64,
    /// How many they may have.
    bytes_max: u64,
}

/// Takes a file in: its bytes are durable and its entry is in the log when this returns well.
///
/// # Errors
/// A refusal of the exchange, 410 where the person was forgotten, 503 where the bytes could not be kept.
pub(crate) async fn keep(
    gateway: &Gateway,
    upload: Upload,
    whose: Whose,
    principal: Principal,
    request: Option<RequestId>,
) -> Result<Kept, Problem> {
    let Upload { kind, bytes, .. } = upload;
    let size = bytes.len() as u64;
    let (stored, owner, name) = match whose {
        Whose::Member(member) => (bytes, Owner::Member(member), None),
        Whose::Application { application, personal, name } => {
            let (stored, name) = seal(gateway, personal, bytes, name).await?;
            (stored, Owner::Application(application), Some(name.into()))
        }
    };
    let stored_size = u32::try_from(stored.len()).map_err(|_| upload::too_large())?;
    let command =
        move |hash| Command { principal, request, body: Body::KeepFile { hash, size: stored_size, kind, owner, name } };
    let reply = gateway.node.keep_file(stored, command).await?;
    gateway.note(&reply);
    match outcome(&reply)? {
        Answer::File(file) => Ok(Kept { file: *file, kind, size, reply }),
        other => Err(Problem::unexpected(other)),
    }
}

/// A document and what it is called, under the key of a person.
async fn seal(gateway: &Gateway, personal: Vec<u8>, bytes: Bytes, name: String) -> Result<(Bytes, Vec<u8>), Problem> {
    let node = gateway.node.clone();
    let sealed = tokio::task::spawn_blocking(move || {
        let vault = node.vault();
        let document = vault.seal_document(&personal, &bytes)?;
        Some((Bytes::from(document), vault.seal_document_name(&personal, &name)?))
    });
    let sealed = sealed.await.map_err(|broken| ordering::Unavailable::Refused(broken.to_string()))?;
    sealed.ok_or_else(erased)
}

/// 410: nobody can read it any more.
fn erased() -> Problem {
    let why = "the person was forgotten whose document this is, and its key destroyed: nobody can read it any more";
    Problem::new(StatusCode::GONE, "erased", why)
}

/// 404 `unknown_file`.
pub(crate) fn unknown_file() -> Problem {
    Problem::not_found("unknown_file", "there is no such file for you; look it up where you found its id")
}

/// The hash that an id says.
pub(crate) fn hash_of(id: &str) -> Option<FileHash> {
    let digits = id.as_bytes();
    if digits.len() != 64 || !digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&id[at..at + 2], 16).ok()?;
    }
    Some(hash.into())
}

/// A manager hands in a file of its own member, to attach it to an announcement. The body is the file as it is.
#[utoipa::path(post, path = "/api/v1/files", tag = "files",
    params(("Idempotency-Key" = String, Header)),
    request_body(content(("application/pdf"), ("image/png"), ("image/jpeg"), ("image/webp")),
        description = "The bytes of the file, at most 10,485,760; Content-Type says what they are"),
    responses((status = 201, body = FileAdded), (status = 409, body = Document<'static>),
        (status = 413, body = Document<'static>), (status = 415, body = Document<'static>),
        (status = 429, body = Document<'static>)))]
pub(crate) async fn add(State(gateway): State<Gateway>, asked: AskedFile) -> Result<Response, Problem> {
    let AskedFile { caller, request, upload } = asked;
    let member = caller.member.ok_or_else(Problem::forbidden)?;
    let principal = Principal::User(caller.user);
    let Kept { file, kind, size, reply } =
        keep(&gateway, upload, Whose::Member(member), principal, Some(request)).await?;
    let sequence = reply.sequence.0;
    let added = FileAdded { id: hex(&*file), media_type: kind.media_type(), size, sequence };
    Ok(answer(&reply, StatusCode::CREATED, &added))
}

/// The files of the caller's member and what it may keep.
#[utoipa::path(get, path = "/api/v1/files", tag = "files",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = FilePage), (status = 422, body = Document<'static>)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    caller: Caller,
    mut params: Params,
) -> Result<Response, Problem> {
    let limit = params.limit(PAGE_MAX)?;
    let from = params.parse::<usize>("cursor", "invalid_cursor", "none, or the one that the last page gave")?;
    params.end()?;
    let member = caller.member.ok_or_else(Problem::forbidden)?;
    let owner = Owner::Member(member);
    let page = gateway.live.read(|picture| {
        let mut rest = picture.files.all_of(owner, from.unwrap_or(0));
        let items = rest.by_ref().take(limit).map(|(_, file)| {
            let own = |id: &&exchange::units::AuctionId| {
                picture.auction(**id).is_some_and(|auction| auction.terms.initiator == member)
            };
            FileView {
                id: hex(&*file.hash),
                media_type: file.kind.media_type(),
                size: file.size,
                at: file.at,
                auctions: picture.files.attached_to(&file.hash).iter().filter(own).map(|id| id.0).collect(),
            }
        });
        let items: Vec<FileView> = items.collect();
        let next = rest.next().map(|(row, _)| row.to_string());
        let (used, limits) = (picture.files.used_by(owner), picture.profile.file_limits());
        FilePage {
            items,
            next,
            files: used.files,
            files_max: limits.files_per_member,
            bytes: used.bytes,
            bytes_max: limits.bytes_per_member,
        }
    });
    Ok(json(StatusCode::OK, &page))
}

/// A manager removes a file of its own member that no announcement names but rejected ones.
#[utoipa::path(delete, path = "/api/v1/files/{id}", tag = "files", request_body = Nothing,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn remove(
    State(gateway): State<Gateway>,
    At(id): At<String>,
    asked: Asked<Nothing>,
) -> Result<Response, Problem> {
    let hash = hash_of(&id).ok_or_else(unknown_file)?;
    let owner = Owner::Member(asked.caller.member.ok_or_else(Problem::forbidden)?);
    let principal = Principal::User(asked.caller.user);
    let body = Body::DropFile { hash, owner };
    let reply = gateway.node.drop_file(hash, Command { principal, request: Some(asked.request), body }).await?;
    gateway.note(&reply);
    done(&reply)
}
