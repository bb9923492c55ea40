//! What the engine must remember beside its log: for whom this node voted, up to where the log is no longer its own
//! working set, and a truncation that is under way. One small file, put in place as a whole.

use std::path::Path;

use minicbor::{Decode, Encode};

use super::record::LogId;
use crate::cluster::ClusterId;
use crate::disk::{Disk, SyncPoint, read_all, replace};
use crate::envelope::Kind;
use crate::error::{OnPath, StartError};

const KIND: Kind = Kind { magic: *b"BAYANENG", version: 1 };

/// For whom a node voted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Vote {
    #[n(0)]
    pub(crate) term: u64,
    #[n(1)]
    pub(crate) node: u64,
    /// Whether a majority did.
    #[n(2)]
    pub(crate) committed: bool,
}

/// A truncation under way: everything from there on is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Cut {
    /// The first index of the segment.
    #[n(0)]
    pub(crate) segment: u64,
    #[n(1)]
    pub(crate) offset: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Marks {
    #[n(0)]
    pub(crate) cluster: ClusterId,
    #[n(1)]
    pub(crate) vote: Option<Vote>,
    #[n(2)]
    pub(crate) purged: Option<LogId>,
    #[n(3)]
    pub(crate) cut: Option<Cut>,
}

impl Marks {
    pub(crate) fn read(disk: &dyn Disk, path: &Path) -> Result<Option<Self>, StartError> {
        let Some(bytes) = read_all(disk, path).on(path)? else {
            return Ok(None);
        };
        KIND.open_whole(&bytes).map(Some).map_err(|unreadable| unreadable.at(path))
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        KIND.seal(self)
    }

    pub(crate) fn write(&self, disk: &dyn Disk, path: &Path) -> std::io::Result<()> {
        replace(disk, path, &self.encode(), SyncPoint::EngineData, SyncPoint::EngineName)
    }
}
