//! What the engine must remember beside its log: for whom this node voted, up to where the log is no longer its own
//! working set, where it begins, and a truncation that is under way. One small file, put in place as a whole.

use std::path::Path;

use exchange::units::Sequence;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use super::record::LogId;
use crate::cluster::ClusterId;
use crate::disk::{Disk, SyncPoint, read_all, replace};
use crate::envelope::Kind;
use crate::error::{OnPath, StartError};
use crate::tree::Tree;

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

/// Where a log begins that was given a snapshot first: everything up to there is in the snapshot, and history before it is
/// not complete yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Base {
    /// The last record that the snapshot covers.
    #[n(0)]
    pub(crate) log: LogId,
    /// The last entry that it covers.
    #[n(1)]
    pub(crate) sequence: Sequence,
    /// The tree over all entries up to it: what history must come to.
    #[n(2)]
    pub(crate) tree: Tree,
    /// The digest of the state there.
    #[n(3)]
    pub(crate) state_digest: ByteArray<32>,
    /// The numbers of all nodes that there were up to it; `None`: the snapshot does not say.
    #[n(4)]
    pub(crate) named: Option<Vec<u64>>,
    /// Whether snapshot and segment are in their places; before that a start puts them there.
    #[n(5)]
    pub(crate) is_ready: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Marks {
    #[n(0)]
    pub(crate) cluster: ClusterId,
    #[n(1)]
    pub(crate) vote: Option<Vote>,
    #[n(2)]
    pub(crate) purged: Option<LogId>,
    #[n(3)]
    pub(crate) cut: Option<Cut>,
    /// Where the log begins; `None`: with the first record.
    #[n(4)]
    pub(crate) base: Option<Base>,
}

impl Marks {
    /// Those of a node that has voted for nobody yet.
    pub(crate) fn new(cluster: ClusterId) -> Self {
        Marks { cluster, vote: None, purged: None, cut: None, base: None }
    }

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
