//! A disk, a clock and a network for tests: the disk can lose what was not synced, names of files included, tear writes,
//! fail and fill up; the clock moves when it is told to; the network can be cut. Production code runs on them unchanged.

mod clock;
mod disk;
mod network;

use std::path::Path;

pub use clock::SimClock;
pub use disk::SimDisk;
pub use network::SimNetwork;

use crate::{Accept, Damage, History, Verified};

/// As [`crate::verify`], of a folder on a simulated disk.
///
/// # Errors
/// The first place where it is not what was written.
pub fn verify(disk: &SimDisk, data: &Path, secrets: &Path) -> Result<Verified, Damage> {
    crate::history::verify_on(&disk.process(), data, secrets, Accept::default(), &mut |_| ())
}

/// As [`crate::history`], of a folder on a simulated disk, to its end.
///
/// # Errors
/// What is damaged, and where.
pub fn history(disk: &SimDisk, data: &Path, secrets: &Path) -> Result<History, Damage> {
    crate::history::history_on(&disk.process(), data, secrets, None)
}
