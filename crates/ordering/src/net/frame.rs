//! Frames: what stands on a connection between two nodes, byte by byte.
//!
//! A connection begins with 16 bytes from either side: `BAYANNET`, the version of the protocol, four zeros. Then frames:
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..4 | length of the payload, little-endian like all numbers here |
//! | 4 | kind |
//! | 5..8 | zero |
//! | 8..16 | number of the call; an answer has that of its call |
//! | 16..20 | CRC-32C of bytes 0..16 and the payload |
//! | 20.. | payload |

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const MAGIC: [u8; 8] = *b"BAYANNET";
/// The version that is spoken. A later program that speaks a later one still speaks this one to a node that does not.
pub(crate) const VERSION: u32 = 1;
const HEAD: usize = 20;
/// The largest payload: a read of the log for another node, with the largest batch behind it, and what is around them.
pub(crate) const PAYLOAD_MAX: usize = 16 << 20;
/// What is read at once of a payload that is longer, so that a length alone takes no memory.
const STEP: usize = 1 << 20;

/// What a frame is. Numbers are the protocol and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Who calls.
    Hello = 1,
    /// Who answers.
    Welcome = 2,
    /// Why it is not answered.
    Refused = 3,
    /// An answer, whose meaning follows from its call.
    Answer = 4,
    /// That a call could not be answered, and why.
    Failed = 5,
    /// Records for the log.
    Append = 16,
    /// For whom somebody asks a vote.
    Vote = 17,
    /// Whether somebody would be given a vote.
    PreVote = 18,
    /// That the called should lead.
    Transfer = 19,
    /// Commands for the leader.
    Commands = 20,
    /// Keys of persons to be kept.
    KeepKeys = 21,
    /// Keys of persons that the caller lacks.
    GetKeys = 22,
    /// A key of a person to be destroyed.
    DropKey = 23,
    /// How the called is.
    Status = 24,
    /// An act of an operator that only the leader can do.
    Act = 25,
    /// Up to which entry the called, who should lead, has applied the log.
    Reached = 26,
    /// The bytes of a file to be kept.
    KeepFile = 27,
    /// A file by its hash.
    GetFile = 28,
    /// Which states the called has come to.
    Checkpoints = 29,
    /// That the called should fetch what it lacks.
    Invite = 50,
    /// Which snapshot of the called is the newest.
    Newest = 51,
    /// A piece of a snapshot.
    Piece = 52,
    /// Records of the log that are committed.
    Records = 53,
}

impl Kind {
    fn of(number: u8) -> Option<Self> {
        const ALL: [Kind; 23] = [
            Kind::Hello,
            Kind::Welcome,
            Kind::Refused,
            Kind::Answer,
            Kind::Failed,
            Kind::Append,
            Kind::Vote,
            Kind::PreVote,
            Kind::Transfer,
            Kind::Commands,
            Kind::KeepKeys,
            Kind::GetKeys,
            Kind::DropKey,
            Kind::Status,
            Kind::Act,
            Kind::Reached,
            Kind::KeepFile,
            Kind::GetFile,
            Kind::Checkpoints,
            Kind::Invite,
            Kind::Newest,
            Kind::Piece,
            Kind::Records,
        ];
        ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: Kind,
    pub(crate) call: u64,
    pub(crate) payload: Bytes,
}

/// Appends a frame's bytes.
pub(crate) fn write(kind: Kind, call: u64, payload: &[u8], out: &mut Vec<u8>) {
    let mut head = [0; HEAD];
    let length = u32::try_from(payload.len()).expect("a payload is below its limit");
    head[..4].copy_from_slice(&length.to_le_bytes());
    head[4] = kind as u8;
    head[8..16].copy_from_slice(&call.to_le_bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&head[..16]), payload);
    head[16..].copy_from_slice(&crc.to_le_bytes());
    out.extend_from_slice(&head);
    out.extend_from_slice(payload);
}

fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

/// Reads a frame; `None`: the other side has ended the connection between two frames.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin + ?Sized)) -> io::Result<Option<Frame>> {
    let mut head = [0; HEAD];
    if stream.read(&mut head[..1]).await? == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut head[1..]).await?;
    let length = u32::from_le_bytes(head[..4].try_into().expect("four bytes")) as usize;
    let call = u64::from_le_bytes(head[8..16].try_into().expect("eight bytes"));
    let crc = u32::from_le_bytes(head[16..20].try_into().expect("four bytes"));
    let Some(kind) = Kind::of(head[4]) else {
        return Err(wrong(format!("a frame of the unknown kind {}", head[4])));
    };
    if head[5..8] != [0; 3] {
        return Err(wrong("a frame with something where zero is expected"));
    }
    if length > PAYLOAD_MAX {
        return Err(wrong(format!("a frame of {length} bytes, which is more than {PAYLOAD_MAX}")));
    }
    let mut payload = Vec::new();
    while payload.len() < length {
        let from = payload.len();
        payload.resize((from + STEP).min(length), 0);
        stream.read_exact(&mut payload[from..]).await?;
    }
    if crc32c::crc32c_append(crc32c::crc32c(&head[..16]), &payload) != crc {
        return Err(wrong("the checksum of a frame differs"));
    }
    Ok(Some(Frame { kind, call, payload: payload.into() }))
}

/// Says which protocol is spoken here, and hears which one there: the lower of both is spoken.
pub(crate) async fn greet(stream: &mut (impl AsyncRead + AsyncWrite + Unpin + ?Sized)) -> io::Result<u32> {
    let mut ours = [0; 16];
    ours[..8].copy_from_slice(&MAGIC);
    ours[8..12].copy_from_slice(&VERSION.to_le_bytes());
    stream.write_all(&ours).await?;
    stream.flush().await?;
    let mut theirs = [0; 16];
    stream.read_exact(&mut theirs).await?;
    let version = u32::from_le_bytes(theirs[8..12].try_into().expect("four bytes"));
    if theirs[..8] != MAGIC || version == 0 || theirs[12..] != [0; 4] {
        return Err(wrong("what it says is not the protocol of a cluster's nodes"));
    }
    Ok(version.min(VERSION))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(Kind::Append, 7, payload, &mut bytes);
        bytes
    }

    /// Protects that what one node says is what the other hears, one frame behind the other.
    #[tokio::test]
    async fn frames_come_back_as_they_were_written() {
        let long = vec![3; 3 * STEP + 1];
        let bytes = [framed(b""), framed(b"one"), framed(&long)].concat();
        let mut stream = bytes.as_slice();
        for payload in [&b""[..], b"one", &long] {
            let frame = read(&mut stream).await.unwrap().unwrap();
            assert_eq!((frame.kind, frame.call, &frame.payload[..]), (Kind::Append, 7, payload));
        }
        assert_eq!(read(&mut stream).await.unwrap(), None);
    }

    /// Protects a node from bytes that are no frame: every flipped bit is seen, a cut is, and a length alone takes no memory.
    #[tokio::test]
    async fn a_frame_that_is_none_is_refused() {
        let whole = framed(b"payload");
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                assert!(read(&mut flipped.as_slice()).await.is_err(), "byte {at}, bit {bit}");
            }
        }
        for length in 1..whole.len() {
            assert!(read(&mut &whole[..length]).await.is_err(), "cut to {length}");
        }
        let mut huge = whole.clone();
        huge[..4].copy_from_slice(&u32::MAX.to_le_bytes());
        let said = read(&mut huge.as_slice()).await.unwrap_err().to_string();
        assert!(said.contains("which is more than"), "{said}");
    }

    /// Protects a port that is open to a network: whatever is not our protocol is told from it by its first bytes.
    #[tokio::test]
    async fn other_protocols_are_known_by_their_first_bytes() {
        let (mut here, mut there) = tokio::io::duplex(64);
        there.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        assert!(greet(&mut here).await.unwrap_err().to_string().contains("not the protocol"));
        let (mut here, mut there) = tokio::io::duplex(64);
        let (one, other) = tokio::join!(greet(&mut here), greet(&mut there));
        assert_eq!((one.unwrap(), other.unwrap()), (VERSION, VERSION));
    }
}
