//! What an operator may set, with its defaults, and the seams behind which disk and clock stand.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{APART_MAX, Clock, SystemClock};
use crate::disk::{Disk, RealDisk};
use crate::net::Network;
use crate::workers::{Threads, Workers};

/// What a node is told. Every limit has a default that suits two cores and one disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where the log, the snapshots and the last signed head lie. One node at a time.
    pub data: PathBuf,
    /// Where the secrets lie; `None`: `secrets` within the data folder. A venue that makes backups of its data folder
    /// names another one, since whoever has both can open sealed bids.
    pub secrets: Option<PathBuf>,
    /// How many bytes a segment of the log has; a multiple of 4,096.
    pub segment_bytes: u64,
    /// After how many entries a snapshot is taken.
    pub snapshot_every: u64,
    /// A graceful stop takes a snapshot when at least this many entries came since the last one.
    pub snapshot_on_stop_from: u64,
    /// How many commands may wait for their place in the order; at the limit a command is refused.
    pub queue_max: usize,
    /// How many entries one batch may have.
    pub batch_max: usize,
    /// After how many bytes a batch is closed.
    pub batch_bytes_max: usize,
    /// How many batches may be under way at once. While they are, commands gather for the next.
    pub batches_in_flight_max: usize,
    /// How many bytes of the log are kept in memory for the engine; what is not yet on the disk always is.
    pub log_memory_bytes: usize,
    /// How often a head is signed while the log grows.
    pub head_every: Duration,
    /// A machine's clock further than this from the time of the log is not followed, and one that is this much earlier than
    /// the log's last stamp at the start is said.
    pub clock_apart_max: Duration,
    /// How many bytes stay free on the disk when a file is handed in: the log needs them to go on.
    pub files_reserve_bytes: u64,
    /// What may be missing beside a log.
    pub accept: Accept,
    /// As which of several nodes it runs; `None`: alone.
    pub cluster: Option<ClusterConfig>,
}

/// As which of several nodes a node runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterConfig {
    /// Its number in the cluster, from 1.
    pub node: u64,
    /// Where the other nodes reach it, as `host:port`.
    pub address: String,
    /// Where members reach it, for whoever asks how the cluster is.
    pub url: Option<String>,
    /// How often the leader lets the others hear from it.
    pub heartbeat_every: Duration,
    /// How long nothing may be heard from a leader until another may be chosen; each node waits a little longer than that, up
    /// to as long again.
    pub election_after: Duration,
    /// How long a command waits for a leader, and for its answer.
    pub command_max: Duration,
    /// After how many entries the states of all nodes are compared.
    pub checkpoint_every: u64,
    /// A node that lacks fewer bytes of the log than that is given them; one that lacks more is given a snapshot first.
    pub catch_up_log_bytes: u64,
    /// How many bytes a second this node fetches of snapshots and history; 0: there is no limit.
    pub catch_up_bytes_per_second: u64,
}

impl ClusterConfig {
    /// The defaults, for a node.
    #[must_use]
    pub fn new(node: u64, address: impl Into<String>) -> Self {
        ClusterConfig {
            node,
            address: address.into(),
            url: None,
            heartbeat_every: Duration::from_millis(50),
            election_after: Duration::from_millis(200),
            command_max: Duration::from_secs(5),
            checkpoint_every: 4_096,
            catch_up_log_bytes: 64 << 20,
            catch_up_bytes_per_second: 64 << 20,
        }
    }
}

/// Files beside a log that may be missing. Each takes a proof away, so an operator accepts it for one start or check and
/// never by a configuration file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accept {
    /// The last signed head: without it nobody can tell whether the log was cut.
    pub missing_head: bool,
    /// The engine's marks: without them nobody can tell for whom this node has voted.
    pub missing_engine: bool,
}

impl Config {
    /// The defaults, for a data folder.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Config {
            data: data.into(),
            secrets: None,
            segment_bytes: 64 << 20,
            snapshot_every: 500_000,
            snapshot_on_stop_from: 5_000,
            queue_max: 65_536,
            batch_max: 1_024,
            batch_bytes_max: 1 << 20,
            batches_in_flight_max: 2,
            log_memory_bytes: 16 << 20,
            head_every: Duration::from_secs(1),
            clock_apart_max: APART_MAX,
            files_reserve_bytes: 256 << 20,
            accept: Accept::default(),
            cluster: None,
        }
    }

    /// Where the secrets lie.
    #[must_use]
    pub fn secrets_folder(&self) -> PathBuf {
        self.secrets.clone().unwrap_or_else(|| default_secrets(&self.data))
    }
}

/// Where the secrets of a data folder lie unless the configuration says otherwise.
#[must_use]
pub fn default_secrets(data: &Path) -> PathBuf {
    data.join("secrets")
}

/// What the node stands on.
#[derive(Clone)]
pub struct Seams {
    /// Files.
    pub disk: Arc<dyn Disk>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The other nodes; a node that runs alone needs none.
    pub network: Option<Arc<dyn Network>>,
    /// Who does what waits for the disk.
    pub workers: Arc<dyn Workers>,
}

impl Seams {
    /// The machine's disk, and its clock as this configuration wants it followed.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Seams { clock: Arc::new(SystemClock::new(config.clock_apart_max)), ..Seams::default() }
    }
}

impl Default for Seams {
    fn default() -> Self {
        Seams {
            disk: Arc::new(RealDisk),
            clock: Arc::new(SystemClock::default()),
            network: None,
            workers: Arc::new(Threads),
        }
    }
}
