//! Documents of an application: a scan of the licence, a power of attorney. They lie under the key of the person who applies.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use exchange::files::Owner;
use exchange::members::Application;
use exchange::units::ApplicationId;
use exchange::{Body, Command, Principal};
use ordering::Vault;
use serde::Serialize;
use utoipa::ToSchema;

use super::own::Own;
use crate::files::{Kept, Upload, Whose, hash_of, keep, unknown_file};
use crate::gateway::Gateway;
use crate::idempotency::{answer, json};
use crate::live::Picture;
use crate::problem::{Document, Problem};
use crate::query::{At, Params};
use crate::sessions::Done;
use crate::text::hex;
use crate::wire;

/// The most characters of what a document is called.
const NAME_MAX: usize = 200;

/// A document of an application.
#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationDocument)]
pub(crate) struct DocumentView {
    /// By what it is known; staff read it at `/api/v1/files/{id}`.
    id: String,
    /// What the applicant calls it; null where that person was forgotten.
    #[schema(required)]
    name: Option<String>,
    /// Its type, found by its content.
    #[serde(rename = "type")]
    media_type: &'static str,
}

/// A document is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentAdded {
    /// By what it is known.
    id: String,
    /// Its type, found by its content.
    #[serde(rename = "type")]
    media_type: &'static str,
    /// How many bytes it has.
    size: u64,
    /// The entry that did it.
    sequence: u64,
}

impl DocumentView {
    pub(super) fn all_of(picture: &Picture, application: ApplicationId, vault: &Vault) -> Vec<Self> {
        let kept = picture.files.all_of(Owner::Application(application), 0);
        let view = |(_, file): (_, &exchange::files::File)| DocumentView {
            id: hex(&*file.hash),
            name: file.name.as_ref().and_then(|name| vault.open_document_name(name)),
            media_type: file.kind.media_type(),
        };
        kept.map(view).collect()
    }
}

/// A document for one's own application: PDF, PNG, JPEG or WebP, at most 10 MB each, ten of them. Sent again it changes nothing.
#[utoipa::path(post, path = "/api/v1/applications/own/documents", tag = "applications",
    params(("Application-Token" = String, Header),
        ("name" = String, Query, description = "What it is called, 1 to 200 characters")),
    request_body(content(("application/pdf"), ("image/png"), ("image/jpeg"), ("image/webp")),
        description = "The bytes of the file, at most 10,485,760; Content-Type says what they are"),
    responses((status = 201, body = DocumentAdded), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>), (status = 413, body = Document<'static>),
        (status = 415, body = Document<'static>), (status = 422, body = Document<'static>)))]
pub(crate) async fn add_document(
    State(gateway): State<Gateway>,
    Own(Application { id: application, applicant, .. }): Own,
    mut params: Params,
    upload: Upload,
) -> Result<Response, Problem> {
    let name = params.take("name").unwrap_or_default();
    params.end()?;
    wire::text("invalid_name", "name", &name, NAME_MAX)?;
    let whose = Whose::Application { application, personal: applicant.personal.to_vec(), name };
    let Kept { file, kind, size, reply } = keep(&gateway, upload, whose, Principal::System, None).await?;
    let added = DocumentAdded { id: hex(&*file), media_type: kind.media_type(), size, sequence: reply.sequence.0 };
    Ok(answer(&reply, StatusCode::CREATED, &added))
}

/// A document is taken back.
#[utoipa::path(delete, path = "/api/v1/applications/own/documents/{id}", tag = "applications",
    params(("Application-Token" = String, Header), ("id" = String, Path)),
    responses((status = 200, body = Done), (status = 404, body = Document<'static>),
        (status = 409, body = Document<'static>)))]
pub(crate) async fn drop_document(
    State(gateway): State<Gateway>,
    Own(application): Own,
    At(id): At<String>,
) -> Result<Response, Problem> {
    let hash = hash_of(&id).ok_or_else(unknown_file)?;
    let body = Body::DropFile { hash, owner: Owner::Application(application.id) };
    let command = Command { principal: Principal::System, request: None, body };
    let reply = gateway.node.drop_file(hash, command).await?;
    gateway.note(&reply);
    crate::problem::outcome(&reply)?;
    Ok(json(StatusCode::OK, &Done { sequence: reply.sequence.0 }))
}
