//! What nodes say to each other where one lacks much of the log: an invitation to fetch a snapshot, its pieces, and records
//! of before.

use bytes::Bytes;
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::decode::{Decoder, Error};
use minicbor::encode::Encoder;
use minicbor::{Decode, Encode};

use crate::engine::Peer;
use crate::log::{Kind, LogId, Record, Vote};

/// The leader has a node fetch what it lacks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Invite {
    /// Under which the leader leads.
    #[n(0)]
    pub(crate) vote: Vote,
    /// The nodes that may have it, and where each is.
    #[n(1)]
    pub(crate) nodes: Vec<(u64, Peer)>,
    /// The record up to which it is to come; it is committed.
    #[n(2)]
    pub(crate) upto: LogId,
}

/// How far the invited is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Invited {
    /// The last record that it has applied.
    #[n(0)]
    pub(crate) applied: Option<LogId>,
}

/// Which snapshot is the newest, and what somebody lacks without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct NewestAsked {
    /// The index of the first record that the caller lacks.
    #[n(0)]
    pub(crate) next: u64,
}

/// The newest snapshot of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Newest {
    /// The last record that it covers; `None`: there is none.
    #[n(0)]
    pub(crate) log: Option<LogId>,
    /// How many bytes of records the caller lacks; `None`: this node does not have them all itself.
    #[n(1)]
    pub(crate) lacks: Option<u64>,
}

/// A piece of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct PieceAsked {
    /// The number of the file; `None`: the newest.
    #[n(0)]
    pub(crate) of: Option<ByteArray<16>>,
    /// 0: the frame; others: the chunk, counted from 1.
    #[n(1)]
    pub(crate) number: u64,
}

/// Its bytes, as they lie in the file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Piece {
    /// `None`: that snapshot is not here, or has no such piece.
    #[n(0)]
    pub(crate) bytes: Option<ByteVec>,
}

/// Records that are committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct RecordsAsked {
    /// The index of the first.
    #[n(0)]
    pub(crate) from: u64,
    /// The index behind the last that is wanted.
    #[n(1)]
    pub(crate) to: u64,
}

/// Records as an answer: `[[id, kind, payload], …]`.
pub(crate) fn records(records: &[Record]) -> Bytes {
    let room = records.iter().map(|record| record.payload.len() + 32).sum::<usize>() + 16;
    let mut out = Vec::with_capacity(room);
    let mut encoder = Encoder::new(&mut out);
    let mut write = || -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        encoder.array(records.len() as u64)?;
        for record in records {
            encoder.array(3)?.encode(record.id)?.u8(record.kind as u8)?.bytes(&record.payload)?;
        }
        Ok(())
    };
    write().expect("writing to memory does not fail");
    Bytes::from(out)
}

/// What [`records`] has written. Payloads are not copied.
pub(crate) fn read_records(answer: &Bytes) -> Result<Vec<Record>, Error> {
    let mut decoder = Decoder::new(answer);
    let count = decoder.array()?.ok_or_else(|| Error::message("an array without a length"))?;
    let mut records: Vec<Record> = Vec::new();
    for _ in 0..count {
        if decoder.array()? != Some(3) {
            return Err(Error::message("not the array that is expected"));
        }
        let id: LogId = decoder.decode()?;
        let kind = match decoder.u8()? {
            1 => Kind::Blank,
            2 => Kind::Batch,
            3 => Kind::Membership,
            _ => return Err(Error::message("a record of an unknown kind")),
        };
        if records.last().is_some_and(|last| last.id.index + 1 != id.index) {
            return Err(Error::message("records that do not follow each other"));
        }
        records.push(Record { id, kind, payload: answer.slice_ref(decoder.bytes()?) });
    }
    Ok(records)
}
