//! A file on its way in: how many at once, how large, how long, and whether it is what it says.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant as Moment;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use exchange::RequestId;
use exchange::files::{FILE_BYTES_MAX, FileKind};
use exchange::units::UserId;
use minicbor::bytes::ByteArray;
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::content;
use crate::config::GatewayConfig;
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::idempotency;
use crate::limits::Rate;
use crate::origin::{Full, Peer, Place, Places};
use crate::problem::Problem;

/// How many files may be on their way in: each is in memory while it is.
pub(crate) struct Uploads {
    all: Arc<Semaphore>,
    /// Of who has not signed in.
    by_address: Arc<Places>,
    /// Of who has: a firm behind one address is many people.
    by_user: Arc<Places<UserId>>,
    /// How often one user may hand one in.
    pub(super) rate: Rate<UserId>,
}

impl Uploads {
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        Uploads {
            all: Arc::new(Semaphore::new(config.uploads_max)),
            by_address: Arc::new(Places::new(config.uploads_per_address_max, config.connections_uncounted.clone())),
            by_user: Arc::new(Places::each(config.uploads_per_user_max)),
            rate: Rate::new(config.uploads_per_second, config.uploads_burst),
        }
    }

    fn take(&self, sender: &Sender) -> Result<Taken, Problem> {
        let place = match sender {
            Sender::Unknown => Ok(None),
            Sender::Address(address) => self.by_address.take(*address).map(|place| place.map(TakenBy::Address)),
            Sender::User(user) => self.by_user.take_for(*user).map(|place| place.map(TakenBy::User)),
        };
        let place = place.map_err(|Full| {
            let why = "you are sending as many files as you may at once; send this one when another has arrived";
            Problem::too_many("too_many_uploads", why, 1)
        })?;
        let permit = Arc::clone(&self.all).try_acquire_owned().map_err(|_| {
            let why = "as many files as there may be are on their way in; nothing was done, send this one in a moment";
            Problem::unavailable("too_many_uploads", why)
        })?;
        Ok(Taken { _place: place, _permit: permit })
    }
}

/// Room for one file in memory.
struct Taken {
    _place: Option<TakenBy>,
    _permit: OwnedSemaphorePermit,
}

/// One of the files that a sender may send at once, while it is on its way.
enum TakenBy {
    Address(#[expect(dead_code, reason = "held until it is dropped")] Place),
    User(#[expect(dead_code, reason = "held until it is dropped")] Place<UserId>),
}

/// Who sends a file, as it is counted.
enum Sender {
    /// A user who has signed in.
    User(UserId),
    /// Whoever it is, from this address.
    Address(IpAddr),
    /// Nobody is known: the request came over no connection of its own.
    Unknown,
}

/// A file that has arrived and is what it says.
pub(crate) struct Upload {
    pub kind: FileKind,
    pub bytes: Bytes,
    /// Its room in memory, held until it is kept.
    _taken: Taken,
}

impl FromRequest<Gateway> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Ok(peer) = Peer::from_request_parts(&mut parts, gateway).await;
        let sender = peer.limited.map_or(Sender::Unknown, Sender::Address);
        Upload::arrive(Request::from_parts(parts, body), gateway, &sender, Ok(())).await
    }
}

impl Upload {
    /// Reads a file. Where there is no room for it, or it is not `admitted`, nothing of it is kept, but it is read to its
    /// end, so that its sender is there to hear why.
    async fn arrive(
        request: Request,
        gateway: &Gateway,
        sender: &Sender,
        admitted: Result<(), Problem>,
    ) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let taken = admitted.and_then(|()| gateway.uploads.take(sender));
        let room = if taken.is_ok() { FILE_BYTES_MAX } else { 0 };
        let read = idempotency::bytes(&parts.headers, body, room, gateway.config.upload_timeout).await;
        let taken = taken?;
        let larger = |problem: &Problem| problem.status() == StatusCode::PAYLOAD_TOO_LARGE;
        let bytes = read.map_err(|problem| if larger(&problem) { too_large() } else { problem })?;
        let kind = judge(&parts.headers, &bytes)?;
        Ok(Upload { kind, bytes, _taken: taken })
    }
}

/// A file as it was asked to be kept: by whom and by which key.
pub(crate) struct AskedFile {
    pub caller: Caller,
    pub request: RequestId,
    pub upload: Upload,
}

impl FromRequest<Gateway> for AskedFile {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, Problem> {
        let caller = request.extensions().get::<Caller>().copied().ok_or_else(Problem::not_signed_in)?;
        let admitted = gateway.uploads.rate.take(caller.user, Moment::now());
        let (headers, asked) = (request.headers().clone(), (request.method().clone(), request.uri().path().to_owned()));
        let upload = Upload::arrive(request, gateway, &Sender::User(caller.user), admitted).await?;
        let key = idempotency::key(&headers)?;
        // What two requests with the same key must agree in is the file, which its hash says in short.
        let content = (upload.kind.media_type(), crate::text::hex(&Sha256::digest(&upload.bytes)));
        let vault = gateway.node.vault();
        let request = RequestId {
            key: ByteArray::from(vault.request_key(caller.user, key)),
            fingerprint: ByteArray::from(vault.fingerprint(&idempotency::asked(&asked.0, &asked.1, &content))),
        };
        Ok(AskedFile { caller, request, upload })
    }
}

pub(super) fn too_large() -> Problem {
    let why = format!("a file has at most {FILE_BYTES_MAX} bytes (10 MB); send a smaller one");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", why)
}

/// The kind of a file, where its content is what its header says.
fn judge(headers: &HeaderMap, bytes: &[u8]) -> Result<FileKind, Problem> {
    let wrong = |reason, why: String| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason, why);
    if !idempotency::is_plain(headers) {
        let why = "the body is compressed or otherwise encoded; send the file as it is, without Content-Encoding";
        return Err(wrong("unsupported_media_type", why.to_owned()));
    }
    let taken = FileKind::ALL.map(FileKind::media_type).join(", ");
    let mut said = headers.get_all(header::CONTENT_TYPE).iter();
    let said = match (said.next().and_then(|value| value.to_str().ok()), said.next()) {
        (Some(one), None) => one.split(';').next().unwrap_or_default().trim().to_ascii_lowercase(),
        _ => String::new(),
    };
    let Some(said) = FileKind::of(&said) else {
        return Err(wrong("unsupported_media_type", format!("Content-Type is none of those taken in: {taken}")));
    };
    match content::kind_of(bytes) {
        Some(found) if found == said => Ok(found),
        Some(found) => Err(wrong(
            "type_mismatch",
            format!("the content is {}, but Content-Type says {}", found.media_type(), said.media_type()),
        )),
        None => Err(wrong(
            "type_mismatch",
            format!("the content is not {}, nor another type that is taken in: {taken}", said.media_type()),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects people of one firm from each other: who has signed in is counted by user, whatever the address, and only who has not
    /// by address.
    #[test]
    fn files_under_way_are_counted_by_user() {
        let config = GatewayConfig { uploads_per_user_max: 2, uploads_per_address_max: 1, ..GatewayConfig::default() };
        let uploads = Uploads::new(&config);
        let (one, two) = (Sender::User(UserId(1)), Sender::User(UserId(2)));
        let (here, there) = (Sender::Address([192, 0, 2, 1].into()), Sender::Address([192, 0, 2, 2].into()));
        let reason = |taken: Result<Taken, Problem>| taken.err().map(|problem| problem.reason());
        let held = [&one, &one, &two, &here].map(|sender| uploads.take(sender).ok().unwrap());
        assert_eq!(reason(uploads.take(&one)), Some("too_many_uploads"));
        assert_eq!(reason(uploads.take(&here)), Some("too_many_uploads"));
        assert!([two, there].iter().all(|sender| uploads.take(sender).is_ok()));
        drop(held);
        assert!([one, here].iter().all(|sender| uploads.take(sender).is_ok()));
    }
}
