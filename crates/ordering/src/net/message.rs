//! What nodes say to each other: CBOR with numbered fields, under the rules of docs/formats.md. Here is how it is written
//! and read; what it means is the engine's and the node's.

use bytes::Bytes;
use exchange::units::{Instant, Sequence};
use exchange::{Answer, Command, Refusal, Reply};
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::decode::{Decoder, Error};
use minicbor::encode::Encoder;
use minicbor::{Decode, Encode};
use openraft::entry::RaftEntry as _;
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, TransferLeaderRequest, TransferLeaderResponse, VoteRequest,
    VoteResponse,
};

use super::Instance;
use crate::cluster::ClusterId;
use crate::engine::store::{to_entry, to_record};
use crate::engine::{Peer, Types, from_vote, to_ours, to_theirs, to_vote};
use crate::error::Unavailable;
use crate::log::{Kind, LogId, Record, Vote};

/// A message as bytes.
pub(crate) fn bytes(message: &impl Encode<()>) -> Bytes {
    Bytes::from(minicbor::to_vec(message).expect("writing to memory does not fail"))
}

/// Who calls, and whom.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Hello {
    #[n(0)]
    pub(crate) cluster: ClusterId,
    #[n(1)]
    pub(crate) node: u64,
    #[n(2)]
    pub(crate) instance: Instance,
    #[n(3)]
    pub(crate) to: u64,
    /// Which data folder the cluster knows the called node by, as far as the caller has heard.
    #[n(4)]
    pub(crate) expects: Option<Instance>,
    /// Tells whether both have the same secrets.
    #[n(5)]
    pub(crate) secrets: ByteArray<32>,
}

/// Who answers.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Welcome {
    #[n(0)]
    pub(crate) node: u64,
    #[n(1)]
    pub(crate) instance: Instance,
}

/// Why a call is not answered.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct NotWelcome {
    #[n(0)]
    pub(crate) why: String,
}

/// Records for the log: `{0: vote, 1: the record before them, 2: [[id, kind, payload], …], 3: committed}`. Payloads are not
/// copied on their way in.
pub(crate) fn append(request: AppendEntriesRequest<Types>) -> Bytes {
    let records: Vec<Record> = request.entries.into_iter().map(to_record).collect();
    let room = records.iter().map(|record| record.payload.len() + 32).sum::<usize>() + 64;
    let mut out = Vec::with_capacity(room);
    let mut encoder = Encoder::new(&mut out);
    let mut write = || -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        encoder.array(4)?.encode(from_vote(&request.vote))?.encode(request.prev_log_id.as_ref().map(to_ours))?;
        encoder.array(records.len() as u64)?;
        for record in &records {
            encoder.array(3)?.encode(record.id)?.u8(record.kind as u8)?.bytes(&record.payload)?;
        }
        encoder.encode(request.leader_commit.as_ref().map(to_ours))?;
        Ok(())
    };
    write().expect("writing to memory does not fail");
    Bytes::from(out)
}

/// What [`append`] has written.
pub(crate) fn read_append(payload: &Bytes) -> Result<AppendEntriesRequest<Types>, Error> {
    let mut decoder = Decoder::new(payload);
    let expect = |found: Option<u64>, wanted: u64| match found {
        Some(found) if found == wanted => Ok(()),
        _ => Err(Error::message("not the array that is expected")),
    };
    expect(decoder.array()?, 4)?;
    let vote: Vote = decoder.decode()?;
    let prev: Option<LogId> = decoder.decode()?;
    let count = decoder.array()?.ok_or_else(|| Error::message("an array without a length"))?;
    let mut entries = Vec::new();
    for _ in 0..count {
        expect(decoder.array()?, 3)?;
        let id: LogId = decoder.decode()?;
        let kind = match decoder.u8()? {
            1 => Kind::Blank,
            2 => Kind::Batch,
            3 => Kind::Membership,
            _ => return Err(Error::message("a record of an unknown kind")),
        };
        let payload = payload.slice_ref(decoder.bytes()?);
        let entry = to_entry(Record { id, kind, payload }).map_err(Error::message)?;
        if entries.last().is_some_and(|last: &crate::engine::RaftEntry| last.log_id().index() + 1 != id.index) {
            return Err(Error::message("records that do not follow each other"));
        }
        entries.push(entry);
    }
    let commit: Option<LogId> = decoder.decode()?;
    Ok(AppendEntriesRequest {
        vote: to_vote(vote),
        prev_log_id: prev.map(to_theirs),
        entries,
        leader_commit: commit.map(to_theirs),
    })
}

/// What became of records for the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Appended {
    /// All are on the disk.
    #[n(0)]
    All,
    /// Those up to here are.
    #[n(1)]
    UpTo(#[n(0)] Option<LogId>),
    /// The record before them is another one here.
    #[n(2)]
    Conflict,
    /// Somebody else leads.
    #[n(3)]
    Higher(#[n(0)] Vote),
}

impl From<AppendEntriesResponse<Types>> for Appended {
    fn from(response: AppendEntriesResponse<Types>) -> Self {
        match response {
            AppendEntriesResponse::Success => Appended::All,
            AppendEntriesResponse::PartialSuccess(upto) => Appended::UpTo(upto.as_ref().map(to_ours)),
            AppendEntriesResponse::Conflict => Appended::Conflict,
            AppendEntriesResponse::HigherVote(vote) => Appended::Higher(from_vote(&vote)),
        }
    }
}

impl From<Appended> for AppendEntriesResponse<Types> {
    fn from(appended: Appended) -> Self {
        match appended {
            Appended::All => AppendEntriesResponse::Success,
            Appended::UpTo(upto) => AppendEntriesResponse::PartialSuccess(upto.map(to_theirs)),
            Appended::Conflict => AppendEntriesResponse::Conflict,
            Appended::Higher(vote) => AppendEntriesResponse::HigherVote(to_vote(vote)),
        }
    }
}

/// For whom a vote is asked.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct VoteAsked {
    #[n(0)]
    pub(crate) vote: Vote,
    #[n(1)]
    pub(crate) last: Option<LogId>,
    /// The leader itself wants it.
    #[n(2)]
    pub(crate) transfer: bool,
}

impl From<VoteRequest<Types>> for VoteAsked {
    fn from(request: VoteRequest<Types>) -> Self {
        VoteAsked {
            vote: from_vote(&request.vote),
            last: request.last_log_id.as_ref().map(to_ours),
            transfer: request.leadership_transfer,
        }
    }
}

impl From<VoteAsked> for VoteRequest<Types> {
    fn from(asked: VoteAsked) -> Self {
        let mut request = VoteRequest::new(to_vote(asked.vote), asked.last.map(to_theirs));
        request.leadership_transfer = asked.transfer;
        request
    }
}

/// Whether a vote was given.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct VoteGiven {
    #[n(0)]
    pub(crate) vote: Vote,
    #[n(1)]
    pub(crate) granted: bool,
    #[n(2)]
    pub(crate) last: Option<LogId>,
}

impl From<VoteResponse<Types>> for VoteGiven {
    fn from(response: VoteResponse<Types>) -> Self {
        VoteGiven {
            vote: from_vote(&response.vote),
            granted: response.vote_granted,
            last: response.last_log_id.as_ref().map(to_ours),
        }
    }
}

impl From<VoteGiven> for VoteResponse<Types> {
    fn from(given: VoteGiven) -> Self {
        VoteResponse::new(to_vote(given.vote), given.last.map(to_theirs), given.granted)
    }
}

/// Who should lead from now on.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct TransferAsked {
    #[n(0)]
    pub(crate) from: Vote,
    #[n(1)]
    pub(crate) to: u64,
    #[n(2)]
    pub(crate) last: Option<LogId>,
}

impl From<TransferLeaderRequest<Types>> for TransferAsked {
    fn from(request: TransferLeaderRequest<Types>) -> Self {
        TransferAsked {
            from: from_vote(request.from_leader()),
            to: *request.to_node_id(),
            last: request.last_log_id().map(to_ours),
        }
    }
}

impl From<TransferAsked> for TransferLeaderRequest<Types> {
    fn from(asked: TransferAsked) -> Self {
        TransferLeaderRequest::new(to_vote(asked.from), asked.to, asked.last.map(to_theirs))
    }
}

/// Whether it will try to.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) enum Transferred {
    #[n(0)]
    Begun,
    #[n(1)]
    VoteChanged {
        #[n(0)]
        expected: Vote,
        #[n(1)]
        actual: Vote,
    },
    #[n(2)]
    LogBehind {
        #[n(0)]
        expected: Option<LogId>,
        #[n(1)]
        actual: Option<LogId>,
    },
}

impl From<TransferLeaderResponse<Types>> for Transferred {
    fn from(response: TransferLeaderResponse<Types>) -> Self {
        use openraft::raft::TransferLeaderError::{LogNotFlushed, VoteChanged};
        match response {
            Ok(()) => Transferred::Begun,
            Err(VoteChanged { expected, actual }) => {
                Transferred::VoteChanged { expected: from_vote(&expected), actual: from_vote(&actual) }
            }
            Err(LogNotFlushed { expected, actual }) => Transferred::LogBehind {
                expected: expected.as_ref().map(to_ours),
                actual: actual.as_ref().map(to_ours),
            },
        }
    }
}

impl From<Transferred> for TransferLeaderResponse<Types> {
    fn from(transferred: Transferred) -> Self {
        use openraft::raft::TransferLeaderError::{LogNotFlushed, VoteChanged};
        match transferred {
            Transferred::Begun => Ok(()),
            Transferred::VoteChanged { expected, actual } => {
                Err(VoteChanged { expected: to_vote(expected), actual: to_vote(actual) })
            }
            Transferred::LogBehind { expected, actual } => {
                Err(LogNotFlushed { expected: expected.map(to_theirs), actual: actual.map(to_theirs) })
            }
        }
    }
}

/// Commands on their way to the leader, in order.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Commands {
    #[n(0)]
    pub(crate) commands: Vec<ByteVec>,
}

impl Commands {
    pub(crate) fn read(&self) -> Result<Vec<Command>, Error> {
        self.commands.iter().map(|bytes| minicbor::decode(bytes)).collect()
    }
}

/// What became of each of them, in the same order.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Outcomes {
    #[n(0)]
    pub(crate) outcomes: Vec<Became>,
}

/// What became of a command.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) enum Became {
    #[n(0)]
    Accepted {
        #[n(0)]
        sequence: Sequence,
        #[n(1)]
        at: Instant,
        #[n(2)]
        replayed: bool,
        #[n(3)]
        answer: Answer,
    },
    #[n(1)]
    Refused {
        #[n(0)]
        sequence: Sequence,
        #[n(1)]
        at: Instant,
        #[n(2)]
        replayed: bool,
        #[n(3)]
        refusal: Refusal,
    },
    #[n(2)]
    NotTaken(#[n(0)] String),
    #[n(3)]
    Leaderless(#[n(0)] String),
    #[n(4)]
    Unknown(#[n(0)] String),
}

impl From<Result<Reply, Unavailable>> for Became {
    fn from(answer: Result<Reply, Unavailable>) -> Self {
        match answer {
            Ok(Reply { sequence, at, replayed, outcome: Ok(answer) }) => {
                Became::Accepted { sequence, at, replayed, answer }
            }
            Ok(Reply { sequence, at, replayed, outcome: Err(refusal) }) => {
                Became::Refused { sequence, at, replayed, refusal }
            }
            Err(Unavailable::Refused(why)) => Became::NotTaken(why),
            Err(Unavailable::Leaderless(why)) => Became::Leaderless(why),
            Err(Unavailable::Unknown(why)) => Became::Unknown(why),
        }
    }
}

impl From<Became> for Result<Reply, Unavailable> {
    fn from(became: Became) -> Self {
        match became {
            Became::Accepted { sequence, at, replayed, answer } => {
                Ok(Reply { sequence, at, replayed, outcome: Ok(answer) })
            }
            Became::Refused { sequence, at, replayed, refusal } => {
                Ok(Reply { sequence, at, replayed, outcome: Err(refusal) })
            }
            Became::NotTaken(why) => Err(Unavailable::Refused(why)),
            Became::Leaderless(why) => Err(Unavailable::Leaderless(why)),
            Became::Unknown(why) => Err(Unavailable::Unknown(why)),
        }
    }
}

/// A key of a person.
#[derive(Clone, Encode, Decode)]
pub(crate) struct PersonKey {
    #[n(0)]
    pub(crate) number: ByteArray<16>,
    #[n(1)]
    pub(crate) key: ByteArray<32>,
}

/// Keys of persons, on their way to be kept.
#[derive(Clone, Encode, Decode)]
pub(crate) struct PersonKeys {
    #[n(0)]
    pub(crate) keys: Vec<PersonKey>,
}

/// Keys of persons by their numbers.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct KeyNumbers {
    #[n(0)]
    pub(crate) numbers: Vec<ByteArray<16>>,
}

/// The digest of the state after an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Checkpoint {
    #[n(0)]
    pub(crate) sequence: Sequence,
    #[n(1)]
    pub(crate) digest: ByteArray<32>,
}

/// The last states that a node has come to, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Checkpoints {
    #[n(0)]
    pub(crate) all: Vec<Checkpoint>,
}

/// How a node is, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StatusSaid {
    #[n(0)]
    pub(crate) node: u64,
    #[n(1)]
    pub(crate) leads: bool,
    #[n(2)]
    pub(crate) term: u64,
    #[n(3)]
    pub(crate) leader: Option<u64>,
    #[n(4)]
    pub(crate) sequence: Sequence,
    #[n(5)]
    pub(crate) digest: ByteArray<32>,
    #[n(6)]
    pub(crate) process: u32,
    /// Where members reach it.
    #[n(7)]
    pub(crate) url: Option<String>,
    #[n(8)]
    pub(crate) version: String,
    /// The newest rules that its program knows; a program from before this was said knows 2.
    #[n(9)]
    pub(crate) rules: Option<u32>,
    /// The first entry of its history that is complete to the end; 1: all of it is.
    #[n(11)]
    pub(crate) history_from: Option<Sequence>,
    /// How much is here of what it fetches, and how much that is; none where it fetches nothing.
    #[n(12)]
    pub(crate) fetched: Option<u64>,
    #[n(13)]
    pub(crate) fetched_of: Option<u64>,
}

/// An act of an operator that only the leader can do.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Act {
    /// A node is to get the log without a vote.
    #[n(0)]
    AddLearner {
        #[n(0)]
        node: u64,
        #[n(1)]
        peer: Peer,
    },
    /// A learner is to vote.
    #[n(1)]
    Promote(#[n(0)] u64),
    /// A node is to be one of the cluster no more.
    #[n(2)]
    Remove(#[n(0)] u64),
    /// Another node is to lead.
    #[n(3)]
    TransferLeader(#[n(0)] u64),
}

/// What became of it: nothing, or why not.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Acted {
    #[n(0)]
    pub(crate) refused: Option<String>,
}
