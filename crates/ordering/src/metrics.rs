//! What an operator wants to know, as plain numbers.

use std::time::Duration;

/// Counters since the start, and gauges of now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Commands that were put in order.
    pub commands: u64,
    /// Batches that carried them.
    pub batches: u64,
    /// Commands refused because the queue was full.
    pub refused_full: u64,
    /// Commands whose outcome is unknown.
    pub unknown: u64,
    /// How many batches had at most this many entries, in rising order; the last has no bound.
    pub batch_sizes: [u64; BATCH_SIZE_BOUNDS.len() + 1],
    /// How many batches took at most this long from proposal to applied, in rising order; the last has no bound.
    pub commit_times: [u64; COMMIT_TIME_BOUNDS_US.len() + 1],
    /// The sum of these times.
    pub commit_time_sum: Duration,
    /// The longest of them.
    pub commit_time_max: Duration,
    /// Commands that wait for their place in the order.
    pub queue_len: usize,
    /// How many may wait.
    pub queue_max: usize,
    /// The last entry applied.
    pub sequence: u64,
    /// The engine's index of the last batch on the disk.
    pub log_index: u64,
    /// The engine's term.
    pub term: u64,
    /// Bytes appended to the log.
    pub log_bytes: u64,
    /// Syncs of the log.
    pub log_syncs: u64,
    /// Segments on the disk.
    pub segments: u64,
    /// Snapshots written.
    pub snapshots: u64,
    /// Snapshots that could not be written.
    pub snapshots_failed: u64,
    /// The entry of the newest snapshot on the disk.
    pub snapshot_sequence: u64,
    /// The entry of the last signed head.
    pub head_sequence: u64,
    /// Bytes that can still be written to the data folder's disk; `None` where the disk does not say.
    pub disk_free_bytes: Option<u64>,
    /// By how many microseconds the machine's clock is ahead of the time by which the log is stamped; negative: behind.
    pub clock_ahead_us: i64,
    /// Whether that is so much that it is not followed.
    pub clock_apart: bool,
    /// By how many microseconds the log's last stamp is later than that time: so long all entries get the same stamp.
    pub clock_behind_stamp_us: i64,
    /// Files that the log names, one that several keep counted for each.
    pub files: u64,
    /// Their bytes.
    pub files_bytes: u64,
    /// Files written since the start.
    pub files_written: u64,
    /// Files that the log names and that were found missing or altered.
    pub files_damaged: u64,
    /// The first entry of this node's history that is complete to the end.
    pub history_from: u64,
    /// Bytes of snapshots and history that were fetched from other nodes.
    pub fetched_bytes: u64,
    /// Whether the log has failed in this process.
    pub failed: bool,
    /// Commands passed on to another node that leads.
    pub forwarded: u64,
    /// Connections of other nodes that were taken, and that were refused.
    pub peers_accepted: u64,
    /// See [`Metrics::peers_accepted`].
    pub peers_refused: u64,
    /// Connections to other nodes that were opened, and that broke.
    pub peers_dialled: u64,
    /// See [`Metrics::peers_dialled`].
    pub peers_broken: u64,
}

/// The bounds of [`Metrics::batch_sizes`], in entries.
pub const BATCH_SIZE_BOUNDS: [u64; 8] = [1, 4, 16, 64, 128, 256, 512, 1_024];

/// The bounds of [`Metrics::commit_times`], in microseconds.
pub const COMMIT_TIME_BOUNDS_US: [u64; 10] = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 200_000, 1_000_000];
