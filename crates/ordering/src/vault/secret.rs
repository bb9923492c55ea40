//! Files that hold one secret of 32 bytes each, made at the first start, mode 0600.

use std::path::Path;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::cluster::{ClusterId, random};
use crate::disk::{Disk, SyncPoint, put, read_all};
use crate::envelope::{HEAD_BYTES, Kind};
use crate::error::{Damage, OnPath, StartError};

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

/// The secret in a file and the cluster it belongs to; `None` where there is no file. A file that serves for something
/// else, such as one that was swapped with another, is refused: with it nothing that was made before could be opened.
pub(crate) fn read(disk: &dyn Disk, path: &Path, purpose: &str) -> Result<Option<(ClusterId, Secret)>, StartError> {
    let Some(bytes) = read_all(disk, path).on(path)?.map(Zeroizing::new) else {
        return Ok(None);
    };
    let stored: Stored = KIND.open_whole(&bytes).map_err(|unreadable| unreadable.at(path))?;
    let secret = Zeroizing::new(stored.secret.into());
    if stored.purpose != purpose {
        let what = format!(
            "it serves for {:?}, not for {purpose:?}: it is another of the secrets, or was written by a newer version or \
             for other algorithms",
            stored.purpose
        );
        return Err(Damage::new(path, HEAD_BYTES as u64, what).into());
    }
    Ok(Some((stored.cluster, secret)))
}

/// Draws a secret and keeps it; its name is kept by the caller.
pub(crate) fn make(disk: &dyn Disk, path: &Path, cluster: ClusterId, purpose: &str) -> Result<(), StartError> {
    let stored = Stored { cluster, purpose: purpose.to_owned(), secret: ByteArray::from(random()) };
    let bytes = Zeroizing::new(KIND.seal(&stored));
    put(disk, path, &bytes, SyncPoint::SecretData).on(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::SimDisk;
    use crate::vault::{Opener, Vault};

    /// Protects against secrets that were swapped: hashes and bids made with the wrong one would be in the log for ever.
    #[test]
    fn a_secret_that_serves_for_something_else_is_refused() {
        let cluster = ClusterId::of([1; 16]);
        let process = SimDisk::new("/d").process();
        let folder = Path::new("/d/secrets");
        Vault::make(&*process, folder, cluster).unwrap();
        assert!(Vault::open(&*process, folder, cluster).is_ok());
        let (venue, sealing, aside) = (folder.join("venue.key"), folder.join("sealing.key"), folder.join("aside"));
        process.rename(&venue, &aside).unwrap();
        process.rename(&sealing, &venue).unwrap();
        process.rename(&aside, &sealing).unwrap();
        let refused = |result: Option<StartError>, path: &Path| match result {
            Some(StartError::Damage(damage)) => {
                assert_eq!(damage.file, path);
                assert!(damage.what.starts_with("it serves for \""), "{damage}");
            }
            other => panic!("{other:?}"),
        };
        refused(Vault::open(&*process, folder, cluster).err(), &venue);
        refused(Vault::cluster_of(&*process, folder).err(), &venue);
        refused(Opener::with_secret(&*process, folder, cluster).err(), &sealing);
    }
}
