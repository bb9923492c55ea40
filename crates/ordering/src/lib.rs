//! One order for all commands, durable before anyone is answered.
//!
//! Commands queue in front of the sequencer, which gives them their places and stamps and proposes them in batches to
//! the consensus engine; the log makes a batch durable with one write and one sync; the state machine executes it on
//! the exchange, tells the observers, and answers whoever waits. Beside the log lie snapshots, the last signed head,
//! and, in a folder of their own, the secrets. What is decided is the exchange's business; how it is asked, the
//! gateway's.

mod agreement;
mod answers;
mod backup;
mod clock;
mod cluster;
mod config;
mod disk;
mod engine;
mod envelope;
mod error;
mod fetch;
mod files;
mod forward;
#[cfg(test)]
mod golden;
mod head;
mod history;
mod keeper;
mod keys;
mod log;
mod membership;
mod metrics;
mod net;
mod node;
mod open;
mod peers;
mod prepare;
mod sequencer;
pub mod sim;
mod snapshot;
mod together;
mod tree;
mod vault;
mod workers;

pub use backup::{BackedUp, Backup, BackupError, Restore, Restored, Transform, Until, backup, restore};
pub use clock::{Clock, SystemClock, Waiting};
pub use config::{Accept, ClusterConfig, Config, Seams, default_secrets};
pub use disk::{Disk, File, Lock, RealDisk, SyncPoint};
pub use error::{Damage, StartError, Unavailable};
pub use fetch::Fetching;
pub use files::{FileUnread, file_hash};
pub use head::SignedHead;
pub use history::{History, Progress, Verified, history, history_from, replay, verify, verify_accepting};
pub use metrics::{BATCH_SIZE_BOUNDS, COMMIT_TIME_BOUNDS_US, Metrics};
pub use net::{Arrived, Arriving, Duplex, Listener, Network, Opening, Stream, TlsFiles, TlsNetwork};
pub use node::{Health, Node, Observer, is_data_folder, venue_of};
pub use prepare::{certificate_name, node_of, prepare};
pub use together::{ClusterAct, NodeStatus};
pub use vault::{PersonalData, Vault};
pub use workers::{Kept, Steps, Threads, Workers};
