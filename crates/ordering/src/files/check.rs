//! Whether the files that the log names are there, and what is there that it does not name.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use exchange::files::FileHash;

use super::{BESIDE, Files, file_hash, hex, path_of};
use crate::disk::{Disk, read_all};
use crate::error::{Damage, OnPath, StartError};

/// The bytes found under a hash, where they are those.
pub(super) fn judge(path: &Path, hash: &FileHash, found: Option<Vec<u8>>) -> Result<Vec<u8>, Damage> {
    match found {
        None => Err(Damage::new(path, 0, "this file is missing, though the log names it")),
        Some(bytes) if file_hash(&bytes) != *hash => {
            Err(Damage::new(path, 0, "the bytes of this file are not those that the log names"))
        }
        Some(bytes) => Ok(bytes),
    }
}

/// Reads every file that the log names, and says how many there are.
///
/// # Errors
/// The first that is missing or altered, and how many more are.
pub(crate) fn check<'h>(
    disk: &dyn Disk,
    folder: &Path,
    named: impl Iterator<Item = &'h FileHash>,
) -> Result<u64, Damage> {
    let (mut checked, mut wrong, mut first) = (0, 0_u64, None);
    for hash in named {
        checked += 1;
        let path = path_of(folder, hash);
        let found = read_all(disk, &path).map_err(|error| Damage::new(&path, 0, error.to_string()));
        if let Err(damage) = found.and_then(|found| judge(&path, hash, found)) {
            wrong += 1;
            first.get_or_insert(damage);
        }
    }
    match first {
        None => Ok(checked),
        Some(damage) if wrong == 1 => Err(damage),
        Some(damage) => Err(Damage {
            what: format!("{}; of the {checked} files that it names, {wrong} are missing or altered", damage.what),
            ..damage
        }),
    }
}

/// At a start, when the state is that of the whole log and nobody can hand in a file yet: removes what was being written
/// and what nothing names, and says what is named and not there. What has no name of ours is left alone, and so is, with a
/// warning, what cannot be ours for all its name: a folder where a file should be, or the other way round.
pub(crate) fn sweep<'h>(files: &Files, named: impl Iterator<Item = &'h FileHash>) -> Result<Vec<String>, StartError> {
    let (disk, folder) = (&*files.0.disk, &files.0.folder);
    let mut named: BTreeSet<FileHash> = named.copied().collect();
    let (mut removed, mut warnings) = (0_u64, Vec::new());
    let mut strange = |path: &Path| {
        let what = format!("{} has the name of something of ours and is no such thing; remove it", path.display());
        tracing::warn!("{what}");
        warnings.push(what);
    };
    for below in disk.list(folder).on(folder)?.iter().filter(|name| name.len() == 2 && is_hex(name)) {
        let below = folder.join(below);
        let names = match disk.list(&below) {
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                strange(&below);
                continue;
            }
            names => names.on(&below)?,
        };
        for name in names {
            let path: PathBuf = below.join(&name);
            match hash_of(name.strip_suffix(BESIDE).and_then(|name| name.strip_suffix('.')).unwrap_or(&name)) {
                Some(hash) if !name.ends_with(BESIDE) && named.remove(&hash) => {}
                Some(_) => match disk.remove(&path) {
                    Err(error) if error.kind() == ErrorKind::IsADirectory => strange(&path),
                    gone => {
                        gone.on(&path)?;
                        removed += 1;
                    }
                },
                None => {}
            }
        }
    }
    if removed > 0 {
        tracing::info!("{removed} files that nothing names were left by a process that ended, and are removed");
    }
    let missing = |hash: &FileHash| {
        let what =
            format!("the log names file {}, which is missing; restore it from a backup or another node", hex(&**hash));
        tracing::error!("{what}");
        what
    };
    warnings.extend(named.iter().map(missing));
    *files.0.damaged.lock() = named;
    Ok(warnings)
}

/// The names of the files of a data folder, which are their hashes.
pub(crate) fn all(disk: &dyn Disk, folder: &Path) -> Result<Vec<FileHash>, StartError> {
    if !disk.exists(folder).on(folder)? {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for below in disk.list(folder).on(folder)?.iter().filter(|name| name.len() == 2 && is_hex(name)) {
        let below = folder.join(below);
        match disk.list(&below) {
            // None of ours for all its name.
            Err(error) if error.kind() == ErrorKind::NotADirectory => {}
            listed => names.extend(listed.on(&below)?.iter().filter_map(|name| hash_of(name))),
        }
    }
    Ok(names)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The hash that a name of ours says.
fn hash_of(name: &str) -> Option<FileHash> {
    if name.len() != 64 || !is_hex(name) {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, digits) in hash.iter_mut().zip(name.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash.into())
}
