//! Opening a data folder: its lock, its cluster, its secrets, the newest snapshot, the log, and the last signed head.
//! The writer of the first entry and the one who comes back after a power loss run the same lines.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use exchange::units::Sequence;

use crate::cluster::{ClusterId, Membership, random};
use crate::config::{Accept, ClusterConfig, Config};
use crate::disk::{Disk, Lock, create_folder};
use crate::engine::batch;
use crate::error::{Damage, OnPath, StartError};
use crate::head::{self, SignedHead};
use crate::log::{self, Marks, Places, Recovered};
use crate::snapshot::{Loaded, Snapshots};
use crate::vault::Vault;
use crate::workers::Workers;

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
    pub(crate) fn files(&self) -> PathBuf {
        self.data.join("files")
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
pub(crate) fn open(config: &Config, disk: &Arc<dyn Disk>, workers: &Arc<dyn Workers>) -> Result<Opened, StartError> {
    check(config)?;
    let layout = Layout { data: config.data.clone(), secrets: config.secrets_folder() };
    create_folder(&**disk, &layout.data).on(&layout.data)?;
    let lock = disk.lock(&layout.lock()).on(&layout.lock())?.ok_or_else(|| StartError::Locked(layout.data.clone()))?;
    let there = Traces::of(&**disk, &layout)?;
    let membership = identify(&**disk, &layout, &there, config.cluster.as_ref())?;
    let cluster = membership.cluster;
    let vault = Arc::new(Vault::open(&**disk, &layout.secrets, cluster)?);
    let snapshots = Snapshots {
        disk: Arc::clone(disk),
        folder: layout.snapshots(),
        cluster,
        vault: Arc::clone(&vault),
        spared: Arc::default(),
    };
    if let Some(base) = Marks::read(&**disk, &layout.marks())?.and_then(|marks| marks.base) {
        // A crash may have come between: the log begins behind it, and it did not have its name yet.
        if !base.is_ready {
            snapshots.place(base.sequence).on(&snapshots.folder)?;
        }
        snapshots.spared.store(base.sequence.0, Ordering::Release);
    }
    let (loaded, mut warnings) = snapshots.newest()?;
    let places = Places {
        folder: layout.log(),
        marks: layout.marks(),
        cluster,
        segment_bytes: config.segment_bytes,
        memory_bytes: config.log_memory_bytes,
    };
    let covered = loaded.as_ref().map(|loaded| loaded.header.log);
    let head = read_head(&**disk, &layout, cluster, &vault)?;
    let due = Cell::new(Sequence(loaded.as_ref().map_or(0, |loaded| loaded.header.sequence.0) + 1));
    let wanted = log::Wanted {
        covered,
        whole: config.cluster.is_some(),
        keep: &|id: log::LogId, payload: &[u8]| {
            // One that cannot be read stops the node where it is executed.
            let counts = batch::is_void(payload, id.term, due.get()).is_ok_and(|is_void| !is_void);
            if let (true, Ok(Some(last))) = (counts, batch::last(payload)) {
                due.set(Sequence(last.sequence.0 + 1));
            }
            counts
        },
        check: &|seen| check_seen(seen, &there, config.accept, head, loaded.as_ref(), &layout),
        voter: membership.node,
    };
    let recovered = log::open(Arc::clone(disk), workers, places, &wanted)?;
    if let Some(torn) = &recovered.torn {
        warnings.push(torn.to_string());
    }
    if recovered.marks_made {
        let path = layout.marks();
        accepted(
            &mut warnings,
            format!("{} was missing, which was accepted; it is made anew from the log", path.display()),
        );
    }
    if head.is_none() && (recovered.last_batch.is_some() || loaded.is_some()) {
        let path = layout.head();
        accepted(&mut warnings, format!("{} was missing, which was accepted; a new head is signed", path.display()));
    }
    Ok(Opened { lock, membership, vault, snapshots, loaded, recovered, head, layout, warnings })
}

fn accepted(warnings: &mut Vec<String>, what: String) {
    tracing::warn!("{what}");
    warnings.push(what);
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
    if let Some(cluster) = &config.cluster {
        check_cluster(config, cluster)?;
    }
    Ok(())
}

fn check_cluster(config: &Config, cluster: &ClusterConfig) -> Result<(), StartError> {
    let setting = |what: &str| Err(StartError::Setting(what.to_owned()));
    // A read of the log for another node may have a batch behind it, and both must fit a frame.
    if config.batch_bytes_max > 4 << 20 {
        return setting("batch_bytes_max is above 4194304, which is the most that a node of a cluster can send");
    }
    if cluster.node == 0 || cluster.address.is_empty() {
        return setting("a node of a cluster needs a number from 1 and an address");
    }
    if cluster.heartbeat_every.as_millis() == 0 || cluster.election_after < cluster.heartbeat_every * 3 {
        return setting("election_after must be at least three times heartbeat_every, and that at least 1ms");
    }
    if config.accept != Accept::default() {
        return setting(
            "a node of several may not go on without head or engine: it may have promised what it has forgotten; make it anew under a number that was never used, with `bayan cluster init`",
        );
    }
    Ok(())
}

/// Which cluster the folder belongs to. The first start makes the secrets first and this file last, so that a start
/// that finds the file finds the secrets, or refuses.
fn identify(
    disk: &dyn Disk,
    layout: &Layout,
    there: &Traces,
    several: Option<&ClusterConfig>,
) -> Result<Membership, StartError> {
    let path = layout.cluster();
    if let Some(mut membership) = Membership::read(disk, &path)? {
        if let Some(config) = several {
            if config.node != membership.node {
                let (is, says) = (membership.node, config.node);
                return Err(StartError::Setting(format!(
                    "{} is the folder of node {is}, and the configuration says node {says}; correct node or data",
                    layout.data.display()
                )));
            }
            if membership.instance.is_none() {
                // Nobody hears of it before the engine has kept its vote, and thereby the name of this file.
                membership.instance = Some(random().into());
                membership.write(disk, &path)?;
            }
        }
        if !there.segments
            && let Some(trace) = there.first(layout)
        {
            let what = format!("there is no segment, though {} says that there was a log", trace.display());
            return Err(Damage::new(&layout.log(), 0, what).into());
        }
        return Ok(membership);
    }
    if disk.exists(&layout.log()).on(&layout.log())? {
        return Err(Damage::new(&path, 0, "this file is missing, though there is a log").into());
    }
    if let Some(trace) = there.first(layout) {
        let what = format!("this file is missing, though {} says that there was a log", trace.display());
        return Err(Damage::new(&path, 0, what).into());
    }
    if several.is_some() {
        return Err(StartError::Setting(format!(
            "{} is not the folder of a node yet; make it with `bayan cluster init`, or begin a venue with `bayan init`",
            layout.data.display()
        )));
    }
    let cluster = Vault::cluster_of(disk, &layout.secrets)?.unwrap_or_else(ClusterId::random);
    Vault::make(disk, &layout.secrets, cluster)?;
    let membership = Membership { cluster, node: 1, instance: None };
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

/// What a folder held before this start made anything. A first start that was cut short has left none of it, or only
/// segments and marks: it signs a head before it takes the first entry.
struct Traces {
    segments: bool,
    snapshots: bool,
    engine: bool,
    head: bool,
}

impl Traces {
    fn of(disk: &dyn Disk, layout: &Layout) -> Result<Self, StartError> {
        let any = |folder: &Path, is: &dyn Fn(&str) -> bool| -> Result<bool, StartError> {
            let there = disk.exists(folder).on(folder)?;
            Ok(there && disk.list(folder).on(folder)?.iter().any(|name| is(name)))
        };
        Ok(Traces {
            segments: any(&layout.log(), &|name| log::segment::first_of(name).is_some())?,
            snapshots: any(&layout.snapshots(), &|name| name.ends_with(".snapshot"))?,
            engine: disk.exists(&layout.marks()).on(&layout.marks())?,
            head: disk.exists(&layout.head()).on(&layout.head())?,
        })
    }

    /// Something beside the segments that is there only when there was a log.
    fn first(&self, layout: &Layout) -> Option<PathBuf> {
        let traces = [(self.head, layout.head()), (self.engine, layout.marks()), (self.snapshots, layout.snapshots())];
        traces.into_iter().find_map(|(there, path)| there.then_some(path))
    }
}

/// Refuses what was cut or lost, before anything of the log is changed.
fn check_seen(
    seen: &log::Seen<'_>,
    there: &Traces,
    accept: Accept,
    head: Option<SignedHead>,
    loaded: Option<&Loaded>,
    layout: &Layout,
) -> Result<(), StartError> {
    // The engine keeps its vote before it writes the first record of its term.
    let has_voted = seen.last.is_some_and(|last| last.term > 0) || loaded.is_some();
    if !there.engine && has_voted && !accept.missing_engine {
        return Err(StartError::EngineMissing(layout.marks()));
    }
    match head {
        None if (seen.last_batch.is_some() || loaded.is_some()) && !accept.missing_head => {
            Err(StartError::HeadMissing(layout.head()))
        }
        None => Ok(()),
        Some(head) => {
            let last = last_sequence(seen, loaded, layout)?;
            if last < head.sequence {
                return Err(StartError::HistoryShort { path: layout.log(), last, signed: head.sequence });
            }
            Ok(())
        }
    }
}

/// The last entry that is in the log or in the snapshot.
fn last_sequence(seen: &log::Seen<'_>, loaded: Option<&Loaded>, layout: &Layout) -> Result<Sequence, StartError> {
    let covered = loaded.map_or(Sequence(0), |loaded| loaded.header.sequence);
    let Some((id, payload)) = seen.last_batch else {
        return Ok(covered);
    };
    let last = batch::last(payload)
        .map_err(|error| Damage::new(&layout.log(), 0, format!("record {} cannot be read: {error}", id.index)))?;
    Ok(last.map_or(covered, |entry| entry.sequence))
}
