//! A record of the log, byte by byte (docs/formats.md): one entry of the consensus engine.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..4 | length of the payload, little-endian like all numbers here |
//! | 4..8 | CRC-32C of the payload |
//! | 8..16 | term |
//! | 16..24 | index |
//! | 24..28 | where in the segment the write began that this record is part of |
//! | 28 | kind: 1 blank, 2 batch, 3 membership |
//! | 29..32 | zero |
//! | 32..36 | where in the segment that write ends |
//! | 36..40 | CRC-32C of the segment's salt and bytes 0..36 |
//! | 40.. | payload, zeros up to a multiple of 8, and `ENDOFREC` |
//!
//! Records lie on multiples of 8. A record's first 40 bytes never straddle a sector: where they would, zeros fill the
//! sector and the record begins with the next one. So they are written or not written, never half, and a length with a
//! good checksum can be believed. The last 8 bytes are never zero, so that a record's last sector is seen to be missing.
//! The salt is drawn for each segment and told to nobody, so that what a member sends can hold no header that counts.

use bytes::Bytes;

/// Bytes that a disk writes whole or not at all.
pub(crate) const SECTOR: usize = 512;
pub(crate) const HEADER: usize = 40;
pub(crate) const TRAILER: [u8; 8] = *b"ENDOFREC";

/// The engine's name of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
pub(crate) struct LogId {
    #[n(0)]
    pub(crate) term: u64,
    #[n(1)]
    pub(crate) index: u64,
}

/// What kind of entry a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: a new leader's first.
    Blank = 1,
    /// A batch of the exchange's entries.
    Batch = 2,
    /// Who the nodes are.
    Membership = 3,
}

/// An entry of the engine as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) id: LogId,
    pub(crate) kind: Kind,
    pub(crate) payload: Bytes,
}

/// What the checksums of all record headers in one segment begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Salt(u32);

impl Salt {
    /// The salt that stands in a segment's header.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Salt(crc32c::crc32c(bytes))
    }

    fn checksum(self, header: &[u8]) -> u32 {
        crc32c::crc32c_append(self.0, header)
    }
}

/// A record's first bytes, understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) length: usize,
    pub(crate) crc: u32,
    pub(crate) id: LogId,
    pub(crate) write_began: u32,
    pub(crate) write_ends: u32,
    pub(crate) kind: Kind,
}

/// How many bytes a record with this payload takes.
pub(crate) const fn size(payload: usize) -> usize {
    HEADER + payload.next_multiple_of(8) + TRAILER.len()
}

/// Where a record may begin that would begin at `offset`: here, or with the next sector.
pub(crate) const fn place(offset: usize) -> usize {
    if offset % SECTOR + HEADER > SECTOR { offset.next_multiple_of(SECTOR) } else { offset }
}

/// Appends a record to what will be written at `write_began`, with the zeros before it that its place needs. Its header
/// is whole once [`finish`] has said where the write ends.
pub(crate) fn encode(record: &Record, write_began: u32, buffer: &mut Vec<u8>) {
    let began = write_began as usize;
    buffer.resize(place(began + buffer.len()) - began, 0);
    let start = buffer.len();
    let length = u32::try_from(record.payload.len()).expect("a batch is far smaller than four gibibytes");
    let mut header = [0; HEADER];
    header[0..4].copy_from_slice(&length.to_le_bytes());
    header[4..8].copy_from_slice(&crc32c::crc32c(&record.payload).to_le_bytes());
    header[8..16].copy_from_slice(&record.id.term.to_le_bytes());
    header[16..24].copy_from_slice(&record.id.index.to_le_bytes());
    header[24..28].copy_from_slice(&write_began.to_le_bytes());
    header[28] = record.kind as u8;
    buffer.extend_from_slice(&header);
    buffer.extend_from_slice(&record.payload);
    buffer.resize(start + HEADER + record.payload.len().next_multiple_of(8), 0);
    buffer.extend_from_slice(&TRAILER);
    debug_assert_eq!(buffer.len() - start, size(record.payload.len()));
}

/// Completes the header of a record: where the write ends that it is part of, and its checksum.
pub(crate) fn finish(header: &mut [u8], write_ends: u32, salt: Salt) {
    header[32..36].copy_from_slice(&write_ends.to_le_bytes());
    let crc = salt.checksum(&header[..36]);
    header[36..HEADER].copy_from_slice(&crc.to_le_bytes());
}

/// Understands a record's first bytes; `None` where they are not such.
pub(crate) fn header(bytes: &[u8], salt: Salt) -> Option<Header> {
    let bytes: &[u8; HEADER] = bytes.get(..HEADER)?.try_into().ok()?;
    let four = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let eight = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
    // Checked before the checksum is computed: this is called on every multiple of 8 behind a torn write.
    if four(0) == 0 || bytes[29..32] != [0; 3] || salt.checksum(&bytes[..36]) != four(36) {
        return None;
    }
    let kind = match bytes[28] {
        1 => Kind::Blank,
        2 => Kind::Batch,
        3 => Kind::Membership,
        _ => return None,
    };
    let id = LogId { term: eight(8), index: eight(16) };
    Some(Header { length: four(0) as usize, crc: four(4), id, write_began: four(24), write_ends: four(32), kind })
}
