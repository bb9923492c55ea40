//! Files that hold one secret of 32 bytes each, made at the first start, mode 0600.

use std::path::Path;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::cluster::{ClusterId, random};
use crate::disk::{Disk, SyncPoint, put, read_all};
use crate::envelope::Kind;
use crate::error::{OnPath, StartError};

const KIND: Kind = Kind { magic: *b"BAYANKEY", version: 1 };

/// A secret in memory; wiped when it goes.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

#[derive(Encode, Decode)]
struct Stored {
    #[n(0)]
    cluster: ClusterId,
    /// What it serves for, and by which algorithm.
    #[n(1)]
    purpose: String,
    #[n(2)]
    secret: ByteArray<32>,
}

/// The secret in a file and the cluster it belongs to; `None` where there is no file.
pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Result<Option<(ClusterId, Secret)>, StartError> {
    let Some(bytes) = read_all(disk, path).on(path)?.map(Zeroizing::new) else {
        return Ok(None);
    };
    let stored: Stored = KIND.open_whole(&bytes).map_err(|unreadable| unreadable.at(path))?;
    Ok(Some((stored.cluster, Zeroizing::new(stored.secret.into()))))
}

/// Draws a secret and keeps it; its name is kept by the caller.
pub(crate) fn make(disk: &dyn Disk, path: &Path, cluster: ClusterId, purpose: &str) -> Result<(), StartError> {
    let stored = Stored { cluster, purpose: purpose.to_owned(), secret: ByteArray::from(random()) };
    let bytes = Zeroizing::new(KIND.seal(&stored));
    put(disk, path, &bytes, SyncPoint::SecretData).on(path)
}
