//! The signed head: what the node vouches for, so that nobody can rewrite or shorten history behind it.

use exchange::units::{Instant, Sequence};

/// A head of the log's tree with the digest of the state it leads to, signed by the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// The last entry it covers.
    pub sequence: Sequence,
    /// The RFC 6962 tree head over all entries up to it, each leaf being an entry's canonical bytes.
    pub hash: [u8; 32],
    /// The digest of the exchange's state after that entry.
    pub state_digest: [u8; 32],
    /// When it was signed, by the node's clock.
    pub signed_at: Instant,
    /// Ed25519 over the head's canonical bytes.
    pub signature: [u8; 64],
    /// The node's public key.
    pub key: [u8; 32],
}
