//! Which cluster a folder belongs to.

use core::fmt;
use std::path::Path;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::disk::{Disk, SyncPoint, put, read_all};
use crate::envelope::Kind;
use crate::error::{OnPath, StartError};
use crate::net::Instance;

/// The identity of a cluster, drawn at random when its first node starts for the first time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(transparent)]
pub(crate) struct ClusterId(#[n(0)] ByteArray<16>);

impl ClusterId {
    pub(crate) fn random() -> Self {
        ClusterId(ByteArray::from(random()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    #[cfg(test)]
    pub(crate) fn of(bytes: [u8; 16]) -> Self {
        ClusterId(ByteArray::from(bytes))
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
    bytes
}

const KIND: Kind = Kind { magic: *b"BAYANDIR", version: 1 };

/// What the file `cluster` of a data folder says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Membership {
    #[n(0)]
    pub(crate) cluster: ClusterId,
    /// The number of this node in its cluster, from 1.
    #[n(1)]
    pub(crate) node: u64,
    /// Which folder of that node this is, from when it is one of several nodes: a folder that is made anew under the same
    /// number is another one.
    #[n(2)]
    pub(crate) instance: Option<Instance>,
}

impl Membership {
    pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Result<Option<Self>, StartError> {
        let Some(bytes) = read_all(disk, path).on(path)? else {
            return Ok(None);
        };
        KIND.open_whole(&bytes).map(Some).map_err(|unreadable| unreadable.at(path))
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        KIND.seal(self)
    }

    pub(crate) fn write(&self, disk: &dyn Disk, path: &Path) -> Result<(), StartError> {
        put(disk, path, &self.encode(), SyncPoint::ClusterData).on(path)
    }
}
