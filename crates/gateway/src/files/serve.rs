//! A file on its way out.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use exchange::files::{FileHash, FileKind, Owner};
use exchange::members::Role;
use exchange::units::MemberId;
use ordering::FileUnread;
use parking_lot::Mutex;

use super::{erased, hash_of, unknown_file};
use crate::gateway::Gateway;
use crate::guard::Caller;
use crate::live::Picture;
use crate::problem::{Document, Problem};
use crate::query::At;
use crate::text::hex;

/// No script, no plugin, no form, no frame: even opened in place it could do nothing.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");

/// Files on their way out. All who read one file at a time share its bytes, so that many who read slowly cost no more memory
/// than one.
#[derive(Default)]
pub(crate) struct Downloads(Mutex<HashMap<[u8; 32], Weak<Vec<u8>>>>);

impl Downloads {
    fn find(&self, hash: &[u8; 32]) -> Option<Arc<Vec<u8>>> {
        self.0.lock().get(hash).and_then(Weak::upgrade)
    }

    /// The bytes to be sent: those that somebody else is being sent already, where there are such.
    fn share(&self, hash: [u8; 32], bytes: Vec<u8>) -> Arc<Vec<u8>> {
        let mut under_way = self.0.lock();
        under_way.retain(|_, bytes| bytes.strong_count() > 0);
        if let Some(shared) = under_way.get(&hash).and_then(Weak::upgrade) {
            return shared;
        }
        let shared = Arc::new(bytes);
        under_way.insert(hash, Arc::downgrade(&shared));
        shared
    }
}

/// Bytes that are shared with whoever else is being sent them.
struct Sent(Arc<Vec<u8>>);

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A file as somebody may read it.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// As it is stored, called so where an announcement says it.
    Plain { kind: FileKind, name: Option<String> },
    /// A document under the key of a person, for which staff leave a trace; its name is under that key too.
    Sealed { kind: FileKind, name: Vec<u8> },
}

/// One file, to be saved. An attachment of an announcement: for whoever may see that announcement. A member's own: for its
/// users. A document of an application: for who admits, and the look goes into the audit trail first.
#[utoipa::path(get, path = "/api/v1/files/{id}", tag = "files", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream",
            description = "The bytes, as application/pdf, image/png, image/jpeg or image/webp"),
        (status = 304), (status = 404, body = Document<'static>), (status = 410, body = Document<'static>),
        (status = 503, body = Document<'static>)))]
pub(crate) async fn get(
    State(gateway): State<Gateway>,
    caller: Caller,
    At(id): At<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let hash = hash_of(&id).ok_or_else(unknown_file)?;
    let found =
        gateway.live.read(|picture| find(picture, &hash, caller.role, caller.member)).ok_or_else(unknown_file)?;
    match found {
        Found::Plain { kind, name } => {
            let tag = HeaderValue::try_from(format!("\"{id}\"")).expect("hexadecimal digits in quotes are a header");
            // The bytes under a hash never change; whether one may still read them is asked each time.
            if headers.get(header::IF_NONE_MATCH).is_some_and(|seen| *seen == tag) {
                let mut response = StatusCode::NOT_MODIFIED.into_response();
                dress(response.headers_mut(), &tag);
                return Ok(response);
            }
            let shared = match gateway.downloads.find(&hash) {
                Some(shared) => shared,
                None => gateway.downloads.share(*hash, read(&gateway, hash).await?),
            };
            let mut response = answer(Bytes::from_owner(Sent(shared)), kind, &hash, name.as_deref());
            dress(response.headers_mut(), &tag);
            Ok(response)
        }
        Found::Sealed { kind, name } => {
            gateway.look_at_document(&caller, hash).await?;
            let sealed = read(&gateway, hash).await?;
            let node = gateway.node.clone();
            let opened = tokio::task::spawn_blocking(move || {
                Some((node.vault().open_document(&sealed)?, node.vault().open_document_name(&name)?))
            });
            let opened = opened.await.map_err(|broken| ordering::Unavailable::Refused(broken.to_string()))?;
            let (bytes, name) = opened.ok_or_else(erased)?;
            Ok(answer(bytes.into(), kind, &hash, Some(&name)))
        }
    }
}

/// The file with this hash, if a user of this role and member may read it.
fn find(picture: &Picture, hash: &FileHash, role: Role, member: Option<MemberId>) -> Option<Found> {
    let mut sealed = None;
    for file in picture.files.with_hash(hash) {
        match file.owner {
            Owner::Member(owner) => {
                // The newest announcement that names it says how it is called.
                let named = picture.files.attached_to(hash).iter().rev().find_map(|id| {
                    let auction = picture.auction_for(*id, role, member)?;
                    let own = auction.terms.initiator == owner;
                    auction.terms.attachments().iter().find(|attachment| own && attachment.file == *hash)
                });
                if named.is_some() || (role.is_members() && member == Some(owner)) {
                    let name = named.map(|attachment| attachment.name.clone());
                    return Some(Found::Plain { kind: file.kind, name });
                }
            }
            Owner::Application(_) if matches!(role, Role::Admin | Role::Auditor) => {
                let name = file.name.as_ref().map(|name| name.to_vec()).unwrap_or_default();
                sealed = Some(Found::Sealed { kind: file.kind, name });
            }
            Owner::Application(_) => {}
        }
    }
    sealed
}

async fn read(gateway: &Gateway, hash: FileHash) -> Result<Vec<u8>, Problem> {
    let node = gateway.node.clone();
    let read = tokio::task::spawn_blocking(move || node.read_file(&hash)).await;
    match read {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(FileUnread::Gone)) => Err(unknown_file()),
        Ok(Err(unread)) => {
            tracing::error!(error = %unread, "a file cannot be given");
            let why =
                "this node does not have the file as it should be; tell the exchange's staff, and ask again later";
            Err(Problem::unavailable("file_unavailable", why))
        }
        Err(broken) => Err(ordering::Unavailable::Refused(broken.to_string()).into()),
    }
}

fn answer(bytes: Bytes, kind: FileKind, hash: &FileHash, name: Option<&str>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    headers.insert(header::CONTENT_DISPOSITION, disposition(kind, hash, name));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    response
}

/// What lets a browser keep what everyone may read, for its user alone.
fn dress(headers: &mut HeaderMap, tag: &HeaderValue) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::ETAG, tag.clone());
}

/// To be saved and not shown, under a name that ends as its kind does (RFC 6266): a name that a member wrote must not make a
/// program of it.
fn disposition(kind: FileKind, hash: &FileHash, name: Option<&str>) -> HeaderValue {
    let ending = kind.endings()[0];
    let short = &hex(&**hash)[..16];
    let plain = format!("attachment; filename=\"{short}.{ending}\"");
    let text = match name {
        None => plain,
        Some(name) => {
            let lower = name.to_lowercase();
            let ends = kind.endings().iter().any(|ending| lower.ends_with(&format!(".{ending}")));
            let name = if ends { name.to_owned() } else { format!("{name}.{ending}") };
            format!("{plain}; filename*=UTF-8''{}", encoded(&name))
        }
    };
    HeaderValue::try_from(text).expect("what is not plain ASCII is encoded")
}

/// The form of RFC 8187: every byte but the plainest as a percent sign and two digits.
fn encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects memory from many who read one file slowly: they share its bytes, and nothing is kept when the last has gone.
    #[test]
    fn who_reads_one_file_shares_its_bytes() {
        let downloads = Downloads::default();
        let first = downloads.share([1; 32], vec![7; 9]);
        let second = downloads.share([1; 32], vec![7; 9]);
        assert!(Arc::ptr_eq(&first, &second) && downloads.find(&[1; 32]).is_some());
        let sent = Bytes::from_owner(Sent(first));
        drop(second);
        assert_eq!((&sent[..], downloads.find(&[1; 32]).is_some()), (&[7_u8; 9][..], true));
        drop(sent);
        assert!(downloads.find(&[1; 32]).is_none());
        downloads.share([2; 32], Vec::new());
        assert_eq!(downloads.0.lock().len(), 1, "what is over is forgotten");
    }

    /// Protects whoever saves a file: its name ends as its content is, whatever a member called it, and no name breaks out of
    /// the header.
    #[test]
    fn a_name_ends_as_the_content_is() {
        let hash: FileHash = [0xab; 32].into();
        let said = |name: Option<&str>| disposition(FileKind::Jpeg, &hash, name).to_str().unwrap().to_owned();
        let plain = "attachment; filename=\"abababababababab.jpg\"";
        assert_eq!(said(None), plain);
        for (name, expected) in [
            ("a.jpg", "a.jpg"),
            ("a.JPEG", "a.JPEG"),
            ("a.html", "a.html.jpg"),
            ("合同 1", "%E5%90%88%E5%90%8C%201.jpg"),
            ("a\"; filename=\"b.exe", "a%22%3B%20filename%3D%22b.exe.jpg"),
        ] {
            assert_eq!(said(Some(name)), format!("{plain}; filename*=UTF-8''{expected}"));
        }
    }
}
