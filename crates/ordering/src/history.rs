//! History read back from the segments, from the first entry.

use std::path::Path;
use std::sync::Arc;

use exchange::units::{Price, Sequence};
use exchange::{Applied, Entry, Exchange};

use crate::error::Damage;

/// How far a long reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the log read.
    pub bytes: u64,
    /// Bytes of the log in all.
    pub bytes_total: u64,
    /// The last entry read.
    pub sequence: Sequence,
}

/// What a verified log leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The last entry.
    pub sequence: Sequence,
    /// The tree head over all entries.
    pub hash: [u8; 32],
    /// The digest of the state.
    pub state_digest: [u8; 32],
    /// A last write that was cut by a crash and never answered, where there is one: it says where.
    pub torn: Option<Damage>,
}

/// The entries of a log in order, each with the price of the sealed bid it makes, opened.
pub struct History(());

impl Iterator for History {
    type Item = Result<(Entry, Option<Price>), Damage>;
    fn next(&mut self) -> Option<Self::Item> {
        unimplemented!()
    }
}

/// Reads the entries of a data folder from the first to `until`, or to the end. The node may be running when `until`
/// is an entry it has applied.
///
/// # Errors
/// What is damaged, and where.
pub fn history(data: &Path, secrets: &Path, until: Option<Sequence>) -> Result<History, Damage> {
    let _ = (data, secrets, until);
    unimplemented!()
}

/// Re-executes history on an empty exchange and hands out what it leaves behind, in runs without a gap: what rebuilds
/// an archive. `each` says whether to go on.
///
/// # Errors
/// What is damaged, and where.
pub fn replay(
    data: &Path,
    secrets: &Path,
    until: Option<Sequence>,
    each: &mut dyn FnMut(&Arc<Applied>) -> bool,
) -> Result<Exchange, Damage> {
    let _ = (data, secrets, until, each);
    unimplemented!()
}

/// Re-executes the log of a stopped node: checksums, padding, canonical encoding, tree, state, and the last signed head.
///
/// # Errors
/// The first place where it is not what was written.
pub fn verify(data: &Path, secrets: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Verified, Damage> {
    let _ = (data, secrets, progress);
    unimplemented!()
}
