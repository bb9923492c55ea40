//! Opening a data folder: its lock, its cluster, its secrets, the newest snapshot, the log, and the last signed head.
//! The writer of the first entry and the one who comes back after a power loss run the same lines.

use std::path::PathBuf;
use std::sync::Arc;

use exchange::units::Sequence;

use crate::cluster::{ClusterId, Membership};
use crate::config::Config;
use crate::disk::{Disk, Lock, create_folder};
use crate::engine::batch;
use crate::error::{Damage, OnPath, StartError};
use crate::head::{self, SignedHead};
use crate::log::{self, Places, Recovered};
use crate::snapshot::{Loaded, Snapshots};
use crate::vault::Vault;

/// The names within a data folder.
pub(crate) struct Layout {
    pub(crate) data: PathBuf,
    pub(crate) secrets: PathBuf,
}

impl Layout {
    pub(crate) fn lock(&self) -> PathBuf {
        self.data.join("lock")
    }
    pub(crate) fn cluster(&self) -> PathBuf {
        self.data.join("cluster")
    }
    pub(crate) fn log(&self) -> PathBuf {
        self.data.join("log")
    }
    pub(crate) fn marks(&self) -> PathBuf {
        self.data.join("engine")
    }
    pub(crate) fn snapshots(&self) -> PathBuf {
        self.data.join("snapshots")
    }
    pub(crate) fn head(&self) -> PathBuf {
        self.data.join("head")
    }
}

/// A data folder, opened.
pub(crate) struct Opened {
    pub(crate) lock: Box<dyn Lock>,
    pub(crate) membership: Membership,
    pub(crate) vault: Arc<Vault>,
    pub(crate) snapshots: Snapshots,
    pub(crate) loaded: Option<Loaded>,
    pub(crate) recovered: Recovered,
    pub(crate) head: Option<SignedHead>,
    pub(crate) layout: Layout,
    /// What was found to be wrong and could be helped.
    pub(crate) warnings: Vec<String>,
}

/// Opens a data folder, or makes it where there is none.
pub(crate) fn open(config: &Config, disk: &Arc<dyn Disk>) -> Result<Opened, StartError> {
    check(config)?;
    let layout = Layout { data: config.data.clone(), secrets: config.secrets_folder() };
    create_folder(&**disk, &layout.data).on(&layout.data)?;
    let lock = disk.lock(&layout.lock()).on(&layout.lock())?.ok_or_else(|| StartError::Locked(layout.data.clone()))?;
    let membership = identify(&**disk, &layout)?;
    let cluster = membership.cluster;
    let vault = Arc::new(Vault::open(&**disk, &layout.secrets, cluster)?);
    let snapshots =
        Snapshots { disk: Arc::clone(disk), folder: layout.snapshots(), cluster, vault: Arc::clone(&vault) };
    let (loaded, mut warnings) = snapshots.newest()?;
    let places = Places {
        folder: layout.log(),
        marks: layout.marks(),
        cluster,
        segment_bytes: config.segment_bytes,
        memory_bytes: config.log_memory_bytes,
    };
    let covered = loaded.as_ref().map(|loaded| loaded.header.log);
    let counts = |id: log::LogId, payload: &[u8]| batch::term(payload).is_ok_and(|term| term == id.term);
    let recovered = log::open(Arc::clone(disk), places, covered, &counts)?;
    if let Some(torn) = &recovered.torn {
        warnings.push(torn.to_string());
    }
    let head = read_head(&**disk, &layout, cluster, &vault)?;
    if let Some(head) = head {
        let last = last_sequence(&recovered, loaded.as_ref(), &layout)?;
        if last < head.sequence {
            return Err(StartError::HistoryShort { path: layout.log(), last, signed: head.sequence });
        }
    }
    Ok(Opened { lock, membership, vault, snapshots, loaded, recovered, head, layout, warnings })
}

fn check(config: &Config) -> Result<(), StartError> {
    let setting = |what: &str| Err(StartError::Setting(what.to_owned()));
    if !config.segment_bytes.is_multiple_of(4096) || config.segment_bytes > 1 << 30 {
        return setting("segment_bytes is no multiple of 4096 up to 1073741824; name one, such as 67108864");
    }
    // A batch is closed when it has this many bytes, so it may have nearly twice as many.
    if config.batch_bytes_max as u64 * 2 + 4096 > config.segment_bytes || config.batch_bytes_max == 0 {
        return setting("batch_bytes_max is not above 0 and well below half of segment_bytes; name a smaller one");
    }
    if config.queue_max == 0 || config.batch_max == 0 || config.batches_in_flight_max == 0 {
        return setting("queue_max, batch_max and batches_in_flight_max must be above 0");
    }
    if config.snapshot_every == 0 || config.head_every.is_zero() {
        return setting("snapshot_every and head_every must be above 0");
    }
    Ok(())
}

/// Which cluster the folder belongs to. The first start makes the secrets first and this file last, so that a start
/// that finds the file finds the secrets, or refuses.
fn identify(disk: &dyn Disk, layout: &Layout) -> Result<Membership, StartError> {
    let path = layout.cluster();
    if let Some(membership) = Membership::read(disk, &path)? {
        return Ok(membership);
    }
    if disk.exists(&layout.log()).on(&layout.log())? {
        return Err(Damage::new(&path, 0, "this file is missing, though there is a log").into());
    }
    let cluster = Vault::cluster_of(disk, &layout.secrets)?.unwrap_or_else(ClusterId::random);
    Vault::make(disk, &layout.secrets, cluster)?;
    let membership = Membership { cluster, node: 1 };
    membership.write(disk, &path)?;
    Ok(membership)
}

fn read_head(
    disk: &dyn Disk,
    layout: &Layout,
    cluster: ClusterId,
    vault: &Vault,
) -> Result<Option<SignedHead>, StartError> {
    let path = layout.head();
    let Some((head, found)) = head::read(disk, &path)? else {
        return Ok(None);
    };
    if found != cluster {
        let (found, expected) = (found.to_string(), cluster.to_string());
        return Err(StartError::OtherCluster { path, found, expected });
    }
    if head.key != vault.public_key() || !head.is_genuine() {
        return Err(Damage::new(&path, 0, "the head is not signed by this node's key").into());
    }
    Ok(Some(head))
}

/// The last entry that is in the log or in the snapshot.
fn last_sequence(recovered: &Recovered, loaded: Option<&Loaded>, layout: &Layout) -> Result<Sequence, StartError> {
    let covered = loaded.map_or(Sequence(0), |loaded| loaded.header.sequence);
    let Some((id, payload)) = &recovered.last_batch else {
        return Ok(covered);
    };
    let last = batch::last(payload)
        .map_err(|error| Damage::new(&layout.log(), 0, format!("record {} cannot be read: {error}", id.index)))?;
    Ok(last.map_or(covered, |entry| entry.sequence))
}
