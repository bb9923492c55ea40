//! The frame around every small file and every file's header: magic, version, length and checksum, then a CBOR body
//! with numbered fields, so that fields can be added.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..8 | magic: says what kind of file it is |
//! | 8..12 | version of the format, little-endian |
//! | 12..16 | length of the body |
//! | 16..20 | CRC-32C over bytes 0..16 and the body |
//! | 20..24 | zero |
//! | 24.. | the body |

use std::path::Path;

use crate::error::{Damage, StartError};

/// The bytes before the body.
pub(crate) const HEAD_BYTES: usize = 24;

/// One kind of file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) magic: [u8; 8],
    /// The newest version that is understood, and the one that is written.
    pub(crate) version: u32,
}

/// Why an envelope cannot be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    Newer { version: u32, known: u32 },
    Broken { offset: u64, what: String },
}

impl Unreadable {
    pub(crate) fn at(self, path: &Path) -> StartError {
        match self {
            Unreadable::Newer { version, known } => StartError::Newer { path: path.to_owned(), version, known },
            broken @ Unreadable::Broken { .. } => StartError::Damage(broken.damage(path)),
        }
    }

    pub(crate) fn damage(self, path: &Path) -> Damage {
        match self {
            Unreadable::Newer { version, known } => {
                Damage::new(path, 8, format!("format {version} is newer than this program, which knows up to {known}"))
            }
            Unreadable::Broken { offset, what } => Damage::new(path, offset, what),
        }
    }
}

impl Kind {
    /// The envelope around a body.
    pub(crate) fn seal(self, body: &impl minicbor::Encode<()>) -> Vec<u8> {
        let mut bytes = vec![0; HEAD_BYTES];
        minicbor::encode(body, &mut bytes).expect("writing to memory does not fail");
        let length = u32::try_from(bytes.len() - HEAD_BYTES).expect("a body is small");
        bytes[..8].copy_from_slice(&self.magic);
        bytes[8..12].copy_from_slice(&self.version.to_le_bytes());
        bytes[12..16].copy_from_slice(&length.to_le_bytes());
        let crc = checksum(&bytes);
        bytes[16..20].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The body, and how many bytes the envelope takes.
    pub(crate) fn open<'b, T: minicbor::Decode<'b, ()>>(self, bytes: &'b [u8]) -> Result<(T, usize), Unreadable> {
        let broken = |offset: u64, what: &str| Unreadable::Broken { offset, what: what.to_owned() };
        let Some(head) = bytes.get(..HEAD_BYTES) else {
            return Err(broken(0, "shorter than its header"));
        };
        if head[..8] != self.magic {
            return Err(broken(0, "not a file of this kind"));
        }
        let version = u32::from_le_bytes(head[8..12].try_into().expect("four bytes"));
        let length = u32::from_le_bytes(head[12..16].try_into().expect("four bytes")) as usize;
        let crc = u32::from_le_bytes(head[16..20].try_into().expect("four bytes"));
        let Some(whole) = bytes.get(..HEAD_BYTES + length) else {
            return Err(broken(12, "shorter than it says"));
        };
        if head[20..24] != [0; 4] {
            return Err(broken(20, "not zero where zero is expected"));
        }
        if checksum(whole) != crc {
            return Err(broken(16, "the header's checksum differs"));
        }
        // The checksum is looked at first, so that a flipped bit is not taken for a newer program.
        if version > self.version {
            return Err(Unreadable::Newer { version, known: self.version });
        }
        if version < self.version {
            let known = self.version;
            let what = format!(
                "format {version} is older than {known}, the first that this program reads; start the version that wrote it"
            );
            return Err(broken(8, &what));
        }
        let body = minicbor::decode(&whole[HEAD_BYTES..])
            .map_err(|error| broken(HEAD_BYTES as u64, &format!("the header cannot be read: {error}")))?;
        Ok((body, whole.len()))
    }

    /// The body of a file that is nothing but an envelope.
    pub(crate) fn open_whole<'b, T: minicbor::Decode<'b, ()>>(self, bytes: &'b [u8]) -> Result<T, Unreadable> {
        let (body, length) = self.open(bytes)?;
        if length == bytes.len() {
            Ok(body)
        } else {
            Err(Unreadable::Broken { offset: length as u64, what: "longer than it says".to_owned() })
        }
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&bytes[..16]), &bytes[HEAD_BYTES..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects a log from a program that would guess: what is of another version is said to be, and by which program it is read.
    #[test]
    fn another_version_is_said() {
        let (old, new) = (Kind { magic: *b"BAYANOLD", version: 1 }, Kind { magic: *b"BAYANOLD", version: 2 });
        let opened = |kind: Kind, bytes: &[u8]| kind.open_whole::<u64>(bytes);
        assert_eq!(opened(old, &old.seal(&7_u64)).unwrap(), 7);
        let older = opened(new, &old.seal(&7_u64)).unwrap_err().damage(Path::new("/d/x")).to_string();
        assert!(
            older.contains("format 1 is older than 2") && older.contains("start the version that wrote it"),
            "{older}"
        );
        let newer = opened(old, &new.seal(&7_u64)).unwrap_err().damage(Path::new("/d/x")).to_string();
        assert!(newer.contains("format 2 is newer"), "{newer}");
    }
}
