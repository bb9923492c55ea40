//! A segment file: a header sector, records, and zeros to the end. Here it is read, and what is torn is told from what
//! is damaged.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use super::record::{HEADER, LogId, Record, SECTOR, Salt, TRAILER, header, place, size};
use crate::cluster::{ClusterId, random};
use crate::disk::File;
use crate::envelope::{Kind, Unreadable};
use crate::error::{Damage, OnPath, StartError};

const KIND: Kind = Kind { magic: *b"BAYANLOG", version: 2 };
const ALGORITHMS: &str = "checksum crc32c; tree sha-256 rfc6962; entries cbor";

/// Where the first record lies.
pub(crate) const FIRST: usize = SECTOR;

/// What a segment's first sector says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SegmentHeader {
    #[n(0)]
    pub(crate) cluster: ClusterId,
    #[n(1)]
    pub(crate) algorithms: String,
    /// The index of its first record.
    #[n(2)]
    pub(crate) first: u64,
    /// How long the file is.
    #[n(3)]
    pub(crate) bytes: u64,
    /// What the checksums of its records' headers begin with.
    #[n(4)]
    pub(crate) salt: ByteArray<8>,
}

impl SegmentHeader {
    pub(crate) fn new(cluster: ClusterId, first: u64, bytes: u64) -> Self {
        SegmentHeader { cluster, algorithms: ALGORITHMS.to_owned(), first, bytes, salt: random().into() }
    }

    pub(crate) fn salt(&self) -> Salt {
        Salt::of(&*self.salt)
    }

    /// The first sector.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut sector = KIND.seal(self);
        assert!(sector.len() <= FIRST, "a segment's header fits its sector");
        sector.resize(FIRST, 0);
        sector
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        let sector = bytes.get(..FIRST).unwrap_or(bytes);
        let (found, length) = KIND.open::<SegmentHeader>(sector)?;
        match sector[length..].iter().position(|byte| *byte != 0) {
            Some(at) => Err(Unreadable::Broken {
                offset: (length + at) as u64,
                what: "not zero where zero is expected".to_owned(),
            }),
            None => Ok(found),
        }
    }
}

/// The name of the segment that begins with this index; names sort as their indexes do.
pub(crate) fn name(first: u64) -> String {
    format!("{first:020}.seg")
}

/// The index in a segment's name; `None` where the name is no segment's.
pub(crate) fn first_of(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".seg")?;
    if digits.len() == 20 { digits.parse().ok() } else { None }
}

/// A segment in memory.
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    pub(crate) header: SegmentHeader,
    salt: Salt,
    bytes: Bytes,
}

/// A record and where it lies.
pub(crate) struct Placed {
    pub(crate) offset: usize,
    pub(crate) record: Record,
}

/// What stands where the next record would begin.
pub(crate) enum Next {
    Record(Placed),
    /// Nothing but zeros from here.
    End(usize),
    /// The last write did not get to the disk whole, and so was never answered. Nothing that counts lies behind it.
    Torn {
        /// Where what is to be cut begins.
        offset: usize,
        /// Where it ends.
        end: usize,
        what: &'static str,
    },
}

impl Segment {
    pub(crate) fn read(path: &Path, file: &dyn File) -> Result<Self, StartError> {
        let length = usize::try_from(file.len().on(path)?).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length];
        let read = file.read_at(0, &mut bytes).on(path)?;
        bytes.truncate(read);
        let header = SegmentHeader::decode(&bytes).map_err(|unreadable| unreadable.at(path))?;
        if bytes.len() as u64 > header.bytes {
            let what = format!("the file goes on behind its {} bytes", header.bytes);
            return Err(Damage::new(path, header.bytes, what).into());
        }
        Ok(Segment { path: path.to_owned(), salt: header.salt(), header, bytes: Bytes::from(bytes) })
    }

    /// Whether the file is shorter than it was made.
    pub(crate) fn is_cut(&self) -> bool {
        (self.bytes.len() as u64) < self.header.bytes
    }

    /// All of the file.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    pub(crate) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// What stands at `offset`, where the record `index` would begin. Only the `last` segment can have a torn write.
    pub(crate) fn next(&self, offset: usize, index: u64, last: bool) -> Result<Next, Damage> {
        let damage = |offset: usize, what: &str| Damage::new(&self.path, offset as u64, what);
        let bytes = &self.bytes[..];
        let start = place(offset);
        let whole = usize::try_from(self.header.bytes).unwrap_or(usize::MAX);
        if let Some(at) = nonzero(bytes, offset, start) {
            return Err(damage(at, "not zero where zero is expected"));
        }
        if start + HEADER > bytes.len() {
            return match nonzero(bytes, start, bytes.len()) {
                None => Ok(Next::End(offset)),
                Some(_) if last && bytes.len() < whole => {
                    Ok(Next::Torn { offset: start, end: bytes.len(), what: "the last record runs past the end" })
                }
                Some(at) => Err(damage(at, "not zero where zero is expected")),
            };
        }
        let head = &bytes[start..start + HEADER];
        if head.iter().all(|byte| *byte == 0) {
            return self.behind_the_end(offset, start, last);
        }
        let Some(found) = header(head, self.salt) else {
            return Err(damage(start, "the checksum of a record's header differs"));
        };
        let end = start + size(found.length);
        if end > whole {
            return Err(damage(start, "a record runs past the end of its segment"));
        }
        if found.id.index != index {
            return Err(damage(start, &format!("record {} stands where record {index} belongs", found.id.index)));
        }
        if end > bytes.len() {
            return if last {
                Ok(Next::Torn { offset: start, end: bytes.len(), what: "the last record runs past the end" })
            } else {
                Err(damage(bytes.len(), "the file is cut short"))
            };
        }
        let payload = start + HEADER..start + HEADER + found.length;
        let wrong = if crc32c::crc32c(&bytes[payload.clone()]) != found.crc {
            Some("the checksum of a record differs")
        } else if nonzero(bytes, payload.end, end - TRAILER.len()).is_some() {
            Some("not zero between a record and its end mark")
        } else if bytes[end - TRAILER.len()..end] != TRAILER {
            Some("a record's end mark differs")
        } else {
            None
        };
        match wrong {
            None => {
                let record = Record { id: found.id, kind: found.kind, payload: self.bytes.slice(payload) };
                Ok(Next::Record(Placed { offset: start, record }))
            }
            // Behind its own write there must be nothing: else a later write had been begun, and this one was synced.
            Some(_)
                if last
                    && misses_a_sector(bytes, start, end)
                    && nonzero(bytes, found.write_ends as usize, bytes.len()).is_none() =>
            {
                let end = last_nonzero(bytes, start).map_or(start, |at| at + 1);
                Ok(Next::Torn { offset: start, end, what: "the last write misses whole sectors" })
            }
            Some(what) => Err(damage(start, what)),
        }
    }

    /// At `start` there are zeros where a record's header would be: the end of the log, or a write whose first sector
    /// never came.
    fn behind_the_end(&self, offset: usize, start: usize, last: bool) -> Result<Next, Damage> {
        let bytes = &self.bytes[..];
        let Some(stray) = nonzero(bytes, start, bytes.len()) else {
            return Ok(Next::End(offset));
        };
        let sector_end = (start + 1).next_multiple_of(SECTOR);
        let end = last_nonzero(bytes, stray).map_or(stray, |at| at + 1);
        // A surviving sector of a record has many bytes that are not zero, the end mark if nothing else.
        let enough = bytes[stray..end].iter().filter(|byte| **byte != 0).nth(TRAILER.len() - 1).is_some();
        if last && stray >= sector_end && enough && !self.written_later(start) {
            return Ok(Next::Torn { offset: start, end, what: "the last write misses its first sector" });
        }
        Err(Damage::new(&self.path, stray as u64, "not zero behind the end of the log"))
    }

    /// Whether something behind `torn` belongs to a write that began after it. Then `torn` had been synced before, and
    /// is damaged.
    fn written_later(&self, torn: usize) -> bool {
        let mut at = torn.next_multiple_of(8);
        while let Some(next) = nonzero(&self.bytes, at, self.bytes.len()) {
            at = next / 8 * 8;
            if let Some(found) = self.bytes.get(at..).and_then(|bytes| header(bytes, self.salt))
                && found.write_began as usize > torn
            {
                return true;
            }
            at += 8;
        }
        false
    }
}

/// Whether a sector of a record is still zero.
fn misses_a_sector(bytes: &[u8], start: usize, end: usize) -> bool {
    let mut from = start;
    while from < end {
        let to = (from + 1).next_multiple_of(SECTOR).min(end);
        if nonzero(bytes, from, to).is_none() {
            return true;
        }
        from = to;
    }
    false
}

/// The first byte that is not zero.
fn nonzero(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    let to = to.min(bytes.len());
    let from = from.min(to);
    let slice = &bytes[from..to];
    // Whole kilobytes first: most of a segment may be zeros.
    let skipped = slice.chunks(1024).take_while(|chunk| chunk.iter().fold(0, |all, byte| all | byte) == 0).count();
    let from = from + (skipped * 1024).min(slice.len());
    bytes[from..to].iter().position(|byte| *byte != 0).map(|at| from + at)
}

/// The last byte that is not zero.
fn last_nonzero(bytes: &[u8], from: usize) -> Option<usize> {
    let slice = &bytes[from.min(bytes.len())..];
    let skipped = slice.rchunks(1024).take_while(|chunk| chunk.iter().fold(0, |all, byte| all | byte) == 0).count();
    let to = slice.len() - (skipped * 1024).min(slice.len());
    slice[..to].iter().rposition(|byte| *byte != 0).map(|at| from + at)
}

/// The highest index there is, and where the next record goes: what a scan of one segment found.
pub(crate) struct Scanned {
    pub(crate) end: usize,
    pub(crate) last: Option<LogId>,
    pub(crate) torn: Option<(usize, usize, &'static str)>,
}

impl Segment {
    /// Goes through all records.
    pub(crate) fn scan(
        &self,
        last: bool,
        each: &mut dyn FnMut(Placed) -> Result<(), Damage>,
    ) -> Result<Scanned, Damage> {
        let mut offset = FIRST;
        let mut index = self.header.first;
        let mut found = None;
        loop {
            match self.next(offset, index, last)? {
                Next::Record(placed) => {
                    found = Some(placed.record.id);
                    offset = placed.offset + size(placed.record.payload.len());
                    index += 1;
                    each(placed)?;
                }
                Next::End(end) => return Ok(Scanned { end, last: found, torn: None }),
                Next::Torn { offset, end, what } => {
                    return Ok(Scanned { end: offset, last: found, torn: Some((offset, end, what)) });
                }
            }
        }
    }
}
