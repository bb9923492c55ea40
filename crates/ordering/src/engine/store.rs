//! The engine's log store: our log in the engine's words.

use core::fmt::Debug;
use core::ops::{Bound, RangeBounds};
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream;
use minicbor::{Decode, Encode};
use openraft::entry::RaftEntry as _;
use openraft::storage::{IOFlushed, RaftLogStorage};
use openraft::{EntryPayload, LogState, RaftLogReader};
use tokio::sync::oneshot;

use super::{Batch, Peer, RaftEntry, RaftLogId, RaftVote, Types, from_vote, to_ours, to_theirs, to_vote};
use crate::log::{Kind, Log, Record};

/// How many bytes of entries are read at a time.
const READ_BYTES: usize = 1 << 20;

/// The log as the engine sees it; cheap to clone.
#[derive(Clone)]
pub(crate) struct Store {
    log: Arc<Log>,
}

impl Store {
    pub(crate) fn new(log: Arc<Log>) -> Self {
        Store { log }
    }
}

/// Who the nodes are, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StoredNodes {
    /// The voters; two sets while one gives way to the other.
    #[n(0)]
    pub(crate) voters: Vec<Vec<u64>>,
    /// All nodes, learners included.
    #[n(1)]
    pub(crate) nodes: Vec<(u64, Peer)>,
}

impl StoredNodes {
    pub(crate) fn of(membership: &openraft::Membership<u64, Peer>) -> Self {
        StoredNodes {
            voters: membership.get_joint_config().iter().map(|set| set.iter().copied().collect()).collect(),
            nodes: membership.nodes().map(|(node, peer)| (*node, peer.clone())).collect(),
        }
    }

    pub(crate) fn membership(&self) -> io::Result<openraft::Membership<u64, Peer>> {
        let voters = self.voters.iter().map(|set| set.iter().copied().collect()).collect();
        let nodes: std::collections::BTreeMap<u64, Peer> = self.nodes.iter().cloned().collect();
        openraft::Membership::new(voters, nodes).map_err(|error| io::Error::other(error.to_string()))
    }
}

pub(crate) fn to_record(entry: RaftEntry) -> Record {
    let id = to_ours(&entry.log_id());
    let (kind, payload) = match entry.payload {
        EntryPayload::Blank => (Kind::Blank, Bytes::from_static(&[0x80])),
        EntryPayload::Normal(batch) => (Kind::Batch, batch.payload().clone()),
        EntryPayload::Membership(membership) => {
            let bytes = minicbor::to_vec(StoredNodes::of(&membership)).expect("writing to memory does not fail");
            (Kind::Membership, Bytes::from(bytes))
        }
    };
    Record { id, kind, payload }
}

pub(crate) fn to_entry(record: Record) -> io::Result<RaftEntry> {
    let payload = match record.kind {
        Kind::Blank => EntryPayload::Blank,
        Kind::Batch => EntryPayload::Normal(Batch::from_payload(record.payload)),
        Kind::Membership => {
            let nodes: StoredNodes = minicbor::decode(&record.payload).map_err(io::Error::other)?;
            EntryPayload::Membership(nodes.membership()?)
        }
    };
    Ok(RaftEntry::new(to_theirs(record.id), payload))
}

fn bounds(range: &impl RangeBounds<u64>) -> (u64, u64) {
    let start = match range.start_bound() {
        Bound::Included(index) => *index,
        Bound::Excluded(index) => index + 1,
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        Bound::Included(index) => index + 1,
        Bound::Excluded(index) => *index,
        Bound::Unbounded => u64::MAX,
    };
    (start, end)
}

/// Waits for the writer thread.
async fn done(ask: impl FnOnce(crate::log::Done) -> io::Result<()>) -> io::Result<()> {
    let (tell, told) = oneshot::channel();
    ask(Box::new(move |result| {
        // Whoever asked may have gone; the result is in the log either way.
        let _ = tell.send(result);
    }))?;
    told.await.unwrap_or_else(|_| Err(io::Error::other("the log's writer is gone")))
}

impl RaftLogReader<Types> for Store {
    async fn try_get_log_entries<RB: RangeBounds<u64> + Clone + Debug + Send>(
        &mut self,
        range: RB,
    ) -> io::Result<Vec<RaftEntry>> {
        let (start, end) = bounds(&range);
        self.log.read(start, end, usize::MAX)?.into_iter().map(to_entry).collect()
    }

    async fn limited_get_log_entries(&mut self, start: u64, end: u64) -> io::Result<Vec<RaftEntry>> {
        self.log.read(start, end, READ_BYTES)?.into_iter().map(to_entry).collect()
    }

    /// Read piece by piece, since after a start without a snapshot the range is the whole log.
    async fn entries_stream<RB>(&mut self, range: RB) -> impl Stream<Item = io::Result<RaftEntry>> + Send
    where
        RB: RangeBounds<u64> + Clone + Debug + Send,
    {
        let (start, end) = bounds(&range);
        let mut pieces = Pieces { log: Arc::clone(&self.log), next: start, end, ready: Vec::new().into_iter() };
        stream::iter(core::iter::from_fn(move || pieces.next()))
    }

    async fn read_vote(&mut self) -> io::Result<Option<RaftVote>> {
        Ok(self.log.vote().map(to_vote))
    }
}

struct Pieces {
    log: Arc<Log>,
    next: u64,
    end: u64,
    ready: std::vec::IntoIter<Record>,
}

impl Pieces {
    fn next(&mut self) -> Option<io::Result<RaftEntry>> {
        loop {
            if let Some(record) = self.ready.next() {
                self.next = record.id.index + 1;
                return Some(to_entry(record));
            }
            if self.next >= self.end {
                return None;
            }
            match self.log.read(self.next, self.end, READ_BYTES) {
                Ok(records) if records.is_empty() => {
                    self.end = self.next;
                    return Some(Err(io::Error::other(format!("record {} is not in the log", self.next))));
                }
                Ok(records) => self.ready = records.into_iter(),
                Err(error) => {
                    self.end = self.next;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl RaftLogStorage<Types> for Store {
    type LogReader = Store;

    async fn get_log_state(&mut self) -> io::Result<LogState<Types>> {
        let extent = self.log.extent();
        Ok(LogState { last_purged_log_id: extent.purged.map(to_theirs), last_log_id: extent.last.map(to_theirs) })
    }

    async fn get_log_reader(&mut self) -> Store {
        self.clone()
    }

    async fn save_vote(&mut self, vote: &RaftVote) -> io::Result<()> {
        let vote = from_vote(vote);
        done(|tell| self.log.save_vote(vote, tell)).await
    }

    async fn append<I>(&mut self, entries: I, callback: IOFlushed<Types>) -> io::Result<()>
    where
        I: IntoIterator<Item = RaftEntry> + Send,
        I::IntoIter: Send,
    {
        let records = entries.into_iter().map(to_record).collect();
        self.log.append(records, Box::new(move |result| callback.io_completed(result)))
    }

    async fn truncate_after(&mut self, last: Option<RaftLogId>) -> io::Result<()> {
        let from = last.map_or(0, |last| last.index() + 1);
        done(|tell| self.log.truncate(from, tell)).await
    }

    async fn purge(&mut self, upto: RaftLogId) -> io::Result<()> {
        done(|tell| self.log.purge(to_ours(&upto), tell)).await
    }
}
