//! The signed head: what the node vouches for, so that nobody can rewrite or shorten history behind it.

use std::path::Path;

use ed25519_dalek::{Signature, VerifyingKey};
use exchange::units::{Instant, Sequence};
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::cluster::ClusterId;
use crate::disk::{Disk, SyncPoint, read_all, replace};
use crate::envelope::{Kind, Unreadable};

/// A head of the log's tree with the digest of the state it leads to, signed by the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// The last entry it covers.
    pub sequence: Sequence,
    /// The RFC 6962 tree head (SHA-256) over all entries up to it, each leaf being an entry's canonical bytes.
    pub hash: [u8; 32],
    /// The digest of the exchange's state after that entry.
    pub state_digest: [u8; 32],
    /// When it was signed, by the node's clock.
    pub signed_at: Instant,
    /// Ed25519 over [`SignedHead::signed_bytes`].
    pub signature: [u8; 64],
    /// The node's public key.
    pub key: [u8; 32],
}

/// What the signature begins with, so that it can be taken for nothing else.
const CONTEXT: &[u8; 16] = b"bayan head v1\0\0\0";

impl SignedHead {
    /// What is signed, 96 bytes: `bayan head v1` and three zero bytes, the sequence (8 bytes, big-endian), the tree
    /// head (32), the state's digest (32), and `signed_at` in microseconds since 1970 (8, big-endian, two's complement).
    #[must_use]
    pub fn signed_bytes(&self) -> [u8; 96] {
        let mut bytes = [0; 96];
        bytes[..16].copy_from_slice(CONTEXT);
        bytes[16..24].copy_from_slice(&self.sequence.0.to_be_bytes());
        bytes[24..56].copy_from_slice(&self.hash);
        bytes[56..88].copy_from_slice(&self.state_digest);
        bytes[88..].copy_from_slice(&self.signed_at.us().to_be_bytes());
        bytes
    }

    /// Whether the signature is that of the key for this head.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.key) else {
            return false;
        };
        key.verify_strict(&self.signed_bytes(), &Signature::from_bytes(&self.signature)).is_ok()
    }
}

const KIND: Kind = Kind { magic: *b"BAYANTOP", version: 1 };
const ALGORITHMS: &str = "tree sha-256 rfc6962; signature ed25519; checksum crc32c";

#[derive(Encode, Decode)]
struct Stored {
    #[n(0)]
    cluster: ClusterId,
    #[n(1)]
    algorithms: String,
    #[n(2)]
    sequence: Sequence,
    #[n(3)]
    hash: ByteArray<32>,
    #[n(4)]
    state_digest: ByteArray<32>,
    #[n(5)]
    signed_at: Instant,
    #[n(6)]
    signature: ByteArray<64>,
    #[n(7)]
    key: ByteArray<32>,
}

/// The bytes of the file `head`.
pub(crate) fn encode(head: &SignedHead, cluster: ClusterId) -> Vec<u8> {
    KIND.seal(&Stored {
        cluster,
        algorithms: ALGORITHMS.to_owned(),
        sequence: head.sequence,
        hash: head.hash.into(),
        state_digest: head.state_digest.into(),
        signed_at: head.signed_at,
        signature: head.signature.into(),
        key: head.key.into(),
    })
}

pub(crate) fn decode(bytes: &[u8]) -> Result<(SignedHead, ClusterId), Unreadable> {
    let stored: Stored = KIND.open_whole(bytes)?;
    let head = SignedHead {
        sequence: stored.sequence,
        hash: stored.hash.into(),
        state_digest: stored.state_digest.into(),
        signed_at: stored.signed_at,
        signature: stored.signature.into(),
        key: stored.key.into(),
    };
    Ok((head, stored.cluster))
}

/// Keeps the head before anyone sees it.
pub(crate) fn write(disk: &dyn Disk, path: &Path, head: &SignedHead, cluster: ClusterId) -> std::io::Result<()> {
    replace(disk, path, &encode(head, cluster), SyncPoint::HeadData, SyncPoint::HeadName)
}

/// The last head that was kept; `None` before the first.
pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Result<Option<(SignedHead, ClusterId)>, crate::StartError> {
    use crate::error::OnPath;
    let Some(bytes) = read_all(disk, path).on(path)? else {
        return Ok(None);
    };
    decode(&bytes).map(Some).map_err(|unreadable| unreadable.at(path))
}
